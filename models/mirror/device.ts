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
  Break,
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
  isCaseAnd,
  Label,
  Let,
  Local,
  Loop,
  none,
  not,
  oneOf,
  or,
  procedure,
  ref,
  some,
  Source,
  Step,
  threadPer,
  whenIs,
  type BoolPlace,
  type Id,
  type IdPlace,
  type Recorded,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  DevicePte,
  down_read,
  kref_get_unless_zero,
  kref_put,
  leaf_section,
  mmget,
  mmput,
  mmput_and_exit,
  mutex_lock,
  mutex_unlock,
  set_pte_at,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import {
  agree,
  newest_value,
  no_use_after_free,
  no_use_after_kfree,
  private_after_fork,
  returns_unlocked,
  snapshot_is_valid,
  start_means_empty,
} from 'hmmcheck/properties'
import { grant, is_empty } from './cpu.ts'
import {
  again_means_dropped,
  block,
  bound_check,
  bound_recheck,
  count_open_brackets,
  cpus_also,
  device_fault_mmap_sem,
  driver_calls,
  driver_lock,
  fault_checks_vma,
  fault_mmget,
  counted,
  hmm_lock,
  mmput_unlocked,
  pfn_values_check,
  pte_special_check,
  range_done_after_error,
  range_done_check,
  retry_only_nonblocking,
  unbind_flushes,
  vma_check,
} from './fixes.ts'
import { returned_unlocked, returns_locked } from './locks.ts'
import { hmm_free } from './registration.ts'
import {
  acquiring,
  alloc_page,
  bad_vma,
  bracket,
  clear_range,
  contents,
  driver,
  has_free_page,
  hmm,
  Hmm,
  hmm_objects,
  is_owed,
  is_registered,
  mem_map,
  mm,
  range_of,
  special,
  vm_write,
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

/**
 * hmm_register(mm), which finds what hmm_mirror_register() made: "Caller must have registered a mirror". Where there
 * is none it would make one, with mmap_sem held for reading at most, and mm_take_all_locks() does not return from that.
 */
function find_hmm(of: IdPlace<'Hmm'>, what: string, fail: () => void): void {
  Assert(no_use_after_kfree.property, mm.hmm.isSome, `${what} of a process that has no struct hmm`)
  IfSome(mm.hmm, (published) => {
    hmm_objects.dereference(published, `hmm in ${what}`)
    of.set(published)
  }).Else(() => {
    fail()
  })
}

/** The range is listed, and is valid unless a bracket is open, as far as they are counted. */
const list_range = (device: Id<'Device'>, of: Id<'Hmm'>, va: Id<'Va'>): void => {
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
const unlist_range = (device: Id<'Device'>, of: IdPlace<'Hmm'>, last: BoolPlace): void => {
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
const read_pte = (device: Id<'Device'>, va: Id<'Va'>): void => {
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
const hmm_pfn_to_page = (device: Id<'Device'>): void => {
  const range = range_of.at(device)
  If(or(range.value.eq('HMM_PFN_SPECIAL'), range.value.eq('HMM_PFN_ERROR')), () => {
    If(pfn_values_check, () => range.pfn.set(DevicePte.none)).Else(() => range.pfn.set(DevicePte.stale))
  })
}

/** And stores what it has read where an invalidation finds it. */
const store_pfn = (device: Id<'Device'>): Recorded =>
  Step('hmm_vma_walk_pmd(): range->pfns[i] = pte', () => range_of.at(device).stored.set(true))

/** The result of hmm_vma_fault(): 0 or an error. */
const Errno = oneOf('success', 'EAGAIN', 'EBUSY', 'EPERM', 'EFAULT')

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
const hmm_vma_fault = procedure(
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
      'if (!valid) goto again; driver->pte[va] = pfns[i]; mutex_unlock(&driver->update); up_read(&mm->mmap_sem); mmput(mm)',
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
