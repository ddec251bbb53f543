/**
 * The visited set: the keys of states (`key.ts`) in one table, open addressing with linear probing. What is called a
 * state here is its key. A slot is free if all its bits are 0, so the state of zero bits is kept as a flag. Behind the
 * capacity there is a tail, so that probing never wraps.
 */
import type { Func } from '../../wasm/function.ts'
import { forUpTo, leaveIf, loopWhile, ifFalse, when } from '../../wasm/control.ts'
import { const32, load32, local32, parameter32, store32, type I32, type Local32 } from '../../wasm/typed.ts'
import { control, overrunSlotIn, planOfKeys, type MemoryPlan } from '../memory.ts'
import { homeOf, slotAt } from './hash.ts'
import { emitKey, emitKnownKey } from './key.ts'
import { emitProbe } from './probe.ts'
import { statesIn, type EngineScope } from './scope.ts'
import { clearWords, isZero, loadWords, localWords, storeWords, wordsAt, type Words } from './words.ts'

/**
 * Takes a state into the set if it is not there.
 *
 *     (block $done
 *       (if (the state is zero)
 *         (if zeroSeen (else (zeroSeen := 1) (keep)))
 *         (br $done))
 *       (probe from its home: where a slot is free, (slot := state) (keep)))
 *
 * @param slot the address of its home
 * @param keep what is done with a new state
 */
export function emitInsert(f: Func, plan: MemoryPlan, state: Words, slot: Local32, keep: () => void): void {
  f.block((done) => {
    const [first, ...others] = state
    if (first === undefined) throw new RangeError('a state without words')
    when(f, first.isZero(), () => {
      when(f, others.length === 0 ? const32(1) : isZero(others), () => {
        ifFalse(f, control.zeroSeen.load(), () => {
          control.zeroSeen.store(f, 1)
          keep()
        })
        f.br(done)
      })
    })
    emitProbe(f, plan, state, slot, {
      free: () => {
        storeWords(f, slot, state)
        keep()
      },
    })
  })
}

/**
 * Is a state in the set?
 *
 * @param found what is done if it is there; `slot` has its address, if it is not the one of zero bits
 */
export function emitLookup(
  f: Func,
  scope: EngineScope,
  state: Words,
  slot: Local32,
  { zero, found }: { readonly zero: () => void; readonly found: () => void },
): void {
  const plan = planOfKeys(scope.plan)
  const { words, hash } = emitKey(f, scope, state)
  when(f, isZero(words), zero, () => {
    slot.set(homeOf(plan, hash))
    emitProbe(f, plan, words, slot, { found })
  })
}

/** (address of a state) -> its slot, counted from 1; 0 for the state of zero bits; -1 if it is not in the set. */
export function emitFind(f: Func, scope: EngineScope): void {
  const plan = planOfKeys(scope.plan)
  const slot = local32(f),
    result = local32(f)
  result.set(-1)
  emitLookup(f, scope, wordsAt(scope.plan.words, parameter32(0)), slot, {
    zero: () => {
      result.set(0)
    },
    found: () => {
      result.set(statesIn(plan, slot.sub(plan.table)).add(1))
    },
  })
  f.result(result.w)
}

/** For each slot from one address to another. */
function eachSlot(f: Func, { stateBytes }: MemoryPlan, from: I32, end: I32, body: (slot: Local32) => void): void {
  const slot = local32(f)
  forUpTo(f, slot, { from, end, step: stateBytes }, () => {
    body(slot)
  })
}

/** (first slot, how many) -> how many states stood there; they are where successors are now, and the slots free. */
export function emitTakeOut(f: Func, scope: EngineScope): void {
  const plan = planOfKeys(scope.plan)
  const [first, count] = [parameter32(0), parameter32(1)]
  const end = local32(f),
    to = local32(f)
  to.set(plan.successors.start)
  const start = local32(f)
  start.set(const32(plan.table).add(first.mul(plan.stateBytes)))
  end.set(start.add(count.mul(plan.stateBytes)))
  eachSlot(f, plan, start, end, (slot) => {
    const state = wordsAt(plan.words, slot)
    ifFalse(f, isZero(state), () => {
      storeWords(f, to, state)
      clearWords(f, slot, plan.words)
      to.set(to.add(plan.stateBytes))
    })
  })
  f.result(statesIn(plan, to.sub(plan.successors.start)).w)
}

/** (how many) Puts states, which are where successors are, into the table: all different, and none of them known. */
export function emitPutBack(f: Func, scope: EngineScope): void {
  const plan = planOfKeys(scope.plan)
  const home = local32(f),
    end = local32(f)
  const words = localWords(f, plan.words)
  end.set(plan.successors.start.add(parameter32(0).mul(plan.stateBytes)))
  eachSlot(f, plan, plan.successors.start, end, (from) => {
    loadWords(words, from)
    home.set(homeOf(plan, emitKnownKey(f, scope, words).hash))
    emitPut(f, plan, words, home)
  })
}

/** Puts a state into the table that is not there. */
function emitPut(f: Func, plan: MemoryPlan, state: Words, home: Local32): void {
  emitProbe(f, plan, state, home, {
    free: () => {
      storeWords(f, home, state)
    },
  })
}

/** Slots at the bottom that are never moved in place: too few to be worth it. */
const bottomSlots = 1 << 14

/**
 * (slots that the table had) -> how many of them, from the first, still hold states where they stood.
 *
 * For a larger capacity every home moves up, and homes keep their order. So from the top down each batch of states
 * moves into room that is free already. It ends at the first batch with a home below it, and near the bottom.
 *
 *     (loop while (left > bottom)
 *       (start := address of slot left - batch)
 *       (for each state from start to the slot left
 *         (br_if $done (its home < start))
 *         (copy it to where successors are, and its home to where lookups are))
 *       (free the slots from start on)
 *       (for each copy (put it into the table))
 *       (left := left - batch))
 */
export function emitRehash(f: Func, scope: EngineScope): void {
  const plan = planOfKeys(scope.plan)
  const { blockSuccessors: batch, successors, lookups, stateBytes } = plan
  const [left, start, end, to, at, from, home] = [
    local32(f),
    local32(f),
    local32(f),
    local32(f),
    local32(f),
    local32(f),
    local32(f),
  ]
  const words = localWords(f, plan.words)
  left.set(parameter32(0))
  loopWhile(f, const32(bottomSlots + batch).lt(left), (done) => {
    start.set(slotAt(plan, left.sub(batch)))
    end.set(slotAt(plan, left))
    to.set(successors.start)
    at.set(lookups.start)
    eachSlot(f, plan, start, end, (slot) => {
      loadWords(words, slot)
      ifFalse(f, isZero(words), () => {
        home.set(homeOf(plan, emitKnownKey(f, scope, words).hash))
        leaveIf(f, done, home.lt(start))
        storeWords(f, to, words)
        store32(f, at, home)
        to.set(to.add(stateBytes))
        at.set(at.add(lookups.stride))
      })
    })
    f.fill(start.w, const32(0).w, end.sub(start).w)
    at.set(lookups.start)
    forUpTo(f, from, { from: successors.start, end: to, step: stateBytes }, () => {
      loadWords(words, from)
      home.set(load32(at))
      emitPut(f, plan, words, home)
      at.set(at.add(lookups.stride))
    })
    left.set(left.sub(batch))
  })
  f.result(left.w)
}

/** There is room for all that one block may bring: the set is not too full, and no probe ran too far into the tail. */
export function roomInSet({ plan }: EngineScope): readonly I32[] {
  const keys = planOfKeys(plan)
  return [
    control.count.load().le(control.limit.load()),
    isZero(wordsAt(keys.words, slotAt(keys, overrunSlotIn(control.capacity.load())))),
  ]
}
