/**
 * Every way in which the life of a page of device memory can end beside a pin, a fault or the removal of its device,
 * listed by hand, against every end that is reached.
 */
import { describe, expect, test } from 'vitest'
import { access } from '../../../models/device-memory/fault.ts'
import { gup_pte_range } from '../../../models/device-memory/gup.ts'
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { device_remove } from '../../../models/device-memory/remove.ts'
import { contents, free_list, mem_map, mm, pgmap, zone_device } from '../../../models/device-memory/state.ts'
import { zap_pte_range } from '../../../models/device-memory/zap.ts'
import { Cpu, Page, SwapPte, Va } from '../../../src/kernel/index.ts'
import { Choose, Match, threadPer, yes } from '../../../src/language/index.ts'
import type { Plain } from '../../../src/semantics/plain.ts'
import { thread, type Final } from '../../kernel/support.ts'
import { at, endsOf, type SmallWorld } from '../outcomes.ts'

const cpu = threadPer(Cpu, 'cpu', (self) => {
  access(self)
})
const zap = thread('zap', () => zap_pte_range())
const remove = thread('remove', () => device_remove())
/** GUP-fast, which takes whatever the entry has: device memory too, as nobody may. */
const gup = thread('gup', () => {
  const va = Choose('va', Va)
  return Match(
    mm.pte.at(va),
    {
      present: ({ page }) => gup_pte_range(va, page),
      device_private: ({ page }) => gup_pte_range(va, page),
    },
    () => undefined,
  )
})

/** One address, one page of system memory and one of the device. One of the two is mapped. */
const worldOf = (threads: SmallWorld['threads'], entry: 'present' | 'device_private'): SmallWorld => ({
  threads,
  sizes: { Cpu: 1, Page: 2, Va: 1 },
  constants: { 'system-pages': 'one', removes: true, closes: false, 'pins-taken': true },
  initially: () => {
    const va = Choose('va', Va)
    const spage = Choose('spage', Page)
    const dpage = Choose('dpage', Page, (page) => page.ne(spage))
    zone_device.add(dpage)
    const page = entry === 'present' ? spage : dpage
    mem_map.at(page).refcount.set(1)
    contents.fill(page, va)
    if (entry === 'present') free_list.add(dpage)
    pgmap.ref.count.set(entry === 'present' ? 1 : 2)
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
 * `present S; S 1, D 0 free; gone`: the entry, the references, whether the driver has the page, and what became of
 * the map.
 */
function tell({ shared, stuck }: Final): string {
  const has = (set: Plain | undefined, page: number) => Array.isArray(set) && set.includes(page)
  const name = (page: number) => (has(shared.zone_device, page) ? 'D' : 'S')
  const page = at(shared.mm, 'pte', 0, 'fields', 'page')
  return [
    `${String(at(shared.mm, 'pte', 0, 'is'))}${typeof page === 'number' ? ` ${name(page)}` : ''}`,
    [0, 1]
      .map(
        (one) =>
          `${name(one)} ${String(at(shared.mem_map, one, 'refcount'))}${has(shared.free_list, one) ? ' free' : ''}`,
      )
      .toSorted()
      .toReversed()
      .join(', '),
    ...(Array.isArray(shared.pin) && shared.pin.some((one: Plain) => at(one, 'kept') === true) ? ['pinned'] : []),
    ...(at(shared.pgmap, 'gone') === true ? ['gone'] : []),
    ...(stuck ? ['stuck'] : []),
  ].join('; ')
}

const removed = 'present S; S 1, D 0 free; gone'
const pinned_later = 'present S; S 2, D 0 free; pinned; gone'

describe.each([
  [
    'GUP-fast, and the page is freed',
    'fixed',
    worldOf([gup, zap], 'present'),
    {
      'none; S 0, D 0 free':
        'GUP-fast met no entry, or a page without references, or an entry that had changed, and gave its pin back',
      'none; S 1, D 0 free; pinned': 'the pin was kept before the entry was cleared, and the page lives on with it',
    },
  ],
  [
    'GUP-fast on device memory, and the page is freed',
    'fixed',
    worldOf([gup, zap], 'device_private'),
    {
      'none; S 0, D 0 free': 'as before: the last of the two references that goes gives the page to its driver',
      'none; S 0, D 1; pinned': 'nobody maps the page any more, and its driver does not have it',
    },
  ],
  [
    'removal, and a CPU that uses the memory',
    'fixed',
    worldOf([cpu, remove], 'device_private'),
    {
      [removed]: 'the fault brought the page back, or the eviction; the other found the entry changed',
    },
  ],
  [
    'removal that does not evict, and a CPU that uses the memory',
    'without-evict-before-remove',
    worldOf([cpu, remove], 'device_private'),
    {
      [removed]: 'removal waits, and the fault brings the page back',
    },
  ],
  [
    'removal that does not evict, and a process that gives its memory back',
    'without-evict-before-remove',
    worldOf([zap, remove], 'device_private'),
    {
      'none; S 0, D 0 free; gone': 'removal waits, and the last put ends it',
    },
  ],
  [
    'B-43: removal that does not evict, and nobody else',
    'without-evict-before-remove',
    worldOf([remove], 'device_private'),
    {
      'device_private D; S 0, D 1; stuck': 'nobody brings the page back',
    },
  ],
  [
    'A.8.3: removal, and a pin on device memory',
    'fixed',
    worldOf([gup, remove], 'device_private'),
    {
      [removed]: 'GUP-fast met a page that was on its way',
      [pinned_later]: 'it came after the eviction. Where it came before there is no end: eviction goes round and round',
    },
  ],
  [
    'A.8.3: removal that tries once, and a pin on device memory',
    'without-evict-until-free',
    worldOf([gup, remove], 'device_private'),
    {
      [removed]: 'GUP-fast met a page that was on its way',
      [pinned_later]: 'it came after the eviction',
      'device_private D; S 0, D 2; pinned; stuck': 'the pin made the eviction fail, and removal waits for ever',
    },
  ],
] as const)('%s', (_, variant, world, expected) => {
  test('ends so, and in no other way', () => {
    expect(endsOf(deviceMemoryProtocol, variant, world, tell)).toEqual(Object.keys(expected).toSorted())
  })
})
