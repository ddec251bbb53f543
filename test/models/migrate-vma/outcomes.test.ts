/**
 * Every way in which a migration and something beside it can end, listed by hand from the text of the kernel, against
 * every end that is reached.
 * Each of them takes place once: nobody tries again.
 */
import { describe, expect, test } from 'vitest'
import { Cpu, must_fault, Page, SwapPte, Va } from '../../../src/kernel/index.ts'
import { handle_mm_fault } from '../../../models/migrate-vma/fault.ts'
import { gup_pte_range } from '../../../models/migrate-vma/gup.ts'
import { migrateVmaProtocol } from '../../../models/migrate-vma/protocol.ts'
import {
  anon_exclusive,
  contents,
  mapcount,
  mem_map,
  Migrator,
  mm,
  zone_device,
} from '../../../models/migrate-vma/state.ts'
import { migrate_to_device } from '../../../models/migrate-vma/to-device.ts'
import { evict_page, VmFault } from '../../../models/migrate-vma/to-ram.ts'
import { zap_page_range } from '../../../models/migrate-vma/zap.ts'
import {
  array,
  Await,
  Choose,
  Either,
  ForEach,
  If,
  IfIs,
  not,
  optional,
  shared,
  some,
  Step,
  threadPer,
  yes,
  type ThreadDefinition,
} from '../../../src/language/index.ts'
import type { Plain } from '../../../src/semantics/plain.ts'
import { thread, type Final } from '../../kernel/support.ts'
import { at, endsOf, type SmallWorld } from '../outcomes.ts'

/** What each CPU's fault was answered with; none: it had no reason to fault. */
const answer = shared('answer', array(Cpu, optional(VmFault)))

/** A CPU writes to the address, or is answered once. */
const cpu = threadPer(Cpu, 'cpu', (self) => {
  Either(
    () =>
      Step('the CPU writes', () => {
        const va = Choose('va', Va, (one) => not(must_fault(mm.pte.at(one), yes)))
        IfIs(mm.pte.at(va), 'present', ({ page }) => contents.write(page, va))
      }),
    () => {
      const ret = handle_mm_fault(self)
      answer.at(self).set(ret)
    },
  )
})
const migrate = threadPer(Migrator, 'migrate', () => {
  migrate_to_device()
})
const evict = thread('evict', () =>
  Either(
    () => {
      evict_page()
    },
    () => Step('nothing to evict', () => Await(not(some(Va, (va) => mm.pte.at(va).is('device_private'))))),
  ),
)
const dontneed = thread('dontneed', () => zap_page_range())
const gup = thread('gup', () => gup_pte_range(Choose('va', Va)))

interface World {
  readonly threads: readonly ThreadDefinition[]
  /** What the address has at the beginning. */
  readonly entry: 'none' | 'present' | 'device_private'
  readonly sizes?: Readonly<Record<string, number>>
  readonly constants?: Readonly<Record<string, boolean | string>>
}

const nobody = {
  migrates: true,
  zaps: false,
  forks: false,
  protects: false,
  'pins-taken': false,
  swaps: false,
  'cpu-tlb': false,
  'device-pages': 'one',
  steal: false,
}

/** One page of system memory, the others of the device. */
const worldOf = ({ threads, entry, sizes, constants }: World): SmallWorld => ({
  threads,
  sizes: { Cpu: 1, Device: 1, Migrator: 1, Page: 2, Va: 1, ...sizes },
  constants: { ...nobody, ...constants },
  initially: () => {
    const va = Choose('va', Va)
    const spage = Choose('spage', Page)
    const dpage = Choose('dpage', Page, (page) => page.ne(spage))
    ForEach(Page, (page) => If(page.ne(spage), () => zone_device.add(page)))
    if (entry === 'none') return
    const page = entry === 'present' ? spage : dpage
    mem_map.at(page).refcount.set(1)
    mapcount.at(page).set(1)
    contents.fill(page, va)
    if (entry === 'present') anon_exclusive.add(page)
    mm.pte
      .at(va)
      .set(
        entry === 'present'
          ? SwapPte.present({ page, write: yes, dirty: yes })
          : SwapPte.device_private({ page, write: yes }),
      )
  },
})

/**
 * `0, no fault: present S; S 1/1, D 0/0`: the answers; the entry and its page; references and mapcount of each page;
 * and what is not as it should be.
 */
function tell({ shared, stuck }: Final): string {
  const pages = [0, 1, 2].filter((page) => at(shared.mem_map, page) !== undefined)
  const devices = shared.zone_device
  const name = (page: Plain) => (Array.isArray(devices) && devices.includes(page) ? 'D' : 'S')
  const answers = Array.isArray(shared.answer)
    ? shared.answer
        .map((one) => one ?? 'no fault')
        .toSorted()
        .join(', ')
    : ''
  const entry = at(shared.mm, 'pte', 0)
  const page = at(entry, 'fields', 'page')
  return [
    answers === '' ? '' : `${answers}: `,
    at(entry, 'is'),
    page === undefined ? '' : ` ${name(page)}`,
    '; ',
    pages
      .map((one) => `${name(one)} ${at(shared.mem_map, one, 'refcount')}/${at(shared.mapcount, one)}`)
      .toSorted()
      .toReversed()
      .join(', '),
    stuck ? '; stuck' : '',
    pages.some((one) => at(shared.page_lock, one) !== null) ? '; locked' : '',
    typeof page === 'number' && at(shared.page_newest, page) !== true ? '; old' : '',
    Array.isArray(shared.pin) && shared.pin.some((one) => at(one, 'kept') === true) ? '; pinned' : '',
  ].join('')
}

const in_system = 'present S; S 1/1, D 0/0'
const in_device = 'device_private D; S 0/0, D 1/1'

interface Case {
  readonly name: string
  readonly world: World
  /** Each with the way there. */
  readonly expected: Readonly<Record<string, string>>
}

const cases: readonly Case[] = [
  {
    name: "a migration to the device, and a CPU's write",
    world: { threads: [migrate, cpu], entry: 'present' },
    expected: {
      [`no fault: ${in_system}`]: 'the CPU before collect, or after a copy that failed; and the copy failed',
      [`no fault: ${in_device}`]: 'the CPU before collect',
      [`0: ${in_system}`]: 'waited for a migration whose copy failed; or came after it, and brought the page back',
      [`0: ${in_device}`]: 'waited for the migration; or found the device page still locked by it',
      [`VM_FAULT_SIGBUS: ${in_device}`]: 'came after it, and the copy back failed',
    },
  },
  {
    name: "a migration of a hole, and a CPU's write",
    world: { threads: [migrate, cpu], entry: 'none' },
    expected: {
      [`0: ${in_system}`]:
        'the CPU filled it: before collect, and the copy failed; or before the page was inserted, which was then refused. Or it came after, and brought the page back',
      [`0: ${in_device}`]:
        'the hole was filled under the fault, or the device page was still locked; or the CPU filled it before collect, and it went to the device',
      [`VM_FAULT_SIGBUS: ${in_device}`]: 'came after it, and the copy back failed',
    },
  },
  {
    name: "a CPU's fault on device memory, and its eviction",
    world: { threads: [evict, cpu], entry: 'device_private' },
    expected: {
      [`no fault: ${in_system}`]: 'evicted before',
      [`0: ${in_system}`]:
        'the fault brought it back; or waited for the eviction; or found the page locked and was gone before its reference was counted',
      [`0: ${in_device}`]:
        'the fault found the page locked, and its reference made the eviction fail; or waited for an eviction whose copy failed',
      [`VM_FAULT_SIGBUS: ${in_device}`]:
        'the copy failed, and eviction came by while the page was locked, or its copy failed too',
      [`VM_FAULT_SIGBUS: ${in_system}`]: 'the copy failed, and was evicted afterwards',
    },
  },
  {
    name: "two CPUs' faults on one page of device memory",
    world: { threads: [cpu], entry: 'device_private', sizes: { Cpu: 2 } },
    expected: {
      [`0, no fault: ${in_system}`]: 'one after the other',
      [`0, 0: ${in_system}`]:
        'one brought it back; the other waited, or found the entry changed or the page locked, and its reference was gone in time',
      [`0, 0: ${in_device}`]:
        "B-26: the reference of the one who found the page locked made the other's migration fail",
      [`0, VM_FAULT_SIGBUS: ${in_system}`]: 'a copy failed, the next did not',
      [`0, VM_FAULT_SIGBUS: ${in_device}`]: 'a copy failed, and the other waited for it or found the page locked',
      [`VM_FAULT_SIGBUS, VM_FAULT_SIGBUS: ${in_device}`]: 'two copies failed, one after the other',
    },
  },
  {
    name: 'a migration to the device, and MADV_DONTNEED',
    world: { threads: [migrate, dontneed], entry: 'present', constants: { zaps: true } },
    expected: {
      'none; S 0/0, D 0/0': 'MADV_DONTNEED took away the page, the migration entry, or the device private entry',
      [in_device]: 'it came before collect, which found a hole',
    },
  },
  {
    name: 'an eviction, and MADV_DONTNEED',
    world: { threads: [evict, dontneed], entry: 'device_private', constants: { zaps: true } },
    expected: { 'none; S 0/0, D 0/0': 'whatever was there was taken away, and both pages are free' },
  },
  {
    name: 'two migrations to the device',
    world: {
      threads: [migrate],
      entry: 'present',
      sizes: { Migrator: 2, Page: 3 },
      constants: { 'device-pages': 'two' },
    },
    expected: {
      'present S; S 1/1, D 0/0, D 0/0':
        'a copy failed, and the other failed too, or had left the migration entry alone',
      'device_private D; S 0/0, D 1/1, D 0/0': 'one of them; the other found its entry, or its own copy had failed',
    },
  },
  {
    name: 'a migration to the device, and GUP-fast',
    world: { threads: [migrate, gup], entry: 'present', constants: { 'pins-taken': true } },
    expected: {
      'present S; S 2/1, D 0/0; pinned':
        'the pin before collect, which left the page alone; or after a copy that failed',
      [in_system]:
        'GUP-fast read the entry again and gave the pin back, which had made the migration fail; or met the migration entry, and the copy failed',
      [in_device]: 'GUP-fast met an entry that is not present, or gave its pin back in time',
    },
  },
]

describe.each(['fixed', 'fixed-callbacks'])('%s', (variant) => {
  test.each(cases)('$name', ({ world, expected }) => {
    expect(endsOf(migrateVmaProtocol, variant, worldOf(world), tell)).toEqual(Object.keys(expected).toSorted())
  })
})

test('B-42: a copy back that failed is an answer, and where dst stays set an old value besides', () => {
  const world = worldOf({ threads: [cpu], entry: 'device_private' })
  expect(endsOf(migrateVmaProtocol, 'fixed', world, tell)).toEqual([`0: ${in_system}`, `VM_FAULT_SIGBUS: ${in_device}`])
  expect(endsOf(migrateVmaProtocol, 'without-failed-copy-clears-dst', world, tell)).toEqual([
    `0: ${in_system}`,
    `VM_FAULT_SIGBUS: ${in_system}; old`,
  ])
})

test('A.8.3: where nobody asks for pins, what is pinned goes to the device, and the pin keeps a page that nobody maps', () => {
  const world = worldOf({ threads: [migrate, gup], entry: 'present', constants: { 'pins-taken': true } })
  expect(endsOf(migrateVmaProtocol, 'pinned-pages-migrate', world, tell)).toEqual(
    [in_device, 'device_private D; S 1/0, D 1/1; pinned', in_system, 'present S; S 2/1, D 0/0; pinned'].toSorted(),
  )
})
