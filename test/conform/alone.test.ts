/**
 * A window that is checked alone begins in a state of which nothing is known. Whatever a run of the model shows, each
 * window of it is accepted; what contradicts itself inside the window is not, and what comes before it says nothing.
 */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conform, type Window } from '../../src/conform/conform.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { readRecording } from '../../src/conform/read.ts'
import type { Recording } from '../../src/conform/recording.ts'
import { ModelError } from '../../src/language/index.ts'
import { counterModel, recordingOf } from './counter.ts'
import { recordedModel } from './mutated.ts'
import { randomModel, randomRecording, seeds } from './random-model.ts'

const [fixed = expect.fail('a variant')] = counterModel.variants

/** All windows of a recording, checked alone. */
const windowsOf = ({ events }: Recording): readonly Window[] =>
  events.flatMap(({ order: from }, n) => events.slice(n).map(({ order: to }) => ({ from, to, alone: true })))

const one = (thread: number, value: number, page = 'a') => [
  `lock@${thread}`,
  `write@${thread} value=${value} page=${page}`,
  `unlock@${thread} quiet=false`,
]
const counted = [...one(1, 1), ...one(2, 2, 'b'), ...one(1, 3), ...one(2, 4)]

describe('of a recording that is accepted', () => {
  test('every window is accepted alone', () => {
    const recording = readJsonLines(recordingOf(...counted))
    for (const window of windowsOf(recording))
      expect.soft(conform(counterModel, fixed, recording, window).rejection, JSON.stringify(window)).toBeUndefined()
  })

  test('of random models, too', () => {
    let windows = 0
    for (const seed of seeds(8, 1)) {
      const random = randomModel(seed)
      const recording = acceptedOf(seed)
      if (recording === undefined) continue
      for (const window of windowsOf(recording)) {
        windows += 1
        expect(
          conform(random, fixed, recording, window).rejection,
          `seed ${seed}, ${JSON.stringify(window)}`,
        ).toBeUndefined()
      }
    }
    expect(windows).toBeGreaterThan(40)
  })
})

/** Undefined where the text is no model, or its recording has a mistake that is found. */
function acceptedOf(seed: number): Recording | undefined {
  try {
    const random = randomModel(seed)
    const recording = randomRecording(random, seed, 4)
    if (recording.events.length === 0) return undefined
    return conform(random, fixed, recording).rejection === undefined ? recording : undefined
  } catch (error) {
    if (error instanceof ModelError) return undefined
    throw error
  }
}

describe('a window that is checked alone', () => {
  const alone = (lines: readonly string[], from: number, to: number) =>
    conform(counterModel, fixed, readJsonLines(recordingOf(...lines)), { from: 10 * from, to: 10 * to, alone: true })

  test('is rejected where it contradicts itself, and nowhere else', () => {
    // the second write shows how far the counter is, the third must go on from there
    const wrong = counted.with(7, 'write@1 value=5 page=a')
    expect(alone(wrong, 5, 9).rejection?.event.order).toBe(80)
    expect(alone(wrong, 7, 9).rejection).toBeUndefined()
    expect(alone(['unlock@1 quiet=false', 'unlock@1 quiet=false'], 1, 2).rejection?.event.order).toBe(20)
  })

  test('is not touched by what comes before, and no property falls in it that may hold', () => {
    const wrong = counted.with(1, 'write@1 value=7 page=a')
    const { rejection, events } = alone(wrong, 4, 12)
    expect(rejection).toBeUndefined()
    expect(events).toBe(9)
    expect(alone(['unlock@1 quiet=false', ...one(2, 9)], 1, 1).falls).toEqual([])
    // with what the window shows, it is sure to fall
    expect(alone(counted, 7, 9).falls.map(({ event }) => event.order)).toEqual([90])
  })
})

test('windows of a real recording are accepted alone, and not with another value', () => {
  const recording = readRecording(join(import.meta.dirname, 'recordings', 'repro_cow.shipped.jsonl.gz'))
  const model = recordedModel()
  const shipped = model.variants.find(({ name }) => name === 'test-hmm-6.1-shipped') ?? expect.fail('a variant')
  const size = 60
  for (let at = 0; at < recording.events.length; at += 4 * size) {
    const inside = recording.events.slice(at, at + size)
    const window = { from: inside[0]?.order, to: inside.at(-1)?.order, alone: true }
    expect(conform(model, shipped, recording, window).rejection, JSON.stringify(window)).toBeUndefined()
  }
  const odd = recording.events.findLast(({ kind }) => kind === 'inv_end') ?? expect.fail('an event')
  const before = recording.events.filter(({ order }) => order <= odd.order).slice(-20)
  const changed = { ...odd, fields: { ...odd.fields, seq_old: Number(odd.fields['seq_old']) + 2 } }
  expect(conform(model, shipped, { ...recording, events: before }, { alone: true }).rejection).toBeUndefined()
  expect(
    conform(model, shipped, { ...recording, events: before.with(-1, changed) }, { alone: true }).rejection?.event,
  ).toBe(changed)
}, 300_000)
