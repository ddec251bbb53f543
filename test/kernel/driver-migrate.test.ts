/** A driver moves memory to its device and back: what each way leaves, and what a race of two of them can leave. */
import { describe, expect, test } from 'vitest'
import {
  array,
  Choose,
  current,
  deadlock,
  ForEach,
  If,
  IfIs,
  Local,
  Match,
  no,
  not,
  oneOf,
  optional,
  queueOf,
  setOf,
  shared,
  Step,
  Thread,
  yes,
  type Block,
  type Id,
} from '../../src/language/index.ts'
import {
  driver_evict,
  driver_migrate_to_device,
  driver_migrate_to_ram,
  driver_release,
  do_swap_page,
  folioLocks,
  memMap,
  MigrateEntry,
  migrateVma,
  mmuIntervals,
  Device,
  Mutex,
  Page,
  pageAllocator,
  reverseMap,
  SwapPageTable,
  SwapPte,
  try_to_migrate_one,
  Va,
  VaRange,
  with_driver_lock,
  type DriverCopy,
  type MigrateMm,
} from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

/** c: copied. x: the copy failed. e: erased. m: mapped for the device. [ and ]: a bracket. s: a fault is served. */
const log = shared('log', queueOf(oneOf('c', 'x', 'e', 'm', '[', ']', 's', 'E'), 8))
/** The end: the entry (. none, R a page of RAM, D of the device, M a migration entry), and how many pages are left. */
const end = shared('end', queueOf(oneOf('.', 'R', 'D', 'M', '0', '1', '2'), 4))
const pte = shared('pte', SwapPageTable)
const migrations = shared('migrations', array(Thread, array(Va, MigrateEntry)))
const vmf_page = shared('vmf_page', array(Thread, optional(Page)))
const zone_device = shared('zone_device', setOf(Page))
const elsewhere = shared('elsewhere', setOf(Page))
const update = shared('update', Mutex)
const mem_map = shared('mem_map', memMap(5))
const system_memory = pageAllocator(mem_map, { owns: (page) => not(zone_device.has(page)) })
const device_memory = pageAllocator(mem_map, { owns: (page) => zone_device.has(page) })
const { get_page, put_page, is_free } = system_memory
const { folio_trylock, folio_unlock } = folioLocks()
const { mapcount, page_add_anon_rmap, page_remove_rmap } = reverseMap(2)

const table = { pte: (va: Id<'Va'>) => pte.at(va) }
const pages = {
  entry: (va: Id<'Va'>) => migrations.at(current).at(va),
  refcount: (page: Id<'Page'>) => mem_map.at(page).refcount,
  mapcount: (page: Id<'Page'>) => mapcount.at(page),
  is_zone_device_page: (page: Id<'Page'>) => zone_device.has(page),
  is_fault_page: (page: Id<'Page'>) => vmf_page.at(current).eq(page),
  folio_trylock,
  folio_unlock,
  get_page,
  put_page,
  page_remove_rmap,
  map_page: (page: Id<'Page'>) => {
    get_page(page)
    page_add_anon_rmap(page)
  },
}
const mm: MigrateMm<'Device'> = {
  ...table,
  is_owned: (page) => not(elsewhere.has(page)),
  invalidate_range_start: () => void Step('start', () => log.push('[')),
  invalidate_range_end: () => void Step('end', () => log.push(']')),
  try_to_migrate: (va) => void Step('try_to_migrate_one()', () => try_to_migrate_one(pages, pte.at(va), va)),
}
const migration = migrateVma(Device, { ...pages, mappings: [table] }).in_mm(mm)
/** The form of 6.15: a fault has the lock of its page. */
const of_6_15 = migrateVma(Device, { ...pages, mappings: [table], fault_has_lock: yes }).in_mm(mm)
const copy: DriverCopy = { copy: () => log.push('c'), failed: () => log.push('x') }
const under_lock = (body: () => void): void => with_driver_lock({ lock: update }, body)

const to_device = (more: Partial<DriverCopy> = {}): void => {
  const todo = Local('todo', VaRange, VaRange.empty)
  const owner = Local('owner', Device)
  driver_migrate_to_device(migration, {
    ...copy,
    ...more,
    range: VaRange.all,
    todo,
    owner,
    device_memory,
    under_lock,
    map: (va) => void Step('map', () => If(migration.is_moved(va), () => log.push('m'))),
  })
}
const to_ram = (va: Id<'Va'>, more: Partial<DriverCopy> = {}, form = migration): void => {
  const range = Local('range', VaRange, VaRange.empty)
  const todo = Local('ram_todo', VaRange, VaRange.empty)
  const owner = Local('owner', Device)
  range.add(va)
  const erase = (): void => void Step('erase', () => log.push('e'))
  driver_migrate_to_ram(form, { ...copy, ...more, range, todo, owner, system_memory, under_lock, erase })
}
/** A CPU touches the address: once. */
const faults = (more: Partial<DriverCopy> = {}, form = migration): void => {
  const page = Local('page', Page)
  const device = Local('device', optional(Va))
  ForEach(Va, (va) => {
    Step('orig_pte', () =>
      IfIs(pte.at(va), 'device_private', (entry) => {
        page.set(entry.page)
        device.set(va)
      }),
    )
    If(device.eq(va), () => {
      do_swap_page(page, {
        pte: pte.at(va),
        vmf_page: vmf_page.at(current),
        get_page,
        put_page,
        ...(form === of_6_15 && { folio_lock: { trylock: folio_trylock, unlock: folio_unlock } }),
        migrate_to_ram: () => to_ram(va, more, form),
      })
    })
  })
}
const evicts = (more: Partial<DriverCopy> = {}): void => {
  const todo = Local('todo', VaRange, VaRange.empty)
  const owner = Local('owner', Device)
  driver_evict(migration, { ...copy, ...more, todo, owner, system_memory })
}

/** At the beginning: a page of the system that is mapped, or one of the device; the other page is free. */
const maps =
  (where: 'ram' | 'device' | 'nothing', foreign = false): Block =>
  () => {
    const page = Choose('page', Page, (one) => one.eq(one))
    const device = Choose('device', Page, (one) => one.ne(page))
    zone_device.add(device)
    if (foreign) elsewhere.add(device)
    const mapped = where === 'ram' ? page : device
    if (where === 'nothing') return
    mem_map.at(mapped).refcount.set(1)
    page_add_anon_rmap(mapped)
    ForEach(Va, (va) =>
      pte
        .at(va)
        .set(
          where === 'ram'
            ? SwapPte.present({ page: mapped, write: yes, dirty: no })
            : SwapPte.device_private({ page: mapped, write: yes }),
        ),
    )
  }
const does = (name: string, body: () => void) => thread(name, body)
/** What the entry is in the end, and how many pages are not free. */
const looks = (body: () => void) =>
  thread('t', () => {
    body()
    ForEach(Va, (va) =>
      Step('the entry', () =>
        Match(pte.at(va), {
          none: () => end.push('.'),
          present: () => end.push('R'),
          device_private: () => end.push('D'),
          migration: () => end.push('M'),
          swap: () => end.push('.'),
        }),
      ),
    )
    ForEach(Page, (page) => Step('a page', () => If(not(is_free(page)), () => end.push('1'))))
  })
const sizes = { Page: 2, Va: 1 }
const both = (body: () => void, initially: Block) => {
  const configured = closed([looks(body)], [], { sizes }, initially)
  return [endings(configured), endings(configured, 'end')]
}
const nothing: Block = () => undefined

describe('to the device', () => {
  test('a page is collected in a bracket, copied, and mapped for the device; the old one is freed', () => {
    expect(both(() => to_device(), maps('ram'))).toEqual([['[]cm'], ['D1']])
  })
  test('a hole is filled in a bracket of its own, without a copy', () => {
    expect(both(() => to_device(), maps('nothing'))).toEqual([['[][]m'], ['D1']])
  })
  test('without device memory a page stays where it is', () => {
    expect(
      both(
        () => to_device(),
        () => {
          maps('ram')()
          zone_device.clear()
          ForEach(Page, (page) => If(is_free(page), () => mem_map.at(page).refcount.set(1)))
        },
      ),
    ).toEqual([['[]'], ['R11']])
  })
  test('a copy that fails leaves the page where it is, and frees the new one', () => {
    expect(both(() => to_device({ copy_may_fail: yes }), maps('ram'))).toEqual([
      ['[]cm', '[]x'],
      ['D1', 'R1'],
    ])
  })
  test('a driver that does not look at its copy maps what the copy has left', () => {
    expect(both(() => to_device({ copy_may_fail: yes, checks_copy: no }), maps('ram'))).toEqual([
      ['[]cm', '[]xm'],
      ['D1'],
    ])
  })
  test('what somebody else has a reference to is put back', () => {
    expect(
      both(
        () => to_device(),
        () => {
          maps('ram')()
          ForEach(Page, (page) => If(not(is_free(page)), () => mem_map.at(page).refcount.set(2)))
        },
      ),
    ).toEqual([['[]'], ['R1']])
  })
})

describe('to ram', () => {
  test('a fault brings the page back: erased before it is copied', () => {
    expect(both(() => faults(), maps('device'))).toEqual([['[]ec'], ['R1']])
  })
  test('a copy that fails leaves the page on the device', () => {
    expect(both(() => faults({ copy_may_fail: yes }), maps('device'))).toEqual([
      ['[]ec', '[]ex'],
      ['D1', 'R1'],
    ])
  })
  test('device memory of another driver is not collected', () => {
    expect(both(() => faults(), maps('device', true))).toEqual([['[]'], ['D1']])
  })
  test('of two faults at once none may move the page', () => {
    const one = does('one', () => faults())
    const two = does('two', () => faults())
    const found = endings(closed([one, two], [], { sizes }, maps('device')), 'pte')
    expect(found.length).toBeGreaterThan(1)
    expect(found.some((entry) => entry.includes('device_private'))).toBe(true)
    expect(found.some((entry) => entry.includes('present'))).toBe(true)
    expect(found.some((entry) => entry.includes('migration'))).toBe(false)
  })
})

describe('with the lock that a fault has from 6.15 on', () => {
  const fault = (name: string) => does(name, () => faults({}, of_6_15))

  test('a fault brings the page back', () => {
    expect(both(() => faults({}, of_6_15), maps('device'))).toEqual([['[]ec'], ['R1']])
  })
  test('a copy that fails leaves the page on the device, and unlocked', () => {
    expect(
      both(() => {
        faults({ copy_may_fail: yes }, of_6_15)
        ForEach(Page, (page) =>
          Step('is it free?', () => {
            const locked = folio_trylock(page)
            If(not(locked), () => log.push('E'))
          }),
        )
      }, maps('device')),
    ).toEqual([
      ['[]ec', '[]ex'],
      ['D1', 'R1'],
    ])
  })
  test('of two faults at once one moves the page', () => {
    const found = endings(closed([fault('one'), fault('two')], [], { sizes }, maps('device')), 'pte')
    expect(found.every((entry) => entry.includes('present'))).toBe(true)
  })
  test('of a fault and an eviction one moves the page', () => {
    const found = endings(
      closed([does('evicts', () => evicts()), fault('faults')], [], { sizes }, maps('device')),
      'pte',
    )
    expect(found.every((entry) => entry.includes('present'))).toBe(true)
  })
  test('no lock is given back that is not held', async () => {
    const judged = await verdicts(
      closed([fault('one'), fault('two'), does('evicts', () => evicts())], [deadlock()], { sizes }, maps('device')),
    )
    // a misuse would be among them
    expect(judged).toEqual({ deadlock: 'holds', 'P-REF-ZERO': 'holds' })
  })
})

describe('an eviction', () => {
  test('brings back what is there, in no bracket of a migration', () => {
    expect(both(() => evicts(), maps('device'))).toEqual([['c'], ['R1']])
  })
  test('has nothing to do with pages of the system', () => {
    expect(both(() => evicts(), maps('ram'))).toEqual([[''], ['R1']])
  })
  test('that looks at its copy leaves what could not be copied', () => {
    expect(both(() => evicts({ copy_may_fail: yes }), maps('device'))).toEqual([
      ['c', 'x'],
      ['D1', 'R1'],
    ])
  })
  test('that does not look gives away what is in the new page', () => {
    expect(both(() => evicts({ copy_may_fail: yes, checks_copy: no }), maps('device'))).toEqual([['c', 'x'], ['R1']])
  })
  test('leaves a page that a fault has a reference to', () => {
    const found = endings(
      closed([does('evicts', () => evicts()), does('faults', () => faults())], [], { sizes }, maps('device')),
      'pte',
    )
    expect(found.some((entry) => entry.includes('present'))).toBe(true)
    expect(found.some((entry) => entry.includes('migration'))).toBe(false)
  })
})

describe('the release of the file', () => {
  const intervals = mmuIntervals(Device)
  const mirror = shared('mirror', oneOf('there', 'freed'))
  const closes = (removes = yes, evict?: () => void) =>
    thread('closes', () => {
      const sub = Local('sub', Device)
      intervals.__mmu_interval_notifier_insert(sub)
      driver_release({
        remove: () => intervals.mmu_interval_notifier_remove(sub),
        removes,
        ...(evict && { evict }),
        free: () => {
          mirror.set('freed')
          log.push('E')
        },
        frees: 'kfree(driver)',
      })
    })
  /** A bracket: s if it calls a driver that is there, x if one that was freed. */
  const unmaps = thread('unmaps', () => {
    const seq = Local('seq', intervals.CurSeq)
    const found = intervals.mn_itree_inv_start_range(() => yes, seq)
    If(not(found.isEmpty), () => {
      Step('invalidate()', () => If(mirror.eq('freed'), () => log.push('x')).Else(() => log.push('s')))
    })
    intervals.mn_itree_inv_end()
  })

  test('waits for a callback, and none comes after it', () => {
    expect(endings(closed([closes(), unmaps], [], { sizes: { Device: 1 } }, nothing))).toEqual(['E', 'sE'])
  })
  test('without the removal a callback finds what was freed', () => {
    expect(endings(closed([closes(no), unmaps], [], { sizes: { Device: 1 } }, nothing))).toEqual(['E', 'Ex', 'sE'])
  })
  test('brings device memory back before the driver is freed', () => {
    expect(
      endings(closed([closes(yes, () => evicts())], [], { sizes: { ...sizes, Device: 1 } }, maps('device'))),
    ).toEqual(['cE'])
  })
  test('is over in every order, without misuse', async () => {
    // a misuse would be among them
    expect(await verdicts(closed([closes(), unmaps], [deadlock()], { sizes: { Device: 1 } }, nothing))).toEqual({
      deadlock: 'holds',
    })
  })
})
