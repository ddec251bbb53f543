/** Which expressions and changes can leave a domain: told from their types alone, erring on the safe side. */
import type { ConfiguredModel, Expression, Statement, StatementOf, Thread, Type } from '../language/ast.ts'
import { scopeOf, typing } from '../language/typing.ts'
import { expressionsOf, parts, visit, visitStatements } from '../language/walk.ts'

/** A statement that changes a place. */
export type Change = Extract<Statement, { kind: 'assign' | 'insert' | 'remove' | 'push' | 'pop' | 'discard' }>
export const changes = (s: Statement): s is Change =>
  s.kind === 'assign' ||
  s.kind === 'insert' ||
  s.kind === 'remove' ||
  s.kind === 'push' ||
  s.kind === 'pop' ||
  s.kind === 'discard'

/** How often each local is read in a list of statements. */
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
  canFail(s: Change): boolean
  isReadInside(s: StatementOf<'forEach'>): boolean
}
export function domainsOf(
  model: ConfiguredModel,
  text: Pick<Thread, 'locals' | 'per' | 'body'> | undefined = model.initially,
): Domains {
  const reads = readsOfLocals(text?.body ?? [])
  const type = typing(scopeOf(model, text))
  const typeOf = (e: Expression): Type | undefined => {
    try {
      return type(e)
    } catch {
      return undefined
    }
  }
  /** Every value of the one type is one of the other. */
  const isWithin = (found: Type | undefined, wanted: Type): boolean => {
    if (wanted.kind === 'optional') return isWithin(found?.kind === 'optional' ? found.of : found, wanted.of)
    if (wanted.kind !== 'int') return true
    return (
      wanted.overflow !== 'error' ||
      (found?.kind === 'int' && Number(found.low) >= Number(wanted.low) && Number(found.high) <= Number(wanted.high))
    )
  }
  const isTotal = (e: Expression): boolean => parts(e).every(isTotal) && isDefined(e)
  /** Whether it has a value whenever its parts have one. */
  const isDefined = (e: Expression): boolean => {
    const fields = (
      types: Readonly<Record<string, Type>> | undefined,
      values: Readonly<Record<string, Expression>>,
    ): boolean =>
      types !== undefined &&
      Object.entries(values).every(([name, value]) => {
        const wanted = types[name]
        return wanted !== undefined && isWithin(typeOf(value), wanted)
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
          (array.index.kind !== 'id' || model.sizes[array.index.sort] !== 0)
        )
      }
      case 'some':
        return e.type.kind === 'optional' && isWithin(typeOf(e.of), e.type.of)
      case 'fill':
        return e.type.kind === 'array' && isWithin(typeOf(e.of), e.type.of)
      case 'record':
        return fields(e.type.kind === 'record' ? e.type.fields : undefined, e.fields)
      case 'case':
        return fields(e.type.kind === 'union' ? e.type.cases[e.tag] : undefined, e.fields)
      default:
        return true
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
