/**
 * `npm run bench -- --workers`: one worker and two, in turns, and two searches with one worker each at the same time. The
 * last says what the processors can do where nothing is shared: two workers can gain no more.
 */
import { runOurs, runOursAtOnce, type Ours } from './measure.ts'

interface WorkersOptions {
  readonly rounds: number
  /** Names of scenarios; those of ten million states and more if absent. */
  readonly only: readonly string[] | undefined
  readonly say: (line?: string) => void
  readonly median: (values: readonly number[]) => number
}

/** Of each, the time from the start of `check` to its end; that of two at once is of the slower one. */
interface Times {
  readonly one: number
  readonly two: number
  readonly sideBySide: number
}

const large = ['2pc-9', 'mirror-fixed-27M', 'mirror-unlocked-57M', 'mirror-core']
/** What two workers are to gain. */
const target = 1.6

export async function measureWorkers({ rounds, only, say, median }: WorkersOptions): Promise<void> {
  for (const name of only ?? large) {
    say(`\n${name}`)
    const times: Times[] = []
    for (let round = 0; round < rounds; round++) {
      const [one, two] = [runOurs(name, { workers: 1 }), runOurs(name, { workers: 2 })]
      const same = (['verdict', 'states', 'transitions', 'depth'] as const).every((key) => one[key] === two[key])
      if (!same) throw new Error(`${name}: ${JSON.stringify(one)} by one worker, ${JSON.stringify(two)} by two`)
      const both = await runOursAtOnce(name)
      show('one worker', [one], say)
      show('two workers', [two], say)
      show('two searches at once', both, say)
      const sideBySide = Math.max(...both.map(({ seconds }) => seconds))
      times.push({ one: one.seconds, two: two.seconds, sideBySide })
    }
    const gain = median(times.map(({ one, two }) => one / two))
    const most = median(times.map(({ one, sideBySide }) => (2 * one) / sideBySide))
    say(
      `    two workers : one ${gain.toFixed(2)} (to reach: ${target}${gain < target ? ', MISSED' : ''}); the processors allow ${most.toFixed(2)}`,
    )
  }
}

function show(what: string, runs: readonly Ours[], say: WorkersOptions['say']): void {
  const all = (of: (run: Ours) => number): string => runs.map((run) => of(run).toFixed(2).padStart(6)).join(' and ')
  say(`    ${what.padEnd(21)} ${all(({ seconds }) => seconds)} s ${all(({ cpu }) => cpu)} s processor`)
}
