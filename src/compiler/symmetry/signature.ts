/**
 * The signature of an element: the bits that are its own, whatever is permuted besides. Elements are sorted by them,
 * so that few permutations are left to try.
 *
 * A bit is an element's own if permuting the scalarset leads it to as many places as there are elements, one for each,
 * and nothing else moves it or replaces what it is part of.
 */
import type { Action, BitField } from './action.ts'

/** A place of a bit in a state: 64 times the word, and the place in it. */
type BitPlace = number

/** Bits of one word for each element, in the same order. `masks` and `words` are by element. */
export interface SignatureColumn {
  readonly words: readonly number[]
  readonly masks: readonly bigint[]
  /** Where the lowest of the bits stands for each element. */
  readonly shifts: readonly number[]
}

/** The places to which an action leads bits without a condition; and the bits that it changes in other ways. */
interface BitMap {
  readonly imageOf: (bit: BitPlace) => BitPlace
  readonly moved: ReadonlySet<BitPlace>
  readonly changed: ReadonlySet<BitPlace>
}

const bitsIn = ({ word, shift, bits }: BitField): readonly BitPlace[] =>
  Array.from({ length: bits }, (_, n) => 64 * word + shift + n)

/** Where each bit goes by the unconditional exchanges of an action. */
export function bitImages(action: Action): ReadonlyMap<BitPlace, BitPlace> {
  /** By the place where a bit stands now, the place where it stood. */
  const origin = new Map<BitPlace, BitPlace>()
  for (const move of action) {
    if (move.kind !== 'exchange' || move.when.length > 0) continue
    const [one, other] = move.fields.map(bitsIn)
    one?.forEach((a, n) => {
      const b = other?.[n] ?? a
      const [atA, atB] = [origin.get(a) ?? a, origin.get(b) ?? b]
      origin.set(a, atB)
      origin.set(b, atA)
    })
  }
  return new Map([...origin].filter(([now, before]) => now !== before).map(([now, before]) => [before, now]))
}

function bitMapOf(action: Action): BitMap {
  const images = bitImages(action)
  const changed = new Set<BitPlace>()
  for (const move of action) {
    if (move.kind === 'rename') for (const bit of bitsIn(move.field)) changed.add(bit)
    else if (move.when.length > 0) for (const bit of move.fields.flatMap(bitsIn)) changed.add(bit)
  }
  return { imageOf: (bit) => images.get(bit) ?? bit, moved: new Set(images.keys()), changed }
}

/**
 * The signature of the elements of one scalarset, in columns.
 *
 * @param actions by scalarset, those that exchange an element with the next
 * @param number of the scalarset
 */
export function signatureOf(actions: readonly (readonly Action[])[], number: number): readonly SignatureColumn[] {
  const maps = actions.map((all) => all.map(bitMapOf))
  const own = maps[number] ?? []
  const size = own.length + 1
  const isOthers = (bit: BitPlace): boolean =>
    maps.some((all, n) => all.some(({ moved, changed }) => changed.has(bit) || (n !== number && moved.has(bit))))
  const rows: (readonly BitPlace[])[] = []
  const seen = new Set<BitPlace>()
  for (const bit of new Set(own.flatMap(({ moved }) => [...moved]))) {
    if (seen.has(bit)) continue
    const orbit = orbitOf(bit, own)
    for (const one of orbit) seen.add(one)
    if (orbit.length !== size || orbit.some(isOthers)) continue
    const row = inElements(orbit, own)
    if (row !== undefined) rows.push(row)
  }
  return columnsOf(rows)
}

function orbitOf(bit: BitPlace, maps: readonly BitMap[]): readonly BitPlace[] {
  const orbit = [bit]
  for (const one of orbit) for (const { imageOf } of maps) if (!orbit.includes(imageOf(one))) orbit.push(imageOf(one))
  return orbit.sort((a, b) => a - b)
}

/** The bits of an orbit by element: an element's bit is moved by the exchanges that move the element. */
function inElements(orbit: readonly BitPlace[], maps: readonly BitMap[]): readonly BitPlace[] | undefined {
  if (maps.length === 1) return orbit
  const row = Array.from({ length: maps.length + 1 }, (_, element) =>
    orbit.filter((bit) =>
      maps.every(({ moved }, first) => moved.has(bit) === (first === element || first + 1 === element)),
    ),
  )
  return row.every((bits) => bits.length === 1) ? row.flat() : undefined
}

/** Rows whose bits stand alike for every element become one column. */
function columnsOf(rows: readonly (readonly BitPlace[])[]): readonly SignatureColumn[] {
  const groups = new Map<string, (readonly BitPlace[])[]>()
  for (const row of rows) {
    const first = row[0] ?? 0
    const key = row.map((bit) => `${Math.floor(bit / 64)}:${(bit % 64) - (first % 64)}`).join(' ')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return [...groups.values()].map((group) => {
    const elements = [...(group[0] ?? []).keys()]
    const bitsOf = (element: number): readonly number[] => group.map((row) => (row[element] ?? 0) % 64)
    return {
      words: elements.map((element) => Math.floor((group[0]?.[element] ?? 0) / 64)),
      masks: elements.map((element) => bitsOf(element).reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n)),
      shifts: elements.map((element) => Math.min(...bitsOf(element))),
    }
  })
}
