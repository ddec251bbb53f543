/** Reads and writes of places in the packed state: from the bits that stand there to the code of a type, and back. */
import type { TypeOf } from '../../language/ast.ts'
import {
  after,
  both32,
  binaryOp,
  choose,
  constantIn,
  i64,
  isNo,
  isYes,
  false32,
  not32,
  either32,
  true32,
  type W,
} from '../../wasm/expression.ts'
import { bitsOf, internal, partNamed, partsOf, tagBits } from '../encoding.ts'
import { partOfPacking, type Packing } from '../packing.ts'
import { partAt, type BitsLocation, type Location } from './location.ts'
import { currentWord, fieldMask, untouched, wordAt, type PackedState } from './state.ts'
import { keep, ones, share, type Writing } from './writing.ts'

const bitsAt = (word: W, offset: number, bits: number): W =>
  binaryOp('and64', binaryOp('shr64', word, i64(offset)), ones(bits))
/** A composite's code from those of its parts. */
const combined = (parts: readonly { readonly code: W; readonly offset: number }[]): W =>
  parts.reduce<W>((all, { code, offset }) => binaryOp('or64', all, binaryOp('shl64', code, i64(offset))), i64(0))

/** The code at a location that fits a word. */
export function readAt(w: Writing, s: PackedState, at: Location): W {
  switch (at.kind) {
    case 'bits':
      return unpack(w, at.packing, storedAt(w, s, at))
    case 'parts':
      return combined(
        partsOf(at.type, w.sizes).map(({ key, offset }) => ({ code: readAt(w, s, partAt(w, at, key)), offset })),
      )
    case 'choice': {
      const last = readAt(w, s, at.cells.at(-1) ?? internal('a choice of nothing'))
      return share(w, at.index, (index) =>
        at.cells
          .slice(0, -1)
          .reduceRight<W>(
            (otherwise, cell, i) => choose(binaryOp('eq64', index, i64(i)), readAt(w, s, cell), otherwise),
            last,
          ),
      )
    }
  }
}

/** The bits of a place as they stand there. */
function storedAt(w: Writing, s: PackedState, at: BitsLocation): W {
  const { bits } = at.packing
  if (bits === 0) return after(at.shift, i64(0))
  const word = wordAt(s, at.word)
  const shift = constantIn(at.shift)
  if (shift === undefined) return binaryOp('and64', binaryOp('shr64', currentWord(w, s, at.word), at.shift), ones(bits))
  const here = fieldMask(bits, Number(shift))
  const exact = word.pending.find((p) => BigInt(p.shift) === shift && p.bits === bits)
  if (exact !== undefined) return exact.value
  const touched = word.pending.some((p) => (fieldMask(p.bits, p.shift) & here) !== 0n)
  if (!touched && (word.clear & here) === here) return i64((word.set & here) >> shift)
  const base = touched || (word.clear & here) !== 0n ? currentWord(w, s, at.word) : word.base
  return binaryOp('and64', binaryOp('shr64', base, i64(shift)), ones(bits))
}

/**
 * From the bits of a packing to the code of its type.
 *
 * @param now whether the bits can be computed here already
 */
function unpack(w: Writing, packing: Packing, stored: W, now = true): W {
  switch (packing.kind) {
    case 'whole':
      return stored
    case 'leaf':
      return binaryOp('add64', stored, i64(packing.base))
    case 'parts':
      return share(w, stored, (kept) => unpackParts(w, packing, kept, now && !stored.partial), now)
  }
}
function unpackParts(w: Writing, packing: Extract<Packing, { kind: 'parts' }>, stored: W, now: boolean): W {
  const { type } = packing
  const part = (key: string): W => {
    const p = partOfPacking(packing, key, w.sizes)
    return unpack(w, p.packing, bitsAt(stored, p.offset, p.packing.bits), now)
  }
  const sum = (isPart: (key: string) => boolean): W =>
    combined(
      partsOf(type, w.sizes)
        .filter(({ key }) => isPart(key))
        .map(({ key, offset }) => ({ code: part(key), offset })),
    )
  if (type.kind !== 'union') return sum(() => true)
  // the cases lie over each other: only the one that is there may be read
  const tag = now ? keep(w, part('tag')) : part('tag')
  return Object.keys(type.cases).reduce<W>(
    (code, name, n) => {
      const fields = sum((key) => key.startsWith(`${name}.`))
      return binaryOp('or64', code, choose(binaryOp('eq64', tag, i64(n)), fields, i64(0)))
    },
    sum((key) => key === 'tag'),
  )
}

/** Puts the code of a value of the place's type there. */
export function writeAt(w: Writing, s: PackedState, at: Location, code: W): void {
  switch (at.kind) {
    case 'bits':
      writeBits(w, s, at, code)
      return
    case 'parts': {
      const kept = keep(w, code)
      for (const p of partsOf(at.type, w.sizes))
        writeAt(w, s, partAt(w, at, p.key), bitsAt(kept, p.offset, bitsOf(p.type, w.sizes)))
      return
    }
    case 'choice': {
      const kept = keep(w, code)
      at.cells.forEach((cell, i) => {
        writeAt(w, s, cell, choose(binaryOp('eq64', at.index, i64(i)), kept, readAt(w, s, cell)))
      })
    }
  }
}
function writeBits(w: Writing, s: PackedState, at: BitsLocation, code: W): void {
  const { bits } = at.packing
  const stored = pack(w, at.packing, code)
  if (stored === undefined || bits === 0) return
  const shift = constantIn(at.shift)
  if (shift === undefined) {
    const word = currentWord(w, s, at.word)
    const cleared = binaryOp('and64', word, binaryOp('xor64', binaryOp('shl64', ones(bits), at.shift), i64(-1n)))
    s.words[at.word] = untouched(keep(w, binaryOp('or64', cleared, binaryOp('shl64', stored, at.shift)), true))
    return
  }
  const here = fieldMask(bits, Number(shift))
  const old = wordAt(s, at.word)
  const crossing = old.pending.some((p) => {
    const there = fieldMask(p.bits, p.shift)
    return (there & here) !== 0n && (there & here) !== there
  })
  const word = crossing ? untouched(currentWord(w, s, at.word)) : old
  const pending = word.pending.filter((p) => (fieldMask(p.bits, p.shift) & here) === 0n)
  const known = constantIn(stored)
  s.words[at.word] = {
    base: word.base,
    clear: word.clear | here,
    set: (word.set & ~here) | (known === undefined ? 0n : known << shift),
    pending: known === undefined ? [...pending, { shift: Number(shift), bits, value: keep(w, stored) }] : pending,
  }
}

/** A note, kept while a code is packed, of whether it has a value that was not foreseen. */
interface Foreseen {
  /** It certainly has one. */
  impossible: boolean
  /** When the transition runs. */
  bad: W
}
/**
 * From the code of a type to the bits of a packing. Stops the run if a value needs more bits than were foreseen for
 * it; nothing where it is known to: that code cannot be reached.
 */
function pack(w: Writing, packing: Packing, code: W): W | undefined {
  if (packing.kind === 'whole') return code
  const foreseen: Foreseen = { impossible: false, bad: false32 }
  const stored = packInto(w, packing, code, true32, foreseen)
  if (foreseen.impossible) {
    w.f.unreachable()
    return undefined
  }
  if (!isNo(foreseen.bad))
    w.f.if(foreseen.bad, () => {
      w.f.unreachable()
    })
  return stored
}
/** @param used whether these bits say anything: those of the other cases of a union do not */
function packInto(w: Writing, to: Packing, code: W, used: W, foreseen: Foreseen): W {
  switch (to.kind) {
    case 'whole':
      return code
    case 'leaf': {
      const kept = keep(w, binaryOp('sub64', code, i64(to.base)))
      const over = both32(used, not32(binaryOp('eq64', binaryOp('shr64', kept, i64(to.bits)), i64(0))))
      if (isYes(over)) foreseen.impossible = true
      foreseen.bad = either32(foreseen.bad, over)
      return to.bits === 0 ? i64(0) : kept
    }
    case 'parts': {
      const kept = keep(w, code)
      const part = (key: string, u: W): W => {
        const p = partOfPacking(to, key, w.sizes),
          declared = partNamed(to.type, key, w.sizes)
        const bits = bitsAt(kept, declared.offset, bitsOf(declared.type, w.sizes))
        return binaryOp('shl64', packInto(w, p.packing, bits, u, foreseen), i64(p.offset))
      }
      if (to.type.kind === 'union') return packCases(w, to.type, kept, part, used)
      return partsOf(to.type, w.sizes).reduce<W>((all, { key }) => binaryOp('or64', all, part(key, used)), i64(0))
    }
  }
}
function packCases(w: Writing, type: TypeOf<'union'>, code: W, part: (key: string, used: W) => W, used: W): W {
  const keys = partsOf(type, w.sizes).map(({ key }) => key)
  const tag = keep(w, bitsAt(code, 0, tagBits(type)))
  return Object.keys(type.cases).reduce<W>(
    (all, name, n) => {
      const there = binaryOp('eq64', tag, i64(n))
      const fields = keys
        .filter((key) => key.startsWith(`${name}.`))
        .reduce<W>((sum, key) => binaryOp('or64', sum, part(key, both32(used, there))), i64(0))
      return binaryOp('or64', all, choose(there, fields, i64(0)))
    },
    part('tag', used),
  )
}
