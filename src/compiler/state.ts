/**
 * The packed state while a transition is compiled: words in locals that are set once, and what is about to be written
 * to them.
 */
import type { Type } from '../language/ast.ts'
import { bitsOf, internal, partNamed, partsOf, tagBits, type Sizes } from './encoding.ts'
import type { Slot } from './layout.ts'
import { partOfPacking, strideOf, type Packing } from './packing.ts'
import type { Func } from '../wasm/assembler.ts'
import {
  after,
  and,
  binary,
  bound,
  choose,
  constant,
  get,
  i64,
  isNo,
  isYes,
  no,
  not,
  or,
  weight,
  wrap64,
  yes,
  type W,
} from '../wasm/expression.ts'

/** A value that is about to be put into a word; its local is set already. */
interface Pending {
  readonly shift: number
  readonly bits: number
  readonly value: W
}
/** A word: what it was, which bits of it are replaced by known ones, and which by values. */
export interface Word {
  readonly base: W
  readonly clear: bigint
  readonly set: bigint
  readonly pending: readonly Pending[]
}

/** Where a value stands. */
export type Location =
  | { readonly kind: 'bits'; readonly type: Type; readonly word: number; readonly shift: W; readonly packing: Packing }
  | { readonly kind: 'parts'; readonly type: Type; readonly slot: Extract<Slot, { kind: 'parts' }> }
  /** One of several, by the code of an index. */
  | { readonly kind: 'choice'; readonly type: Type; readonly index: W; readonly cells: readonly Location[] }

export interface State {
  readonly words: Word[]
  /** Optionals and unions whose case is known: what `IfSome` and `Match` have just tested. */
  facts: readonly string[]
  /** `cover`s met on the way: property and the local that says whether it was witnessed. */
  covers: readonly { readonly property: string; readonly seen: W }[]
}

export const untouched = (base: W): Word => ({ base, clear: 0n, set: 0n, pending: [] })
export const fork = (s: State): State => ({ words: [...s.words], facts: s.facts, covers: s.covers })
const field = (bits: number, shift: number): bigint => ((1n << BigInt(bits)) - 1n) << BigInt(shift)

/** Operations on the state of one function. */
export interface StateWriter {
  locate(slot: Slot): Location
  part(at: Location, key: string): Location
  cell(at: Location, index: W): Location
  /** The code at a location that fits a word. */
  read(s: State, at: Location): W
  write(s: State, at: Location, code: W): void
  /** The word as it is now. */
  word(s: State, index: number): W
  /**
   * A value in a local of its own, if it is worth one. What can fail is left where it stands, for it may be skipped
   * there, unless `always`.
   */
  keep(value: W, always?: boolean): W
  /**
   * Something made of a value that can fail, which is evaluated once, where the whole is. What is made must keep
   * nothing: that would be too soon.
   */
  share(value: W, make: (value: W) => W): W
  /** How often something that can fail was kept: whoever sees it grow looks at the error flag. */
  readonly raised: number
}

export function stateWriter(f: Func, sizes: Sizes): StateWriter {
  let raised = 0
  const keep = (value: W, always = false): W => {
    if (value.partial && always) raised++
    if (!always && (value.partial || weight(value) <= 1)) return value
    if (value.op === 'get' || constant(value) !== undefined) return value
    const local = f.local(value.type)
    f.set(local, value)
    return get(local, value.type)
  }
  /** `now`: the value can be computed here already. */
  const share = (value: W, make: (value: W) => W, now = true): W => {
    if ((now && !value.partial) || weight(value) <= 1) return make(now ? keep(value) : value)
    const local = f.local(value.type)
    return bound(local, value, make(get(local, value.type)))
  }
  const valueOf = (w: Word): W => {
    let v = w.clear === 0n ? w.base : binary('and64', w.base, i64(wrap64(~w.clear)))
    v = binary('or64', v, i64(w.set))
    for (const p of w.pending) v = binary('or64', v, binary('shl64', p.value, i64(p.shift)))
    return v
  }
  const word = (s: State, index: number): W => {
    const w = s.words[index] ?? internal('a word beyond the state')
    if (w.clear === 0n) return w.base
    const base = keep(valueOf(w), true)
    s.words[index] = untouched(base)
    return base
  }
  const mask = (bits: number): W => i64((1n << BigInt(bits)) - 1n)
  const offset = (shift: W, by: number): W => binary('add64', shift, i64(by))

  /** A composite's code from those of its parts. */
  const together = (at: Location, read: (part: Location) => W): W =>
    partsOf(at.type, sizes).reduce<W>(
      (code, p) => binary('or64', code, binary('shl64', read(it.part(at, p.key)), i64(p.offset))),
      i64(0),
    )
  const bitsAt = (w: W, offset: number, bits: number): W => binary('and64', binary('shr64', w, i64(offset)), mask(bits))

  /** The bits of a place as they stand there. */
  const raw = (s: State, at: Extract<Location, { kind: 'bits' }>): W => {
    const { bits } = at.packing
    if (bits === 0) return after(at.shift, i64(0))
    const w = s.words[at.word] ?? internal('a word beyond the state')
    const shift = constant(at.shift)
    if (shift === undefined) return binary('and64', binary('shr64', word(s, at.word), at.shift), mask(bits))
    const here = field(bits, Number(shift))
    const exact = w.pending.find((p) => BigInt(p.shift) === shift && p.bits === bits)
    if (exact !== undefined) return exact.value
    const touched = w.pending.some((p) => (field(p.bits, p.shift) & here) !== 0n)
    if (!touched && (w.clear & here) === here) return i64((w.set & here) >> shift)
    const base = touched || (w.clear & here) !== 0n ? word(s, at.word) : w.base
    return binary('and64', binary('shr64', base, i64(shift)), mask(bits))
  }
  /** From the bits of a packing to the code of its type. */
  const unpack = (packing: Packing, stored: W, now = true): W => {
    switch (packing.kind) {
      case 'whole':
        return stored
      case 'leaf':
        return binary('add64', stored, i64(packing.base))
      case 'parts':
        return share(
          stored,
          (kept) => {
            const part = (key: string): W => {
              const p = packing.parts[key] ?? internal(`no part ${key}`)
              return unpack(p.packing, bitsAt(kept, p.offset, p.packing.bits), now && !stored.partial)
            }
            const sum = (keys: (key: string) => boolean): W =>
              partsOf(packing.type, sizes)
                .filter((p) => keys(p.key))
                .reduce<W>((code, p) => binary('or64', code, binary('shl64', part(p.key), i64(p.offset))), i64(0))
            if (packing.type.kind !== 'union') return sum(() => true)
            // the cases lie over each other: only the one that is there may be read
            const tag = now && !stored.partial ? keep(part('tag')) : part('tag')
            return Object.keys(packing.type.cases).reduce<W>(
              (code, name, n) =>
                binary(
                  'or64',
                  code,
                  choose(
                    binary('eq64', tag, i64(n)),
                    sum((key) => key.startsWith(`${name}.`)),
                    i64(0),
                  ),
                ),
              sum((key) => key === 'tag'),
            )
          },
          now,
        )
    }
  }
  /**
   * The other way. Stops the run if a value needs more bits than were foreseen for it; nothing where it is known to:
   * that code cannot be reached.
   */
  const pack = (packing: Packing, code: W): W | undefined => {
    if (packing.kind === 'whole') return code
    let impossible = false
    let bad: W = no
    const into = (to: Packing, c: W, used: W): W => {
      switch (to.kind) {
        case 'whole':
          return c
        case 'leaf': {
          const kept = keep(binary('sub64', c, i64(to.base)))
          const over = and(used, not(binary('eq64', binary('shr64', kept, i64(to.bits)), i64(0))))
          if (isYes(over)) impossible = true
          bad = or(bad, over)
          return to.bits === 0 ? i64(0) : kept
        }
        case 'parts': {
          const kept = keep(c)
          const part = (key: string, u: W): W => {
            const p = to.parts[key] ?? internal(`no part ${key}`),
              declared = partNamed(to.type, key, sizes)
            return binary(
              'shl64',
              into(p.packing, bitsAt(kept, declared.offset, bitsOf(declared.type, sizes)), u),
              i64(p.offset),
            )
          }
          const keys = partsOf(to.type, sizes).map((p) => p.key)
          if (to.type.kind !== 'union')
            return keys.reduce<W>((all, key) => binary('or64', all, part(key, used)), i64(0))
          const tag = keep(bitsAt(kept, 0, tagBits(to.type)))
          return Object.keys(to.type.cases).reduce<W>(
            (all, name, n) => {
              const there = binary('eq64', tag, i64(n))
              const fields = keys
                .filter((key) => key.startsWith(`${name}.`))
                .reduce<W>((sum, key) => binary('or64', sum, part(key, and(used, there))), i64(0))
              return binary('or64', all, choose(there, fields, i64(0)))
            },
            part('tag', used),
          )
        }
      }
    }
    const stored = into(packing, code, yes)
    if (impossible) {
      f.unreachable()
      return undefined
    }
    if (!isNo(bad))
      f.if(bad, () => {
        f.unreachable()
      })
    return stored
  }

  const it: StateWriter = {
    locate: (slot) =>
      slot.kind === 'packed'
        ? { kind: 'bits', type: slot.type, word: slot.word, shift: i64(slot.shift), packing: slot.packing }
        : { kind: 'parts', type: slot.type, slot },
    part(at, key) {
      switch (at.kind) {
        case 'bits': {
          const { packing, offset: by } = partOfPacking(at.packing, key, sizes)
          return { kind: 'bits', type: packing.type, word: at.word, shift: offset(at.shift, by), packing }
        }
        case 'parts':
          return it.locate(at.slot.parts[key] ?? internal(`no part ${key}`))
        case 'choice': {
          const cells = at.cells.map((c) => it.part(c, key))
          return { ...at, type: cells[0]?.type ?? internal('a choice of nothing'), cells }
        }
      }
    },
    cell(at, index) {
      const i = constant(index)
      if (i !== undefined) return it.part(at, String(i))
      if (at.type.kind !== 'array') return internal('a cell of no array')
      const element = at.type.of
      switch (at.kind) {
        case 'bits':
          return {
            kind: 'bits',
            type: element,
            word: at.word,
            shift: keep(binary('add64', binary('mul64', index, i64(strideOf(at.packing, sizes))), at.shift)),
            packing: partOfPacking(at.packing, '0', sizes).packing,
          }
        case 'parts':
          return {
            kind: 'choice',
            type: element,
            index: keep(index),
            cells: Object.keys(at.slot.parts).map((_, n) => it.part(at, String(n))),
          }
        case 'choice':
          return { kind: 'choice', type: element, index: at.index, cells: at.cells.map((c) => it.cell(c, keep(index))) }
      }
    },
    read(s, at) {
      switch (at.kind) {
        case 'bits':
          return unpack(at.packing, raw(s, at))
        case 'parts':
          return together(at, (part) => it.read(s, part))
        case 'choice': {
          const last = it.read(s, at.cells.at(-1) ?? internal('a choice of nothing'))
          return share(at.index, (index) =>
            at.cells
              .slice(0, -1)
              .reduceRight<W>(
                (otherwise, c, i) => choose(binary('eq64', index, i64(i)), it.read(s, c), otherwise),
                last,
              ),
          )
        }
      }
    },
    write(s, at, code) {
      switch (at.kind) {
        case 'bits': {
          const { bits } = at.packing
          const stored = pack(at.packing, code)
          if (stored === undefined || bits === 0) return
          const shift = constant(at.shift)
          if (shift === undefined) {
            const w = word(s, at.word)
            const cleared = binary('and64', w, binary('xor64', binary('shl64', mask(bits), at.shift), i64(-1n)))
            s.words[at.word] = untouched(keep(binary('or64', cleared, binary('shl64', stored, at.shift)), true))
            return
          }
          const here = field(bits, Number(shift))
          const old = s.words[at.word] ?? internal('a word beyond the state')
          const crossing = old.pending.some((p) => {
            const f = field(p.bits, p.shift)
            return (f & here) !== 0n && (f & here) !== f
          })
          const w = crossing ? untouched(word(s, at.word)) : old
          const pending = w.pending.filter((p) => (field(p.bits, p.shift) & here) === 0n)
          const known = constant(stored)
          s.words[at.word] = {
            base: w.base,
            clear: w.clear | here,
            set: (w.set & ~here) | (known === undefined ? 0n : known << shift),
            pending: known === undefined ? [...pending, { shift: Number(shift), bits, value: keep(stored) }] : pending,
          }
          return
        }
        case 'parts': {
          const kept = keep(code)
          for (const p of partsOf(at.type, sizes))
            it.write(s, it.part(at, p.key), bitsAt(kept, p.offset, bitsOf(p.type, sizes)))
          return
        }
        case 'choice': {
          const kept = keep(code)
          at.cells.forEach((c, i) => {
            it.write(s, c, choose(binary('eq64', at.index, i64(i)), kept, it.read(s, c)))
          })
        }
      }
    },
    word,
    keep,
    share,
    get raised() {
      return raised
    },
  }
  return it
}
