/** One thread's part of many runs. */
import type { Strategy } from './strategies/strategy.ts'
import type { WalkFinding, Walked, Walks } from '../explorer/walks/walk.ts'
import type { Dealer, Hand } from './dealing.ts'
import { chance } from './random.ts'

/** The part of the runs that is the same for all of them. */
export interface Runs {
  readonly runs: number
  /** Any whole number from 0 on: the same gives the same runs on every machine. */
  readonly seed: number
  /** Transitions of a run at most. */
  readonly maxSteps: number
}

/** Something that a run saw. */
export interface Sighting {
  readonly run: number
  readonly finding: WalkFinding
}

export interface HandOptions extends Runs {
  readonly strategy: Strategy
  readonly threads: number
  /** Number of initial states. */
  readonly starts: number
  /** No run is walked after one in which one of these watches is found. */
  readonly stopAt: ReadonlySet<number>
}

/** Steps of a hand, roughly: some hundredths of a second. */
const handSteps = 2 ** 15

/** Runs that a thread takes at a time. */
export const handOf = ({ maxSteps }: Pick<Runs, 'maxSteps'>): number =>
  Math.min(1024, Math.max(1, Math.floor(handSteps / maxSteps)))

/** Walks the run with this number. */
function walkOne(walks: Walks, run: number, { seed, strategy, threads, starts, maxSteps }: HandOptions): Walked {
  const draw = chance(seed, run)
  const start = draw(starts)
  const { compiled } = strategy
  const extent = { threads, maxSteps }
  if (compiled === undefined) return walks.walk(strategy.start(draw, extent), start, maxSteps)
  const begun = compiled.begin(draw, extent)
  return walks.walkFast(compiled.name, { ...begun, chance: draw.state() }, start, maxSteps)
}

/**
 * Walks a hand, and counts it.
 *
 * @returns what was seen, in the order of the runs
 */
export function walkHand(walks: Walks, dealt: Dealer, { first, end }: Hand, options: HandOptions): readonly Sighting[] {
  const seen: Sighting[] = []
  let [run, steps] = [first, 0]
  for (; run < Math.min(end, dealt.end()); run++) {
    const walked = walkOne(walks, run, options)
    steps += walked.steps
    for (const finding of walked.findings) seen.push({ run, finding })
    if (walked.findings.some(({ watch }) => options.stopAt.has(watch))) dealt.endWith(run)
  }
  dealt.count(run - first, steps)
  return seen
}
