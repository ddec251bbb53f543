/** struct hmm_range: how a driver lists it, reads the page table through it, or has pages faulted in. */
import {
  and,
  Assert,
  Await,
  Bool,
  type BoolPlace,
  Break,
  Choose,
  Cover,
  Either,
  Ghost,
  type Id,
  type IdPlace,
  If,
  IfSome,
  Let,
  Local,
  Loop,
  none,
  not,
  oneOf,
  or,
  procedure,
  type Recorded,
  ref,
  some,
  Step,
} from 'hmmcheck'
import { Device, DevicePte, kref_put, leaf_section, set_pte_at, up_read, Va } from 'hmmcheck/kernel'
import { agree, no_use_after_kfree } from 'hmmcheck/properties'
import { grant, is_empty } from './cpu-fault.ts'
import {
  again_means_dropped,
  block,
  count_open_brackets,
  counted,
  cpus_also,
  device_fault_mmap_sem,
  fault_checks_vma,
  hmm_lock,
  pfn_values_check,
  pte_special_check,
  retry_only_nonblocking,
} from './fixes.ts'
import { hmm_free } from './registration.ts'
import {
  alloc_page,
  clear_range,
  contents,
  has_free_page,
  hmm,
  Hmm,
  hmm_objects,
  is_registered,
  mm,
  range_of,
  special,
  vm_write,
} from './state.ts'

/**
 * hmm_register(mm), which finds what hmm_mirror_register() made: "Caller must have registered a mirror". Where there
 * is none it would make one, with mmap_sem held for reading at most, and mm_take_all_locks() does not return from that.
 */
export function find_hmm(of: IdPlace<'Hmm'>, what: string, fail: () => void): void {
  Assert(no_use_after_kfree.property, mm.hmm.isSome, `${what} of a process that has no struct hmm`)
  IfSome(mm.hmm, (published) => {
    hmm_objects.dereference(published, `hmm in ${what}`)
    of.set(published)
  }).Else(() => {
    fail()
  })
}

/** The range is listed, and is valid unless a bracket is open, as far as they are counted. */
export const list_range = (device: Id<'Device'>, of: Id<'Hmm'>, va: Id<'Va'>): void => {
  const { valid } = range_of.at(device)
  If(count_open_brackets, () => {
    const open = Let('notifiers', hmm.at(of).notifiers)
    valid.set(open.eq(0))
  }).Else(() => valid.set(true))
  hmm.at(of).ranges.at(device).set(va)
}

/**
 * hmm_vma_range_done(), under hmm->lock: the range leaves the list, and so does its reference. For a step.
 * A range does not remember its struct hmm, unless it holds a reference of it.
 *
 * @param last set to whether that was the last reference
 */
export const unlist_range = (device: Id<'Device'>, of: IdPlace<'Hmm'>, last: BoolPlace): void => {
  If(counted, () => hmm_objects.dereference(of, 'range->hmm in hmm_vma_range_done()')).Else(() =>
    find_hmm(of, 'hmm_vma_range_done()', () => undefined),
  )
  Assert(
    no_use_after_kfree.property,
    hmm.at(of).ranges.at(device).isSome,
    'hmm_vma_range_done() of a range that is in no list, or in that of a struct hmm that was freed',
  )
  hmm.at(of).ranges.at(device).set(none)
  If(counted, () => {
    const is_zero = kref_put(hmm.at(of).kref)
    last.set(is_zero)
  })
}

/**
 * The walk reads the entry: `pte_t pte = *ptep`. For a step. A special entry that is not told apart is a frame that
 * is not the process's: as if stale.
 */
export const read_pte = (device: Id<'Device'>, va: Id<'Va'>): void => {
  const range = range_of.at(device)
  range.value.set('pfn')
  IfSome(mm.pte.at(va), (page) => range.pfn.set(DevicePte.present({ page }))).Else(() => range.pfn.set(DevicePte.none))
  range.write.set(and(mm.pte.at(va).isSome, mm.writable.has(va)))
  If(special.at(va).eq('device_private'), () => range.value.set('device_private'))
  If(special.at(va).eq('poison'), () => range.value.set('HMM_PFN_ERROR'))
  If(special.at(va).eq('special'), () => {
    If(pte_special_check, () => range.value.set('HMM_PFN_SPECIAL')).Else(() => range.pfn.set(DevicePte.stale))
  })
}

/**
 * hmm_pfn_to_page(): no page, says the driver who looks at the values before he looks at the flag. Who does not takes
 * what an error stands for as a frame.
 */
export const hmm_pfn_to_page = (device: Id<'Device'>): void => {
  const range = range_of.at(device)
  If(or(range.value.eq('HMM_PFN_SPECIAL'), range.value.eq('HMM_PFN_ERROR')), () => {
    If(pfn_values_check, () => range.pfn.set(DevicePte.none)).Else(() => range.pfn.set(DevicePte.stale))
  })
}

/** And stores what it has read where an invalidation finds it. */
export const store_pfn = (device: Id<'Device'>): Recorded =>
  Step('hmm_vma_walk_pmd(): range->pfns[i] = pte', () => range_of.at(device).stored.set(true))

/** The result of hmm_vma_fault(): 0 or an error. */
export const Errno = oneOf('success', 'EAGAIN', 'EBUSY', 'EPERM', 'EFAULT')

/** The CPU's own fault, for the device: a page is there afterwards, with the right to write if the vma has it. */
const handle_mm_fault = (va: Id<'Va'>): Recorded =>
  Step('handle_mm_fault()', () => {
    If(is_empty(va), () => {
      Await(has_free_page())
      const page = alloc_page()
      Ghost(() => {
        Cover(agree.reached, some(Device, is_registered))
        contents.fill(page, va)
      })
      set_pte_at(mm.pte.at(va), page)
    })
    If(mm.pte.at(va).isSome, () => grant(va, vm_write.has(va)))
  })

/**
 * From where its range is listed: walks, and faults in what is missing. On every error the range is out of the list
 * when it returns.
 */
export const hmm_vma_fault = procedure(
  'hmm_vma_fault',
  [Device, Va, ref(Hmm)],
  (device, va, of) => {
    const range = range_of.at(device)
    const ret = Local('ret', Errno, 'success')
    const write = Local('write', Bool, false)
    const last = Local('last', Bool, false)
    If(cpus_also.eq('write-protect'), () => write.set(Choose('wants_to_write', Bool)))

    Loop(() => {
      Step('hmm_vma_walk_pmd(): pte = *ptep', () => {
        read_pte(device, va)
        If(and(range.pfn.is('present'), or(not(write), range.write)), () => Break())
        If(range.value.eq('device_private'), () => Break())
        If(range.value.ne('pfn'), () => {
          ret.set('EFAULT')
          Break()
        })
        If(and(fault_checks_vma, write, not(vm_write.has(va))), () => {
          ret.set('EPERM')
          Break()
        })
      })
      Either(
        () => handle_mm_fault(va),
        () =>
          Step('handle_mm_fault(): VM_FAULT_OOM', () => {
            Await(and(is_empty(va), not(has_free_page())))
            ret.set('EFAULT')
            Break()
          }),
        () =>
          Step('handle_mm_fault(): up_read(&mm->mmap_sem): VM_FAULT_RETRY', () => {
            // FAULT_FLAG_ALLOW_RETRY, and a page under I/O.
            Await(or(not(block), not(retry_only_nonblocking)))
            If(device_fault_mmap_sem, () => up_read(mm.mmap_sem))
            If(again_means_dropped, () => ret.set('EAGAIN')).Else(() => ret.set('EBUSY'))
            Break()
          }),
      )
    })
    If(ret.eq('success'), () => store_pfn(device)).Else(() => {
      leaf_section('hmm_pfns_clear(); hmm_vma_range_done(range)', hmm_lock, () => {
        Step('list_del(&range->list)', () => {
          clear_range(device)
          unlist_range(device, of, last)
        })
      })
      If(last, () => hmm_free(of))
    })
    return ret
  },
  { source: '4.14 mm/hmm.c hmm_vma_fault' },
)
