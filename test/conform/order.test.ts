/**
 * Hidden steps are left until something depends on them, and states that come to nothing are left out. The verdict, and
 * the event of a rejection, must be those of a search that tries every hidden step everywhere.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  and,
  array,
  Await,
  Choose,
  Either,
  Idle,
  If,
  Local,
  Loop,
  model,
  none,
  optional,
  or,
  range,
  shared,
  Shows,
  size,
  sort,
  Step,
  thread,
  type ConformanceModel,
  type Model,
} from 'hmmcheck'
import { conform } from '../../src/conform/conform.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import type { Recording } from '../../src/conform/recording.ts'
import { ModelError } from '../../src/language/index.ts'
import { byTrying, fallsText } from './by-trying.ts'
import { recordingOf, Task } from './counter.ts'
import { randomModel, randomRecording, seeds } from './random-model.ts'

const Cell = sort('Cell')
const Word = range(0, 3)

/** Threads that store, load and wait; each has hidden steps behind and before its events. */
const cells = (): Model => {
  const memory = shared('memory', array(Cell, Word))
  const gate = shared('gate', Word)
  const owner = shared('owner', optional(Cell))
  const task = thread(
    'task',
    () => {
      const at = Local('at', Cell)
      const word = Local('word', Word)
      const seen = Local('seen', Word)
      Loop(() => {
        Idle()
        Either(
          () => {
            Step('a line about a store', () => {
              const cell = Choose('cell', Cell)
              const value = Choose('value', Word)
              at.set(cell)
              word.set(value)
              Shows('store', { cell, value })
            })
            Step('the store', () => memory.at(at).set(word))
          },
          () => {
            Step('a load begins', () => {
              const cell = Choose('cell', Cell)
              at.set(cell)
              Shows('begin', { cell })
            })
            Step('the load', () => seen.set(memory.at(at)))
            Step('the load is told where the gate is open', () => {
              Await(gate.gt(0))
              Shows('load', { cell: at, value: seen })
            })
          },
          () =>
            Step('the gate', () => {
              const value = Choose('value', Word)
              gate.set(value)
              Shows('gate', { value })
            }),
          () => {
            Step('the owner looks', () => {
              Await(or(owner.isNone, gate.eq(2)))
              owner.set(at)
            })
            Step('the owner tells', () => {
              const cell = Choose('cell', Cell)
              Await(and(owner.isSome, memory.at(cell).gt(0)))
              If(gate.eq(1), () => owner.set(none))
              Shows('owner', { cell })
            })
          },
        )
      })
    },
    { count: size(Task), daemon: true },
  )
  return model('cells', { threads: [task] })
}

const cellsModel: ConformanceModel = {
  name: 'cells',
  title: 'Cells that are stored to and loaded from',
  model: cells,
  variants: [{ name: 'fixed', summary: 'as it is', constants: {} }],
  ignored: {},
  refused: [],
}
const [fixed = expect.fail('a variant')] = cellsModel.variants

const recorded = (...lines: readonly string[]): Recording => readJsonLines(recordingOf(...lines))

describe('hidden steps', () => {
  test('are read early enough, although the event waits for something else', () => {
    const lines = ['begin@1 cell=a', 'store@2 cell=a value=1', 'gate@2 value=1', 'load@1 cell=a value=0']
    expect(conform(cellsModel, fixed, recorded(...lines)).rejection).toBeUndefined()
    expect(conform(cellsModel, fixed, recorded(...lines.with(3, 'load@1 cell=a value=1'))).rejection).toBeUndefined()
    expect(conform(cellsModel, fixed, recorded(...lines.with(3, 'load@1 cell=a value=2'))).rejection?.event.order).toBe(
      40,
    )
  })

  test('are where they must be: the verdict is that of a search that tries them everywhere', () => {
    const line = fc.oneof(
      fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 2 })).map(([c, v]) => `store cell=${c} value=${v}`),
      fc.constantFrom('a', 'b').map((c) => `begin cell=${c}`),
      fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 2 })).map(([c, v]) => `load cell=${c} value=${v}`),
      fc.integer({ min: 0, max: 2 }).map((v) => `gate value=${v}`),
      fc.constantFrom('a', 'b').map((c) => `owner cell=${c}`),
    )
    const lines = fc.array(fc.tuple(line, fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 7 })
    fc.assert(
      fc.property(lines, (all) => {
        const recording = recorded(
          ...all.map(([text, tid]) => {
            const [kind = '', ...fields] = text.split(' ')
            return [`${kind}@${tid}`, ...fields].join(' ')
          }),
        )
        expect(conform(cellsModel, fixed, recording).explained).toBe(byTrying(cellsModel, recording).explained)
      }),
      { numRuns: 60, seed: 7 },
    )
  })

  test('of random models, too: and what falls is what falls in a run with fewest falls', () => {
    let [runs, accepted, fallen] = [0, 0, 0]
    for (const seed of seeds(24, 1)) {
      const random = randomModel(seed)
      const recording = recordingFrom(random, seed)
      if (recording === undefined) continue
      runs += 1
      const { explained, fewest } = byTrying(random, recording)
      const result = conform(random, fixed, recording)
      expect(result.explained, `seed ${seed}`).toBe(explained)
      if (explained < recording.events.length) continue
      accepted += 1
      if (!fewest.has('[]')) fallen += 1
      expect([...fewest], `seed ${seed}`).toContain(fallsText(result.falls))
    }
    // most of the recordings are of real runs, and in some of them something must fall
    expect(accepted).toBeGreaterThan(runs / 2)
    expect(fallen).toBeGreaterThan(accepted / 10)
    expect(accepted).toBeLessThan(runs)
  })
})

/** Undefined where the text is no model, or shows nothing. */
function recordingFrom(random: ConformanceModel, seed: number): Recording | undefined {
  try {
    const recording = randomRecording(random, seed, 5)
    return recording.events.length === 0 ? undefined : recording
  } catch (error) {
    if (error instanceof ModelError) return undefined
    throw error
  }
}
