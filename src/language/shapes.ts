/** Types as data: what is in them, and where a model has them. */
import type { Bound, Expression, Model, Statement, Type, TypeOf } from './ast.ts'
import { expressionsOf, parts, visitStatements } from './walk.ts'

/** The types directly inside a type. */
export function innerTypes(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
    case 'id':
      return []
    case 'optional':
    case 'set':
    case 'queue':
      return [type.of]
    case 'array':
      return [type.index, type.of]
    case 'record':
      return Object.values(type.fields)
    case 'union':
      return Object.values(type.cases).flatMap((fields) => Object.values(fields))
  }
}

/** The bounds that a type itself has. */
export function boundsOf(type: Type): readonly Bound[] {
  switch (type.kind) {
    case 'int':
      return [type.low, type.high]
    case 'queue':
      return [type.capacity]
    default:
      return []
  }
}

/** Visits a type and everything in it. */
export function visitType(type: Type, see: (type: Type) => void): void {
  see(type)
  for (const inner of innerTypes(type)) visitType(inner, see)
}

export const isSample = (type: Type): type is TypeOf<'union'> => type.kind === 'union' && type.epoch !== undefined

/** Whether a value of the type has a sample of a counter in it. */
export const hasSample = (type: Type): boolean => isSample(type) || innerTypes(type).some(hasSample)

/** The type that an expression names itself. */
export function namedType(e: Expression): Type | undefined {
  if ('type' in e) return e.type
  return e.kind === 'quantified' ? e.over : undefined
}

/** Visits every type that is written in a model. */
export function visitTypes(model: Omit<Model, 'sorts'>, see: (type: Type) => void): void {
  const seen = new Set<Expression>()
  const inExpression = (e: Expression): void => {
    // Equal parts are often one object.
    if (seen.has(e)) return
    seen.add(e)
    const type = namedType(e)
    if (type !== undefined) see(type)
    parts(e).forEach(inExpression)
  }
  const inBody = (body: readonly Statement[]): void =>
    visitStatements(body, (s) => {
      if (s.kind === 'forEach') see(s.over)
      expressionsOf(s).forEach(inExpression)
    })
  for (const { type } of model.constants) see(type)
  for (const { type, initial } of model.variables) {
    see(type)
    initial.forEach(inExpression)
  }
  for (const { locals, body } of [...model.threads, ...(model.initially === undefined ? [] : [model.initially])]) {
    for (const { type } of locals) see(type)
    inBody(body)
  }
  for (const { condition } of model.properties) if (condition !== undefined) inExpression(condition)
}

/** The sorts a model speaks of, but `Thread`, in the order in which it comes upon them. */
export function sortsIn(model: Omit<Model, 'sorts'>): readonly string[] {
  const sorts = new Set<string>()
  const seen = new Set<Type>()
  const ofBound = (bound: Bound): void => {
    if (typeof bound !== 'number') sorts.add(bound.sizeOf)
  }
  visitTypes(model, (outer) => {
    if (seen.has(outer)) return
    seen.add(outer)
    visitType(outer, (type) => {
      if (type.kind === 'id') sorts.add(type.sort)
      boundsOf(type).forEach(ofBound)
    })
  })
  for (const { per, count } of model.threads) {
    if (per !== undefined) sorts.add(per)
    if (count !== undefined) ofBound(count)
  }
  sorts.delete('Thread')
  return [...sorts]
}

/** A type in a few words: `optional Page`. */
export function describeType(type: Type): string {
  const bound = (b: Bound): string =>
    typeof b === 'number'
      ? String(b)
      : `size(${b.sizeOf})${b.plus === 0 ? '' : b.plus > 0 ? ` + ${b.plus}` : ` - ${-b.plus}`}`
  switch (type.kind) {
    case 'bool':
      return 'bool'
    case 'int':
      return `${type.overflow === 'error' ? 'int' : type.overflow} ${bound(type.low)}..${bound(type.high)}`
    case 'enum':
      return `one of ${type.members.join(', ')}`
    case 'id':
      return type.sort
    case 'optional':
      return `optional ${describeType(type.of)}`
    case 'record':
      return `struct ${type.name}`
    case 'union':
      return `union ${type.name}`
    case 'array':
      return `array over ${describeType(type.index)} of ${describeType(type.of)}`
    case 'set':
      return `set of ${describeType(type.of)}`
    case 'queue':
      return `queue of at most ${bound(type.capacity)} ${describeType(type.of)}`
  }
}

/** Whether two types are the same, part by part. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true
  const fields = (x: Readonly<Record<string, Type>>, y: Readonly<Record<string, Type>>): boolean =>
    sameKeys(x, y) &&
    Object.entries(x).every(([name, type]) => {
      const other = y[name]
      return other !== undefined && sameType(type, other)
    })
  const bound = (x: Bound, y: Bound): boolean =>
    x === y || (typeof x !== 'number' && typeof y !== 'number' && x.sizeOf === y.sizeOf && x.plus === y.plus)
  switch (a.kind) {
    case 'bool':
      return b.kind === 'bool'
    case 'int':
      return b.kind === 'int' && bound(a.low, b.low) && bound(a.high, b.high) && a.overflow === b.overflow
    case 'enum':
      return (
        b.kind === 'enum' &&
        a.members.length === b.members.length &&
        a.members.every((member, i) => member === b.members[i])
      )
    case 'id':
      return b.kind === 'id' && a.sort === b.sort
    case 'optional':
      return b.kind === 'optional' && sameType(a.of, b.of)
    case 'set':
      return b.kind === 'set' && sameType(a.of, b.of)
    case 'queue':
      return b.kind === 'queue' && bound(a.capacity, b.capacity) && sameType(a.of, b.of)
    case 'array':
      return b.kind === 'array' && sameType(a.index, b.index) && sameType(a.of, b.of)
    case 'record':
      return b.kind === 'record' && a.name === b.name && fields(a.fields, b.fields)
    case 'union':
      return (
        b.kind === 'union' &&
        a.name === b.name &&
        sameKeys(a.cases, b.cases) &&
        Object.entries(a.cases).every(([tag, of]) => fields(of, b.cases[tag] ?? {}))
      )
  }
}

/** The same keys in the same order, which is part of a type. */
const sameKeys = (a: object, b: object): boolean => Object.keys(a).join() === Object.keys(b).join()
