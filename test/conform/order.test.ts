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
import { configure } from '../../src/language/configure.ts'
import { conform } from '../../src/conform/conform.ts'
import { declaredIn, objectNames } from '../../src/conform/declared.ts'
import { readJsonLines } from '../../src/conform/jsonl.ts'
import { comparisonOf } from '../../src/conform/matching.ts'
import type { Recording } from '../../src/conform/recording.ts'
import { machine as machineOf, sought, type State } from '../../src/semantics/machine.ts'
import { recordingOf, Task } from './counter.ts'

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

/** The number of events that some run explains, found by trying every hidden step of every thread everywhere. */
function explainedByTrying({ events, besides }: Recording): number {
  const text = cells()
  const declared = declaredIn(text)
  const names = objectNames(declared, { events, besides })
  const threads = [...new Set(events.map((event) => event.thread))]
  const configured = configure(
    text,
    { sizes: { Cell: Math.max(1, names.size('Cell')), Task: threads.length }, constants: {} },
    { keepsShown: true },
  )
  const machine = machineOf(configured)
  const steps = new Map(
    [...declared.values()].flat().map((one) => {
      const site = machine.runners[0]?.text.sites.get(one.path)
      if (site?.statement.kind !== 'step') return expect.fail(one.path)
      return [one.path, comparisonOf(site.statement, one, names)] as const
    }),
  )
  const nextStates = (state: State, thread: number, isWanted: (path: string) => boolean): readonly State[] =>
    sought(machine, state, thread, { enters: ({ path }) => isWanted(path), choices: () => undefined }).flatMap(
      (one) => {
        const { outcome } = one.transition()
        return outcome.kind === 'next' ? [outcome.state] : []
      },
    )
  let set = machine.initial.map(({ state }) => state)
  for (const [n, event] of events.entries()) {
    const reached = [...set]
    for (const state of reached)
      for (const thread of threads.keys())
        for (const next of nextStates(state, thread, (path) => !steps.has(path)))
          if (!reached.some((one) => one.equals(next))) reached.push(next)
    const thread = threads.indexOf(event.thread)
    const found = reached.flatMap((state) =>
      sought(machine, state, thread, { enters: ({ path }) => steps.has(path), choices: () => undefined }).flatMap(
        (one) => {
          const comparison = steps.get(one.statement.path)
          if (comparison?.mayBe(event) !== true || comparison.difference(event, one.scope) !== undefined) return []
          const { outcome } = one.transition()
          return outcome.kind === 'next' ? [outcome.state] : []
        },
      ),
    )
    if (found.length === 0) return n
    set = found.filter((state, at) => found.findIndex((one) => one.equals(state)) === at)
  }
  return events.length
}

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
        expect(conform(cellsModel, fixed, recording).explained).toBe(explainedByTrying(recording))
      }),
      { numRuns: 120, seed: 7 },
    )
  })
})
