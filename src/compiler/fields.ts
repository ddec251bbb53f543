/**
 * The positions of the bits of everything that a model's text names: a variable and its fields, the locals of a thread,
 * its control point.
 */
import { valueCount, type SortSizes } from './encoding.ts'
import type { CompiledInstance } from './layout.ts'
import { statePartOf, type StatePart } from './state-part.ts'
import type { CompiledThread } from './threads.ts'
import type { TransitionSystem } from './transition-system.ts'

/**
 * Bits of one word. A local owns its bits only at some control points of its thread: elsewhere it is zero, and another
 * local uses them.
 */
export interface FieldBits {
  readonly word: number
  readonly mask: bigint
  readonly at?: { readonly point: Point; readonly points: ReadonlySet<number> }
}
/** The position of the control point of a thread. */
export interface Point {
  readonly word: number
  readonly shift: number
  readonly bits: number
}

/**
 * `variable`: `driver[].pte`, all cells of an array together. `local`: the locals of one name of all instances of a
 * thread. `point`: the control points of all instances of a thread.
 */
export interface PackedField {
  readonly kind: 'variable' | 'local' | 'point'
  /** The thread, of a local or a control point. */
  readonly thread?: string
  readonly name: string
  readonly bits: readonly FieldBits[]
}

/** Every variable with the fields in it, every local that outlives a transition, and the control points, by thread. */
export function fieldsOf({ model, layout, threads }: TransitionSystem): readonly PackedField[] {
  const variables = [...layout.shared].flatMap(([name, slot]): readonly PackedField[] => {
    const parts = partsIn(slot, name, model.sizes)
    const whole: PackedField = { kind: 'variable', name, bits: maskOf(slot) }
    return parts.filter(({ bits }) => bits.length > 0).length > 1 ? [whole, ...parts] : parts
  })
  const own = threads.flatMap((thread) =>
    fieldsOfThread(
      thread,
      layout.instances.filter((instance) => instance.thread === thread),
    ),
  )
  return [...variables, ...own].filter(({ bits }) => bits.length > 0)
}

function fieldsOfThread(
  { source, points }: CompiledThread,
  instances: readonly CompiledInstance[],
): readonly PackedField[] {
  const { name: thread, locals } = source
  const names = new Set(locals.map(({ name }) => name))
  const bitsOf = (id: number): readonly FieldBits[] => {
    const occupied = new Set(points.flatMap((point, n) => (point.occupied.has(id) ? [n] : [])))
    if (occupied.size === 0) return []
    return instances.flatMap(({ point: { word, shift, packing }, locals }) => {
      const point: Point = { word, shift, bits: packing.bits }
      return maskOf(locals.get(id)).map((bits) => ({ ...bits, at: { point, points: occupied } }))
    })
  }
  return [
    { kind: 'point', thread, name: thread, bits: instances.flatMap(({ point }) => maskOf(point)) },
    ...[...names].map(
      (name): PackedField => ({
        kind: 'local',
        thread,
        name,
        bits: locals.filter((local) => local.name === name).flatMap(({ id }) => bitsOf(id)),
      }),
    ),
  ]
}

/** The fields in a place, down to those that are not structs; the cells of an array together. */
function partsIn(place: StatePart, name: string, sizes: SortSizes): readonly PackedField[] {
  const { type } = place
  const parts =
    type.kind === 'record'
      ? Object.keys(type.fields).map((key) => [key, `${name}.${key}`] as const)
      : type.kind === 'array'
        ? Array.from({ length: valueCount(type.index, sizes) }, (_, n) => [String(n), `${name}[]`] as const)
        : undefined
  if (parts === undefined) return [{ kind: 'variable', name, bits: maskOf(place) }]
  const found = new Map<string, FieldBits[]>()
  for (const [key, called] of parts) {
    for (const part of partsIn(statePartOf(place, key, sizes), called, sizes)) {
      const known = found.get(part.name)
      if (known === undefined) found.set(part.name, [...part.bits])
      else known.push(...part.bits)
    }
  }
  return [...found].map(([called, bits]) => ({ kind: 'variable', name: called, bits: byWord(bits) }))
}

/** The bits of a place, one mask for each word. */
export function maskOf(place: StatePart | undefined): readonly FieldBits[] {
  if (place === undefined) return []
  if (place.kind === 'parts') return byWord(Object.values(place.parts).flatMap(maskOf))
  const {
    word,
    shift,
    packing: { bits },
  } = place
  return bits === 0 ? [] : [{ word, mask: ((1n << BigInt(bits)) - 1n) << BigInt(shift) }]
}

/** One mask for each word. */
function byWord(all: readonly FieldBits[]): readonly FieldBits[] {
  const masks = new Map<number, bigint>()
  for (const { word, mask } of all) masks.set(word, (masks.get(word) ?? 0n) | mask)
  return [...masks].map(([word, mask]) => ({ word, mask }))
}
