/**
 * The states that are seen to return: from which some way leads to a state in which every instance is at an allowed
 * end, or a transition fails, since what is behind it may lead anywhere.
 *
 * A walk goes from a state on, one successor at a time, and back from where nothing new follows. As soon as it comes to
 * a state that returns, all states on the way do. Instances that are not at an allowed end go first, so that a walk is
 * short, and most begin beside a state that is known.
 */
import type { Func } from '../../wasm/function.ts'
import { forever, forUpTo, ifFalse, leaveIf, when } from '../../wasm/control.ts'
import { binaryOp } from '../../wasm/expression.ts'
import { fields } from '../../wasm/memory.ts'
import {
  all,
  call32,
  call64,
  const32,
  load8,
  local32,
  local64,
  parameter32,
  store8,
  typed64,
  type I32,
  type Local32,
  type Local64,
} from '../../wasm/typed.ts'
import { control, type MemoryPlan } from '../memory.ts'
import { toForm } from './canonical.ts'
import { beginParent, type EngineScope } from './scope.ts'
import { storeWords, wordsAt } from './words.ts'

/** Functions of the module, by their numbers. */
interface Walked {
  /** (instance, address of a state, where its successors go) -> behind the last of those that the instance has. */
  readonly ofInstance: number
  /** (address of a state) -> the mask of the instances at an allowed end. */
  readonly idle: number
  /** (address of a state) -> its slot in the visited set. */
  readonly find: number
}

const frame = fields()
/** A state on the way of a walk: its slot, how far its instances are tried, who is at an allowed end; then itself. */
const onWay = { slot: frame.u32(), tried: frame.u32(), idle: frame.u64() }
const frameBytes = ({ stateBytes }: Pick<MemoryPlan, 'stateBytes'>): number => frame.bytes + stateBytes
/** The most states on the way of a walk: it goes back from the last. */
const longestWay = 4096

/** What walks need behind the table: two bits for each slot, the marks one after the other, and the way. */
export const bytesOfMarks = (slots: number): number => 8 * Math.ceil(slots / 64)
export const bytesForWalks = (plan: MemoryPlan, slots: number): number =>
  2 * bytesOfMarks(slots) + longestWay * frameBytes(plan)

interface Marks {
  has(slot: I32): I32
  set(slot: I32): void
}
/** A bit for each slot, from an address on. */
function marksAt(f: Func, start: I32): Marks {
  const byteOf = (slot: I32): I32 => start.add(slot.shr(3))
  const bitOf = (slot: I32): I32 => const32(1).shl(slot.and(7))
  return {
    has: (slot) => load8(byteOf(slot)).and(bitOf(slot)).ne(0),
    set(slot) {
      store8(f, byteOf(slot), load8(byteOf(slot)).or(bitOf(slot)))
    },
  }
}

/**
 * (number of states, address behind the table, bytes of the marks) Looks at the states of the input from the last to
 * the first. Behind the table stand the marks of the states that are seen to return, those of the states from which a
 * walk was begun, and the way. Where the output is, each state gets a byte: 1 if it is not seen to return. -> how many
 * are not.
 *
 *     (for each state, from the last
 *       (if (it is marked as seen, or a walk from here was begun) (else
 *         (walk from it)))
 *       (its byte := it is not marked as seen))
 */
export function emitReturning(f: Func, scope: EngineScope, functions: Walked): void {
  const { input, output } = scope.plan
  const [left, start, bytes] = [local32(f, 0), parameter32(1), parameter32(2)]
  const [slot, unseen] = [local32(f), local32(f)]
  const seen = marksAt(f, start)
  const begun = marksAt(f, start.add(bytes))
  const way = start.add(bytes).add(bytes)
  const walk = emitWalk(f, scope, functions, { seen, begun, way })
  unseen.set(0)
  forever(f, (finished) => {
    leaveIf(f, finished, left.isZero())
    left.set(left.sub(1))
    slot.set(call32(functions.find, input.at(left)))
    ifFalse(f, seen.has(slot).or(begun.has(slot)), () => {
      walk(input.at(left), slot)
    })
    unseen.set(unseen.add(seen.has(slot).isZero()))
    store8(f, left, seen.has(slot).isZero(), output.address)
  })
  f.result(unseen.w)
}

interface WalkMemory {
  readonly seen: Marks
  readonly begun: Marks
  /** The address of the first state on the way. */
  readonly way: I32
}

/**
 * Writes a walk from a state.
 *
 *     (the way := the state)
 *     (loop while (something is on the way)
 *       (if (all are at an allowed end) (all on the way return))
 *       (for each instance that was not tried, first those not at an allowed end, then the others
 *         (its successors)
 *         (if (one of them failed, or is seen to return) (all on the way return))
 *         (if (no walk was begun from one of them) (go there)))
 *       (go back))
 */
function emitWalk(
  f: Func,
  scope: EngineScope,
  { ofInstance, idle, find }: Walked,
  { seen, begun, way }: WalkMemory,
): (state: I32, slot: I32) => void {
  const { plan } = scope
  const { successors, stateBytes, words } = plan
  const instances = scope.compiled.model.instances.length
  const everyone = (1n << BigInt(instances)) - 1n
  const [top, tried, end, item, next, nextSlot] = [
    local32(f),
    local32(f),
    local32(f),
    local32(f),
    local32(f),
    local32(f),
  ]
  const resting = local64(f)
  const stateOn = (place: I32): I32 => place.add(frame.bytes)
  const goTo = (state: I32, slot: I32): void => {
    storeWords(f, stateOn(top), wordsAt(words, state))
    onWay.slot.store(f, top, slot)
    onWay.tried.store(f, top, 0)
    onWay.idle.store(f, top, call64(idle, stateOn(top)))
    begun.set(slot)
  }
  const allReturn = (): void => {
    forever(f, (done) => {
      seen.set(onWay.slot.load(top))
      leaveIf(f, done, top.eq(way))
      top.set(top.sub(frameBytes(plan)))
    })
  }
  /** Tries the successors of one instance. */
  const lookAhead = (returns: (condition: I32) => void): void => {
    beginParent(f, const32(0), successors.start)
    const instance = tried.sub(tried.lt(instances).isZero().mul(instances))
    end.set(call32(ofInstance, instance, stateOn(top), successors.start))
    returns(control.fails.load().ne(0))
    next.set(0)
    forUpTo(f, item, { from: successors.start, end, step: stateBytes }, () => {
      if (scope.canonical !== undefined) f.drop(toForm(scope.canonical, item).w)
      nextSlot.set(call32(find, item))
      returns(seen.has(nextSlot))
      when(f, all([next.isZero(), begun.has(nextSlot).isZero()]), () => {
        next.set(item)
      })
    })
  }
  return (state, slot) => {
    top.set(way)
    goTo(state, slot)
    f.block((over) => {
      f.block((returns) => {
        forever(f, () => {
          resting.set(onWay.idle.load(top))
          leaveIf(f, returns, resting.eq(everyone))
          tried.set(onWay.tried.load(top))
          f.block((forward) => {
            forever(f, (done) => {
              leaveIf(f, done, tried.lt(2 * instances).isZero())
              when(f, isTurn(tried, resting, instances), () => {
                lookAhead((condition) => {
                  leaveIf(f, returns, condition)
                })
                when(f, all([next.ne(0), top.lt(way.add((longestWay - 1) * frameBytes(plan)))]), () => {
                  f.br(forward)
                })
              })
              tried.set(tried.add(1))
            })
            // nothing new follows
            leaveIf(f, over, top.eq(way))
            top.set(top.sub(frameBytes(plan)))
            next.set(0)
          })
          when(f, next.ne(0), () => {
            onWay.tried.store(f, top, tried)
            top.set(top.add(frameBytes(plan)))
            nextSlot.set(call32(find, next))
            goTo(next, nextSlot)
          })
        })
      })
      allReturn()
    })
  }
}

/** Whether an instance is tried at this place: there are two places for each, the second for one at an allowed end. */
function isTurn(place: Local32, resting: Local64, instances: number): I32 {
  const isLate = place.lt(instances).isZero()
  const instance = place.sub(isLate.mul(instances))
  const rests = typed64(binaryOp('shr64', resting.w, instance.extend().w))
    .and(1n)
    .wrap()
  return rests.eq(isLate)
}
