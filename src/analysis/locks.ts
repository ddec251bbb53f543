/** The locks of a model, found in its text: the cells that the `blockers` of an acquisition read name its holders. */
import type { ConfiguredModel, Expression, Type, TypeOf } from '../language/ast.ts'
import { contains, parts, visit, visitStatements } from '../language/walk.ts'

/** `mm.mmap_sem.writer`, `driver[].update.owner`: the fields, without indices, that say who blocks an acquisition. */
export function lockFields(model: ConfiguredModel): ReadonlySet<string> {
  const fields = new Set<string>()
  for (const { body } of model.threads) {
    visitStatements(body, (statement) => {
      if (statement.kind === 'await' && statement.blockers !== undefined)
        collectPlaces(statement.blockers.condition, fields)
    })
  }
  return fields
}

/**
 * Those, and the fields that take `current` in and whose being empty something waits for, without saying whom it
 * waits for: a lock that is made of `Await(x.owner.isNone)` and `x.owner.set(current)`.
 */
function heldFields(model: ConfiguredModel): ReadonlySet<string> {
  const awaited = new Set<string>(),
    taken = new Set<string>()
  for (const { body } of model.threads) {
    visitStatements(body, (s) => {
      if (s.kind === 'await')
        visit(s.condition, (e) => {
          if (e.kind === 'isSome' || e.kind === 'size') collectPlaces(e.of, awaited)
        })
      const field =
        'target' in s &&
        (s.kind === 'assign' || s.kind === 'insert') &&
        contains(s.value, ({ kind }) => kind === 'current')
          ? sharedField(s.target)
          : undefined
      if (field !== undefined) taken.add(field)
    })
  }
  return new Set([...lockFields(model), ...[...taken].filter((field) => awaited.has(field))])
}

/** The field paths of the shared places in an expression; of the records around a field, not. */
function collectPlaces(expression: Expression, into: Set<string>): void {
  const field = sharedField(expression)
  if (field !== undefined) into.add(field)
  for (const part of field === undefined ? parts(expression) : indicesOf(expression)) collectPlaces(part, into)
}

/** The indices of a place. */
function indicesOf(place: Expression): readonly Expression[] {
  if (place.kind === 'field') return indicesOf(place.of)
  return place.kind === 'index' ? [place.index, ...indicesOf(place.of)] : []
}

/** `driver[].update.owner`, of a place in a shared variable. */
function sharedField(expression: Expression): string | undefined {
  if (expression.kind === 'shared') return expression.name
  if (expression.kind !== 'field' && expression.kind !== 'index') return undefined
  const of = sharedField(expression.of)
  if (of === undefined) return undefined
  return expression.kind === 'field' ? `${of}.${expression.name}` : `${of}[]`
}

/** A lock, or all of an array of them. */
export interface LockPlace {
  /** `mm.mmap_sem`, `driver[0].update` */
  readonly lock: string
  /** `mm.mmap_sem.writer`, `driver[].update.owner` */
  readonly field: string
  /** That `current` holds it. */
  readonly isHeld: Expression
}

/** The most locks of an array that are distinguished. */
const FEW = 8

interface At {
  readonly place: Expression
  readonly name: string
  readonly field: string
  readonly lock: string
  readonly depth: number
}

/** The locks of a model whose holder is known: without those in whose queue a thread only stands. */
export function locksOf(model: ConfiguredModel): readonly LockPlace[] {
  const fields = heldFields(model)
  const within = (at: At, type: Type): readonly LockPlace[] => {
    const isHeld = fields.has(at.field) && type.kind !== 'id' ? holds(at.place, type) : undefined
    if (isHeld !== undefined) return [{ lock: at.lock, field: at.field, isHeld }]
    switch (type.kind) {
      case 'record':
        return Object.entries(type.fields).flatMap(([name, of]) =>
          within(
            {
              ...at,
              place: { kind: 'field', of: at.place, name },
              name: `${at.name}.${name}`,
              field: `${at.field}.${name}`,
              lock: at.name,
            },
            of,
          ),
        )
      case 'array':
        return cells(model, at, type).flatMap(({ wrap, ...cell }) =>
          within(cell, type.of).map((one) => ({ ...one, isHeld: wrap(one.isHeld) })),
        )
      case 'bool':
      case 'int':
      case 'enum':
      case 'id':
      case 'optional':
      case 'union':
      case 'set':
      case 'queue':
        return []
    }
  }
  return model.variables
    .filter(({ ghost }) => !ghost)
    .flatMap(({ name, type }) =>
      within({ place: { kind: 'shared', name }, name, field: name, lock: name, depth: 0 }, type),
    )
}

/** The cells of an array one by one; of a large one, some cell. */
function cells(
  model: ConfiguredModel,
  at: At,
  { index }: TypeOf<'array'>,
): readonly (At & { readonly wrap: (isHeld: Expression) => Expression })[] {
  const field = `${at.field}[]`
  const values = valuesOf(model, index)
  if (values !== undefined && values.length <= FEW) {
    return values.map(({ value, text }) => ({
      place: { kind: 'index', of: at.place, index: { kind: 'literal', value, type: index } },
      name: `${at.name}[${text}]`,
      field,
      lock: `${at.name}[${text}]`,
      depth: at.depth,
      wrap: (isHeld) => isHeld,
    }))
  }
  const bound = -1 - at.depth
  return [
    {
      place: { kind: 'index', of: at.place, index: { kind: 'bound', id: bound } },
      name: `${at.name}[]`,
      field,
      lock: `${at.name}[]`,
      depth: at.depth + 1,
      wrap: (body) => ({ kind: 'quantified', quantifier: 'some', bound, name: 'index', over: index, body }),
    },
  ]
}

function valuesOf(
  model: ConfiguredModel,
  index: Type,
): readonly { readonly value: boolean | number | string; readonly text: string }[] | undefined {
  switch (index.kind) {
    case 'bool':
      return [
        { value: false, text: 'no' },
        { value: true, text: 'yes' },
      ]
    case 'enum':
      return index.members.map((value) => ({ value, text: value }))
    case 'id':
      return Array.from({ length: model.sizes[index.sort] ?? 0 }, (_, value) => ({
        value,
        text: index.sort === 'Thread' ? (model.instances[value]?.name ?? String(value)) : String(value),
      }))
    case 'int': {
      const { low, high } = index
      return typeof low !== 'number' || typeof high !== 'number'
        ? undefined
        : Array.from({ length: high - low + 1 }, (_, n) => ({ value: low + n, text: String(low + n) }))
    }
    case 'optional':
    case 'record':
    case 'union':
    case 'array':
    case 'set':
    case 'queue':
      return undefined
  }
}

/**
 * That a value names `current` as a holder: itself, an element of a set, a key of an array by thread. Nothing if
 * values of the type name no thread, or only who waits.
 */
function holds(place: Expression, type: Type): Expression | undefined {
  const current: Expression = { kind: 'current' }
  switch (type.kind) {
    case 'id':
      return type.sort === 'Thread' ? { kind: 'binary', operator: '==', left: place, right: current } : undefined
    case 'optional': {
      const isHeld = holds({ kind: 'value', of: place }, type.of)
      return isHeld && { kind: 'binary', operator: 'and', left: { kind: 'isSome', of: place }, right: isHeld }
    }
    case 'set':
      return type.of.kind === 'id' && type.of.sort === 'Thread'
        ? { kind: 'binary', operator: 'has', left: place, right: current }
        : undefined
    case 'array': {
      if (type.index.kind !== 'id' || type.index.sort !== 'Thread') return undefined
      const mine: Expression = { kind: 'index', of: place, index: current }
      if (type.of.kind === 'bool') return mine
      return type.of.kind === 'int'
        ? { kind: 'binary', operator: '>', left: mine, right: { kind: 'literal', value: 0, type: type.of } }
        : undefined
    }
    case 'record':
      return Object.entries(type.fields)
        .map(([name, of]) => holds({ kind: 'field', of: place, name }, of))
        .reduce(
          (all, one) =>
            all === undefined || one === undefined
              ? (all ?? one)
              : { kind: 'binary', operator: 'or', left: all, right: one },
          undefined,
        )
    case 'bool':
    case 'int':
    case 'enum':
    case 'union':
    case 'queue':
      return undefined
  }
}
