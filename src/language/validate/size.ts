/**
 * The number of cells of a value: everything that looks at a value looks at each of them. Asked before anything walks
 * the types.
 */
import type { Bound, ModelThread, Type, Variable } from '../ast.ts'
import { modelError } from '../errors.ts'

/** Cells of a variable or local: numbers, names, ids and sets that stand in it, one by one. */
export const cellLimit: number = 2 ** 18

/** A model, as far as it has types. */
interface Typed {
  readonly name: string
  readonly variables: readonly Pick<Variable, 'name' | 'type' | 'at'>[]
  readonly threads: readonly Pick<ModelThread, 'name' | 'locals'>[]
  readonly initially?: Pick<ModelThread, 'locals'>
}

/**
 * @param sizes of the sorts, as far as they are known; a sort of unknown size counts for one
 * @throws ModelError HMM009
 */
export function checkSize(
  { name, variables, threads, initially }: Typed,
  sizes: Readonly<Record<string, number>> = {},
): void {
  const cells = counter(
    (bound) => (typeof bound === 'number' ? bound : (sizes[bound.sizeOf] ?? 1) + bound.plus),
    (sort) => sizes[sort] ?? 1,
  )
  const check = (type: Type, what: string, at: string): void => {
    const many = cells(type)
    if (many <= cellLimit) return
    throw modelError(
      'HMM009',
      `${what} has ${many.toLocaleString('en-US')} cells; at most ${cellLimit} can be looked at one by one`,
      at,
    )
  }
  for (const one of variables) check(one.type, `the variable ${one.name}`, one.at ?? name)
  for (const thread of threads)
    for (const local of thread.locals) check(local.type, `the local ${local.name} of ${thread.name}`, name)
  for (const local of initially?.locals ?? []) check(local.type, `the local ${local.name} of initially`, name)
}

/** Each type is counted once, however often it stands in others. */
function counter(number: (bound: Bound) => number, sizeOf: (sort: string) => number): (type: Type) => number {
  const known = new Map<Type, number>()
  const sum = (types: readonly Type[]): number => types.reduce((total, type) => total + cells(type), 0)
  const cells = (type: Type): number => {
    const found = known.get(type) ?? count(type)
    known.set(type, found)
    return found
  }
  const count = (type: Type): number => {
    switch (type.kind) {
      case 'bool':
      case 'int':
      case 'enum':
      case 'id':
      case 'set':
        return 1
      case 'optional':
        return cells(type.of) + 1
      case 'queue':
        return Math.max(0, number(type.capacity)) * cells(type.of) + 1
      case 'array':
        return Math.max(0, indices(type.index)) * cells(type.of)
      case 'record':
        return sum(Object.values(type.fields))
      case 'union':
        return sum(Object.values(type.cases).flatMap((fields) => Object.values(fields))) + 1
    }
  }
  const indices = (type: Type): number => {
    switch (type.kind) {
      case 'int':
        return number(type.high) - number(type.low) + 1
      case 'enum':
        return type.members.length
      case 'id':
        return sizeOf(type.sort)
      default:
        return 2
    }
  }
  return cells
}
