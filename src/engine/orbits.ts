/** The forms of single states: what stands in the visited set for each of their images. */
import { permutationOf, threadSort } from '../compiler/symmetry/scalarset.ts'
import type { EngineInstance } from './instance.ts'

/** The form of the orbit of a state, and a permutation that leads there. */
export interface OrbitForm {
  readonly state: Uint8Array
  /** The instance that each instance becomes. */
  readonly threads: readonly number[]
  /** States of the orbit. */
  readonly size: number
}

export interface Orbits {
  /** Whether a state can have an image other than itself. */
  readonly isTrivial: boolean
  formOf(state: Uint8Array): OrbitForm
  /** The instance that each instance becomes by the arrangement at an address of the memory. */
  threadsAt(address: number): readonly number[]
}

/** The arrangements that begin alike: by the place that comes next, those that go on so. */
interface Arrangements {
  readonly next: Arrangements[]
  /** At the end of an arrangement: the instance that each instance becomes. */
  threads?: readonly number[]
}

export function orbitsOf({ model: { model, symmetry }, plan, engine, ...instance }: EngineInstance): Orbits {
  const { scalarsets } = symmetry
  const unmoved = [...model.instances.keys()]
  /** Most states are led to their forms by one of a few permutations: the way to each is followed byte by byte. */
  const known: Arrangements = { next: [] }
  const threadsOf = (at: Uint8Array): readonly number[] => {
    const images = scalarsets.map(({ scalarset: { size }, firstElement }) => {
      const image = Array.from({ length: size }, () => 0)
      for (let place = 0; place < size; place++) image[(at[firstElement + place] ?? 0) - firstElement] = place
      return image
    })
    const permuted = scalarsets.map(({ scalarset }) => scalarset)
    return permutationOf(model, permuted, images).get(threadSort) ?? unmoved
  }
  const { arrangement } = plan
  const threadsAt = (address: number): readonly number[] => {
    const bytes = instance.bytes()
    const end = address + arrangement.count
    let all = known
    for (let at = address; at < end; at++) all = all.next[bytes[at] ?? 0] ??= { next: [] }
    return (all.threads ??= threadsOf(bytes.subarray(address, end)))
  }
  if (scalarsets.length === 0)
    return {
      isTrivial: true,
      formOf: (state) => ({ state, threads: unmoved, size: 1 }),
      threadsAt: () => unmoved,
    }
  return {
    isTrivial: false,
    formOf(state) {
      const address = instance.input(state)
      const size = engine.canonical(address)
      return { state: instance.copyOut(address, state.length), threads: threadsAt(arrangement.address), size }
    },
    threadsAt,
  }
}
