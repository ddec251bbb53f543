/** The process: munmap() and mmap(), the end of a VM, and the end of the process itself. */
import {
  and,
  Await,
  Bool,
  Choose,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  no,
  not,
  optional,
  or,
  procedure,
  setOf,
  some,
  Source,
  Step,
  thread,
  threadPer,
  yes,
  type Id,
  type SetOf,
} from 'hmmcheck'
import {
  Device,
  down_read,
  mm_state,
  mmap_read_unlock,
  mmap_write_downgrade,
  mmap_write_lock,
  mmap_write_unlock,
  mmput_last,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import { change_entry, in_bracket } from './bracket.ts'
import { clear_gpu_pte, clear_gpu_tlb } from './callback.ts'
import { close_waits, fini_unmaps_first, has_files } from './fixes.ts'
import { drm_gpusvm_range_remove, lock_vm, unlock_vm } from './range.ts'
import {
  being_unmapped,
  child_shares,
  closed,
  entry,
  Entry,
  finished,
  intervals,
  is_in,
  has_jobs,
  mmap_lock,
  notifier_lock,
  Range,
  ranges,
  tables_gone,
  taken,
  taken_partly,
  vma,
  work_queued,
  work_runs,
} from './state.ts'

/** The VMAs of these addresses go; their entries follow. For a step. */
const detach = (vas: SetOf<typeof Va>): void => {
  ForEach(Va, (va) => If(vas.has(va), () => vma.at(va).set('none')))
  Ghost(() => {
    ForEach(Va, (va) => If(vas.has(va), () => being_unmapped.add(va)))
    ForEach(Device, (device) =>
      ForEach(Range, (range) => {
        const is_hit = (va: Id<'Va'>) => and(is_in(va, range), vas.has(va))
        If(and(ranges.at(device).has(range), some(Va, is_hit)), () => {
          ForEach(Va, (va) => If(is_hit(va), () => taken.at(device).at(range).add(va)))
          If(
            some(Va, (va) => and(is_in(va, range), not(vas.has(va)))),
            () => taken_partly.at(device).add(range),
          )
        })
      }),
    )
  })
}

/** Their entries go, with the event MMU_NOTIFY_UNMAP. */
const unmap_vmas = (vas: SetOf<typeof Va>): void => {
  in_bracket(vas, yes, () =>
    ForEach(Va, (va) =>
      If(vas.has(va), () =>
        Step('zap_pte_range()', () => {
          If(not(entry.at(va).is('none')), () => change_entry(va, Entry.none))
          Ghost(() => being_unmapped.remove(va))
        }),
      ),
    ),
  )
}

const do_vmi_align_munmap = procedure(
  'do_vmi_align_munmap',
  [],
  () => {
    const vas = Local('vas', setOf(Va))
    mmap_write_lock(mmap_lock)
    Step('vms_gather_munmap_vmas()', () => {
      const part = Choose('part', optional(Va))
      vas.clear()
      ForEach(Va, (va) => If(and(or(part.isNone, part.eq(va)), vma.at(va).ne('none')), () => vas.add(va)))
      detach(vas)
    })
    mmap_write_downgrade(mmap_lock)
    If(not(vas.isEmpty), () => unmap_vmas(vas))
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.15 mm/vma.c do_vmi_align_munmap' },
)

/** munmap() of some addresses, and mmap() of all where none is left: anonymous memory, or a file. */
export const munmap = thread('munmap', () => {
  Source('6.15 mm/mmap.c vm_munmap', () =>
    Loop(() => {
      Idle()
      do_vmi_align_munmap()
      mmap_write_lock(mmap_lock)
      Step('mmap_region()', () => {
        const file = Choose('file', Bool, (one) => or(has_files, not(one)))
        If(
          every(Va, (va) => vma.at(va).eq('none')),
          () =>
            ForEach(Va, (va) =>
              If(and(has_files, file), () => vma.at(va).set('file')).Else(() => vma.at(va).set('anonymous')),
            ),
        )
      })
      mmap_write_unlock(mmap_lock)
    }),
  )
})

/** Jobs that were made come to their end, then the GPU has no entry left. Callbacks wait until it is through. */
const xe_vm_close = procedure(
  'xe_vm_close',
  [Device],
  (device) => {
    lock_vm(device)
    down_read(notifier_lock.at(device))
    Step('vm->size = 0', () => closed.add(device))
    If(close_waits, () => Step('dma_resv_wait_timeout()', () => Await(not(has_jobs(device)))))
    Step('xe_pt_clear()', () => clear_gpu_pte(device, () => yes))
    Step('xe_tlb_inval_vm()', () => clear_gpu_tlb(device, () => yes))
    up_read(notifier_lock.at(device))
    unlock_vm(device)
  },
  { source: '6.15 to 7.0 xe_vm.c xe_vm_close' },
)

/** The ranges of the VM go, its notifier, and its reference to the mm. */
const drm_gpusvm_fini = procedure(
  'drm_gpusvm_fini',
  [Device],
  (device) => {
    const remove_notifier = (): void =>
      void If(intervals.place.at(device).ne('out'), () => intervals.mmu_interval_notifier_remove(device))
    If(not(fini_unmaps_first), remove_notifier)
    ForEach(Range, (range) => If(ranges.at(device).has(range), () => drm_gpusvm_range_remove(device, range)))
    If(fini_unmaps_first, remove_notifier)
    Step('mmdrop(gpusvm->mm)', () => finished.add(device))
  },
  { source: '7.0 drm_gpusvm.c drm_gpusvm_fini' },
)

/** The VM of a GPU ends: it is closed, its page tables are destroyed, then its ranges and its notifier. */
const xe_vm_close_and_put = procedure(
  'xe_vm_close_and_put',
  [Device],
  (device) => {
    xe_vm_close(device)
    Step('flush_work(&vm->svm.garbage_collector.work)', () =>
      Await(and(not(work_queued.has(device)), not(work_runs.has(device)))),
    )
    lock_vm(device)
    Step('xe_pt_destroy()', () => tables_gone.add(device))
    drm_gpusvm_fini(device)
    unlock_vm(device)
  },
  { source: '6.15 to 7.0 xe_vm.c xe_vm_close_and_put' },
)

/** The VM is closed while the process lives. */
export const close = threadPer(Device, 'close', (device) => {
  Source('6.18 xe_vm.c xe_vm_destroy_ioctl', () => {
    Idle()
    Step('xa_erase(&xef->vm.xa, id)', () => Await(not(closed.has(device))))
    xe_vm_close_and_put(device)
  })
})

const exit_mmap = procedure(
  'exit_mmap',
  [],
  () => {
    const vas = Local('vas', setOf(Va))
    Step('mn_itree_release()', () => vas.set(setOf(Va).all))
    in_bracket(vas, no, () => undefined)
    Step('unmap_vmas()', () => {
      detach(setOf(Va).all)
    })
    unmap_vmas(vas)
    Step('mmdrop(mm)', () => mm_state.set('exited'))
  },
  { source: '6.15 mm/mmap.c exit_mmap' },
)

/** The process exits: the release, its pages, and its files, with the VMs. */
export const exit = thread('exit', () => {
  Source('6.12 kernel/exit.c do_exit', () => {
    Step('mmput(): the last one', () => mmput_last())
    exit_mmap()
    ForEach(Device, (device) => xe_vm_close_and_put(device))
  })
})

/** A child that shares device memory exits: its page is freed. */
export const child = threadPer(Device, 'child', (device) => {
  Source('6.12 kernel/exit.c do_exit, in the child', () => {
    Step('zap_pte_range()', () => child_shares.remove(device))
  })
})
