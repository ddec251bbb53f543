/**
 * A device: it reads and writes through its own page table, and its driver fills that table: from a snapshot of the
 * CPU's (hmm_vma_get_pfns and hmm_vma_range_done), or by having pages faulted in (hmm_vma_fault). In the pattern that
 * hmm.h gives.
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
  type Id,
  Idle,
  If,
  IfIs,
  isCaseAnd,
  Label,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  type Recorded,
  some,
  Source,
  Step,
  threadPer,
  whenIs,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  down_read,
  kref_get_unless_zero,
  leaf_section,
  mmget,
  mmput,
  mmput_and_exit,
  mutex_lock,
  mutex_unlock,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import {
  newest_value,
  no_use_after_free,
  private_after_fork,
  returns_unlocked,
  snapshot_is_valid,
  start_means_empty,
} from 'hmmcheck/properties'
import {
  block,
  bound_check,
  bound_recheck,
  counted,
  device_fault_mmap_sem,
  driver_calls,
  driver_lock,
  fault_mmget,
  hmm_lock,
  mmput_unlocked,
  range_done_after_error,
  range_done_check,
  unbind_flushes,
  vma_check,
} from './fixes.ts'
import { find_hmm, hmm_pfn_to_page, hmm_vma_fault, list_range, read_pte, store_pfn, unlist_range } from './hmm-range.ts'
import { returned_unlocked, returns_locked } from './locks.ts'
import { hmm_free } from './registration.ts'
import {
  acquiring,
  bad_vma,
  bracket,
  clear_range,
  contents,
  driver,
  hmm,
  Hmm,
  hmm_objects,
  is_owed,
  mem_map,
  mm,
  range_of,
  special,
} from './state.ts'

/** The pattern that hmm.h gives to drivers. */
const driver_pattern = 'hmm.h of 4.20: "To snapshot the CPU page table"'

/** A fault handler starts: the device faults only on an address space that it is bound to. */
const device_fault = atomic(
  'device_fault',
  [Device],
  (device) => {
    const va = Choose('va', Va)
    Await(driver.at(device).bound.eq('bound'))
    returned_unlocked()
    If(fault_mmget, () => mmget())
    If(unbind_flushes, () => driver.at(device).faults.set(current))
    return va
  },
  { source: driver_pattern },
)

/** The end of a fault handler, in its last step. */
const finished = (device: Id<'Device'>): void => {
  If(unbind_flushes, () => driver.at(device).faults.set(none))
  mmput()
}

/** Whether the snapshot is what the CPU's page table has, or a thread has yet to tell the device. */
const snapshot_is_sound = (device: Id<'Device'>, va: Id<'Va'>): Bool =>
  or(
    isCaseAnd(range_of.at(device).pfn, 'present', ({ page }) => mm.pte.at(va).eq(page)),
    is_owed(device, va),
  )

const handle_device_fault = procedure(
  'handle_device_fault',
  [Device],
  (device) => {
    const { update, pte, writable, bound } = driver.at(device)
    const range = range_of.at(device)
    const of = Local('hmm', Hmm)
    hmm_objects.is_dereferenced(of)
    const last = Local('last', Bool, false)
    const unbound = Local('unbound', Bool, false)
    const out = Ahead('out')

    /** Gives back what is held, and the stack that the range is on. */
    const unlock = (): void => {
      Ghost(() => Cover(returns_unlocked.reached))
      clear_range(device)
      If(driver_lock, () => mutex_unlock(update))
      If(device_fault_mmap_sem, () => up_read(mm.mmap_sem))
    }

    /** Before anything but mmap_sem is held. */
    const give_up = () => {
      If(device_fault_mmap_sem, () => up_read(mm.mmap_sem))
      finished(device)
      Goto(out)
    }

    const va = device_fault(device)
    const again = Label('again')
    If(device_fault_mmap_sem, () => acquiring('mmap_sem', () => down_read(mm.mmap_sem)))

    Source('4.14 mm/hmm.c hmm_vma_get_pfns', () => {
      leaf_section('range->valid = true; list_add(&range->list, &hmm->ranges)', hmm_lock, () => {
        Step('if (!driver->bound) goto out; hmm = hmm_register(mm)', () => {
          If(and(bound_check, bound.ne('bound')), give_up)
          // -EINVAL: the range is in no list.
          If(and(vma_check, bad_vma.has(va)), give_up)
          find_hmm(of, 'hmm_vma_get_pfns()', give_up)
          If(counted, () => {
            const taken = kref_get_unless_zero(hmm.at(of).kref)
            If(not(taken), give_up)
          })
        })
        list_range(device, of, va)
      })
    })

    If(driver_calls.eq('hmm_vma_fault'), () => {
      const ret = hmm_vma_fault(device, va, of)
      If(and(range_done_after_error, ret.ne('success')), () => {
        Step('the driver calls hmm_vma_range_done(range)', () => unlist_range(device, of, last))
      })
      // "It might be dropped by the function if the block argument is false. In that case, the function returns
      // -EAGAIN."
      If(and(ret.eq('EAGAIN'), not(block)), () => Goto(again))
      If(ret.ne('success'), () => {
        Step('up_read(&mm->mmap_sem); mmput(mm)', () => {
          returns_locked('hmm_vma_fault() has dropped mmap_sem, and does not say so')
          give_up()
        })
      })
    }).Else(() => {
      Source('4.14 mm/hmm.c hmm_vma_walk_pmd', () => {
        Step('hmm_vma_walk_pmd(): pte = *ptep', () => read_pte(device, va))
        store_pfn(device)
      })
    })

    Source('4.14 mm/hmm.c hmm_vma_range_done', () => {
      leaf_section('mutex_lock(&driver->update); hmm_vma_range_done()', hmm_lock, () => {
        If(driver_lock, () => acquiring('driver->update', () => mutex_lock(update)))
        Step('list_del(&range->list)', () => {
          unlist_range(device, of, last)
          // Else whoever unbinds has still to clear the table, under the lock.
          If(and(bound_recheck, bound.ne('bound')), () => {
            unbound.set(true)
            If(driver_lock, () => mutex_unlock(update))
          })
        })
      })
      If(last, () => hmm_free(of))
    })
    If(unbound, () => {
      Step('if (!driver->bound) up_read(&mm->mmap_sem); mmput(mm)', () => {
        clear_range(device)
        give_up()
      })
    })

    // From here on no thread can make the range invalid: it is in no list.
    Step(
      'if (!valid) goto again; driver->pte[va] = pfns[i]; mutex_unlock(&driver->update); up_read(&mm->mmap_sem); ' +
        'mmput(mm)',
      () => {
        Ghost(() => {
          Cover(snapshot_is_valid.reached, not(range.valid))
          Cover(
            start_means_empty.reached,
            some(Cpu, (cpu) => and(bracket.at(cpu).va.eq(va), bracket.at(cpu).answered)),
          )
        })
        If(and(range_done_check, not(range.valid)), () => {
          unlock()
          Goto(again)
        })
        hmm_pfn_to_page(device)
        If(range.value.eq('device_private'), () => {
          Assert(
            snapshot_is_valid.property,
            or(special.at(va).eq('device_private'), is_owed(device, va)),
            'the entry leads to device memory no more, and nobody will tell the device',
          )
          driver.at(device).own_memory.add(va)
        })
        If(range.pfn.is('none'), () => {
          unlock()
          finished(device)
          Goto(out)
        })
        Assert(
          snapshot_is_valid.property,
          snapshot_is_sound(device, va),
          'the snapshot that is installed is out of date, and nobody will tell the device',
        )
        pte.at(va).set(range.pfn)
        If(range.write, () => writable.add(va)).Else(() => writable.remove(va))
        If(mmput_unlocked, () => {
          unlock()
          finished(device)
        })
      },
    )
    If(not(mmput_unlocked), () => {
      mmput_and_exit()
      Step('mutex_unlock(&driver->update); up_read(&mm->mmap_sem)', () => {
        unlock()
        finished(device)
      })
    })
    Here(out)
  },
  { source: driver_pattern },
)

const device_reads = (device: Id<'Device'>): Recorded =>
  Step('the device reads', () => {
    const { pte } = driver.at(device)
    const va = Choose('va', Va, (one) => not(pte.at(one).is('none')))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device reads a page that was freed')
    Assert(
      newest_value.property,
      whenIs(pte.at(va), 'present', ({ page }) => contents.is_newest(page)),
      'the device reads an old value',
    )
  })

const device_writes = (device: Id<'Device'>): Recorded =>
  Step('the device writes', () => {
    const { pte, writable } = driver.at(device)
    const va = Choose('va', Va, (one) => and(not(pte.at(one).is('none')), writable.has(one)))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device writes a page that was freed')
    IfIs(pte.at(va), 'present', ({ page }) => {
      Assert(
        private_after_fork.property,
        mem_map.at(page).refcount.le(1),
        'the device writes a page that a child reads',
      )
      Ghost(() => contents.write(page, va))
    })
  })

export const device = threadPer(Device, 'device', (self) => {
  Loop(() => {
    Idle()
    Either(
      () => handle_device_fault(self),
      () => Source('the device', () => device_reads(self)),
      () => Source('the device', () => device_writes(self)),
    )
  })
})
