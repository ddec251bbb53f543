/**
 * A CPU of the process: it faults on what its page table does not allow. And the process's threads on it, which read
 * and write.
 */
import {
  and,
  Assert,
  atomic,
  Await,
  Choose,
  Cover,
  current,
  Either,
  Ghost,
  Idle,
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
  some,
  Source,
  Step,
  thread,
  threadPer,
  whenSome,
  type Recorded,
} from 'hmmcheck'
import { Cpu, Device, leaf_section, mm_is_alive, mmget, mmput, points_to, Va } from 'hmmcheck/kernel'
import { accounted, agree, copies_on_write, newest_value, no_use_after_free } from 'hmmcheck/properties'
import { hmm_handle_cpu_fault } from './cpu-fault.ts'
import { hmm_device_fault_end } from './events.ts'
import {
  back_listed,
  device_memory,
  dirty_bits,
  fault_mmap_sem,
  forks,
  pte_lock,
  pte_none_check,
  pte_same_check,
  rights,
} from './fixes.ts'
import { mmap_sem, returned_unlocked } from './locks.ts'
import {
  alloc_page,
  child,
  child_leads_to,
  contents,
  driver,
  get_page,
  has_free_page,
  held,
  is_free,
  is_registered,
  mm,
  old_page,
  Pte,
  put_page,
  refcount,
} from './state.ts'
import { mmu_notifier_invalidate_range_end, mmu_notifier_invalidate_range_start } from './update.ts'

/** The CPU's table does not have the address, or does not have it writable. */
const page_fault = atomic('page_fault', [], () => {
  const va = Choose('va', Va, (one) => or(mm.pte.at(one).page.isNone, and(rights, not(mm.pte.at(one).write))))
  mmget()
  returned_unlocked()
  If(fault_mmap_sem, mmap_sem.wanted)
  return va
})

/**
 * The case that handle_pte_fault() finds: do_anonymous_page(), do_wp_page() that reuses or copies,
 * hmm_handle_cpu_fault(), or nothing to do.
 */
const Kind = oneOf('nothing', 'anonymous', 'wp', 'cow', 'hmm')

/**
 * Copies the page of which the caller holds a reference, and puts the copy in its place: if the entry is still the one
 * that the fault saw.
 */
const wp_page_copy = procedure(
  'wp_page_copy',
  [Va],
  (va) => {
    const pte = mm.pte.at(va)
    Step('cow_user_page(new_page, old_page)', () => {
      Ghost(() => {
        IfSome(held.at(current), (copy) => IfSome(old_page.at(current), (page) => contents.copy(copy, page)))
      })
    })
    mmu_notifier_invalidate_range_start(va, 'HMM_MIGRATE')
    Step(
      'spin_lock(ptl): if (pte_same(*page_table, orig_pte)) { ptep_clear_flush_notify(); set_pte_at_notify(); ' +
        'put_page(old_page) }',
      () => {
        IfSome(held.at(current), (copy) =>
          IfSome(old_page.at(current), (page) => {
            held.at(current).set(none)
            If(or(and(pte.page.eq(page), not(pte.write)), not(pte_same_check)), () => {
              pte.set(Pte.value({ page: copy, write: true, dirty: false, hmm: 'none' }))
              put_page(page)
            }).Else(() => put_page(copy))
          }),
        )
      },
    )
  },
  { source: '4.5 mm/memory.c wp_page_copy' },
)

export const handle_mm_fault = procedure(
  'handle_mm_fault',
  [],
  () => {
    const va = page_fault()
    const pte = mm.pte.at(va)
    const kind = Local('kind', Kind, 'nothing')
    If(fault_mmap_sem, mmap_sem.down_read)
    Step('handle_pte_fault(): entry = *pte; if (pte_none(entry)) page = alloc_page()', () => {
      If(and(device_memory, pte.hmm.ne('none')), () => kind.set('hmm'))
      IfSome(pte.page, (page) => {
        If(and(forks, not(pte.write), child_leads_to(page)), () => {
          If(has_free_page(), () => {
            const copy = alloc_page()
            held.at(current).set(copy)
            get_page(page)
            old_page.at(current).set(page)
            kind.set('cow')
          })
        }).Else(() => {
          If(and(rights, not(pte.write)), () => kind.set('wp'))
        })
      }).Else(() => {
        If(and(pte.hmm.eq('none'), has_free_page()), () => {
          const page = alloc_page()
          held.at(current).set(page)
          kind.set('anonymous')
        })
      })
    })
    If(and(device_memory, kind.eq('hmm')), () => hmm_handle_cpu_fault(va))
    If(and(forks, kind.eq('cow')), () => wp_page_copy(va))
    leaf_section(
      'spin_lock(ptl): if (pte_none(*pte)) set_pte_at(); up_read(&mm->mmap_sem); mmput(mm)',
      pte_lock,
      () => {
        const still_none = Let('still_none', and(pte.page.isNone, pte.hmm.eq('none')))
        Step('set_pte_at()', () => {
          If(kind.eq('anonymous'), () => {
            IfSome(held.at(current), (page) => {
              held.at(current).set(none)
              If(or(still_none, not(pte_none_check)), () => {
                Ghost(() => {
                  Cover(agree.reached, some(Device, is_registered))
                  contents.fill(page, va)
                })
                pte.set(Pte.value({ page, write: true, dirty: false, hmm: 'none' }))
              }).Else(() => put_page(page))
            })
          })
          If(kind.eq('wp'), () =>
            IfSome(pte.page, (page) => {
              If(not(and(forks, child_leads_to(page))), () => pte.write.set(true))
            }),
          )
        })
        Step('mmu_notifier_invalidate_range_end(); put_page(old_page); up_read(&mm->mmap_sem); mmput(mm)', () => {
          If(forks, () => {
            mmu_notifier_invalidate_range_end()
            IfSome(old_page.at(current), (page) => {
              Ghost(() => Cover(accounted.reached, refcount(page).eq(1)))
              old_page.at(current).set(none)
              put_page(page)
            })
          })
          If(and(device_memory, back_listed), () => hmm_device_fault_end())
          If(fault_mmap_sem, mmap_sem.up_read)
          mmput()
        })
      },
    )
  },
  { source: '4.5 mm/memory.c handle_pte_fault' },
)

export const cpu = threadPer(Cpu, 'cpu', () => {
  Loop(() => {
    Idle()
    handle_mm_fault()
  })
})

const cpu_reads = (): Recorded =>
  Step('the CPU reads', () => {
    Await(mm_is_alive())
    const va = Choose('va', Va, (one) => mm.pte.at(one).page.isSome)
    Assert(
      no_use_after_free.property,
      whenSome(mm.pte.at(va).page, (page) => not(is_free(page))),
      'the CPU reads a page that was freed',
    )
    Assert(newest_value.property, whenSome(mm.pte.at(va).page, contents.is_newest), 'the CPU reads an old value')
  })

const cpu_writes = (): Recorded =>
  Step('the CPU writes', () => {
    Await(mm_is_alive())
    const va = Choose('va', Va, (one) => and(mm.pte.at(one).page.isSome, mm.pte.at(one).write))
    Assert(
      no_use_after_free.property,
      whenSome(mm.pte.at(va).page, (page) => not(is_free(page))),
      'the CPU writes a page that was freed',
    )
    IfSome(mm.pte.at(va).page, (page) => {
      Ghost(() => {
        Cover(
          newest_value.reached,
          some(Device, (device) => points_to(driver.at(device).pte.at(va), page)),
        )
        Cover(copies_on_write.reached, child.is_alive)
      })
      If(forks, () =>
        Assert(copies_on_write.property, not(child_leads_to(page)), 'a CPU writes to a page that the child maps'),
      )
      Ghost(() => contents.write(page, va))
      If(dirty_bits, () => mm.pte.at(va).dirty.set(true))
    })
  })

/** The threads of the process, on whatever CPU. */
export const user = thread(
  'user',
  () => {
    Loop(() => {
      Either(
        () => Source('the CPU', cpu_reads),
        () => Source('the CPU', cpu_writes),
      )
    })
  },
  { daemon: true },
)
