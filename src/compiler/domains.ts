/** Expressions and changes that can leave a domain, judged by their types alone, erring on the safe side. */
import type { ConfiguredModel, Expression, Statement, StatementOf, ModelThread, Type } from '../language/ast.ts'
import { scopeOf, typing } from '../language/typing.ts'
import { expressionsOf, parts, visit, visitStatements } from '../language/walk.ts'
import type { SortSizes } from './encoding.ts'

/** A statement that changes a place. */
export type ChangingStatement = Extract<
  Statement,
  { kind: 'assign' | 'insert' | 'remove' | 'push' | 'pop' | 'discard' }
>
export const changes = (s: Statement): s is ChangingStatement =>
  s.kind === 'assign' ||
  s.kind === 'insert' ||
  s.kind === 'remove' ||
  s.kind === 'push' ||
  s.kind === 'pop' ||
  s.kind === 'discard'

/** Number of reads of each local in a list of statements. */
function readsOfLocals(list: readonly Statement[]): ReadonlyMap<number, number> {
  const reads = new Map<number, number>()
  visitStatements(list, (s) => {
    for (const e of expressionsOf(s))
      visit(e, (part) => {
        if (part.kind === 'local') reads.set(part.id, (reads.get(part.id) ?? 0) + 1)
      })
  })
  return reads
}

/**
 * Says of expressions and statements of one text whether they can leave a domain, or a trace in a local. It errs on
 * the safe side.
 */
export interface Domains {
  isTotal(e: Expression): boolean
  canFail(s: ChangingStatement): boolean
  isReadInside(s: StatementOf<'forEach'>): boolean
}
export function domainsOf(
  model: ConfiguredModel,
  text: Pick<ModelThread, 'locals' | 'per' | 'body'> | undefined = model.initially,
): Domains {
  let reads: ReadonlyMap<number, number> | undefined
  const typeOf = typesIn(model, text)
  const isTotal = (e: Expression): boolean => parts(e).every(isTotal) && isDefined(e, typeOf, model.sizes)
  return {
    isTotal,
    /** Only in its own body is the variable of the loop read. */
    isReadInside: (s) =>
      (readsOfLocals(s.body).get(s.local) ?? 0) === ((reads ??= readsOfLocals(text?.body ?? [])).get(s.local) ?? 0),
    canFail(s) {
      if (s.kind === 'push' || s.kind === 'pop' || !isTotal(s.target)) return true
      const target = typeOf(s.target)
      if (target === undefined || !isTotal(s.value)) return true
      const wanted = s.kind === 'insert' && target.kind === 'set' ? target.of : target
      return s.kind !== 'remove' && s.kind !== 'discard' && !isInType(typeOf(s.value), wanted)
    },
  }
}

type TypeOf = (e: Expression) => Type | undefined
/** The types of expressions; nothing where one has none. */
function typesIn(model: ConfiguredModel, text: Pick<ModelThread, 'locals' | 'per'> | undefined): TypeOf {
  const type = typing(scopeOf(model, text))
  return (e) => {
    try {
      return type(e)
    } catch {
      return undefined
    }
  }
}

/** Whether every value of the one type is one of the other. */
export function isInType(found: Type | undefined, wanted: Type): boolean {
  if (wanted.kind === 'optional') return isInType(found?.kind === 'optional' ? found.of : found, wanted.of)
  if (wanted.kind !== 'int') return true
  return (
    wanted.overflow !== 'error' ||
    (found?.kind === 'int' && Number(found.low) >= Number(wanted.low) && Number(found.high) <= Number(wanted.high))
  )
}

/** Whether an expression has a value whenever its parts have one. */
function isDefined(e: Expression, typeOf: TypeOf, sizes: SortSizes): boolean {
  const areInTypes = (
    types: Readonly<Record<string, Type>> | undefined,
    values: Readonly<Record<string, Expression>>,
  ): boolean =>
    types !== undefined &&
    Object.entries(values).every(([name, value]) => {
      const wanted = types[name]
      return wanted !== undefined && isInType(typeOf(value), wanted)
    })
  switch (e.kind) {
    case 'value':
    case 'payload':
    case 'head':
      return false
    case 'index': {
      const array = typeOf(e.of)
      return (
        array?.kind === 'array' &&
        array.index.kind !== 'int' &&
        (array.index.kind !== 'id' || sizes[array.index.sort] !== 0)
      )
    }
    case 'some':
      return e.type.kind === 'optional' && isInType(typeOf(e.of), e.type.of)
    case 'fill':
      return e.type.kind === 'array' && isInType(typeOf(e.of), e.type.of)
    case 'record':
      return areInTypes(e.type.kind === 'record' ? e.type.fields : undefined, e.fields)
    case 'case':
      return areInTypes(e.type.kind === 'union' ? e.type.cases[e.tag] : undefined, e.fields)
    default:
      return true
  }
}
