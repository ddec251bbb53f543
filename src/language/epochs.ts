/**
 * A bump's effect: each variable that holds a sample of the counter's number is out of date from that transition on.
 * A transition cannot write the locals of another thread, so a local that holds a sample becomes an element of a shared
 * variable, by thread. The result is an ordinary model.
 */
import type {
  BareStatement,
  Expression,
  Initially,
  LocalDeclaration,
  Place,
  Property,
  Statement,
  ModelThread,
  Type,
  Variable,
} from './ast.ts'
import { modelError } from './errors.ts'
import { fresh } from './recorder.ts'
import { hasSample, innerTypes, isSample, namedType, visitType } from './shapes.ts'
import { bumpOf, type Bump } from './types/epoch.ts'
import { expressionsOf, mapParts, mapStatement, OLDER, visit, visitStatements } from './walk.ts'

interface Recorded {
  readonly threads: readonly ModelThread[]
  readonly start: Initially | undefined
  readonly variables: readonly Variable[]
  readonly properties: readonly Property[]
  /** Names that no new variable may have. */
  readonly taken: ReadonlySet<string>
}

/**
 * The texts of a model, as they are recorded, without samples in locals, and with the effects of each bump.
 *
 * @throws ModelError HMM002 for two counters of one name, HMM053 for a sample where a bump does not find it
 */
export function writeEpochs<T extends Recorded>(model: T): T {
  const named = new Map<string, Type>()
  for (const outer of typesOf(model))
    visitType(outer, (type) => {
      if (!isSample(type)) return
      const other = named.get(type.name)
      if (other !== undefined && other !== type) throw modelError('HMM002', `two epochs are called ${type.epoch ?? ''}`)
      named.set(type.name, type)
    })
  if (named.size === 0) return model
  for (const { name, type, at } of model.variables) mustBeHeld(type, `the variable ${name}`, at)
  if (model.start?.locals.some(({ type }) => hasSample(type)) === true) {
    throw modelError('HMM053', 'a local of initially holds a sample, and no thread runs there yet', undefined, {
      cause: 'a Let or a Local in initially',
      remedy: 'give the shared variable its sample there: stored.set(seq.now)',
    })
  }
  const taken = new Set(model.taken)
  const cells = model.threads.map((thread) => cellsOf(thread, taken))
  const variables = [...model.variables, ...cells.flatMap((held) => [...held.values()])]
  return {
    ...model,
    threads: model.threads.map((thread, n) => rewritten(thread, cells[n] ?? new Map<number, Variable>(), variables)),
    ...(model.start === undefined ? {} : { start: rewritten(model.start, new Map(), variables) }),
    variables,
  }
}

function typesOf({ threads, start, variables, properties }: Recorded): ReadonlySet<Type> {
  const types = new Set(variables.map(({ type }) => type))
  const see = (e: Expression): void =>
    visit(e, (part) => {
      const type = namedType(part)
      if (type !== undefined) types.add(type)
    })
  for (const { initial } of variables) initial.forEach(see)
  for (const { condition } of properties) if (condition !== undefined) see(condition)
  for (const { locals, body } of [...threads, ...(start === undefined ? [] : [start])]) {
    for (const { type } of locals) types.add(type)
    visitStatements(body, (s) => {
      const bump = bumpOf(s)
      if (bump !== undefined) types.add(bump.epoch)
      expressionsOf(s).forEach(see)
    })
  }
  return types
}

/** A bump goes to each holder by name: what is in an optional or a queue, or an index, has none. */
function mustBeHeld(type: Type, what: string, at: string | undefined): void {
  if (isSample(type) || !hasSample(type)) return
  if (type.kind === 'record') for (const field of Object.values(type.fields)) mustBeHeld(field, what, at)
  else if (type.kind === 'array' && !hasSample(type.index)) mustBeHeld(type.of, what, at)
  else throw modelError('HMM053', `${what} has samples in ${type.kind === 'array' ? 'an index' : `a ${type.kind}`}`, at)
}

/**
 * For each local of a thread that holds a sample, by its id: the variable in which it is, an element for each thread.
 * Threads that run another text leave theirs alone.
 */
function cellsOf({ name: thread, locals }: ModelThread, taken: Set<string>): ReadonlyMap<number, Variable> {
  return new Map(
    locals
      .filter(({ type }) => hasSample(type))
      .map(({ id, name: local, type }) => {
        mustBeHeld(type, `the local ${local} of ${thread}`, undefined)
        const name = `${thread}.${local}`
        let free = name
        for (let n = 2; taken.has(free); n++) free = `${name} (${n})`
        taken.add(free)
        const cells: Type = { kind: 'array', index: { kind: 'id', sort: 'Thread' }, of: type }
        return [id, { name: free, type: cells, initial: [], ghost: false }]
      }),
  )
}

/** A text with the cells of those locals in their place, and with what its bumps do. */
function rewritten<T extends Pick<ModelThread, 'locals' | 'body'>>(
  text: T,
  cells: ReadonlyMap<number, Variable>,
  variables: readonly Variable[],
): T {
  const added: LocalDeclaration[] = []
  const names = new Map(text.locals.map(({ id, name }) => [id, name]))
  const cellOf = (id: number): Expression | undefined => {
    const cell = cells.get(id),
      local = names.get(id)
    if (cell === undefined || local === undefined) return undefined
    return { kind: 'index', of: { kind: 'shared', name: cell.name, local }, index: { kind: 'current' } }
  }
  const expression = (e: Expression): Expression =>
    (e.kind === 'local' ? cellOf(e.id) : undefined) ?? mapParts(e, expression)
  const change = (body: readonly Statement[]): readonly Statement[] =>
    body.map((s) => {
      if (s.kind === 'choose' && cells.has(s.local)) throw modelError('HMM053', 'a Choose of a sample', s.at)
      const bump = bumpOf(s)
      if (s.kind !== 'call') return mapStatement(s, { expression, block: change })
      const { returns, ...rest } = s
      if (bump === undefined)
        return mapStatement(returns !== undefined && cells.has(returns) ? rest : s, { expression, block: change })
      const source = s.source === undefined ? {} : { source: s.source }
      const at = (bare: BareStatement): Statement => ({ ...bare, path: '', at: s.at, ...source })
      const local = (one: LocalDeclaration): number => {
        added.push(one)
        return one.id
      }
      const write = { at, local }
      return { ...s, body: variables.flatMap(({ name, type }) => outdate({ kind: 'shared', name }, type, bump, write)) }
    })
  return { ...text, body: change(text.body), locals: [...text.locals.filter(({ id }) => !cells.has(id)), ...added] }
}

interface Writer {
  readonly at: (bare: BareStatement) => Statement
  readonly local: (local: LocalDeclaration) => number
}

/** Statements that make those samples in a place out of date that have the number which a counter loses. */
function outdate(place: Place, type: Type, bump: Bump, write: Writer): readonly Statement[] {
  if (!contains(type, bump.epoch)) return []
  switch (type.kind) {
    case 'record':
      return Object.entries(type.fields).flatMap(([name, field]) =>
        outdate({ kind: 'field', of: place, name }, field, bump, write),
      )
    case 'array': {
      const all = bump.index === undefined ? uniform(type) : undefined
      if (all !== undefined) return [write.at({ kind: 'assign', target: place, value: all })]
      const id = fresh(),
        index = type.index
      const local = write.local({ id, name: 'holder', type: index })
      const todo: Type = { kind: 'set', of: index }
      const remaining = write.local({ id: fresh(), name: 'holder to do', type: todo })
      return [
        write.at({
          kind: 'forEach',
          local,
          remaining,
          over: index,
          body: outdate({ kind: 'index', of: place, index: { kind: 'local', id } }, type.of, bump, write),
        }),
      ]
    }
    default: {
      const then: Expression = { kind: 'case', tag: OLDER, fields: {}, type }
      const condition = isOf(place, bump)
      const value: Expression = condition ? { kind: 'conditional', condition, then, otherwise: place } : then
      return [write.at({ kind: 'assign', target: place, value })]
    }
  }
}

const contains = (type: Type, epoch: Type): boolean =>
  type === epoch || innerTypes(type).some((inner) => contains(inner, epoch))

/** An array of nothing but samples, all out of date. */
function uniform(type: Type): Expression | undefined {
  if (isSample(type)) return { kind: 'case', tag: OLDER, fields: {}, type }
  const of = type.kind === 'array' ? uniform(type.of) : undefined
  return of && { kind: 'fill', of, type }
}

/** Whether a place has a sample of the counter that is bumped, among several; undefined if there is but one. */
function isOf(place: Expression, { epoch, index }: Bump): Expression | undefined {
  if (index === undefined) return undefined
  const tag = epoch.epoch ?? ''
  return {
    kind: 'binary',
    operator: 'and',
    left: { kind: 'isCase', of: place, tag },
    right: { kind: 'binary', operator: '==', left: { kind: 'payload', of: place, tag, name: 'of' }, right: index },
  }
}
