/**
 * The table of what walks came by, in emitted code: exact states with the transitions that were taken, open addressing
 * with linear probing.
 *
 * A record is a tally and a state. The low half of the tally has a bit for each of 32 transitions, the high half says
 * which 32, counted from 1. So the record whose high half is 1 stands for the state itself, others for transitions of
 * higher ordinals, and a record of 0 is free.
 */
import { forUpTo, forever, ifFalse, when } from '../../../wasm/control.ts'
import { binaryOp, unary } from '../../../wasm/expression.ts'
import type { Func } from '../../../wasm/function.ts'
import {
  call32,
  const32,
  const64,
  load64,
  local32,
  local64,
  parameter32,
  parameter64,
  store64,
  typed64,
  type I32,
  type I64,
} from '../../../wasm/typed.ts'
import { emitHash } from '../../emit/hash.ts'
import type { EngineScope } from '../../emit/scope.ts'
import { areEqual, loadWords, localWords, storeWords, wordsAt } from '../../emit/words.ts'
import { control } from '../../memory.ts'
import { NONE, recordBits, type WalkPlan } from '../memory.ts'

const half = BigInt(recordBits)
const bitOf = (ordinal: I32): I64 => typed64(binaryOp('shl64', const64(1n).w, ordinal.and(recordBits - 1).extend().w))
/** The tally of a record that has no bit yet. */
const emptyTally = (group: I32): I64 => typed64(binaryOp('shl64', group.add(1).extend().w, const64(half).w))
const bitsIn = (tally: I64): I64 => typed64(unary('popcnt64', tally.and(0xffffffffn).w))

/** (address of a state) -> the address of its home. */
export function emitHome(f: Func, scope: EngineScope, { capacity, recordBytes, table }: WalkPlan): void {
  const words = localWords(f, scope.plan.words)
  loadWords(words, parameter32(0))
  const hash = emitHash(f, scope, words)
  const place = hash.shr(32n).mul(capacity.load().extend()).shr(32n).wrap()
  f.result(const32(table).add(place.mul(recordBytes)).w)
}

/**
 * (address of a state, its home, tally) Adds the bits of the tally to the record of the state.
 *
 *     (loop
 *       (held := the tally of the slot)
 *       (if (held = 0)
 *         (if (it is a state, and there are as many as may be) (full := 1) (return))
 *         (slot := the record)
 *         (br $done))
 *       (if (held is of the same 32, and of the same state)
 *         (add the bits)
 *         (br $done))
 *       (slot := next slot, or the first))
 */
export function emitTally(f: Func, { plan, table, tableEnd, recordBytes, ...walk }: WalkPlan): void {
  const slot = local32(f, 1)
  const tally = parameter64(2)
  const held = local64(f)
  const state = wordsAt(plan.words, parameter32(0))
  const record = wordsAt(plan.words + 1, slot).slice(1)
  const isState = tally.shr(half).eq(1n)
  const count = (added: I64): void => {
    walk.transitions.store(f, walk.transitions.load().add(added))
  }
  forever(f, (done) => {
    held.set(load64(slot))
    when(f, held.isZero(), () => {
      when(f, isState, () => {
        when(f, walk.states.load().eq(walk.limit.load()), () => {
          walk.full.store(f, 1)
          f.br(done)
        })
        walk.states.store(f, walk.states.load().add(1))
      })
      walk.records.store(f, walk.records.load().add(1))
      store64(f, slot, tally)
      storeWords(f, slot.add(8), state)
      count(bitsIn(tally))
      f.br(done)
    })
    when(f, held.shr(half).eq(tally.shr(half)), () => {
      when(f, areEqual(record, state), () => {
        count(bitsIn(tally.and(held.xor(0xffffffffn))))
        store64(f, slot, held.or(tally))
        f.br(done)
      })
    })
    slot.set(slot.add(recordBytes))
    when(f, slot.eq(tableEnd.load()), () => {
      slot.set(table)
    })
  })
}

interface CoverageFunctions {
  readonly home: number
  readonly tally: number
}

/**
 * (steps) Counts the states of a stretch, and the transitions that were taken from them. First the home of each is
 * found and loaded, so that many cache misses are under way at the same time.
 */
export function emitCover(f: Func, { plan, homes, ordinals }: WalkPlan, { home, tally }: CoverageFunctions): void {
  const end = local32(f, 0),
    step = local32(f),
    slot = local32(f),
    ordinal = local32(f)
  const warm = local64(f)
  const state = plan.input.at(step)
  ordinals.store(f, end, NONE)
  end.set(end.add(1))
  warm.set(0n)
  forUpTo(f, step, { from: 0, end }, () => {
    slot.set(call32(home, state))
    homes.store(f, step, slot)
    warm.set(warm.xor(load64(slot)))
  })
  control.sink.store(f, warm)
  const ofState = emptyTally(const32(0))
  forUpTo(f, step, { from: 0, end }, () => {
    ordinal.set(ordinals.load(step))
    slot.set(homes.load(step))
    when(
      f,
      ordinal.lt(recordBits),
      () => {
        f.do(tally, state.w, slot.w, ofState.or(bitOf(ordinal)).w)
      },
      () => {
        f.do(tally, state.w, slot.w, ofState.w)
        when(f, ordinal.ne(NONE), () => {
          f.do(tally, state.w, slot.w, emptyTally(ordinal.shr(Math.log2(recordBits))).or(bitOf(ordinal)).w)
        })
      },
    )
  })
}

/** (records) Adds the records of the batch: those of another table, or of this one before it grew. */
export function emitAbsorb(f: Func, { batch }: WalkPlan, { home, tally }: CoverageFunctions): void {
  const n = local32(f),
    from = local32(f)
  const bits = local64(f)
  forUpTo(f, n, { from: 0, end: parameter32(0) }, () => {
    from.set(batch.at(n))
    bits.set(load64(from))
    ifFalse(f, bits.isZero(), () => {
      from.set(from.add(8))
      f.do(tally, from.w, call32(home, from).w, bits.w)
    })
  })
}
