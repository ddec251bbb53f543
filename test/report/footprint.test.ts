/** What a transition reads and writes, cell by cell. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  and,
  array,
  Bool,
  Choose,
  cond,
  configure,
  every,
  If,
  IfSome,
  Let,
  model,
  none,
  optional,
  or,
  queueOf,
  range,
  shared,
  someOf,
  sort,
  Step,
  struct,
  thread,
  union,
} from '../../src/language/index.ts'
import { footprintOf, cellsOverlap } from '../../src/report/footprint.ts'
import type { WrittenValue, Footprint } from '../../src/report/footprint.ts'
import { localChanges } from '../../src/report/changes.ts'
import { annotate } from '../../src/report/annotated-run.ts'
import { interleavings } from '../../src/schedules/interleavings.ts'
import { machine, transitions } from '../../src/semantics/machine.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'

test.each([
  ['a', 'a', true],
  ['a', 'a.b', true],
  ['a[0].b', 'a', true],
  ['a[0]', 'a[1]', false],
  ['ab', 'a', false],
  ['a.b', 'a.bc', false],
  ['@1/2', '@1/21', false],
])('%s and %s overlap: %s', (a, b, yes) => {
  expect([cellsOverlap(a, b), cellsOverlap(b, a)]).toEqual([yes, yes])
})

describe('laws, on random runs of random models', { timeout: 120_000 }, () => {
  test('whatever a step changes, it was seen to write', () => {
    let changed = 0
    fc.assert(
      fc.property(
        modelArbitrary.chain((any) => interleavings(any, { maxSteps: 25 })),
        (run) => {
          const { model: any } = run.machine
          const { states, steps } = annotate(run.machine, run)
          steps.forEach(({ thread, footprints, changes }, n) => {
            const written = footprints.flatMap(({ effects }) => effects.map(({ cell }) => cell))
            const isWritten = (cell: string): boolean => written.some((one) => cellsOverlap(one, cell))
            changed += changes.length
            expect(changes.filter(({ place }) => !isWritten(place)).map(({ place }) => place)).toEqual([])
            const [before, after] = [states[n]?.plain, states[n + 1]?.plain]
            if (before === undefined || after === undefined) return
            const locals = any.threads[any.instances[thread]?.thread ?? -1]?.locals ?? []
            const ids = new Set(localChanges(any, thread, before, after).map(({ field }) => field))
            const unseen = locals.filter(
              ({ id, name, type }) =>
                type.kind !== 'set' &&
                ids.has(name) &&
                locals.filter((other) => other.name === name).length === 1 &&
                !isWritten(`@${thread}/${id}`),
            )
            expect(unseen.map(({ name }) => name)).toEqual([])
          })
        },
      ),
      { numRuns: 60, seed: 1, endOnFailure: true },
    )
    expect(changed).toBeGreaterThan(100)
  })
})

describe('what is read', () => {
  const Page = sort('Page')
  const a = shared('a', struct('pair', { x: range(0, 3), y: range(0, 3) }))
  const pages = shared('pages', array(Page, struct('page', { count: range(0, 3), next: optional(Page) })))
  const flag = shared('flag', Bool)
  const queue = shared('queue', queueOf(Page, 3))
  const entry = shared('entry', union('pte', { none: {}, present: { page: Page } }))

  type Block = Parameters<typeof thread>[1]

  /** The footprint of the first thing a thread does. */
  function first(text: Block): readonly Footprint[] {
    const closed = configure(
      model('footprints', {
        threads: [
          thread('t', text),
          thread('other', () => {
            Step('wait', () => {
              Choose('page', Page)
            })
          }),
        ],
      }),
      { sizes: { Page: 2 }, constants: {} },
    )
    const graph = machine(closed)
    const [initial] = graph.initial
    const [transition] = initial === undefined ? [] : transitions(graph, initial.state)
    if (initial === undefined || transition === undefined) throw new Error('nothing is done')
    const [step] = annotate(graph, {
      initial,
      steps: [{ transition, ...(transition.outcome.kind === 'next' ? { state: transition.outcome.state } : {}) }],
    }).steps
    return (step?.executed ?? [])
      .map((one) => footprintOf({ model: closed, thread: 0 }, one))
      .filter(({ tests, effects }) => tests.length + effects.length > 0)
  }
  const effects = (text: Block): readonly WrittenValue[] => first(text).flatMap((one) => one.effects)

  test('a cell, and what indexes it', () => {
    expect(
      effects(() => {
        a.x.set(a.y)
      }),
    ).toEqual([{ cell: 'a.x', reads: ['a.y'] }])
    expect(
      effects(() => {
        Step('s', () => {
          const page = Choose('page', Page)
          pages.at(page).count.set(a.x)
        })
      }).at(-1),
    ).toEqual({ cell: 'pages[0].count', reads: ['a.x', '@0/0'] })
  })

  test('no more than decides', () => {
    expect(
      effects(() => {
        flag.set(and(a.x.eq(1), a.y.eq(1)))
      }),
    ).toEqual([{ cell: 'flag', reads: ['a.x'] }])
    expect(
      effects(() => {
        flag.set(or(a.x.eq(1), a.y.eq(1)))
      }),
    ).toEqual([{ cell: 'flag', reads: ['a.x', 'a.y'] }])
    expect(
      effects(() => {
        a.x.set(cond(flag, a.x, a.y))
      }),
    ).toEqual([{ cell: 'a.x', reads: ['flag', 'a.y'] }])
    expect(
      effects(() => {
        flag.set(every(Page, (page) => pages.at(page).count.eq(1)))
      }),
    ).toEqual([{ cell: 'flag', reads: ['pages[0].count'] }])
    expect(
      effects(() => {
        flag.set(every(Page, (page) => pages.at(page).count.eq(0)))
      }),
    ).toEqual([{ cell: 'flag', reads: ['pages[0].count', 'pages[1].count'] }])
    expect(
      effects(() => {
        flag.set(someOf(queue, (page) => pages.at(page).next.isNone))
      }),
    ).toEqual([{ cell: 'flag', reads: ['queue'] }])
  })

  test('tests, and what they bind', () => {
    const tested = first(() => {
      If(flag, () => {
        a.x.set(1)
      }).Else(() => {
        a.y.set(1)
      })
    })
    expect(tested.map(({ tests }) => tests)).toEqual([['flag']])
    const bound = first(() => {
      Step('s', () => {
        pages.at(Choose('page', Page)).next.set(none)
        IfSome(pages.at(Choose('other', Page)).next, () => {
          a.x.set(1)
        })
      })
    })
    expect(bound.at(-1)).toMatchObject({ tests: ['pages[0].next', '@0/1'], effects: [] })
    expect(
      first(() => {
        If(entry.is('present'), () => {
          a.x.set(1)
        })
      })[0]?.tests,
    ).toEqual(['entry'])
  })

  test('queues and sets are read to be changed; a choice comes from nowhere', () => {
    expect(
      effects(() => {
        Step('s', () => {
          queue.push(Choose('page', Page, (page) => pages.at(page).count.eq(0)))
        })
      }),
    ).toEqual([
      { cell: '@0/0', reads: [] },
      { cell: 'queue', reads: ['@0/0', 'queue'] },
    ])
    expect(
      effects(() => {
        Let('x', a.x)
      }),
    ).toEqual([{ cell: '@0/0', reads: ['a.x'] }])
  })

  test('an index outside the array reads it as a whole', () => {
    const cells = shared('cells', array(range(0, 1), range(0, 3)))
    expect(
      effects(() => {
        Step('s', () => {
          a.y.set(3)
          a.x.set(cells.at(a.y))
        })
      }).at(-1)?.reads,
    ).toEqual(['cells', 'a.y'])
  })
})
