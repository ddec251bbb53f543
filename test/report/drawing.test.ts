/** Drawings, as a reader sees them. */
import { describe, expect, test } from 'vitest'
import {
  Acquire,
  and,
  array,
  Assert,
  assertion,
  atomic,
  Bool,
  Choose,
  configure,
  Cover,
  current,
  deadlock,
  ForEach,
  ghost,
  Idle,
  If,
  invariant,
  lockDeadlock,
  Loop,
  model,
  no,
  none,
  not,
  optional,
  or,
  procedure,
  queueOf,
  range,
  ref,
  Return,
  setOf,
  shared,
  size,
  someOf,
  sometimes,
  sort,
  Step,
  struct,
  Thread,
  thread,
  threadPer,
  transition,
  union,
  before,
  anyOf,
  yes,
} from '../../src/language/index.ts'
import { drawRun } from '../../src/report/drawing.ts'
import { ansiPaint, plainPaint } from '../../src/report/paint.ts'
import { traceOf } from '../../src/report/trace.ts'
import { shortest, shortestOf } from './support.ts'
import type { Found } from './support.ts'

const asDrawn = ({ graph, run, property }: Found, width: number): string =>
  `\n${drawRun(graph, run, { width, paint: plainPaint, property }).join('\n')}\n`

/** With the numbers of lines left out: they change with every edit of a file. */
const drawn = (found: Found, width: number): string => asDrawn(found, width).replaceAll(/\.ts:\d+/g, '.ts:LINE')

/** Every widest line, and no space at an end. */
function fits(text: string, width: number): void {
  for (const line of text.split('\n')) {
    expect(line.length, line).toBeLessThanOrEqual(width)
    expect(line, 'spaces at the end').toBe(line.trimEnd())
  }
}

describe('a violated assertion', () => {
  test('in 110 columns', async () => {
    const text = drawn(await shortestOf({ variant: 'as-posted' }, 'P-NOUAF'), 110)
    fits(text, 110)
    expect(text).toMatchInlineSnapshot(`
      "
           initially mm.pte = page 0, mm.mapped = yes

           unmap                   device_fault[0]         device[0]               │ what changed
           ──────────────────────  ──────────────────────  ──────────────────────  ┼──────────────────────────────
        1  │                       mutex_lock(&driver[     │                       │
           │                         self].update)         │                       │
           │                         holds driver[0].      │                       │
           │                           update              │                       │
        2  │                       mutex_lock(&mm.lock)    │                       │ unmap waits for mm.lock
           │                         holds mm.lock,        │                       │
           │                           driver[0].update    │                       │
        3  ┆                       driver[device].pte =    │                       │ driver[0].pte: none → page 0
           ┆                         mm.pte                │                       │
           ┆                         race: reads mm.pte    │                       │
        4  ┆                       mutex_unlock(&mm.lock)  │                       │ unmap no longer waits
           ┆                         holds driver[0].      │                       │
           ┆                           update              │                       │
        5  mutex_lock(&mm.lock)    ┃                       │                       │
             holds mm.lock         ┃                       │                       │
        6  page = mm.pte           ┃                       │                       │
             page = page 0         ┃                       │                       │
        7  mm.pte = none           ┃                       │                       │ mm.pte: page 0 → none
             race: changes mm.pte  ┃                       │                       │
        8  free[page] = true       ┃                       │                       │ free[0]: no → yes
        9  ┃                       ┃                       device reads the page   │ accesses: 0 → 1
           ┃                       ┃                         ✗ P-NOUAF             │

           ┃ holds a lock   ┆ waits for one

           ✗ P-NOUAF: the device uses a freed page
           race: step 3 (device_fault[0]) reads mm.pte; step 7 (unmap) then changes it: page 0 → none; step 9 relies
             on the old value

           next step of each thread
             unmap            mutex_unlock(&mm.lock)
             device_fault[0]  mutex_unlock(&driver[self].update)
             device[0]        rests, or device reads the page

           source of each step
             1  test/support/notifier.ts:LINE
             2  test/support/notifier.ts:LINE
             3  test/support/notifier.ts:LINE
             4  test/support/notifier.ts:LINE
             5  test/support/notifier.ts:LINE
             6  test/support/notifier.ts:LINE
             7  test/support/notifier.ts:LINE
             8  test/support/notifier.ts:LINE
             9  test/support/notifier.ts:LINE
      "
    `)
  })

  test('in 80 columns the state goes under the step', async () => {
    const text = drawn(await shortestOf({ variant: 'as-posted' }, 'P-NOUAF'), 80)
    fits(text, 80)
    expect(text).toMatchInlineSnapshot(`
      "
           initially mm.pte = page 0, mm.mapped = yes

           unmap                    device_fault[0]          device[0]
           ───────────────────────  ───────────────────────  ───────────────────────
        1  │                        mutex_lock(&driver[      │
           │                          self].update)          │
           │                          holds driver[0].       │
           │                            update               │
        2  │                        mutex_lock(&mm.lock)     │
           │                          holds mm.lock,         │
           │                            driver[0].update     │
           │                          unmap waits for mm.lock
        3  ┆                        driver[device].pte =     │
           ┆                          mm.pte                 │
           ┆                          race: reads mm.pte     │
           ┆                          driver[0].pte: none → page 0
        4  ┆                        mutex_unlock(&mm.lock)   │
           ┆                          holds driver[0].       │
           ┆                            update               │
           ┆                          unmap no longer waits
        5  mutex_lock(&mm.lock)     ┃                        │
             holds mm.lock          ┃                        │
        6  page = mm.pte            ┃                        │
             page = page 0          ┃                        │
        7  mm.pte = none            ┃                        │
             race: changes mm.pte   ┃                        │
             mm.pte: page 0 → none
        8  free[page] = true        ┃                        │
             free[0]: no → yes
        9  ┃                        ┃                        device reads the page
           ┃                        ┃                          ✗ P-NOUAF
           ┃                        ┃                   accesses: 0 → 1

           ┃ holds a lock   ┆ waits for one

           ✗ P-NOUAF: the device uses a freed page
           race: step 3 (device_fault[0]) reads mm.pte; step 7 (unmap) then changes
             it: page 0 → none; step 9 relies on the old value

           next step of each thread
             unmap            mutex_unlock(&mm.lock)
             device_fault[0]  mutex_unlock(&driver[self].update)
             device[0]        rests, or device reads the page

           source of each step
             1  test/support/notifier.ts:LINE
             2  test/support/notifier.ts:LINE
             3  test/support/notifier.ts:LINE
             4  test/support/notifier.ts:LINE
             5  test/support/notifier.ts:LINE
             6  test/support/notifier.ts:LINE
             7  test/support/notifier.ts:LINE
             8  test/support/notifier.ts:LINE
             9  test/support/notifier.ts:LINE
      "
    `)
  })

  test.each([60, 72, 96, 100, 120, 140, 160])('fits %i columns', async (width) => {
    fits(asDrawn(await shortestOf({ variant: 'as-posted', scenario: 'wide' }, 'P-NOUAF'), width), width)
    fits(asDrawn(await shortestOf({ variant: 'without-lock_order', scenario: 'wide' }, 'deadlock'), width), width)
  })

  test('in colours it says the same', async () => {
    const { graph, run, property } = await shortestOf({ variant: 'as-posted' }, 'P-NOUAF')
    const coloured = drawRun(graph, run, { width: 110, paint: ansiPaint, property })
    const plain = drawRun(graph, run, { width: 110, paint: plainPaint, property })
    expect(coloured.map((line) => line.replaceAll(/\u001b\[\d+m/g, '').trimEnd())).toEqual(plain)
    expect(coloured.join('\n')).toContain('\u001b[31m✗ P-NOUAF')
  })
})

test('a lock deadlock: who waits where for whom', async () => {
  const text = drawn(await shortestOf({ variant: 'without-lock_order', scenario: 'wide' }, 'lock-deadlock'), 120)
  expect(text).toMatchInlineSnapshot(`
    "
         initially mm.pte = page 0, mm.mapped = yes

         unmap                     device_fault[0]           device_fault[1]           │ what changed
         ────────────────────────  ────────────────────────  ────────────────────────  ┼──────────────────────────────
      1  mutex_lock(&mm.lock)      │                         │                         │
           holds mm.lock           │                         │                         │
      2  page = mm.pte             │                         │                         │
           page = page 0           │                         │                         │
      3  mm.pte = none             │                         │                         │ mm.pte: page 0 → none
      4  ┃                         mutex_lock(&driver[       │                         │
         ┃                           self].update)           │                         │
         ┃                           holds driver[0].        │                         │
         ┃                             update; waits for     │                         │
         ┃                             mm.lock               │                         │
      5  ┃                         ┆                         mutex_lock(&driver[       │ unmap holds mm.lock; waits for
         ┃                         ┆                           self].update)           │   driver[0].update,
         ┃                         ┆                           holds driver[1].        │   driver[1].update
         ┃                         ┆                             update; waits for     │
         ┃                         ┆                             mm.lock               │
         ┃                         ┆                           ✗ lock-deadlock         │

         ┃ holds a lock   ┆ waits for one

         ✗ lock-deadlock: unmap, device_fault[0], device_fault[1] wait for each other
           unmap is at for each device (test/support/notifier.ts:LINE), holds mm.lock, waits for device_fault[0] and
             device_fault[1]
           device_fault[0] is at mutex_lock(&mm.lock) (test/support/notifier.ts:LINE), holds driver[0].update, waits for unmap
           device_fault[1] is at mutex_lock(&mm.lock) (test/support/notifier.ts:LINE), holds driver[1].update, waits for unmap

         source of each step
           1     test/support/notifier.ts:LINE
           2     test/support/notifier.ts:LINE
           3     test/support/notifier.ts:LINE
           4, 5  test/support/notifier.ts:LINE
    "
  `)
})

describe('a lock with readers, a writer and a queue; every kind of value', () => {
  const Page = sort('Page')
  const Waiter = struct('waiter', { thread: Thread, write: Bool })
  const Rwsem = struct('rw_semaphore', {
    writer: optional(Thread),
    readers: setOf(Thread),
    waiters: queueOf(Waiter, size(Thread)),
  })
  const Pte = union('pte', { none: {}, present: { page: Page, write: Bool } })
  const mm = shared('mm', struct('mm', { mmap_sem: Rwsem, pte: array(range(0, 1), Pte) }))
  const counters = shared('counters', struct('counters', { users: range(0, 3), state: range(0, 2) }))
  const held = shared('held', setOf(Page))
  const freed = shared('freed', queueOf(Page, 2))
  const owner = ghost('owner', array(Page, optional(Thread)))
  const start = shared('start', range(0, 5), anyOf(3, 4))

  const down_read = atomic('down_read', [ref(Rwsem)], (sem) => {
    Acquire(and(sem.writer.isNone, sem.waiters.isEmpty), (other) =>
      or(
        sem.writer.eq(other),
        someOf(sem.waiters, (waiter) => waiter.thread.eq(other)),
      ),
    )
    sem.readers.add(current)
  })
  const down_write = procedure('down_write', [ref(Rwsem)], (sem) => {
    Step('down_write: queue', () => {
      sem.waiters.push(Waiter.value({ thread: current, write: true }))
    })
    Step('down_write: granted', () => {
      Acquire(sem.readers.isEmpty, (other) => sem.readers.has(other))
      sem.waiters.pop()
      sem.writer.set(current)
    })
  })

  const reader = threadPer(Page, 'reader', (page) => {
    down_read(mm.mmap_sem)
    Step('map the page', () => {
      mm.pte.at(1).set(Pte.present({ page, write: true }))
      held.add(page)
      owner.at(page).set(current)
      counters.users.increment()
      counters.state.set(2)
    })
    Step('queue the page', () => {
      Cover('writer-waits', not(mm.mmap_sem.waiters.isEmpty))
      freed.push(page)
      owner.at(page).set(none)
    })
  })
  const writer = thread('writer', () => {
    down_write(mm.mmap_sem)
  })
  const closed = configure(
    model('values', {
      threads: [reader, writer],
      properties: [
        lockDeadlock(),
        deadlock(),
        sometimes('both-held', held.size.eq(2)),
        invariant('few-freed', freed.length.lt(2)),
        transition('users-do-not-pass-one', before(counters.users).ne(1)),
        sometimes('at-start', start.eq(4)),
        sometimes('writer-waits'),
      ],
    }),
    { sizes: { Page: 2 }, constants: {} },
  )

  test('the witness of what is possible', async () => {
    expect(drawn(await shortest(closed, 'both-held'), 110)).toMatchInlineSnapshot(`
      "
           initially start = 3

           reader[0]                 reader[1]                 │ what changed
           ────────────────────────  ────────────────────────  ┼──────────────────────────────
        1  down_read(&mm.mmap_sem)   │                         │
             holds mm.mmap_sem       │                         │
               (readers)             │                         │
        2  map the page              │                         │ mm.pte[1]: none → present(page 0, write)
           ┃                         │                         │ counters.users: 0 → 1
           ┃                         │                         │ counters.state: 0 → 2
           ┃                         │                         │ held += page 0
           ┃                         │                         │ owner[0]: none → reader[0]
        3  ┃                         down_read(&mm.mmap_sem)   │
           ┃                           holds mm.mmap_sem       │
           ┃                             (readers)             │
        4  ┃                         map the page              │ mm.pte[1]: present(page 0, write) → present(page 1,
           ┃                         ┃                         │   write)
           ┃                         ┃                         │ counters.users: 1 → 2
           ┃                         ┃                         │ held += page 1
           ┃                         ┃                         │ owner[1]: none → reader[1]

           ┃ holds a lock

           ✓ both-held is reached

           next step of each thread
             reader[0]  queue the page
             reader[1]  queue the page
             writer     down_write: queue

           source of each step
             1, 3  test/report/drawing.test.ts:LINE
             2, 4  test/report/drawing.test.ts:LINE
      "
    `)
  })

  test('a thread that waits in a queue', async () => {
    const text = drawn(await shortest(closed, 'writer-waits'), 120)
    expect(text).toContain('waits for mm.mmap_sem')
    expect(text).toContain('┆')
    expect(text).toMatchInlineSnapshot(`
      "
           initially start = 3

           reader[0]                      writer                         │ what changed
           ─────────────────────────────  ─────────────────────────────  ┼──────────────────────────────
        1  down_read(&mm.mmap_sem)        │                              │
             holds mm.mmap_sem (readers)  │                              │
        2  map the page                   │                              │ mm.pte[1]: none → present(page 0, write)
           ┃                              │                              │ counters.users: 0 → 1
           ┃                              │                              │ counters.state: 0 → 2
           ┃                              │                              │ held += page 0
           ┃                              │                              │ owner[0]: none → reader[0]
        3  ┃                              down_write: queue              │
           ┃                                waits for mm.mmap_sem        │
        4  queue the page                 ┆                              │ freed: [] → [page 0]
           ┃                              ┆                              │ owner[0]: reader[0] → none

           ┃ holds a lock   ┆ waits for one

           ✓ writer-waits is reached

           next step of each thread
             reader[1]  waits for mm.mmap_sem, held by writer
             writer     waits for mm.mmap_sem, held by reader[0]

           source of each step
             1  test/report/drawing.test.ts:LINE
             2  test/report/drawing.test.ts:LINE
             3  test/report/drawing.test.ts:LINE
             4  test/report/drawing.test.ts:LINE
      "
    `)
  })

  test.each([
    ['few-freed', '✗ few-freed is false in this state'],
    ['users-do-not-pass-one', '✗ users-do-not-pass-one is false for this step'],
  ])('%s', async (name, end) => {
    expect(drawn(await shortest(closed, name), 110)).toContain(end)
  })

  test('an initial state that shows it has no columns', async () => {
    expect(drawn(await shortest(closed, 'at-start'), 110)).toBe(
      '\n     initially start = 4\n\n     ✓ at-start is reached\n',
    )
  })
})

test('a thread that waits for itself; a domain error; misuse', async () => {
  const lock = shared('lock', struct('mutex', { owner: optional(Thread) }))
  const n = shared('n', range(0, 1))
  const closed = configure(
    model('alone', {
      threads: [
        thread('twice', () => {
          Step('lock', () => {
            lock.owner.set(current)
          })
          Step('lock again', () => {
            Acquire(lock.owner.isNone, (other) => lock.owner.eq(other))
            lock.owner.set(current)
          })
        }),
        thread('counts', () => {
          Idle()
          Loop(() => {
            Step('count', () => {
              Assert('never-one', n.eq(0))
              const by = Choose('by', range(1, 2))
              n.set(n.plus(by))
            })
          })
        }),
      ],
      properties: [lockDeadlock()],
    }),
    { sizes: {}, constants: {} },
  )
  expect(drawn(await shortest(closed, 'lock-deadlock'), 80)).toContain(
    '✗ lock-deadlock: twice waits for itself\n       twice is at lock again (test/report/drawing.test.ts:LINE), holds lock,\n         waits for twice\n',
  )
  expect(drawn(await shortest(closed, 'domain'), 80)).toContain('✗ domain: n: 2 is outside 0..1, in n = n + by')
  expect(drawn(await shortest(closed, 'domain'), 80)).toContain('count [by = 2]')
})

describe('a call that is one transition', () => {
  const Page = sort('Page')
  const locked = shared('locked', array(Page, Bool)),
    count = shared('count', range(0, 2)),
    holders = shared('holders', setOf(Page))
  const trylock = atomic('trylock', [Page], (page) => {
    If(locked.at(page), () => Return(no))
    locked.at(page).set(true)
    return yes
  })
  const read = atomic('read', [], () => count)
  const pick = atomic('pick', [], () => {
    const page = Choose('page', Page)
    holders.add(page)
    return page
  })
  const forget = atomic('forget', [], () => ForEach(Page, (page) => locked.at(page).set(false)))
  const both = procedure('both', [Page], (page) => {
    const first = trylock(page)
    const second = trylock(page)
    return and(first, second)
  })
  const closed = configure(
    model('calls', {
      threads: [
        thread('t', () => {
          const page = pick()
          const got = both(page)
          const seen = read()
          Step('seen', () => {
            If(not(got), () => count.set(1))
            If(seen.ne(0), () => count.set(2))
          })
          forget()
          return Step('end', () => Assert('never', count.eq(0)))
        }),
      ],
      properties: [assertion('never')],
    }),
    { sizes: { Page: 1 }, constants: {} },
  )

  test('is drawn with what it is worth: but for what was chosen, and not of procedures', async () => {
    const text = drawn(await shortest(closed, 'never'), 80)
    expect(text.slice(0, text.indexOf('next'))).toMatchInlineSnapshot(`
      "
           t                    │ what changed
           ───────────────────  ┼──────────────────────────────
        1  pick() [page 0]      │ holders += page 0
        2  trylock(page) = yes  │ locked[0]: no → yes
        3  trylock(page) = no   │
        4  read() = 0           │
        5  seen                 │ count: 0 → 1
        6  forget()             │ locked[0]: yes → no
        7  end                  │
             ✗ never            │

           ✗ never

           source of each step
             1  test/report/drawing.test.ts:LINE
             2  test/report/drawing.test.ts:LINE
             3  test/report/drawing.test.ts:LINE
             4  test/report/drawing.test.ts:LINE
             5  test/report/drawing.test.ts:LINE
             6  test/report/drawing.test.ts:LINE
             7  test/report/drawing.test.ts:LINE"
    `)
  })
  test('is so in ASCII, and its label stays as it is', async () => {
    const { graph, run, property } = await shortest(closed, 'never')
    expect(drawRun(graph, run, { width: 80, paint: plainPaint, property, ascii: true }).join('\n')).toContain(
      'trylock(page) = no',
    )
    expect(traceOf(graph, run).steps.map(({ label, returns }) => [label, returns])).toEqual([
      ['pick()', undefined],
      ['trylock(page)', 'yes'],
      ['trylock(page)', 'no'],
      ['read()', '0'],
      ['seen', undefined],
      ['forget()', undefined],
      ['end', undefined],
    ])
  })
})
