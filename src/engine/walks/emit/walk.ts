/** Walks in emitted code: a stretch of steps, of which each state and each choice stays in memory. */
import { forever, leaveIf } from '../../../wasm/control.ts'
import { binaryOp } from '../../../wasm/expression.ts'
import type { Func } from '../../../wasm/function.ts'
import { call32, const32, load64, load8, local32, parameter32, typed64 } from '../../../wasm/typed.ts'
import { beginParent, statesIn, type EngineScope } from '../../emit/scope.ts'
import { storeWords, wordsAt } from '../../emit/words.ts'
import { control } from '../../memory.ts'
import { pointNumbers, type WalkPlan } from '../memory.ts'
import type { StrategyName } from '../strategy.ts'
import { choosers } from './choose.ts'

/**
 * (step) Finds the successors of the state at that step, and judges both. -> how many there are.
 *
 * @param ofState (address of a state, where its successors go) -> behind the last
 */
export function emitLook(f: Func, { plan }: EngineScope, ofState: number): void {
  const { input, successors } = plan
  beginParent(f, parameter32(0), successors.start)
  const end = call32(ofState, input.at(parameter32(0)), successors.start)
  f.result(statesIn(plan, end.sub(successors.start)).w)
}

/** (step, transition) Takes the transition: its successor is the state at the next step. */
export function emitTake(f: Func, { plan, ordinals, walked }: WalkPlan): void {
  const [step, choice] = [parameter32(0), parameter32(1)]
  const { input, labels, successors, stateBytes, words } = plan
  const from = local32(f)
  from.set(successors.start.add(choice.mul(stateBytes)))
  storeWords(f, input.at(step.add(1)), wordsAt(words, from))
  ordinals.store(f, step, choice)
  walked.store(f, labels.load(choice), 1)
}

/** (thread, step) -> what is known of the control point where the thread stands in the state at that step. */
export function emitFactsOf(f: Func, { plan, points }: WalkPlan): void {
  const first = local32(f)
  first.set(parameter32(0).mul(pointNumbers))
  const [offset, shift, mask, facts] = [0, 1, 2, 3].map((n) => points.load(first.add(n)))
  if (offset === undefined || shift === undefined || mask === undefined || facts === undefined) return
  const word = load64(plan.input.at(parameter32(1)).add(offset))
  const point = typed64(binaryOp('shr64', word.w, shift.extend().w))
    .wrap()
    .and(mask)
  f.result(load8(facts.add(point)).w)
}

export interface WalkFunctions {
  readonly look: number
  readonly take: number
  readonly draw: number
  readonly factsOf: number
}

/**
 * (steps) Walks on from the first state of the input by a strategy: so many steps, or until a finding comes, or until
 * there is no transition to take. The state where it ends is judged, too. -> how many steps it took.
 *
 *     (loop
 *       (count := look step)
 *       (br_if $done (something was found, or count = 0, or step = steps))
 *       (choose)
 *       (take step choice)
 *       (step := step + 1))
 */
export function emitWalk(
  f: Func,
  walk: WalkPlan,
  threads: number,
  strategy: StrategyName,
  { look, take, draw, factsOf }: WalkFunctions,
): void {
  const [step, count, last, choice] = [local32(f), local32(f), local32(f), local32(f)]
  step.set(0)
  last.set(walk.last.load())
  forever(f, (done) => {
    count.set(call32(look, step))
    leaveIf(f, done, control.found.load())
    leaveIf(f, done, count.isZero())
    leaveIf(f, done, step.eq(parameter32(0)))
    choosers[strategy]({ f, walk, threads, step, count, last, choice, draw, factsOf })
    f.do(take, step.w, choice.w)
    step.set(step.add(const32(1)))
  })
  walk.last.store(f, last)
  f.result(step.w)
}
