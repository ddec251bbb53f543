/**
 * The canonical form of a state: of all its images under the permutations of the model's scalarsets, one that is the
 * same for all of them.
 *
 * The elements of each scalarset are sorted by their signatures. Where some have equal ones, every order of these is
 * tried, and the least image taken, word by word. So the form is exact, whatever the signatures tell apart. The number
 * of orders that lead to it is the number of permutations that leave the state as it is.
 */
import type { CompiledScalarset } from '../../compiler/symmetry/compiled-symmetry.ts'
import type { SignatureColumn } from '../../compiler/symmetry/signature.ts'
import type { Module } from '../../wasm/assembler.ts'
import { when } from '../../wasm/control.ts'
import { binaryOp, i32, i64, loadAt, both32, choose, false32, true32, type W } from '../../wasm/expression.ts'
import type { Func } from '../../wasm/function.ts'
import { call32, const32, const64, load64, local32, parameter32, store64, typed32, type I32 } from '../../wasm/typed.ts'
import { control, type MemoryPlan } from '../memory.ts'
import { emitExchange } from './exchange.ts'
import type { EngineScope } from './scope.ts'
import { loadWords, localWords, storeWords, wordsAt } from './words.ts'

/** Emitted functions that exchange an element with the next: (address of a state, of its arrangement). */
type Exchanges = readonly (readonly number[])[]

/**
 * (address of a state) The state becomes the form of its orbit; the arrangement says how. -> the size of the orbit.
 *
 *     arrangement := identity
 *     (for each scalarset, sort its elements)
 *     ties := a bit for each element whose signature is that of the next
 *     (if ties (then try all orders of what is tied) (else 1))
 *
 * Nothing if there is nothing to permute.
 */
export function emitCanonical(m: Module, { compiled, plan }: EngineScope): number | undefined {
  const { scalarsets, permutations } = compiled.symmetry
  if (scalarsets.length === 0) return undefined
  const exchanges = scalarsets.map((one) =>
    one.exchanges.map((action, first) =>
      m.function(['i32', 'i32'], [], (f) => {
        emitExchange(f, action, one.firstElement + first)
      }),
    ),
  )
  const orders = emitOrders(m, plan, scalarsets, exchanges)
  return m.function(['i32'], ['i32'], (f) => {
    const state = parameter32(0)
    const ties = local32(f)
    beginArrangement(f, plan)
    ties.set(0)
    scalarsets.forEach((one, n) => {
      emitSort(f, plan, one, exchanges[n] ?? [], state)
    })
    scalarsets.forEach((one, n) => {
      one.exchanges.forEach((_, first) => {
        const { equal } = compared(one.signature, state, first)
        ties.set(typed32(binaryOp('or32', ties.w, binaryOp('shl32', equal, i32(tieNumber(scalarsets, n, first))))))
      })
    })
    const alike = local32(f)
    alike.set(1)
    when(f, ties, () => {
      control.ties.store(f, ties)
      control.alike.store(f, 0)
      copyForm(f, plan, { from: formAt(plan, state), to: scratchForm(plan, 0) })
      f.do(orders, state.w)
      alike.set(control.alike.load())
    })
    f.result(binaryOp('div32u', i32(permutations), alike.w))
  })
}

/** The bit of a tie between an element and the next. */
const tieNumber = (scalarsets: readonly CompiledScalarset[], scalarset: number, first: number): number =>
  scalarsets.slice(0, scalarset).reduce((sum, { exchanges }) => sum + exchanges.length, 0) + first

/** A state, and the arrangement that says which element stands where in it. */
interface Form {
  readonly state: I32
  readonly arrangement: I32
}
const formAt = ({ arrangement }: MemoryPlan, state: I32): Form => ({ state, arrangement: arrangement.start })
/** The form that is worked on is the first; each level of the search for the least image keeps another. */
const scratchForm = ({ scratch, stateBytes }: MemoryPlan, n: number): Form => ({
  state: const32(scratch.addressOf(n)),
  arrangement: const32(scratch.addressOf(n) + stateBytes),
})

function copyForm(f: Func, { words, arrangement }: MemoryPlan, { from, to }: { from: Form; to: Form }): void {
  storeWords(f, to.state, wordsAt(words, from.state))
  for (let at = 0; at < arrangement.count; at += 8) store64(f, to.arrangement, load64(from.arrangement, at), at)
}

/** Every element stands in its own place. */
function beginArrangement(f: Func, { arrangement }: MemoryPlan): void {
  for (let at = 0; at < arrangement.count; at += 8) {
    let places = 0n
    for (let n = 0; n < 8; n++) places |= BigInt((at + n) & 0xff) << BigInt(8 * n)
    store64(f, arrangement.start, const64(places), at)
  }
}

/** The least elements first, by exchanging neighbours. */
function emitSort(
  f: Func,
  { arrangement }: MemoryPlan,
  { signature }: CompiledScalarset,
  exchanges: readonly number[],
  state: I32,
): void {
  if (signature.length === 0) return
  for (let end = exchanges.length; end > 0; end--)
    for (let first = 0; first < end; first++)
      when(f, typed32(compared(signature, state, first).greater), () => {
        f.do(exchanges[first] ?? 0, state.w, arrangement.start.w)
      })
}

/** The signature of an element against that of the next. */
function compared(
  signature: readonly SignatureColumn[],
  state: I32,
  first: number,
): { readonly greater: W; readonly equal: W } {
  const bitsOf = ({ words, masks, shifts }: SignatureColumn, element: number): W =>
    binaryOp(
      'shr64',
      binaryOp('and64', loadAt(64, state.w, 8 * (words[element] ?? 0)), i64(masks[element] ?? 0n)),
      i64(shifts[element] ?? 0),
    )
  let [greater, equal] = [false32, true32]
  for (const column of signature.toReversed()) {
    const [one, next] = [bitsOf(column, first), bitsOf(column, first + 1)]
    const same = binaryOp('eq64', one, next)
    greater = choose(same, greater, binaryOp('gt64s', one, next))
    equal = both32(same, equal)
  }
  return { greater, equal }
}

/**
 * (address of the least image so far) Tries all orders of elements that are tied: a level for each element but the
 * first of each scalarset. A level brings each element that is tied with its own into its place, and goes a level
 * deeper with each.
 *
 *     (if (it is not tied with the one before) (then (deeper))
 *       (else
 *         (keep the form)
 *         (deeper)
 *         (for each element before it that is tied with it
 *           (the form as it was kept)
 *           (exchange it with the next, and so on up to this place)
 *           (deeper))))
 */
function emitOrders(
  m: Module,
  plan: MemoryPlan,
  scalarsets: readonly CompiledScalarset[],
  exchanges: Exchanges,
): number {
  let deeper = emitLeast(m, plan)
  let level = 0
  scalarsets.forEach((_, n) => {
    const own = exchanges[n] ?? []
    for (let place = 1; place <= own.length; place++) {
      const [inner, kept] = [deeper, scratchForm(plan, ++level)]
      deeper = m.function(['i32'], [], (f) => {
        const least = parameter32(0)
        const isTied = (first: number): I32 =>
          control.ties
            .load()
            .shr(tieNumber(scalarsets, n, first))
            .and(1)
        const now = scratchForm(plan, 0)
        const fromElement = (first: number): void => {
          if (first < 0) return
          when(f, isTied(first), () => {
            copyForm(f, plan, { from: kept, to: now })
            for (let at = first; at < place; at++) f.do(own[at] ?? 0, now.state.w, now.arrangement.w)
            f.do(inner, least.w)
            fromElement(first - 1)
          })
        }
        when(f, isTied(place - 1), () => {
          copyForm(f, plan, { from: now, to: kept })
        })
        f.do(inner, least.w)
        fromElement(place - 1)
      })
    }
  })
  return deeper
}

/**
 * (address of the least image so far) Compares the form that is worked on with it.
 *
 *     (if (it is less) (the least := the form) (alike := 1))
 *     (else (if (it is equal) (alike := alike + 1)))
 */
function emitLeast(m: Module, plan: MemoryPlan): number {
  return m.function(['i32'], [], (f) => {
    const least = parameter32(0)
    const now = scratchForm(plan, 0)
    const [mine, theirs] = [localWords(f, plan.words), localWords(f, plan.words)]
    loadWords(mine, now.state)
    loadWords(theirs, least)
    let [less, equal] = [false32, true32]
    for (const [n, word] of [...mine.entries()].toReversed()) {
      const other = (theirs[n] ?? const64(0n)).w
      const same = binaryOp('eq64', word.w, other)
      less = choose(same, less, binaryOp('lt64s', word.w, other))
      equal = both32(same, equal)
    }
    when(
      f,
      typed32(less),
      () => {
        copyForm(f, plan, { from: now, to: formAt(plan, least) })
        control.alike.store(f, 1)
      },
      () => {
        when(f, typed32(equal), () => {
          control.alike.store(f, control.alike.load().add(1))
        })
      },
    )
  })
}

/** (address of a state) -> the size of its orbit, where nothing is permuted. */
export const emitOwnForm = (f: Func): void => {
  f.result(i32(1))
}

/** Makes a state the form of its orbit; the size of that. */
export const toForm = (canonical: number, state: I32): I32 => call32(canonical, state)
