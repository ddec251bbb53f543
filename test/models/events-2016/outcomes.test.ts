/**
 * Every way in which a copy to or from the device can end, listed by hand from the contract of the driver's
 * callbacks, against every end that is reached.
 */
import { expect, test } from 'vitest'
import { handle_mm_fault } from '../../../models/events-2016/cpu.ts'
import { Result } from '../../../models/events-2016/driver.ts'
import { hmm_mirror_migrate } from '../../../models/events-2016/migrate.ts'
import { events2016Protocol } from '../../../models/events-2016/protocol.ts'
import { alloc_page, contents, driver, Hmm, mirror, mm, notifiers, Pte } from '../../../models/events-2016/state.ts'
import { Cpu, Device, DevicePte, Page, Va } from '../../../src/kernel/index.ts'
import {
  Await,
  Choose,
  Either,
  ForEach,
  none,
  optional,
  shared,
  some,
  Step,
  threadPer,
  yes,
} from '../../../src/language/index.ts'
import type { Plain } from '../../../src/semantics/plain.ts'
import type { Final } from '../../kernel/support.ts'
import { at, endsOf, type SmallWorld } from '../outcomes.ts'

/** The page that the address has at the beginning. */
const first = shared('first', optional(Page))
/** What the migration returned to the driver. */
const answer = shared('answer', optional(Result))

const cpu = threadPer(Cpu, 'cpu', () =>
  Either(
    () => {
      handle_mm_fault()
    },
    () => Step('no fault', () => Await(some(Va, (va) => mm.pte.at(va).page.isSome))),
  ),
)
const migrate = threadPer(Device, 'migrate', (self) => {
  const ret = hmm_mirror_migrate(self)
  answer.set(ret)
})

/** One address, of a process that one device mirrors; its driver may fail. */
const worldOf = (
  threads: SmallWorld['threads'],
  where: 'device' | 'system',
  { cpus = 1, pages = 2 } = {},
): SmallWorld => ({
  threads,
  sizes: { Cpu: cpus, Device: 1, Page: pages, Va: 1, Hmm: 1 },
  constants: {
    'device-memory': true,
    rights: false,
    'dirty-bits': false,
    'may-fail': true,
    forks: false,
    zaps: false,
    faults: false,
    munmaps: false,
    lifetimes: false,
    unbinds: true,
    'bound-at-start': true,
    steal: false,
  },
  initially: () => {
    const page = alloc_page()
    first.set(page)
    const va = Choose('va', Va)
    const of = Choose('hmm', Hmm)
    mm.hmm.set(of)
    notifiers.list.add(of)
    contents.fill(page, va)
    ForEach(Device, (device) => {
      mirror.at(device).hmm.set(of)
      mirror.at(device).listed.set(true)
      if (where === 'system') return
      mirror.at(device).pt.at(va).pte.set(DevicePte.present({ page }))
      mirror.at(device).pt.at(va).valid_dev.set(true)
      mirror.at(device).pt.at(va).write.set(true)
      driver.at(device).pte.at(va).set(DevicePte.present({ page }))
      driver.at(device).write.add(va)
      driver.at(device).memory.at(va).set(page)
    })
    mm.pte
      .at(va)
      .set(
        where === 'device'
          ? Pte.value({ page: none, write: false, dirty: false, hmm: 'unlocked' })
          : Pte.value({ page, write: yes, dirty: false, hmm: 'none' }),
      )
  },
})

/**
 * The CPU's entry, that of the mirror, the device's, its memory, whether there is a mirror, and what the old and the
 * new page are.
 */
function tell({ shared: world, stuck }: Final): string {
  const name = (page: Plain | undefined) =>
    page === null || page === undefined ? 'none' : page === world.first ? 'the old page' : 'a new page'
  const entry = (pte: Plain | undefined) => (at(pte, 'is') === 'stale' ? 'stale' : name(at(pte, 'fields', 'page')))
  const special = at(world.mm, 'pte', 0, 'hmm')
  const pages = Array.isArray(world.mem_map) ? world.mem_map.map((page: Plain) => Number(at(page, 'refcount'))) : []
  return [
    ...((world.answer ?? null) === null ? [] : [`returns ${String(world.answer)}`]),
    `CPU: ${special === 'none' ? name(at(world.mm, 'pte', 0, 'page')) : String(special)}`,
    `mirror: ${entry(at(world.mirror, 0, 'pt', 0, 'pte'))}`,
    `device: ${entry(at(world.driver, 0, 'pte', 0))}`,
    `memory: ${name(at(world.driver, 0, 'memory', 0))}`,
    at(world.mirror, 0, 'listed') === true ? 'listed' : 'killed',
    `references: ${pages.toSorted().join(' ')}`,
    ...(stuck ? ['stuck'] : []),
    ...(world.vm_bug === true ? ['VM_BUG_ON'] : []),
  ].join('; ')
}

const comes_back = 'CPU: a new page; mirror: a new page; device: a new page; memory: none; listed; references: 0 1'
const left = 'CPU: poisonous; mirror: none; device: none; memory: none; listed; references: 0 0'
const killed = 'CPU: poisonous; mirror: none; device: none; memory: none; killed; references: 0 0'

test.each([
  ['one CPU', { cpus: 1 }],
  // The second finds the event listed and waits; then it has what the first has left.
  ['two CPUs', { cpus: 2 }],
])(
  'copy_from_device() copies, or clears the valid bit and returns 0, or returns an error, by which the mirror is killed: %s',
  (_, sizes) => {
    expect(endsOf(events2016Protocol, 'fixed', worldOf([cpu], 'device', sizes), tell)).toEqual(
      [comes_back, killed, left].toSorted(),
    )
  },
)

test('without memory for the copy nothing is changed', () => {
  expect(endsOf(events2016Protocol, 'fixed', worldOf([cpu], 'device', { pages: 1 }), tell)).toEqual([
    'CPU: unlocked; mirror: the old page; device: the old page; memory: the old page; listed; references: 1',
  ])
})

test('B-69: with the memory forgotten, the address is still said to be in the device', () => {
  expect(endsOf(events2016Protocol, 'without-forget-only-own', worldOf([cpu], 'device', { pages: 1 }), tell)).toEqual([
    'CPU: unlocked; mirror: none; device: the old page; memory: the old page; listed; references: 1',
  ])
})

test('copy_to_device() copies, or leaves the entry and returns 0, or returns an error: the migration is aborted, and the mirror lives', () => {
  const restored = 'CPU: the old page; mirror: the old page; device: none; memory: none; listed; references: 0 1'
  expect(endsOf(events2016Protocol, 'fixed', worldOf([migrate], 'system'), tell)).toEqual(
    [
      'returns 0; CPU: unlocked; mirror: a new page; device: a new page; memory: a new page; listed; references: 0 1',
      `returns 0; ${restored}`,
      // What it must not return, too: "All other return value trigger warning and are transformed to -EIO".
      `returns -EIO; ${restored}`,
    ].toSorted(),
  )
})

test('B-73: an error of which half is taken over leaves an entry for a page that the driver has freed', () => {
  const ends = endsOf(events2016Protocol, 'without-abort-restores', worldOf([migrate], 'system'), tell)
  expect(ends).toContain(
    'returns -EIO; CPU: unlocked; mirror: stale; device: none; memory: none; listed; references: 0 0',
  )
})
