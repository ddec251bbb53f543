/** Marks states that matter: those that show what is looked for, and those that lead to a state of the visited set. */
import type { Func } from '../../wasm/function.ts'
import { forever, forUpTo, leaveIf, when } from '../../wasm/control.ts'
import { call32, const32, local32, parameter32, store8, type I32, type Local32 } from '../../wasm/typed.ts'
import { control, finding, findingOf } from '../memory.ts'
import { toForm } from './canonical.ts'
import { beginParent, type EngineScope } from './scope.ts'
import { emitLookup } from './visited-set.ts'
import { wordsAt } from './words.ts'

/**
 * (number of states) For each state of the input, sets a byte where the output is: 1 if a watch that is not settled
 * finds something in it, or a successor of it is in the visited set.
 *
 *     (for each state
 *       (end := its successors)
 *       (marked := something was found)
 *       (if marked (open the watches again))
 *       (for each successor while not marked
 *         (if (it is in the set) (marked := 1)))
 *       (its byte := marked))
 */
export function emitMark(f: Func, scope: EngineScope, ofState: number): void {
  const { plan } = scope
  const { input, output, successors } = plan
  const index = local32(f),
    from = local32(f),
    end = local32(f),
    slot = local32(f),
    marked = local32(f)
  forUpTo(f, index, { from: 0, end: parameter32(0) }, () => {
    beginParent(f, index, successors.start)
    control.found.store(f, 0)
    end.set(call32(ofState, input.at(index), successors.start))
    marked.set(control.found.load().ne(0))
    when(f, marked, () => {
      emitReopen(f, scope)
    })
    emitMarkBySuccessors(f, scope, { from, end, slot, marked })
    store8(f, index, marked, output.address)
  })
  control.found.store(f, 0)
}

/** Reopens the watches that were found now. */
function emitReopen(f: Func, { compiled, plan }: EngineScope): void {
  compiled.watched.forEach((_, watch) => {
    const { status } = findingOf(plan, watch)
    when(f, status.load().eq(finding.found), () => {
      status.store(f, finding.open)
    })
  })
}

interface Marking {
  readonly from: Local32
  readonly end: I32
  readonly slot: Local32
  readonly marked: Local32
}
function emitMarkBySuccessors(f: Func, scope: EngineScope, { from, end, slot, marked }: Marking): void {
  const { plan } = scope
  from.set(plan.successors.start)
  forever(f, (done) => {
    leaveIf(f, done, marked)
    leaveIf(f, done, from.ge(end))
    if (scope.canonical !== undefined) f.drop(toForm(scope.canonical, from).w)
    emitLookup(f, scope, wordsAt(plan.words, from), slot, {
      zero: () => {
        marked.set(control.zeroSeen.load())
      },
      found: () => {
        marked.set(const32(1))
      },
    })
    from.set(from.add(plan.stateBytes))
  })
}
