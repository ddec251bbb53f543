/**
 * A device: it reads and writes through its own page table, and its driver fills that table by a snapshot of the CPU's
 * (hmm_vma_get_pfns and hmm_vma_range_done of [04/15], in the pattern that hmm.h gives).
 */
import {
  Ahead,
  and,
  Assert,
  atomic,
  Await,
  Choose,
  Cover,
  Either,
  Ghost,
  Goto,
  Here,
  Idle,
  If,
  IfIs,
  IfSome,
  isCaseAnd,
  Label,
  Let,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  some,
  Source,
  Step,
  threadPer,
  whenIs,
  cond,
  type Bool,
  type Id,
  type IdPlace,
  type Recorded,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  DevicePte,
  down_read,
  leaf_section,
  mmget,
  mmput,
  mutex_lock,
  mutex_unlock,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import {
  newest_value,
  no_use_after_free,
  no_use_after_kfree,
  returns_unlocked,
  snapshot_is_valid,
  start_means_empty,
} from 'hmmcheck/properties'
import {
  bound_check,
  bound_recheck,
  count_open_brackets,
  device_fault_mmap_sem,
  driver_lock,
  fault_mmget,
  hmm_lock,
  range_done_check,
  retry_by,
} from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import {
  acquiring,
  bracket,
  contents,
  driver,
  hmm,
  Hmm,
  hmm_objects,
  is_owed,
  mm,
  range_of,
  sequence_moved,
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
    return va
  },
  { source: driver_pattern },
)

/** hmm_register(mm), which finds what hmm_mirror_register() made: "Caller must have registered a mirror". */
function find_hmm(of: IdPlace<'Hmm'>, fail: () => void): void {
  Assert(no_use_after_kfree.property, mm.hmm.isSome, 'a snapshot of a process that has no struct hmm')
  IfSome(mm.hmm, (published) => {
    hmm_objects.dereference(published, 'hmm in hmm_vma_get_pfns() or hmm_vma_range_done()')
    of.set(published)
  }).Else(() => {
    fail()
  })
}

/** Begins to track the range. */
const hmm_vma_get_pfns_tracks = (device: Id<'Device'>, of: Id<'Hmm'>, va: Id<'Va'>): void => {
  const { valid } = range_of.at(device)
  If(count_open_brackets, () => {
    const open = Let('notifiers', hmm.at(of).notifiers)
    valid.set(open.eq(0))
  }).Else(() => valid.set(true))
  hmm.at(of).ranges.at(device).set(va)
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
    const { update, pte, bound } = driver.at(device)
    const range = range_of.at(device)
    const of = Local('hmm', Hmm)
    hmm_objects.is_dereferenced(of)
    const out = Ahead('out')

    /** Gives back what is held, and the stack that the range is on. */
    const unlock = (): void => {
      Ghost(() => Cover(returns_unlocked.reached))
      range.valid.set(false)
      range.pfn.set(DevicePte.none)
      If(driver_lock, () => mutex_unlock(update))
      If(device_fault_mmap_sem, () => up_read(mm.mmap_sem))
    }

    /** Before anything but mmap_sem is held. */
    const give_up = () => {
      If(device_fault_mmap_sem, () => up_read(mm.mmap_sem))
      mmput()
      Goto(out)
    }

    const va = device_fault(device)
    const again = Label('again')
    If(device_fault_mmap_sem, () => acquiring('mmap_sem', () => down_read(mm.mmap_sem)))

    Source('[04/15] mm/hmm.c hmm_vma_get_pfns', () => {
      leaf_section('hmm_vma_get_pfns(): range->valid = true; list_add(&range->list, &hmm->ranges)', hmm_lock, () => {
        Step('if (!driver->bound) goto out; hmm = hmm_register(mm)', () => {
          If(and(bound_check, bound.ne('bound')), give_up)
          find_hmm(of, give_up)
          If(retry_by.eq('sequence'), () => sequence_moved.remove(device))
        })
        hmm_vma_get_pfns_tracks(device, of, va)
      })
    })

    Source('[04/15] mm/hmm.c hmm_vma_walk_pmd', () => {
      Step('hmm_vma_walk_pmd(): pte = *ptep; range->pfns[i] = pte', () => {
        IfSome(mm.pte.at(va), (page) => range.pfn.set(DevicePte.present({ page }))).Else(() =>
          range.pfn.set(DevicePte.none),
        )
      })
    })

    Source('[04/15] mm/hmm.c hmm_vma_range_done', () =>
      leaf_section('mutex_lock(&driver->update); hmm_vma_range_done()', hmm_lock, () => {
        If(driver_lock, () => acquiring('driver->update', () => mutex_lock(update)))
        Step('list_del(&range->list)', () => {
          find_hmm(of, () => {
            unlock()
            mmput()
            Goto(out)
          })
          Assert(
            no_use_after_kfree.property,
            hmm.at(of).ranges.at(device).isSome,
            'hmm_vma_range_done() takes a range out of the list of a struct hmm that was freed',
          )
          hmm.at(of).ranges.at(device).set(none)
        })
        const up_to_date = cond(retry_by.eq('sequence'), not(sequence_moved.has(device)), range.valid)
        Step('if (!range->valid) goto again', () => {
          Ghost(() => {
            Cover(snapshot_is_valid.reached, not(up_to_date))
            Cover(
              start_means_empty.reached,
              some(Cpu, (cpu) => and(bracket.at(cpu).va.eq(va), bracket.at(cpu).answered)),
            )
          })
          If(and(range_done_check, not(up_to_date)), () => {
            unlock()
            Goto(again)
          })
          If(or(range.pfn.is('none'), and(bound_recheck, bound.ne('bound'))), () => {
            unlock()
            mmput()
            Goto(out)
          })
        })
      }),
    )

    Step('driver->pte[va] = pfns[i]; mutex_unlock(&driver->update); up_read(&mm->mmap_sem); mmput(mm)', () => {
      Assert(
        snapshot_is_valid.property,
        snapshot_is_sound(device, va),
        'the snapshot that is installed is out of date, and nobody will tell the device',
      )
      pte.at(va).set(range.pfn)
      unlock()
      mmput()
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
    const { pte } = driver.at(device)
    const va = Choose('va', Va, (one) => not(pte.at(one).is('none')))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device writes a page that was freed')
    Ghost(() => {
      IfIs(pte.at(va), 'present', ({ page }) => contents.write(page, va))
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
