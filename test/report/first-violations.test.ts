/** Where each claimed property of a run turns false, and what the threads would have done next. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  anyOf,
  Assert,
  assertion,
  before,
  configure,
  deadlock,
  Idle,
  invariant,
  Loop,
  model,
  range,
  shared,
  Step,
  thread,
  transition,
  Await,
} from '../../src/language/index.ts'
import { selectProperties } from '../../src/language/select.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { traceOf } from '../../src/report/trace.ts'
import type { Trace } from '../../src/report/trace.ts'
import { interleavings } from '../../src/schedules/interleavings.ts'
import type { Interleaving } from '../../src/schedules/interleavings.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { shortest } from './support.ts'

const n = shared('n', range(0, 9), anyOf(1, 2))
const counts = model('counts', {
  threads: [
    thread('up', () => {
      Loop(() => {
        Idle()
        Step('up', () => {
          Assert('below-three', n.lt(3), 'three or more')
          Assert('below-four', n.lt(4), 'four or more')
          n.increment()
        })
      })
    }),
    thread('waits', () => {
      Step('wait', () => {
        Await(n.eq(9))
      })
    }),
    thread('ends', () => {
      n.set(n)
    }),
  ],
  properties: [
    assertion('below-three'),
    assertion('below-four'),
    invariant('odd', n.ne(2)),
    invariant('below-five', n.lt(5)),
    transition('one-more', before(n).eq(n)),
    deadlock(),
  ],
})

async function told(name: string): Promise<Trace> {
  const whole = configure(counts, { sizes: {}, constants: {} })
  const { graph, run, property } = await shortest(selectProperties(whole, [name]), name)
  return traceOf(graph, run, { property, claims: whole })
}

const places = ({ falls }: Trace): readonly string[] => falls.map(({ property, step }) => `${property} ${step}`)

describe('each property where it first turns false', () => {
  test('assertions on the way are seen, though the run goes on behind them', async () => {
    const trace = await told('below-five')
    expect(trace.falls.find(({ property }) => property === 'below-three')).toEqual({
      property: 'below-three',
      kind: 'assertion',
      step: 2,
      message: 'three or more',
    })
    expect(places(trace)).toEqual(['odd 0', 'one-more 1', 'below-three 2', 'below-four 3', 'below-five 3'])
    expect(trace.steps.map(({ turnsFalse }) => turnsFalse)).toEqual([
      ['one-more'],
      ['below-three'],
      ['below-four', 'below-five'],
    ])
  })

  test('the one that ends it, too', async () => {
    expect(places(await told('below-three'))).toEqual(['odd 0', 'one-more 1', 'below-three 2'])
  })

  test('what is not claimed is not told', async () => {
    const whole = configure(counts, { sizes: {}, constants: {} })
    const { graph, run, property } = await shortest(selectProperties(whole, ['below-five']), 'below-five')
    expect(
      places(traceOf(graph, run, { property, claims: selectProperties(whole, ['below-five', 'below-four']) })),
    ).toEqual(['below-four 3', 'below-five 3'])
  })
})

test('what comes next: a step, a wait, nothing at an end', async () => {
  expect((await told('below-five')).next).toEqual([
    { thread: 'up', text: 'rests, or up' },
    { thread: 'waits', text: 'waits at wait' },
    { thread: 'ends', text: 'n = n' },
  ])
  expect((await told('below-three')).next.map(({ thread }) => thread)).toEqual(['up', 'waits', 'ends'])
})

describe('laws, on random runs of random models', { timeout: 120_000 }, () => {
  /** Runs that no assertion ends. */
  const runs = modelArbitrary.chain((any) =>
    interleavings(
      selectProperties(
        any,
        any.properties.filter(({ kind }) => kind !== 'assertion').map(({ name }) => name),
      ),
      { maxSteps: 20 },
    ).map((played) => ({ any, played })),
  )
  const traced = (any: ConfiguredModel, played: Interleaving): Trace => {
    const graph = played.machine
    const failed = played.steps.at(-1)?.transition.outcome
    const broken = any.properties.find(
      ({ name, kind }) =>
        (kind === 'invariant' || kind === 'transition') &&
        firstShown(graph, played, { name, kind, outcome: 'violated' }) !== undefined,
    )
    const property =
      failed?.kind === 'fails'
        ? { ...failed.failure.claim, outcome: 'violated' as const }
        : broken && { name: broken.name, kind: broken.kind, outcome: 'violated' as const }
    return traceOf(graph, played, { property, claims: any })
  }

  test("properties fall where they are judged to be violated; a race is a read, then another thread's change of that cell", () => {
    const met = { falls: 0, races: 0 }
    fc.assert(
      fc.property(runs, ({ any, played }) => {
        const { falls, race, steps } = traced(any, played)
        for (const { name, kind } of any.properties) {
          if (
            kind === 'assertion' ||
            kind === 'sometimes' ||
            kind === 'recoverable' ||
            kind === 'collected' ||
            kind === 'pair'
          )
            continue
          expect(falls.find(({ property }) => property === name)?.step).toBe(
            firstShown(played.machine, played, { name, kind, outcome: 'violated' }),
          )
        }
        met.falls += falls.length
        if (race === undefined) return
        met.races += 1
        expect(race.read).toBeLessThan(race.write)
        expect(race.write).toBeLessThanOrEqual(race.relies)
        expect(steps[race.read - 1]?.thread).not.toBe(steps[race.write - 1]?.thread)
        expect(
          steps[race.write - 1]?.changes.some(
            (change) => change.startsWith(race.cell) || race.cell.startsWith(change.split(/:| [+-]=/)[0] ?? ''),
          ),
        ).toBe(true)
      }),
      { numRuns: 200, seed: 7, endOnFailure: true },
    )
    expect(met.falls).toBeGreaterThan(50)
    expect(met.races).toBeGreaterThan(0)
  })
})
