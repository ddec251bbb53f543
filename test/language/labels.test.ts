/** What a schedule says of a transition. */
import { expect, test } from 'vitest'
import {
  Acquire,
  and,
  array,
  Assert,
  assertion,
  atomic,
  Await,
  Bool,
  Choose,
  count,
  current,
  Either,
  every,
  ForEach,
  Goto,
  If,
  IfIs,
  IfSome,
  Label,
  Let,
  Loop,
  Match,
  model,
  none,
  not,
  oneOf,
  optional,
  or,
  procedure,
  queueOf,
  range,
  ref,
  setOf,
  shared,
  someOf,
  sort,
  statementLabel,
  Step,
  struct,
  Thread,
  threadPer,
  union,
  whenSome,
} from '../../src/language/index.ts'
import { visitStatements } from '../../src/language/walk.ts'

const Device = sort('Device')
const Page = sort('Page')
const Va = sort('Va')
const Rwsem = struct('rw_semaphore', { owner: optional(Thread), readers: setOf(Thread), waiting: queueOf(Thread, 2) })
const mm = shared(
  'mm',
  struct('mm_struct', { mmap_sem: Rwsem, pte: array(Va, optional(Page)), state: oneOf('live', 'dead') }),
)
const driver = shared('driver', array(Device, struct('driver', { pte: array(Va, optional(Page)), count: range(0, 9) })))
const entry = shared('entry', union('entry', { none: {}, present: { page: Page, write: Bool } }))

const down_read = atomic('down_read', [ref(Rwsem)], (sem) => {
  Acquire(sem.owner.isNone, (other) => sem.owner.eq(other))
  sem.readers.add(current)
})
const zap = procedure('zap', [Va, Bool], (va) => mm.pte.at(va).set(none))

const {
  threads: [text],
} = model('m', {
  threads: [
    threadPer(Device, 't', (device) => {
      const va = Choose('va', Va)
      const again = Label('again')
      down_read(mm.mmap_sem)
      zap(va, true)
      driver.at(device).pte.at(va).set(none)
      driver.at(device).count.set(driver.at(device).count.plus(1).minus(2))
      driver.at(device).count.increment()
      mm.state.set('dead')
      const pte = Let('pte', mm.pte.at(va))
      If(and(pte.isSome, or(mm.state.eq('dead'), not(mm.mmap_sem.readers.has(current)))), () => {
        Goto(again)
      })
      IfSome(pte, (page) => driver.at(device).pte.at(va).set(page))
      IfIs(entry, 'present', ({ page, write }) => {
        Let('copy', page)
        Await(not(write))
      })
      Match(entry, { none: () => {} }, () => {})
      Await(
        or(
          mm.mmap_sem.waiting.isEmpty,
          mm.mmap_sem.waiting.head.eq(current),
          someOf(mm.mmap_sem.waiting, (other) => other.ne(current)),
        ),
      )
      Await(
        every(Va, (v) => whenSome(mm.pte.at(v), (page) => count(Device, (d) => driver.at(d).pte.at(v).eq(page)).le(1))),
      )
      mm.mmap_sem.waiting.push(current)
      mm.mmap_sem.waiting.discard(current)
      ForEach(Device, () => {
        Loop(() => {
          Either(
            () => mm.mmap_sem.waiting.pop(),
            () => mm.mmap_sem.readers.clear(),
          )
        })
      })
      Step('check', () => Assert('P-REF', mm.pte.at(va).eq(pte)))
    }),
  ],
  properties: [assertion('P-REF')],
})

test('every kind of statement', () => {
  const labels: string[] = []
  if (text !== undefined) visitStatements(text.body, (s) => labels.push(statementLabel(s, text)))
  expect(labels).toMatchInlineSnapshot(`
    [
      "choose va",
      "again:",
      "down_read(&mm.mmap_sem)",
      "await (mm.mmap_sem.owner == none)",
      "mm.mmap_sem.readers.add(current)",
      "zap(va, true)",
      "mm.pte[va] = none",
      "driver[device].pte[va] = none",
      "driver[device].count = driver[device].count + 1 - 2",
      "driver[device].count++",
      "mm.state = dead",
      "pte = mm.pte[va]",
      "if (pte != none && (mm.state == dead || !(mm.mmap_sem.readers has current)))",
      "goto again",
      "if (pte != none)",
      "driver[device].pte[va] = page",
      "if (entry is present)",
      "copy = page",
      "await (!write)",
      "switch (entry)",
      "await (mm.mmap_sem.waiting is empty || mm.mmap_sem.waiting.head == current || (some x in mm.mmap_sem.waiting: x != current))",
      "await (every va: mm.pte[va] == none || (count device: driver[device].pte[va] == mm.pte[va]) <= 1)",
      "mm.mmap_sem.waiting.push(current)",
      "mm.mmap_sem.waiting.discard(current)",
      "for each device",
      "loop",
      "either",
      "mm.mmap_sem.waiting.pop()",
      "mm.mmap_sem.readers = {}",
      "check",
      "assert P-REF",
    ]
  `)
})

test.each([
  ['if', 'else', 'else of if (entry is present)'],
  ['match', 'case-none', 'case none of entry'],
  ['match', 'rest', 'default of entry'],
  ['either', 'or-1', 'either: or 1'],
])('the way that a %s goes: %s', (kind, arm, label) => {
  const found: string[] = []
  if (text !== undefined)
    visitStatements(text.body, (s) => {
      if (s.kind === kind) found.push(statementLabel(s, text, arm))
    })
  expect(found).toContain(label)
})
