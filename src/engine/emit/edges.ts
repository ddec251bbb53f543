/** The edges of the graph: where in the visited set the states of the input and their successors stand. */
import type { Func } from '../../wasm/function.ts'
import { forUpTo, loopWhile, when } from '../../wasm/control.ts'
import { all, call32, call64, const32, const64, load64, local32, parameter32, store64 } from '../../wasm/typed.ts'
import { control } from '../memory.ts'
import { toForm } from './canonical.ts'
import { beginParent, statesIn, type EngineScope } from './scope.ts'
import { storeWords, wordsAt } from './words.ts'

/** Functions of the module, by their numbers. */
interface Followers {
  /** (address of a state, where its successors go) -> behind its last successor. */
  readonly ofState: number
  /** (address of a state) -> the mask of the instances at an allowed end. */
  readonly idle: number
  /** (address of a state) -> its slot in the visited set. */
  readonly find: number
}

/**
 * (first, end) Follows a block of states of the input, from the first to at most before the end -> the first state that
 * was not followed. For each state that was:
 *
 *     where the output is:        a bit for each instance that is at an allowed end; all bits if a transition failed
 *     where the ends of a block:  the number of lookups of this state and those before it
 *     where the lookups are:      the slots of the state and of its successors, as `find` tells them
 *     in `arrangements`:          for each of these, which element stands where in its form
 *
 *     (loop while (state < end and it is of this block and there is room for its successors)
 *       (copy the state) (its successors, behind it)
 *       (its allowed ends) (where they end)
 *       (state := next))
 *     (for each state and successor
 *       (make it its form) (its lookup := its slot))
 */
export function emitEdges(f: Func, scope: EngineScope, { ofState, idle, find }: Followers): void {
  const { plan } = scope
  const { input, successors, lookups, blockEnds, output, stateBytes, words, arrangement, arrangements } = plan
  const [first, end] = [parameter32(0), parameter32(1)]
  const [state, to, count, item] = [local32(f), local32(f), local32(f), local32(f)]
  state.set(first)
  to.set(successors.start)
  const last = first.add(plan.blockParents)
  const room = const32(successors.addressOf(0) + (plan.blockSuccessors - plan.fanOut) * stateBytes)
  loopWhile(f, all([state.lt(end), state.lt(last), to.lt(room)]), () => {
    beginParent(f, state, to.add(stateBytes))
    storeWords(f, to, wordsAt(words, input.at(state)))
    to.set(call32(ofState, input.at(state), to.add(stateBytes)))
    const ends = output.at(state.sub(first))
    store64(f, ends, call64(idle, input.at(state)))
    when(f, control.fails.load().ne(0), () => {
      store64(f, ends, const64(2n ** 64n - 1n))
    })
    blockEnds.store(f, state.sub(first), statesIn(plan, to.sub(successors.start)))
    state.set(state.add(1))
  })
  count.set(0)
  forUpTo(f, item, { from: successors.start, end: to, step: stateBytes }, () => {
    if (scope.canonical !== undefined) {
      f.drop(toForm(scope.canonical, item).w)
      for (let at = 0; at < arrangement.count; at += 8)
        store64(f, arrangements.at(count), load64(arrangement.start, at), at)
    }
    lookups.store(f, count, call32(find, item))
    count.set(count.add(1))
  })
  f.result(state.w)
}
