/**
 * Compares recordings with the model of the test driver and says what was found, and how many events were explained in a
 * second of processor: `npm run conform:speed -- FILE...`. The start, in which the model is written down and prepared,
 * is measured by a window of one event, and left out. A recording with the driver as shipped has `shipped` in its name.
 */
import { basename } from 'node:path'
import { argv, cpuUsage, stdout } from 'node:process'
import { UsageError } from '../../src/catalogue/usage.ts'
import { conform, type ConformanceResult } from '../../src/conform/conform.ts'
import { readRecording } from '../../src/conform/read.ts'
import { recordedModel, variantOf } from './mutated.ts'

/** What was found, and the seconds of processor that it took. */
function measured<T>(work: () => T): { readonly found: T; readonly seconds: number } {
  const start = cpuUsage()
  const found = work()
  const { user, system } = cpuUsage(start)
  return { found, seconds: (user + system) / 1e6 }
}

const verdict = ({ rejection, falls, largest }: ConformanceResult): string =>
  [
    rejection === undefined ? 'accepted' : `rejected at t=${rejection.event.order}`,
    `at most ${largest} states`,
    ...new Set(falls.map(({ property, event }) => `${property} ${event.order}`)),
  ].join(', ')

function main(files: readonly string[]): void {
  const model = recordedModel()
  for (const file of files)
    try {
      const recording = readRecording(file)
      const variant = variantOf(model, file)
      const first = recording.events[0]?.order
      const start = measured(() => conform(model, variant, recording, { to: first }))
      const whole = measured(() => conform(model, variant, recording))
      const speed = whole.found.events / Math.max(0.001, whole.seconds - start.seconds)
      stdout.write(`${basename(file)}: ${speed.toFixed(0)} events a second, ${verdict(whole.found)}\n`)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      stdout.write(`${basename(file)}: ${error.message.split('\n')[0] ?? ''}\n`)
    }
}

main(argv.slice(2))
