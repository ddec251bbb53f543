/** Leaves out ghosts and variables that nothing reads any more, with every assignment to them. The transitions stay. */
import type { ConfiguredModel, Expression, Statement, Thread, Type } from '../../language/ast.ts'
import { statementLabel } from '../../language/labels.ts'
import { scopeOf, typing } from '../../language/typing.ts'
import { armsOf, blocksOf, expressionsOf, mapStatement, parts, rootOf, visit, visitStatements } from '../../language/walk.ts'

/** Visits every statement, the outer before the inner, and tells whether it is inside a step. */
function everyStatement(list: readonly Statement[], inside: boolean, see: (s: Statement, inside: boolean) => void): void {
  for (const s of list) {
    see(s, inside)
    for (const { body } of blocksOf(s)) everyStatement(body, inside || isStep(s), see)
  }
}
const isStep = (s: Statement): boolean => s.kind === 'step' || (s.kind === 'call' && s.atomic)

type Change = Extract<Statement, { kind: 'assign' | 'insert' | 'remove' | 'push' | 'pop' | 'discard' }>
const changes = (s: Statement): s is Change =>
  s.kind === 'assign' || s.kind === 'insert' || s.kind === 'remove' || s.kind === 'push' || s.kind === 'pop' || s.kind === 'discard'

type ForEach = Extract<Statement, { kind: 'forEach' }>

/** How often each local is read in a list of statements. */
function readsOfLocals(list: readonly Statement[]): ReadonlyMap<number, number> {
  const reads = new Map<number, number>()
  visitStatements(list, (s) => {
    for (const e of expressionsOf(s)) visit(e, (part) => { if (part.kind === 'local') reads.set(part.id, (reads.get(part.id) ?? 0) + 1) })
  })
  return reads
}

/** Says of expressions and statements of one text whether they can leave a domain, or a trace in a local. It errs on the safe side. */
interface Domains { isTotal(e: Expression): boolean; canFail(s: Change): boolean; isReadInside(s: ForEach): boolean }
function domainsOf(model: ConfiguredModel, text: Pick<Thread, 'locals' | 'per' | 'body'> | undefined = model.initially): Domains {
  const reads = readsOfLocals(text?.body ?? [])
  const type = typing(scopeOf(model, text))
  const typeOf = (e: Expression): Type | undefined => { try { return type(e) } catch { return undefined } }
  /** Every value of the one type is one of the other. */
  const isWithin = (found: Type | undefined, wanted: Type): boolean => {
    if (wanted.kind === 'optional') return isWithin(found?.kind === 'optional' ? found.of : found, wanted.of)
    if (wanted.kind !== 'int') return true
    return wanted.overflow !== 'error' || (found?.kind === 'int' && Number(found.low) >= Number(wanted.low) && Number(found.high) <= Number(wanted.high))
  }
  const isTotal = (e: Expression): boolean => parts(e).every(isTotal) && isDefined(e)
  /** Whether it has a value whenever its parts have one. */
  const isDefined = (e: Expression): boolean => {
    const fields = (types: Readonly<Record<string, Type>> | undefined, values: Readonly<Record<string, Expression>>): boolean =>
      types !== undefined && Object.entries(values).every(([name, value]) => { const wanted = types[name]; return wanted !== undefined && isWithin(typeOf(value), wanted) })
    switch (e.kind) {
      case 'value': case 'payload': case 'head': return false
      case 'index': {
        const array = typeOf(e.of)
        return array?.kind === 'array' && array.index.kind !== 'int' && (array.index.kind !== 'id' || model.sizes[array.index.sort] !== 0)
      }
      case 'some': return e.type.kind === 'optional' && isWithin(typeOf(e.of), e.type.of)
      case 'fill': return e.type.kind === 'array' && isWithin(typeOf(e.of), e.type.of)
      case 'record': return fields(e.type.kind === 'record' ? e.type.fields : undefined, e.fields)
      case 'case': return fields(e.type.kind === 'union' ? e.type.cases[e.tag] : undefined, e.fields)
      default: return true
    }
  }
  return {
    isTotal,
    /** Only in its own body is the variable of the loop read. */
    isReadInside: (s) => (readsOfLocals(s.body).get(s.local) ?? 0) === (reads.get(s.local) ?? 0),
    canFail(s) {
      if (s.kind === 'push' || s.kind === 'pop' || !isTotal(s.target)) return true
      const target = typeOf(s.target)
      if (target === undefined || !isTotal(s.value)) return true
      const wanted = s.kind === 'insert' && target.kind === 'set' ? target.of : target
      return s.kind !== 'remove' && s.kind !== 'discard' && !isWithin(typeOf(s.value), wanted)
    },
  }
}

/** The shared variables that the model reads: not counted is what is only read to be put into a variable that is not read. */
function readVariables(model: ConfiguredModel): ReadonlySet<string> {
  const read = new Set<string>()
  const mark = (e: Expression): void => { visit(e, (part) => { if (part.kind === 'shared') read.add(part.name) }) }
  /** A place read for the index in it alone. */
  const markIndices = (place: Expression): void => {
    if (place.kind === 'index') mark(place.index)
    if (place.kind === 'index' || place.kind === 'field') markIndices(place.of)
  }
  for (const { condition } of model.properties) if (condition !== undefined) mark(condition)
  const bodies = [...model.threads.map((t) => ({ body: t.body, inside: false, domains: domainsOf(model, t) })), { body: model.initially?.body ?? [], inside: true, domains: domainsOf(model) }]
  // a change that can fail is behaviour: its variable stays
  for (const { body, domains } of bodies) visitStatements(body, (s) => {
    if (!changes(s)) return
    const root = rootOf(s.target)
    if (root.kind === 'shared' && !read.has(root.name) && domains.canFail(s)) read.add(root.name)
  })
  for (let size = -1; size !== read.size;) {
    size = read.size
    for (const { body, inside, domains } of bodies) everyStatement(body, inside, (s, within) => {
      if (changes(s)) {
        const root = rootOf(s.target)
        if (root.kind === 'shared' && !read.has(root.name)) return
        markIndices(s.target)
        if ('value' in s) mark(s.value)
        return
      }
      if (within && isIdle(s, read, domains)) return
      for (const e of expressionsOf(s)) mark(e)
    })
  }
  return read
}

/** Does it nothing but change variables that are not read? A test or loop in a step that leads only to such changes is left out with them. */
function isIdle(s: Statement, read: ReadonlySet<string>, domains: Domains): boolean {
  if (changes(s)) { const root = rootOf(s.target); return root.kind === 'shared' && !read.has(root.name) }
  if (s.kind === 'forEach') return domains.isReadInside(s) && s.body.every((b) => isIdle(b, read, domains))
  if (s.kind !== 'if' && s.kind !== 'match') return false
  const arms = armsOf(s)
  return arms.some((a) => a.body.length > 0) && domains.isTotal(s.kind === 'if' ? s.condition : s.of)
    && arms.every((a) => a.binds.length === 0 && a.body.every((b) => isIdle(b, read, domains)))
}

/**
 * The model without the variables that neither a statement nor a property reads, and their names.
 * Ghosts are among them when no selected property asks for them. A variable stays if an assignment to it can leave a domain.
 */
export function dropUnread(model: ConfiguredModel): { readonly model: ConfiguredModel; readonly dropped: readonly string[] } {
  const read = readVariables(model)
  const dropped = model.variables.filter((v) => !read.has(v.name)).map((v) => v.name)
  if (dropped.length === 0) return { model, dropped }
  const inStep = (domains: Domains) => (list: readonly Statement[]): readonly Statement[] =>
    list.filter((s) => !isIdle(s, read, domains)).map((s) => mapStatement(s, { block: inStep(domains) }))
  const outside = (thread: Thread, domains: Domains) => (list: readonly Statement[]): readonly Statement[] => list.map((s): Statement => {
    if (isStep(s)) return mapStatement(s, { block: inStep(domains) })
    if (!changes(s) || !isIdle(s, read, domains)) return mapStatement(s, { block: outside(thread, domains) })
    // an assignment of its own is a transition, and stays one
    return { kind: 'step', label: statementLabel(s, thread), path: s.path, at: s.at, ...(s.source === undefined ? {} : { source: s.source }), body: [] }
  })
  return {
    dropped,
    model: {
      ...model,
      variables: model.variables.filter((v) => read.has(v.name)),
      threads: model.threads.map((t) => ({ ...t, body: outside(t, domainsOf(model, t))(t.body) })),
      ...(model.initially === undefined ? {} : { initially: { ...model.initially, body: inStep(domainsOf(model))(model.initially.body) } }),
    },
  }
}
