/** A recording with one mistake is no run of the model; `npm run conform:mutated -- FILE...` does the same with any. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventText } from '../../src/conform/recording.ts'
import { readRecording } from '../../src/conform/read.ts'
import { isRun, mutantsOf, recordedModel } from './mutated.ts'
import { isOfUnusedEntry } from './mutations.ts'

const MUTANTS = 40

test('of mutants of a real recording, 95 of 100 are rejected; the rest is about entries that nothing uses', () => {
  const recording = readRecording(join(import.meta.dirname, 'recordings', 'repro_cow.shipped.jsonl.gz'))
  const model = recordedModel()
  const variant = model.variants.find(({ name }) => name === 'test-hmm-6.1-shipped') ?? expect.fail('a variant')
  expect(isRun(model, variant, recording)).toBe(true)
  const accepted = [...mutantsOf(recording, MUTANTS, 1)].filter(({ mutant }) => isRun(model, variant, mutant))
  const unexplained = accepted.filter(({ at }) => !isOfUnusedEntry(recording, at))
  expect(
    unexplained.length,
    unexplained.map(({ name, at, text }) => `${name}: ${eventText(at)}: ${text}`).join('\n'),
  ).toBeLessThanOrEqual(0.05 * MUTANTS)
}, 120_000)

test('a device page whose last entry goes when its process exits was freed: the line of that cannot be missing', () => {
  const recording = readRecording(join(import.meta.dirname, 'recordings', 'repro_cow.shipped.jsonl.gz'))
  const model = recordedModel()
  const variant = model.variants.find(({ name }) => name === 'test-hmm-6.1-shipped') ?? expect.fail('a variant')
  const events = recording.events.filter(({ kind }) => kind !== 'devmem_free')
  expect(events.length).toBe(recording.events.length - 1)
  expect(isRun(model, variant, { ...recording, events })).toBe(false)
}, 60_000)
