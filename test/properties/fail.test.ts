/**
 * Each property can fail: a world of a few entries and references breaks it, and a world that differs only where it
 * may does not.
 */
import { describe, expect, test } from 'vitest'
import {
  array,
  Assert,
  Bool,
  Choose,
  Cover,
  no,
  range,
  Reused,
  setOf,
  shared,
  sort,
  Step,
  yes,
  type Block,
  type Id,
  type Property,
} from '../../src/language/index.ts'
import {
  Cpu,
  Device,
  DevicePageTable,
  DevicePte,
  objects,
  Page,
  pageAllocator,
  memMap,
  PageTable,
  Pte,
  Va,
} from '../../src/kernel/index.ts'
import {
  agree,
  agree_always,
  balanced,
  mm_is_freed,
  never_below_zero,
  newest_value,
  no_stale_entry,
  no_use_after_free,
  no_use_after_kfree,
  paired,
  referenced,
  returns_unlocked,
  snapshot_is_valid,
  start_means_empty,
  unique,
  type Tested,
} from '../../properties/index.ts'
import { closed, thread, verdicts } from '../kernel/support.ts'

const pte = shared('pte', PageTable)
const entries = shared('entries', array(Device, DevicePageTable))
const registered = shared('registered', setOf(Device))
const owing = shared('owing', setOf(Device))
const answered = shared('answered', setOf(Cpu))
const open = shared('open', setOf(Cpu))
const begun = shared('begun', Bool)
const tables = {
  cpu: (va: Id<'Va'>) => pte.at(va),
  device: (one: Id<'Device'>, va: Id<'Va'>) => entries.at(one).at(va),
  is_registered: (one: Id<'Device'>) => registered.has(one),
  is_owed: (one: Id<'Device'>, _va: Id<'Va'>) => owing.has(one),
  is_answered: (cpu: Id<'Cpu'>, _va: Id<'Va'>) => answered.has(cpu),
  is_open: (cpu: Id<'Cpu'>) => open.has(cpu),
}

interface Things {
  readonly va: Id<'Va'>
  readonly one: Id<'Page'>
  readonly two: Id<'Page'>
  readonly device: Id<'Device'>
  readonly cpu: Id<'Cpu'>
}
const sizes = { Va: 1, Page: 2, Device: 1, Cpu: 1 }
/** The choice that another depends on is a transition of its own; the others go with the step after them. */
const before = 2
const world = (properties: readonly Property[], ...steps: readonly ((things: Things) => unknown)[]) => {
  const a = thread('a', () => {
    const va = Choose('va', Va)
    const one = Choose('one', Page)
    const two = Choose('two', Page, (page) => page.ne(one))
    const device = Choose('device', Device)
    const cpu = Choose('cpu', Cpu)
    for (const page of [one, two]) Reused(page, 'the steps are written for it')
    Step('all is chosen', () => begun.set(yes))
    steps.forEach((step, n) =>
      Step(`step ${n}`, () => {
        step({ va, one, two, device, cpu })
        return undefined
      }),
    )
    return undefined
  })
  return verdicts(closed([a], properties, { sizes }))
}
/** Without its `sometimes`. */
const alone = ([property]: Tested): readonly Property[] => [property]
const fails = (name: string, steps: number) => ({ [name]: `violated in ${before + steps}` })

// What the steps do.
const isTold = ({ device }: Things) => registered.add(device)
const cpuOne = ({ va, one }: Things) => pte.at(va).set(one)
const cpuTwo = ({ va, two }: Things) => pte.at(va).set(two)
const deviceOne = ({ va, one, device }: Things) =>
  entries
    .at(device)
    .at(va)
    .set(DevicePte.present({ page: one }))
const deviceTwo = ({ va, two, device }: Things) =>
  entries
    .at(device)
    .at(va)
    .set(DevicePte.present({ page: two }))
const deviceStale = ({ va, device }: Things) => entries.at(device).at(va).set(DevicePte.stale)
const deviceNone = ({ va, device }: Things) => entries.at(device).at(va).set(DevicePte.none)
const isAnswered = ({ cpu }: Things) => answered.add(cpu)

describe('P-AGREE: the CPU begins to lead to a page', () => {
  const properties = alone(agree(tables))
  const holds = { 'P-AGREE': 'holds' }

  test('while a registered device leads to another', async () => {
    expect(await world(properties, isTold, deviceOne, cpuTwo)).toEqual(fails('P-AGREE', 3))
  })
  test('and leads from one page to the next, with the device left behind', async () => {
    expect(await world(properties, isTold, cpuOne, deviceOne, cpuTwo)).toEqual(fails('P-AGREE', 4))
  })
  test('while the device leads to the same page, to none, or is not registered', async () => {
    expect(await world(properties, isTold, deviceOne, cpuOne)).toEqual(holds)
    expect(await world(properties, isTold, deviceOne, deviceNone, cpuTwo)).toEqual(holds)
    expect(await world(properties, deviceOne, cpuTwo)).toEqual(holds)
  })
  test('and the device is emptied in the very same step', async () => {
    expect(
      await world(properties, isTold, deviceOne, (things) => {
        deviceNone(things)
        return cpuTwo(things)
      }),
    ).toEqual(holds)
  })
  test('and it is the device that begins to lead elsewhere: that is a matter of the state', async () => {
    expect(await world([...alone(agree(tables)), ...alone(agree_always(tables))], isTold, cpuOne, deviceTwo)).toEqual({
      ...holds,
      ...fails('P-AGREE-STATE', 3),
    })
  })
})

describe('P-AGREE-STATE: both lead somewhere', () => {
  const properties = agree_always(tables)
  const holds = { 'P-AGREE-STATE': 'holds' }
  const never = { 'P-AGREE-STATE.reached': 'violated' }

  test('to different pages', async () => {
    expect(await world(properties, isTold, cpuOne, deviceTwo)).toEqual({ ...fails('P-AGREE-STATE', 3), ...never })
  })
  test('to the same page, which shows that it is reached', async () => {
    expect(await world(properties, isTold, cpuOne, deviceOne)).toEqual({
      ...holds,
      'P-AGREE-STATE.reached': 'holds in 5',
    })
  })
  test('but one of them to no page that is there', async () => {
    expect(await world(properties, isTold, cpuOne, deviceStale)).toEqual({ ...holds, ...never })
    expect(await world(properties, isTold, deviceTwo)).toEqual({ ...holds, ...never })
    expect(await world(properties, cpuOne, deviceTwo)).toEqual({ ...holds, ...never })
  })
})

describe('P-NOUAF-ENTRY: an entry for a page that was freed', () => {
  const properties = no_stale_entry(tables)
  const holds = { 'P-NOUAF-ENTRY': 'holds' }
  const owes = ({ device }: Things) => owing.add(device)

  test('stands, and nobody will tell the device', async () => {
    expect(await world(properties, deviceStale)).toEqual({
      ...fails('P-NOUAF-ENTRY', 1),
      'P-NOUAF-ENTRY.reached': 'violated',
    })
  })
  test('stands until the device is called', async () => {
    expect(await world(properties, deviceOne, owes, deviceStale, deviceNone)).toEqual({
      ...holds,
      'P-NOUAF-ENTRY.reached': 'holds in 3',
    })
    expect(await world(properties, owes, deviceStale, ({ device }) => owing.remove(device))).toEqual({
      ...fails('P-NOUAF-ENTRY', 3),
      'P-NOUAF-ENTRY.reached': 'violated',
    })
  })
})

describe('P-INV: a bracket is open and its start has returned', () => {
  const properties = alone(start_means_empty(tables))
  const holds = { 'P-INV': 'holds' }

  test('with an entry left, and with one that is installed', async () => {
    expect(await world(properties, isTold, deviceOne, isAnswered)).toEqual(fails('P-INV', 3))
    expect(await world(properties, isTold, deviceStale, isAnswered)).toEqual(fails('P-INV', 3))
    expect(await world(properties, isTold, isAnswered, deviceOne)).toEqual(fails('P-INV', 3))
  })
  test('with none, or of a device that is not told', async () => {
    expect(await world(properties, isTold, deviceOne, deviceNone, isAnswered)).toEqual(holds)
    expect(await world(properties, deviceOne, isAnswered)).toEqual(holds)
    expect(await world(properties, isTold, deviceOne)).toEqual(holds)
  })
})

describe('P-BAL: brackets are counted', () => {
  const Counter = sort('Counter')
  const counted = shared('counted', array(Counter, range(0, 2)))
  const told = shared('told', Bool)
  const properties = balanced(
    Counter,
    (one) => counted.at(one),
    () => told,
    tables,
  )
  const all = (steps: readonly ((cpu: Id<'Cpu'>, one: Id<'Counter'>) => unknown)[]) =>
    verdicts(
      closed(
        [
          thread('a', () => {
            const one = Choose('one', Counter)
            const cpu = Choose('cpu', Cpu)
            steps.forEach((step, n) =>
              Step(`step ${n}`, () => {
                step(cpu, one)
                return undefined
              }),
            )
            return undefined
          }),
        ],
        properties,
        { sizes: { Counter: 1, Cpu: 1 } },
      ),
    )
  const tell = () => told.set(true)
  const opens = (cpu: Id<'Cpu'>) => open.add(cpu)
  const counts = (_: Id<'Cpu'>, one: Id<'Counter'>) => counted.at(one).increment()

  test('as many as are open, and reached with one that is', async () => {
    expect(
      await all([
        tell,
        (cpu, one) => {
          opens(cpu)
          return counts(cpu, one)
        },
      ]),
    ).toEqual({ 'P-BAL': 'holds', 'P-BAL.reached': 'holds in 2' })
  })
  test('too few, or too many', async () => {
    expect(await all([tell, opens])).toEqual({ 'P-BAL': 'violated in 2', 'P-BAL.reached': 'holds in 2' })
    expect(await all([tell, counts])).toEqual({ 'P-BAL': 'violated in 2', 'P-BAL.reached': 'violated' })
  })
  test('by one who is not told', async () => {
    expect(await all([opens])).toMatchObject({ 'P-BAL': 'holds' })
  })
})

describe('P-REF: references', () => {
  const mem_map = shared('mem_map', memMap(2))
  const held = shared('held', array(Cpu, Pte))
  const { alloc_page, put_page } = pageAllocator(mem_map)
  const properties = [
    ...alone(
      referenced({
        refcount: (page) => mem_map.at(page).refcount,
        mapped: (va) => pte.at(va),
        held: (cpu) => held.at(cpu),
      }),
    ),
    never_below_zero(),
  ]
  const counts =
    (refs: number) =>
    ({ one }: Things) =>
      mem_map.at(one).refcount.set(refs)
  const holdsOne = ({ cpu, one }: Things) => held.at(cpu).set(one)
  const both =
    (...steps: readonly ((things: Things) => unknown)[]) =>
    (things: Things) =>
      steps.forEach((step) => step(things))
  const holds = { 'P-REF': 'holds', 'P-REF-ZERO': 'holds' }

  test('as many as entries and holders', async () => {
    expect(await world(properties, both(counts(1), cpuOne))).toEqual(holds)
    expect(await world(properties, both(counts(1), holdsOne))).toEqual(holds)
    expect(await world(properties, both(counts(2), cpuOne, holdsOne))).toEqual(holds)
  })
  test('one that nobody has: the page is never freed', async () => {
    expect(await world(properties, counts(1))).toEqual({ ...holds, ...fails('P-REF', 1) })
    expect(await world(properties, both(counts(2), cpuOne))).toEqual({ ...holds, ...fails('P-REF', 1) })
  })
  test('none, of a page that is mapped or held: it is free under its users', async () => {
    expect(await world(properties, cpuOne)).toEqual({ ...holds, ...fails('P-REF', 1) })
    expect(await world(properties, holdsOne)).toEqual({ ...holds, ...fails('P-REF', 1) })
  })
  test('dropped once too often', async () => {
    const twice = thread('a', () => {
      const page = alloc_page()
      put_page(page)
      return put_page(page)
    })
    // What is asserted ends nothing: the count itself then leaves its range.
    expect(await verdicts(closed([twice], [never_below_zero()], { sizes: { Page: 1 } }))).toEqual({
      'P-REF-ZERO': 'violated in 3',
      domain: 'violated in 3',
    })
  })

  test('P-REF-MM: of the mm_struct, when the process is gone', async () => {
    const [gone, pinned] = [shared('gone', Bool), shared('pinned', Bool)]
    const ends = (can_come: Bool, ...steps: readonly Block[]) =>
      verdicts(
        closed(
          [
            thread('a', () => {
              steps.forEach((step) => step())
              return undefined
            }),
          ],
          mm_is_freed(can_come, gone, pinned),
        ),
      )
    const [pins, goes, unpins] = [() => pinned.set(true), () => gone.set(true), () => pinned.set(false)]
    expect(await ends(yes, pins, goes)).toEqual({ 'P-REF-MM': 'violated in 2', 'P-REF-MM.reached': 'holds in 2' })
    expect(await ends(yes, pins, unpins, goes)).toEqual({ 'P-REF-MM': 'holds', 'P-REF-MM.reached': 'holds in 3' })
    // Where it can come to that it must; where nobody exits it need not.
    expect(await ends(yes, pins)).toEqual({ 'P-REF-MM': 'holds', 'P-REF-MM.reached': 'violated' })
    expect(await ends(no, pins)).toEqual({ 'P-REF-MM': 'holds', 'P-REF-MM.reached': 'holds in 0' })
  })
})

describe('P-LIFE and P-UNIQUE: objects', () => {
  const Hmm = sort('Hmm')
  const hmms = objects(Hmm, 'hmms')
  const on = { sizes: { Hmm: 2 } }

  test('one that is used after it was freed', async () => {
    const uses = thread('a', () => {
      const one = hmms.kmalloc()
      hmms.kfree(one)
      return Step('use', () => hmms.dereference(one, 'hmm'))
    })
    expect(await verdicts(closed([uses], alone(no_use_after_kfree()), on))).toEqual({ 'P-LIFE': 'violated in 3' })
  })
  test('two where there must be one', async () => {
    const properties = unique(Hmm, hmms.is_allocated)
    const allocates = (name: string) => thread(name, () => hmms.kmalloc())
    expect(await verdicts(closed([allocates('a')], properties, on))).toEqual({
      'P-UNIQUE': 'holds',
      'P-UNIQUE.reached': 'holds in 1',
    })
    expect(await verdicts(closed([allocates('a'), allocates('b')], properties, on))).toEqual({
      'P-UNIQUE': 'violated in 2',
      'P-UNIQUE.reached': 'holds in 1',
    })
    const replaces = thread('a', () => {
      const one = hmms.kmalloc()
      hmms.kfree(one)
      return hmms.kmalloc()
    })
    expect(await verdicts(closed([replaces], properties, on))).toEqual({
      'P-LIFE': 'holds',
      'P-UNIQUE': 'holds',
      'P-UNIQUE.reached': 'holds in 1',
    })
  })
})

describe('what is asserted, and what is covered, where it is done', () => {
  const bit = shared('bit', Bool)
  const none = shared('none', range(0, 1))
  const vacant = shared('vacant', Pte)
  const nobody = { refcount: () => none, mapped: (va: Id<'Va'>) => pte.at(va), held: () => vacant }
  const asserted = [no_use_after_free(), newest_value(), snapshot_is_valid(), returns_unlocked(), no_use_after_kfree()]
  const covered = [...asserted, agree(tables), start_means_empty(tables), referenced(nobody)]
  const all = [...asserted.map(([property]) => property), paired(), never_below_zero()]
  const twins = covered.map(([, reached]) => reached)
  /** Its condition is false at first, and true later. */
  const at = (use: (condition: Bool) => unknown) =>
    thread('a', () => {
      bit.set(true)
      return Step('there', () => {
        use(bit)
        bit.set(true)
        return undefined
      })
    })

  test.each(all.map((property) => [property.name, property] as const))(
    '%s fails where its condition is false',
    async (name, property) => {
      expect(await verdicts(closed([at((condition) => Assert(property, condition))], [property]))).toEqual({
        [name]: 'holds',
      })
      expect(await verdicts(closed([at((condition) => Assert(property, condition.eq(false)))], [property]))).toEqual({
        [name]: 'violated in 2',
      })
    },
  )
  test.each(twins.map((property) => [property.name, property] as const))(
    '%s is missed where its condition never holds',
    async (name, property) => {
      expect(await verdicts(closed([at((condition) => Cover(property, condition))], [property]))).toEqual({
        [name]: 'holds in 2',
      })
      expect(await verdicts(closed([at((condition) => Cover(property, condition.eq(false)))], [property]))).toEqual({
        [name]: 'violated',
      })
    },
  )
})
