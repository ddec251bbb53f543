/** The choice of the transition that a walk takes, by each strategy: what `src/schedules/strategies` says, emitted. */
import { forUpTo, ifFalse, loopWhile, when } from '../../../wasm/control.ts'
import { choose, i32 } from '../../../wasm/expression.ts'
import type { Func } from '../../../wasm/function.ts'
import { all, call32, const32, local32, typed32, type I32, type Local32 } from '../../../wasm/typed.ts'
import { statesIn } from '../../emit/scope.ts'
import { NONE, pointFact, type WalkPlan } from '../memory.ts'
import { bracketSwitches, type StrategyName } from '../strategy.ts'

/** A walk that stands at a state, and is about to choose. */
export interface Choosing {
  readonly f: Func
  readonly walk: WalkPlan
  readonly threads: number
  /** The step of the stretch. */
  readonly step: Local32
  /** Transitions that can be taken: at least 1. */
  readonly count: Local32
  /** The thread that acted last, or `NONE`. */
  readonly last: Local32
  /** Gets the transition that is chosen. */
  readonly choice: Local32
  /** The function (below) -> a number that is drawn. */
  readonly draw: number
  /** The function (thread, step) -> what is known of the control point where the thread stands. */
  readonly factsOf: number
}

const drawn = ({ draw }: Choosing, below: I32): I32 => call32(draw, below)

const canAct = ({ threadEnds }: WalkPlan, thread: I32): I32 =>
  threadEnds.load(thread).ne(threadEnds.load(thread.add(1)))

/** One of the transitions of the thread that acts now. */
function emitTransitionOf(choosing: Choosing): void {
  const { walk, last, choice } = choosing
  const { plan, threadEnds } = walk
  const [first, end] = [threadEnds.load(last), threadEnds.load(last.add(1))]
  choice.set(statesIn(plan, first.sub(plan.successors.start)).add(drawn(choosing, statesIn(plan, end.sub(first)))))
}

/** Each transition is as likely. */
function emitUniform(choosing: Choosing): void {
  choosing.choice.set(drawn(choosing, choosing.count))
}

/**
 *     (others := threads other than the last that can act)
 *     (if others
 *       (stays := 0)
 *       (if (the last can act, and is not idle)
 *         (stays := draw(16) >= 5 or 1))
 *       (if stays (else (last := the draw(others)th of the others))))
 */
function emitBrackets(choosing: Choosing): void {
  const { f, walk, threads, last, step, factsOf } = choosing
  const { of, inside, outside } = bracketSwitches
  const [thread, others, stays, facts] = [local32(f), local32(f), local32(f), local32(f)]
  const isOther = all([thread.ne(last), canAct(walk, thread)])
  others.set(0)
  forUpTo(f, thread, { from: 0, end: const32(threads) }, () => {
    others.set(others.add(isOther))
  })
  when(f, others, () => {
    stays.set(0)
    when(f, last.ne(NONE), () => {
      when(f, canAct(walk, last), () => {
        facts.set(call32(factsOf, last, step))
        ifFalse(f, facts.and(pointFact.idle), () => {
          const bound = typed32(choose(facts.and(pointFact.inside).w, i32(inside), i32(outside)))
          stays.set(drawn(choosing, const32(of)).ge(bound))
        })
      })
    })
    ifFalse(f, stays, () => {
      others.set(drawn(choosing, others))
      thread.set(0)
      f.block((done) => {
        f.loop((again) => {
          when(f, isOther, () => {
            f.brIf(done, others.isZero().w)
            others.set(others.sub(1))
          })
          thread.set(thread.add(1))
          f.br(again)
        })
      })
      last.set(thread)
    })
  })
  emitTransitionOf(choosing)
}

/**
 *     (if (the last is idle) (it falls behind))
 *     (last := the thread of the highest priority that can act)
 *     (as often as it is to fall behind at this step
 *       (the last falls behind)
 *       (last := the thread of the highest priority that can act))
 */
function emitPct(choosing: Choosing): void {
  const { f, walk, threads, last, step, factsOf } = choosing
  const { priorities, demotions, lowest } = walk
  const [thread, best, times] = [local32(f), local32(f), local32(f)]
  const demote = (): void => {
    lowest.store(f, lowest.load().sub(1))
    priorities.store(f, last, lowest.load())
  }
  const act = (): void => {
    best.set(0)
    forUpTo(f, thread, { from: 0, end: const32(threads) }, () => {
      when(f, all([canAct(walk, thread), best.lt(priorities.load(thread))]), () => {
        best.set(priorities.load(thread))
        last.set(thread)
      })
    })
  }
  when(f, last.ne(NONE), () => {
    when(f, call32(factsOf, last, step).and(pointFact.idle), demote)
  })
  act()
  times.set(demotions.load(step))
  loopWhile(f, times.ne(0), () => {
    demote()
    act()
    times.set(times.sub(1))
  })
  emitTransitionOf(choosing)
}

export const choosers: Readonly<Record<StrategyName, (choosing: Choosing) => void>> = {
  uniform: emitUniform,
  pct: emitPct,
  brackets: emitBrackets,
}
