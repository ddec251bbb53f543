/**
 * Scalarsets: sets of things that are alike but for their names. The ids of a sort are one, with the threads that run
 * for each of them; so are the copies of a thread. A permutation of them leads from states to states.
 *
 * The word is that of Ip and Dill, "Better verification through symmetry" (1996).
 */
import type { ConfiguredModel, Type } from '../../language/ast.ts'

export type Scalarset = {
  /** The sort, or the thread. */
  readonly name: string
  readonly size: number
} & ({ readonly kind: 'ids' } | { readonly kind: 'copies'; readonly thread: number })

/** The sort of the ids of threads. They move with what they run for, or are copies of. */
export const threadSort = 'Thread'

/** The image of each id, by sort; a sort that is not there stays as it is. */
export type Permutation = ReadonlyMap<string, readonly number[]>

/** The scalarsets of a model that have anything to permute. */
export function scalarsetsOf({ sorts, sizes, threads, instances }: ConfiguredModel): readonly Scalarset[] {
  const ids = sorts
    .filter((sort) => sort !== threadSort)
    .map((sort): Scalarset => ({ kind: 'ids', name: sort, size: sizes[sort] ?? 0 }))
  const copies = threads.map(
    ({ name }, thread): Scalarset => ({
      kind: 'copies',
      name,
      thread,
      size: instances.filter((one) => one.thread === thread && one.self === undefined).length,
    }),
  )
  return [...ids, ...copies].filter(({ size }) => size > 1)
}

/** The threads that a scalarset moves, by number. */
const threadsOf = ({ threads }: ConfiguredModel, scalarset: Scalarset): readonly number[] =>
  scalarset.kind === 'copies'
    ? [scalarset.thread]
    : [...threads.keys()].filter((thread) => threads[thread]?.per === scalarset.name)

/** The sorts whose ids a scalarset moves. */
export const sortsMoved = (model: ConfiguredModel, scalarset: Scalarset): ReadonlySet<string> =>
  new Set([
    ...(scalarset.kind === 'ids' ? [scalarset.name] : []),
    ...(threadsOf(model, scalarset).length > 0 ? [threadSort] : []),
  ])

/**
 * The permutation of ids that comes of one of the elements of each scalarset.
 *
 * @param images by scalarset, the image of each element
 */
export function permutationOf(
  model: ConfiguredModel,
  scalarsets: readonly Scalarset[],
  images: readonly (readonly number[])[],
): Permutation {
  const ids = new Map<string, readonly number[]>()
  const threads = [...model.instances.keys()]
  scalarsets.forEach((scalarset, n) => {
    const image = images[n] ?? []
    if (scalarset.kind === 'ids') ids.set(scalarset.name, image)
    for (const thread of threadsOf(model, scalarset)) {
      const copies = [...model.instances.keys()].filter((id) => model.instances[id]?.thread === thread)
      copies.forEach((id, element) => {
        threads[id] = copies[image[element] ?? element] ?? id
      })
    }
  })
  return ids.set(threadSort, threads)
}

/** The permutation that exchanges an element of one scalarset with the next. */
export const exchangeOf = (model: ConfiguredModel, scalarset: Scalarset, first: number): Permutation =>
  permutationOf(
    model,
    [scalarset],
    [Array.from({ length: scalarset.size }, (_, n) => (n === first ? n + 1 : n === first + 1 ? n - 1 : n))],
  )

/** Where instances go: the image of each. */
export const imageOfThread = (permutation: Permutation, instance: number): number =>
  permutation.get(threadSort)?.[instance] ?? instance

/** The image of the value with this code, of a type whose values are numbered. */
export function imageOfCode(type: Type, code: number, permutation: Permutation): number {
  switch (type.kind) {
    case 'id':
      return permutation.get(type.sort)?.[code] ?? code
    case 'optional':
      return code === 0 ? 0 : 1 + imageOfCode(type.of, code - 1, permutation)
    default:
      return code
  }
}

const noSorts: ReadonlySet<string> = new Set()
const together = (types: readonly Type[], of: (type: Type) => ReadonlySet<string>): ReadonlySet<string> =>
  new Set(types.flatMap((type) => [...of(type)]))

/** The sorts of the ids in values of a type, or in its indices. */
export function idSortsIn(type: Type): ReadonlySet<string> {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
      return noSorts
    case 'id':
      return new Set([type.sort])
    case 'optional':
    case 'set':
    case 'queue':
      return idSortsIn(type.of)
    case 'array':
      return together([type.index, type.of], idSortsIn)
    case 'record':
      return together(Object.values(type.fields), idSortsIn)
    case 'union':
      return together(Object.values(type.cases).flatMap(Object.values<Type>), idSortsIn)
  }
}

/** The sorts of which the zero of a type names the first element. */
export function idSortsInZero(type: Type): ReadonlySet<string> {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
    case 'optional':
    case 'set':
    case 'queue':
      return noSorts
    case 'id':
      return new Set([type.sort])
    case 'array':
      return idSortsInZero(type.of)
    case 'record':
      return together(Object.values(type.fields), idSortsInZero)
    case 'union':
      return together(Object.values(Object.values(type.cases)[0] ?? {}), idSortsInZero)
  }
}
