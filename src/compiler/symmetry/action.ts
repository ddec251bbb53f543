/**
 * The action of a permutation on packed states: which bits change places, and which ids are replaced.
 *
 * It is for exchanges of two elements, which undo themselves. The moves are done one after the other. What contains
 * moves before what is in it: the cells of an array change places first, and then the ids in each are replaced where
 * they stand now. What is there only sometimes, as a case of a union or a local, moves under conditions.
 */
import type { ConfiguredModel, Type } from '../../language/ast.ts'
import { elementCount, internal, isLeaf, lowOf, number, ordinalCount, valueCount } from '../encoding.ts'
import type { CompiledInstance, Layout } from '../layout.ts'
import { statePartOf, type StatePart } from '../state-part.ts'
import { imageOfCode, imageOfThread, idSortsIn, type Permutation } from './scalarset.ts'

/** Bits of one word. */
export interface BitField {
  readonly word: number
  readonly shift: number
  readonly bits: number
}

/** The field has one of these values. */
export interface FieldCondition {
  readonly field: BitField
  readonly among: ReadonlySet<number>
}

export type Move =
  /** Two fields of as many bits exchange what they hold. */
  | { readonly kind: 'exchange'; readonly fields: readonly [BitField, BitField]; readonly when: FieldConditions }
  /** Of each pair, the one value becomes the other. */
  | {
      readonly kind: 'rename'
      readonly field: BitField
      readonly pairs: readonly (readonly [number, number])[]
      readonly when: FieldConditions
    }
/** All of them must hold. */
export type FieldConditions = readonly FieldCondition[]
export type Action = readonly Move[]

/** The model and its layout, a permutation that undoes itself, and the moves that were found. */
interface Acting {
  readonly model: ConfiguredModel
  readonly permutation: Permutation
  readonly moves: Move[]
}

export function actionOf(model: ConfiguredModel, layout: Layout, permutation: Permutation): Action {
  const acting: Acting = { model, permutation, moves: [] }
  layout.instances.forEach((instance, n) => {
    const image = imageOfThread(permutation, n)
    const other = layout.instances[image]
    if (n < image && other !== undefined) exchangeThreads(acting, instance, other)
  })
  for (const slot of layout.shared.values()) moveWithin(acting, slot, [])
  for (const instance of layout.instances) moveLocals(acting, instance)
  return acting.moves
}

/** The image of a packed state. */
export function act(action: Action, words: readonly bigint[]): readonly bigint[] {
  const now = [...words]
  const read = ({ word, shift, bits }: BitField): bigint =>
    ((now[word] ?? 0n) >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n)
  const write = (field: BitField, value: bigint): void => {
    now[field.word] = (now[field.word] ?? 0n) ^ ((read(field) ^ value) << BigInt(field.shift))
  }
  for (const move of action) {
    if (!move.when.every(({ field, among }) => among.has(Number(read(field))))) continue
    if (move.kind === 'exchange') {
      const [one, other] = move.fields
      const [first, second] = [read(one), read(other)]
      write(one, second)
      write(other, first)
    } else {
      const value = Number(read(move.field))
      for (const [a, b] of move.pairs) {
        if (value === a) write(move.field, BigInt(b))
        if (value === b) write(move.field, BigInt(a))
      }
    }
  }
  return now
}

/** Control points and locals; locals that share their bits move together, as many as the largest has. */
function exchangeThreads(acting: Acting, one: CompiledInstance, other: CompiledInstance): void {
  exchangeParts(acting, one.point, other.point, [])
  const widest = new Map<string, Extract<Move, { kind: 'exchange' }>>()
  for (const [id, slot] of restingLocals(one)) {
    const own: Acting = { ...acting, moves: [] }
    exchangeParts(own, slot, other.locals.get(id) ?? internal(`no local ${id}`), [])
    for (const move of own.moves) {
      if (move.kind !== 'exchange') continue
      const [{ word, shift, bits }] = move.fields
      const known = widest.get(`${word}:${shift}`)
      if (known === undefined || known.fields[0].bits < bits) widest.set(`${word}:${shift}`, move)
    }
  }
  acting.moves.push(...widest.values())
}

/** The locals that hold something between transitions. */
function restingLocals({ thread, locals }: CompiledInstance): readonly (readonly [number, StatePart])[] {
  const resting = new Set(thread.sharing.flatMap((group) => group.map(({ id }) => id)))
  return [...locals].filter(([id]) => resting.has(id))
}

function exchangeParts(acting: Acting, one: StatePart, other: StatePart, when: FieldConditions): void {
  if (one.kind === 'parts' || other.kind === 'parts') {
    if (one.kind !== 'parts' || other.kind !== 'parts') return internal('parts of one cell are not those of another')
    const { sizes } = acting.model
    for (const key of Object.keys(one.parts))
      exchangeParts(acting, statePartOf(one, key, sizes), statePartOf(other, key, sizes), when)
    return
  }
  const fields = [fieldOf(one), fieldOf(other)] as const
  if (fields[0].bits !== fields[1].bits) internal('cells of different widths')
  if (fields[0].bits > 0) acting.moves.push({ kind: 'exchange', fields, when })
}

const fieldOf = ({ word, shift, packing }: Exclude<StatePart, { kind: 'parts' }>): BitField => ({
  word,
  shift,
  bits: packing.bits,
})
const bitOf = ({ word, shift }: BitField, n: number): BitField => ({ word, shift: shift + n, bits: 1 })

/** The ids in the locals of an instance, where these are occupied. */
function moveLocals(acting: Acting, instance: CompiledInstance): void {
  const { thread, point } = instance
  const types = new Map(thread.source.locals.map(({ id, type }) => [id, type]))
  for (const [id, slot] of restingLocals(instance)) {
    if (!concerns(acting, types.get(id))) continue
    const among = new Set(thread.points.flatMap(({ occupied }, n) => (occupied.has(id) ? [n] : [])))
    moveWithin(acting, slot, [{ field: fieldOf(point), among }])
  }
}

/** Whether a value of the type may change under the permutation. */
const concerns = ({ permutation }: Acting, type: Type | undefined): boolean =>
  type !== undefined &&
  [...idSortsIn(type)].some((sort) => permutation.get(sort)?.some((image, id) => image !== id) === true)

/** The moves inside a part, which stands where it belongs. */
function moveWithin(acting: Acting, part: StatePart, when: FieldConditions): void {
  const { type } = part
  const { sizes } = acting.model
  if (!concerns(acting, type)) return
  if (isLeaf(type, sizes)) {
    moveLeaf(acting, part, when)
    return
  }
  const inside = (key: string): void => {
    moveWithin(acting, statePartOf(part, key, sizes), when)
  }
  /** What is there only while another part has one of these values. */
  const insideWhile = (key: string, other: string, values: readonly number[]): void => {
    const conditions = withCondition(when, statePartOf(part, other, sizes), values)
    if (conditions !== undefined) moveWithin(acting, statePartOf(part, key, sizes), conditions)
  }
  switch (type.kind) {
    case 'record':
      for (const key of Object.keys(type.fields)) inside(key)
      return
    case 'array': {
      const cells = [...Array(valueCount(type.index, sizes)).keys()]
      for (const [one, other] of exchanged(acting, type.index, cells.length))
        exchangeParts(acting, statePartOf(part, String(one), sizes), statePartOf(part, String(other), sizes), when)
      for (const n of cells) inside(String(n))
      return
    }
    case 'queue': {
      const capacity = number(type.capacity)
      for (let n = 0; n < capacity; n++)
        insideWhile(
          String(n),
          'length',
          [...Array(capacity - n).keys()].map((more) => n + 1 + more),
        )
      return
    }
    case 'optional':
      insideWhile('value', 'present', [1])
      return
    case 'union':
      Object.entries(type.cases).forEach(([name, fields], tag) => {
        for (const key of Object.keys(fields)) insideWhile(`${name}.${key}`, 'tag', [tag])
      })
      return
    default:
      internal(`a ${type.kind} that is no leaf`)
  }
}

/** The conditions with one more; nothing if it never holds. */
function withCondition(when: FieldConditions, part: StatePart, values: readonly number[]): FieldConditions | undefined {
  if (part.kind === 'parts') return internal('a condition on a composite')
  const base = lowOf(part.type) + (part.packing.kind === 'leaf' ? Number(part.packing.base) : 0)
  const field = fieldOf(part)
  const among = new Set(values.map((value) => value - base).filter((code) => code >= 0 && code < 2 ** field.bits))
  if (among.size === 0) return undefined
  return field.bits === 0 ? when : [...when, { field, among }]
}

/** The pairs of values of a type that change places. */
const exchanged = ({ permutation }: Acting, type: Type, count: number): readonly (readonly [number, number])[] =>
  [...Array(count).keys()].flatMap((code) => {
    const image = imageOfCode(type, code, permutation)
    return code < image && image < count ? [[code, image] as const] : []
  })

function moveLeaf(acting: Acting, part: StatePart, when: FieldConditions): void {
  if (part.kind === 'parts') return internal('a leaf in parts')
  const { type, packing } = part
  const { sizes } = acting.model
  const field = fieldOf(part)
  if (field.bits === 0) return
  if (packing.kind !== 'whole') return internal('ids that the layout has cut')
  const exchangeBits = (pairs: readonly (readonly [number, number])[]): void => {
    for (const [a, b] of pairs)
      acting.moves.push({ kind: 'exchange', fields: [bitOf(field, a), bitOf(field, b)], when })
  }
  if (type.kind === 'set') {
    exchangeBits(exchanged(acting, type.of, elementCount(type, sizes)))
    return
  }
  const pairs = exchanged(acting, type, ordinalCount(type, sizes) ?? 0)
  // none, 01 and 10: an optional id of two has a bit for each
  if (field.bits === 2 && pairs.length === 1 && pairs[0]?.[0] === 1 && pairs[0][1] === 2) exchangeBits([[0, 1]])
  else if (pairs.length > 0) acting.moves.push({ kind: 'rename', field, pairs, when })
}
