/**
 * The text of `fuzz`: the strategy and its guarantee, the properties, the coverage, and the command that repeats the
 * runs.
 */
import type { FuzzedProperty, FuzzResult } from '../schedules/fuzz.ts'
import type { FuzzProgress } from '../schedules/walk-runs.ts'
import { exampleOf } from '../semantics/counterexample.ts'
import { switchesOf } from '../semantics/size.ts'
import type { Run } from '../semantics/machine.ts'
import type { Guarantee } from '../schedules/strategies/strategy.ts'
import { plural, showCount, showRough, showSeconds } from './numbers.ts'
import type { Colour, Paint } from './paint.ts'
import { listNeverTaken } from './text.ts'
import { wrap } from './wrap.ts'

/** How the runs were drawn. */
export interface Sampling {
  readonly strategy: string
  readonly runs: number
  readonly maxSteps: number
  readonly seed: number
  readonly guarantee?: Guarantee
}

/** `pct of depth 3: 1,000 runs of at most 100 steps, seed 1`, and what that guarantees. */
export function samplingLines(
  { strategy, runs, maxSteps, seed, guarantee }: Sampling,
  width: number,
): readonly string[] {
  const first = `${strategy}: ${plural(runs, 'run')} of at most ${plural(maxSteps, 'step')}, seed ${seed}`
  if (guarantee === undefined) return [first]
  const { of, probability, formula, where } = guarantee
  const all = -Math.expm1(runs * Math.log1p(-probability))
  const text = `finds ${of}, with a probability of at least ${showProbability(probability)} per run and ${showProbability(all)} in all: ${formula}, ${where}`
  return [first, ...wrap(text, width - 2).map((line) => `  ${line}`)]
}

/** `0.03`, `8.3e-6`, `1`: two digits. */
export function showProbability(probability: number): string {
  return probability < 0.001 ? probability.toExponential(1) : String(Number(probability.toPrecision(2)))
}

const words: Readonly<Record<FuzzedProperty['seen'], { readonly word: string; readonly colour: Colour }>> = {
  violated: { word: 'violated', colour: 'red' },
  witnessed: { word: 'possible', colour: 'green' },
  unseen: { word: 'not seen', colour: 'yellow' },
  beyond: { word: 'not judged', colour: 'yellow' },
}

/** `reduced: 14 steps, 3 switches`, as `check` words a schedule that is not proven minimal. */
export function reducedText(run: Run): string {
  return `reduced: ${plural(run.steps.length, 'step')}, ${plural(switchesOf(run), 'switch', 'switches')}`
}

/** One line per property. */
export function fuzzedLines({ properties }: FuzzResult, paint: Paint): readonly string[] {
  const width = Math.max(0, ...properties.map(({ name }) => name.length))
  return properties.map((property) => {
    const { name, kind, seen, first } = property
    const run = exampleOf(property)?.run

    const { word, colour } = words[seen]
    const why =
      seen === 'beyond'
        ? 'a single run cannot show that it is violated; check can'
        : first === undefined || run === undefined
          ? ''
          : `${reducedText(run)}; first by run ${showCount(first.run)}, in ${showCount(first.steps)}`
    return `  ${paint(colour, word.padEnd(10))}  ${name.padEnd(width)}  ${kind.padEnd(13)}  ${why}`.trimEnd()
  })
}

/** The last lines. */
export function fuzzSummaryLines(result: FuzzResult, command: string, paint: Paint): readonly string[] {
  const { verdict, runs, steps, states, transitions, atLeast, seconds, interrupted, neverTaken, properties } = result
  const violated = properties
    .filter(({ seen }) => seen === 'violated')
    .map((one) => `${one.name} (${plural(exampleOf(one)?.run.steps.length ?? 0, 'step')})`)
  const word = paint('bold', paint(verdict === 'violated' ? 'red' : 'yellow', verdict))
  const more = atLeast ? 'at least ' : ''
  return [
    `${word}: ${violated.length > 0 ? violated.join(', ') : 'no violation was seen; that proves nothing'}${interrupted ? '; interrupted' : ''}`,
    `${plural(runs, 'run')}, ${plural(steps, 'step')}; ${more}${plural(states, 'distinct state')}, ${more}${plural(transitions, 'distinct transition')}`,
    `${showSeconds(seconds)} of walking${seconds > 0 ? `, ${showRough(steps / seconds)} steps/s` : ''}`,
    ...listNeverTaken(neverTaken),
    `repeat with: ${command}`,
  ]
}

/** `12.0 s  480 thousand runs, 48 million steps, 1,234,567 states`. */
export function fuzzProgressText({ runs, steps, states, seconds }: FuzzProgress): string {
  return `${showSeconds(seconds)}  ${showRough(runs)} runs, ${showRough(steps)} steps, ${showRough(seconds > 0 ? steps / seconds : 0)} steps/s, ${showCount(states)} states`
}
