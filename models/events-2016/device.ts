/**
 * A device's faults, as its driver hands them to HMM (hmm_mirror_fault() of [v11 08/14]); and the device itself,
 * which reads and writes.
 */
import {
  Ahead,
  and,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  Cover,
  current,
  Either,
  Ghost,
  Goto,
  Here,
  Idle,
  If,
  IfIs,
  IfSome,
  implies,
  Label,
  Loop,
  Misuse,
  not,
  or,
  procedure,
  some,
  Source,
  Step,
  Thread,
  threadPer,
  whenIs,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, DevicePte, leaf_section, mmget, mmput, points_to, Va } from 'hmmcheck/kernel'
import {
  answered_means_empty,
  copies_on_write,
  newest_value,
  no_use_after_free,
  returns_unlocked,
  snapshot_is_valid,
} from 'hmmcheck/properties'
import { update_for_fault } from './driver.ts'
import { hmm_device_fault_end, hmm_device_fault_start } from './events.ts'
import {
  backoff_check,
  dead_check,
  device_fault_mmap_sem,
  directory_lock,
  dirty_bits,
  fault_ref,
  fill_checks_dead,
  forks,
  lifetimes,
  rights,
} from './fixes.ts'
import { hmm_mirror_unref, is_alive } from './lifetime.ts'
import { mmap_sem, returned_unlocked } from './locks.ts'
import {
  bracket,
  child,
  child_leads_to,
  contents,
  device_faults,
  driver,
  is_dead,
  is_device_memory,
  mirror,
  mm,
} from './state.ts'

const source = '[v11 08/14] mm/hmm.c'

/** The device has stopped at an address that its table does not have, or does not have writable. */
const device_fault = atomic(
  'device_fault',
  [Device],
  (device) => {
    const { pte, write } = driver.at(device)
    const va = Choose('va', Va, (one) => or(pte.at(one).is('none'), and(rights, not(write.has(one)))))
    Await(not(or(driver.at(device).released, and(dead_check, is_dead(device)))))
    Await(implies(lifetimes, mirror.at(device).kref.gt(0)))
    returned_unlocked()
    Ghost(() =>
      Cover(
        answered_means_empty.reached,
        some(Thread, (thread) => bracket.at(thread).eq(va)),
      ),
    )
    mmget()
    If(device_fault_mmap_sem, mmap_sem.wanted)
    If(and(lifetimes, fault_ref), () => mirror.at(device).kref.increment())
    return va
  },
  { source: `${source} hmm_mirror_fault` },
)

const hmm_mirror_fault = procedure(
  'hmm_mirror_fault',
  [Device],
  (device) => {
    const out = Ahead('out')
    const va = device_fault(device)
    const write = Choose('write', Bool, (one) => or(one, rights))
    const retry = Label('retry')

    /** Drops mmap_sem; a mirror that is dead by now is not tried again. */
    const give_up = (): void => {
      If(device_fault_mmap_sem, mmap_sem.up_read)
      mmput()
    }
    const try_again = (): void => {
      Ghost(() => Cover(snapshot_is_valid.reached))
      If(and(dead_check, is_dead(device)), () => {
        give_up()
        Goto(out)
      })
      If(device_fault_mmap_sem, () => {
        mmap_sem.up_read()
        mmap_sem.wanted()
      })
      Goto(retry)
    }

    If(device_fault_mmap_sem, mmap_sem.down_read)
    Source(`${source} hmm_device_fault_start`, () => hmm_device_fault_start(va, try_again))

    const entry = mirror.at(device).pt.at(va)
    Source(`${source} hmm_mirror_fault_pmd`, () => {
      leaf_section('hmm_mirror_fault_pmd(): hmm_pt_iter_directory_lock(): hmm_pte = *ptep', directory_lock, () => {
        const pte = mm.pte.at(va)
        Step('if (event->backoff) return -EAGAIN; if (!pte_present(*ptep)) return -ENOENT', () => {
          is_alive(device, 'hmm_pt_iter_populate(&mirror->pt)')
          If(and(backoff_check, device_faults.at(current).backoff), () => {
            hmm_device_fault_end()
            try_again()
          })
          If(
            or(
              and(fill_checks_dead, is_dead(device)),
              and(not(entry.valid_dev), or(pte.page.isNone, and(write, not(pte.write)))),
            ),
            () => {
              hmm_device_fault_end()
              give_up()
              Goto(out)
            },
          )
        })
        Step('hmm_pte = hmm_pte_from_pfn(pte_pfn(*ptep))', () => {
          If(entry.valid_dev, () => {
            If(write, () => entry.write.set(true))
          }).Else(() => {
            IfSome(pte.page, (page) => {
              Misuse(
                'BUG_ON(hmm_pte_pfn(hmm_pte[i]) != pte_pfn(*ptep))',
                or(entry.pte.is('none'), points_to(entry.pte, page)),
              )
              entry.pte.set(DevicePte.present({ page }))
              If(pte.write, () => entry.write.set(true))
            })
          })
        })
      })
    })

    Source(`${source} hmm_mirror_handle_fault`, () => {
      Step('device->ops->update(mirror, event); hmm_device_fault_end(); up_read(&mm->mmap_sem)', () => {
        Ghost(() => Cover(returns_unlocked.reached))
        is_alive(device, 'ops->update()')
        update_for_fault(device, va)
        hmm_device_fault_end()
        give_up()
      })
    })
    Here(out)
    If(and(lifetimes, fault_ref), () => hmm_mirror_unref(device))
  },
  { source: `${source} hmm_mirror_fault` },
)

export const device = threadPer(Device, 'device', (self) => {
  Loop(() => {
    Idle()
    hmm_mirror_fault(self)
  })
})

const device_reads = (self: Id<'Device'>): Recorded =>
  Step('the device reads', () => {
    const { pte } = driver.at(self)
    const va = Choose('va', Va, (one) => not(pte.at(one).is('none')))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device reads a page that was freed')
    Assert(
      newest_value.property,
      whenIs(pte.at(va), 'present', ({ page }) => contents.is_newest(page)),
      'the device reads an old value',
    )
  })

const device_writes = (self: Id<'Device'>): Recorded =>
  Step('the device writes', () => {
    const { pte, write, dirty } = driver.at(self)
    const va = Choose('va', Va, (one) => and(not(pte.at(one).is('none')), write.has(one)))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device writes a page that was freed')
    IfIs(pte.at(va), 'present', ({ page }) => {
      Ghost(() => Cover(copies_on_write.reached, child.is_alive))
      If(forks, () =>
        Assert(copies_on_write.property, not(child_leads_to(page)), 'a device writes to a page that the child maps'),
      )
      Ghost(() => contents.write(page, va))
      If(and(dirty_bits, not(is_device_memory(page))), () => dirty.add(va))
    })
  })

/** The threads that run on the device. */
export const device_access = threadPer(
  Device,
  'device_access',
  (self) => {
    Loop(() => {
      Either(
        () => Source('the device', () => device_reads(self)),
        () => Source('the device', () => device_writes(self)),
      )
    })
  },
  { daemon: true },
)
