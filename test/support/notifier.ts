/**
 * A protocol small enough to follow by hand: one page, unmapped by a CPU while a device maps and uses it.
 *
 * Expected: without `invalidate` the page is freed under the device (P-NOUAF); with it, and without `lock_order`, the
 * two locks are taken crosswise (lock-deadlock, and deadlock too if the device has nothing mapped); `fixed` holds.
 */
import {
  Acquire,
  array,
  Assert,
  assertion,
  atomic,
  Bool,
  Choose,
  Cover,
  current,
  deadlock,
  fix,
  ForEach,
  ghost,
  If,
  IfSome,
  implies,
  invariant,
  Let,
  lockDeadlock,
  Loop,
  Misuse,
  model,
  none,
  not,
  optional,
  procedure,
  range,
  ref,
  shared,
  sometimes,
  sort,
  Step,
  struct,
  Thread,
  thread,
  threadPer,
} from '../../src/language/index.ts'
import type { Protocol } from '../../src/catalogue/protocol.ts'

const Page = sort('Page')
const Device = sort('Device')
const Mutex = struct('mutex', { owner: optional(Thread) })

const mm = shared('mm', struct('mm', { lock: Mutex, pte: optional(Page), mapped: Bool }))
const driver = shared('driver', array(Device, struct('driver', { update: Mutex, pte: optional(Page) })))
const free = shared('free', array(Page, Bool))
const accesses = ghost('accesses', range(0, 1))

const invalidate = fix('invalidate')
const lock_order = fix('lock_order')

const mutex_lock = atomic('mutex_lock', [ref(Mutex)], (mutex) => {
  Acquire(mutex.owner.isNone, (holder) => mutex.owner.eq(holder))
  mutex.owner.set(current)
})

const mutex_unlock = atomic('mutex_unlock', [ref(Mutex)], (mutex) => {
  Misuse('mutex_unlock() by another than the owner', mutex.owner.eq(current))
  mutex.owner.set(none)
})

const invalidate_range = procedure('invalidate_range', [Device], (device) => {
  mutex_lock(driver.at(device).update)
  driver.at(device).pte.set(none)
  mutex_unlock(driver.at(device).update)
})

const unmap = thread('unmap', () => {
  mutex_lock(mm.lock)
  const page = Let('page', mm.pte)
  mm.pte.set(none)
  If(invalidate, () => {
    ForEach(Device, (device) => {
      invalidate_range(device)
    })
  })
  IfSome(page, (freed) => {
    free.at(freed).set(true)
  })
  mutex_unlock(mm.lock)
})

const device_fault = threadPer(Device, 'device_fault', (device) => {
  If(lock_order, () => {
    mutex_lock(mm.lock)
    mutex_lock(driver.at(device).update)
  }).Else(() => {
    mutex_lock(driver.at(device).update)
    mutex_lock(mm.lock)
  })
  driver.at(device).pte.set(mm.pte)
  mutex_unlock(mm.lock)
  mutex_unlock(driver.at(device).update)
})

const device = threadPer(
  Device,
  'device',
  (id) => {
    Loop(() => {
      Step('device reads the page', () => {
        IfSome(driver.at(id).pte, (page) => {
          Assert('P-NOUAF', not(free.at(page)), 'the device uses a freed page')
          Cover('P-NOUAF-possible')
          accesses.set(1)
        })
      })
    })
  },
  { daemon: true },
)

const notifierModel = model('a page, unmapped and used', {
  threads: [unmap, device_fault, device],
  initially: () => {
    const page = Choose('page', Page)
    mm.pte.set(page)
    mm.mapped.set(true)
  },
  properties: [
    assertion('P-NOUAF', { claim: 'mmu_notifier.h: the page may be freed after the call' }),
    sometimes('P-NOUAF-possible'),
    invariant('P-REF', implies(not(mm.mapped), mm.pte.isNone)),
    deadlock(),
    lockDeadlock(),
  ],
})

export const notifier: Protocol = {
  name: 'notifier',
  title: 'A page, unmapped and used',
  model: notifierModel,
  parameters: {
    devices: { sort: 'Device', min: 1, max: 2, summary: 'devices that map the page' },
    pages: { sort: 'Page', min: 1, max: 3, summary: 'physical pages' },
  },
  fixes: [
    {
      name: 'invalidate',
      kind: 'correction',
      summary: 'the device is told before the page is freed',
      source: 'by hand',
    },
    { name: 'lock_order', kind: 'correction', summary: 'both take mm.lock first', source: 'by hand' },
  ],
  variants: [
    { name: 'as-posted', summary: 'no correction', constants: { invalidate: false, lock_order: false } },
    { name: 'fixed', summary: 'all corrections', constants: { invalidate: true, lock_order: true } },
    { name: 'without-lock_order', summary: 'all but lock_order', constants: { invalidate: true, lock_order: false } },
    {
      name: 'without-invalidate',
      summary: 'all but invalidate',
      constants: { invalidate: false, lock_order: true },
      notClaimed: ['P-NOUAF-possible'],
    },
  ],
  scenarios: [
    { name: 'core', summary: 'one device, one page', sizes: { devices: 1, pages: 1 } },
    { name: 'wide', summary: 'two devices', sizes: { devices: 2, pages: 2 }, large: true },
    { name: 'quiet', summary: 'nobody faults', threads: ['unmap', 'device'], sizes: { devices: 1, pages: 1 } },
  ],
  expectations: [
    { variant: 'as-posted', scenario: 'core', verdict: 'violated', violated: ['P-NOUAF'], source: 'by hand' },
    { variant: 'fixed', scenario: 'core', verdict: 'holds', source: 'by hand' },
    { variant: 'fixed', scenario: 'wide', verdict: 'holds', source: 'by hand' },
  ],
}
