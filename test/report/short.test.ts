/** Short drawings: what they show, and the laws that hold of each. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cutMiddle } from '../../src/report/cut.ts'
import { foldSteps } from '../../src/report/folded.ts'
import { ansiPaint, plainPaint } from '../../src/report/paint.ts'
import { drawShort } from '../../src/report/short.ts'
import { traceOf } from '../../src/report/trace.ts'
import type { Trace, TraceStep } from '../../src/report/trace.ts'
import { drawnRows, shortLines, unlawful } from './short-laws.ts'
import { shortestOf } from './support.ts'

async function traceFor(variant: string, property: string, scenario?: string): Promise<Trace> {
  const {
    graph,
    run,
    property: shown,
  } = await shortestOf({ variant, ...(scenario === undefined ? {} : { scenario }) }, property)
  return traceOf(graph, run, { property: shown })
}

const drawn = (trace: Trace, width: number, ascii = false): string =>
  `\n${shortLines(trace, width, ascii)
    .join('\n')
    .replaceAll(/\.ts:\d+/g, '.ts:LINE')}\n`

describe('the small protocol', () => {
  test('a race in 80 columns', async () => {
    expect(drawn(await traceFor('as-posted', 'P-NOUAF'), 80)).toMatchInlineSnapshot(`
      "
           initially mm.pte = page 0
           unmap                                        │
           │  device_fault[0]                           │
           │  │  device[0]                              │ what matters
      1-2  │  mutex_lock(&driver[self].update), 1 more  │
        3  ┆  driver[device].pte = mm.pte               │ race: reads mm.pte
           ┆  ┃  │                                      │ driver[0].pte: none → page 0
        4  ┆  mutex_unlock(&mm.lock)                    │
      5-6  mutex_lock(&mm.lock), page = mm.pte          │
        7  mm.pte = none                                │ race: mm.pte: page 0 → none
        8  free[page] = true                            │ free[0]: no → yes
        9  ┃  ┃  device reads the page                  │ ✗ P-NOUAF

           ✗ P-NOUAF: the device uses a freed page
           race: step 3 (device_fault[0]) reads mm.pte; step 7 (unmap) then changes
             it: page 0 → none; step 9 relies on the old value

           in full
             3  test/support/notifier.ts:LINE
             7  test/support/notifier.ts:LINE
             9  test/support/notifier.ts:LINE
      "
    `)
  })

  test('a deadlock in 100 columns', async () => {
    expect(drawn(await traceFor('without-lock_order', 'lock-deadlock'), 100)).toMatchInlineSnapshot(`
      "
           unmap  device_fault[0]                              │ what matters
        1  mutex_lock(&mm.lock)                                │ holds mm.lock
      2-3  page = mm.pte, mm.pte = none                        │
        4  ┃      mutex_lock(&driver[self].update)             │ holds driver[0].update; waits for mm.lock
           ┃      │                                            │ unmap waits for driver[0].update
           ┃      │                                            │ ✗ lock-deadlock

           ✗ lock-deadlock: unmap, device_fault[0] wait for each other
             unmap is at for each device (test/support/notifier.ts:LINE), holds mm.lock, waits for
               device_fault[0]
             device_fault[0] is at mutex_lock(&mm.lock) (test/support/notifier.ts:LINE), holds
               driver[0].update, waits for unmap
      "
    `)
  })

  test('a witness in ASCII', async () => {
    expect(drawn(await traceFor('fixed', 'P-NOUAF-possible'), 60, true)).toMatchInlineSnapshot(`
      "
           device_fault[0]              device[0]
      1-3  mutex_lock(&mm.lock), 2 more |
        4  #                            device reads the page

           + P-NOUAF-possible is reached

           in full
             4  test/support/notifier.ts:LINE
      "
    `)
  })

  test('colours change nothing but colours', async () => {
    const trace = await traceFor('as-posted', 'P-NOUAF')
    const coloured = drawShort(trace, { width: 80, paint: ansiPaint }).join('\n')
    expect(coloured).toContain('\u001b[31m✗ P-NOUAF')
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(drawShort(trace, { width: 80, paint: plainPaint }).join('\n'))
  })

  test('a trace without steps has the property that is false from the start', () => {
    const nothing: Trace = {
      threads: [],
      initial: [],
      steps: [],
      falls: [{ property: 'P', kind: 'invariant', step: 0 }],
      next: [],
      story: { initial: ['x = 1'], steps: [] },
    }
    expect(shortLines(nothing, 80)).toEqual(['     initially x = 1', '     ✗ P'])
  })
})

describe('the story', () => {
  test('of a race: what the device reads, back to the entry that was stale', async () => {
    const { story } = await traceFor('as-posted', 'P-NOUAF')
    expect(story.initial).toEqual(['mm.pte = page 0'])
    expect(story.steps.flatMap(({ changes }, n) => changes.map((change) => `${n + 1} ${change}`))).toEqual([
      '3 driver[0].pte: none → page 0',
      '7 mm.pte: page 0 → none',
      '8 free[0]: no → yes',
    ])
    expect(story.steps.flatMap(({ decisive }, n) => (decisive ? [n + 1] : []))).toEqual([3, 7, 8, 9])
  })

  test('of a deadlock: where each lock that is waited for was taken, and where the wait began', async () => {
    const { story } = await traceFor('without-lock_order', 'lock-deadlock')
    expect(
      story.steps.flatMap(({ changes }, n) => changes.map((change) => `${n + 1} ${change}`)),
    ).toMatchInlineSnapshot(`
      [
        "1 holds mm.lock",
        "4 holds driver[0].update; waits for mm.lock",
        "4 unmap waits for driver[0].update",
      ]
    `)
  })
})

/** A trace of any threads and labels, in which some steps are decisive. */
const traces: fc.Arbitrary<Trace> = fc
  .record({
    threads: fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,12}(\[\d\])?$/), { minLength: 1, maxLength: 40 }),
    steps: fc.array(
      fc.record({
        thread: fc.nat(39),
        label: fc.stringMatching(/^[a-z_()*&>. -]{1,70}$/).filter((label) => label.trim() !== ''),
        decisive: fc.boolean(),
        falls: fc.boolean(),
        changes: fc.array(fc.stringMatching(/^[a-z.]{1,10}\[\d\]: [a-z ]{1,20} → [a-z]{1,20}$/), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 80 },
    ),
  })
  .map(({ threads, steps }) => ({
    threads,
    initial: [],
    falls: [],
    next: [],
    steps: steps.map(
      ({ thread, label, falls }, n): TraceStep => ({
        thread: threads[thread % threads.length] ?? '',
        path: '',
        label: label.trim(),
        choices: [],
        locals: [],
        changes: [],
        locks: { holds: [], waits: [] },
        lockChanges: [],
        turnsFalse: falls && n % 20 === 0 ? ['P-X'] : [],
        rails: threads.map(() => 'runs'),
      }),
    ),
    story: {
      initial: [],
      steps: steps.map(({ decisive, falls, changes }, n) => ({
        decisive: decisive || (falls && n % 20 === 0) || n === steps.length - 1,
        changes: decisive ? changes : [],
      })),
    },
  }))

describe('laws', () => {
  test('every step is in one line, no line is too wide, a falling step is shown, what is cut is in full', () => {
    fc.assert(
      fc.property(traces, fc.integer({ min: 60, max: 160 }), fc.boolean(), (trace, width, ascii) => {
        expect(unlawful(trace, width, ascii)).toEqual([])
      }),
    )
  })

  test('a run of many steps has few rows', () => {
    fc.assert(
      fc.property(traces, (trace) => {
        const falling = trace.steps.filter(({ turnsFalse }) => turnsFalse.length > 0).length
        expect(foldSteps(trace).length).toBeLessThanOrEqual(Math.max(24, 14 + 2 * falling))
      }),
    )
  })

  test('consecutive steps of a thread that are not decisive are one row', async () => {
    const trace = await traceFor('as-posted', 'P-NOUAF')
    const rows = drawnRows(shortLines(trace, 100)).map(({ first, last }) => [first, last])
    expect(rows).toEqual([
      [1, 2],
      [3, 3],
      [4, 4],
      [5, 6],
      [7, 7],
      [8, 8],
      [9, 9],
    ])
  })
})

test.each([
  ['short', 10, 'short'],
  ['hmm_vma_walk_pmd(): pte = *ptep', 20, 'hmm_vma_walk…= *ptep'],
  ['abcdef', 1, '…'],
  ['abcdef', 2, 'a…'],
])('%s in %i', (text, width, expected) => {
  expect(cutMiddle(text, width)).toBe(expected)
  expect(cutMiddle(text, width).length).toBeLessThanOrEqual(width)
})
