/** Pages in the memory of a GPU come back: a CPU faults on one, or TTM wants the memory for somebody else. */
import {
  and,
  array,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  IfIs,
  Local,
  Loop,
  no,
  not,
  or,
  procedure,
  range,
  Return,
  setOf,
  some,
  Source,
  Step,
  threadPer,
  type Id,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  mmap_read_lock,
  mmap_read_unlock,
  mmget_not_zero,
  mmput,
  mutex_lock,
  mutex_unlock,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { change_entry, in_bracket } from './bracket.ts'
import { evict_checks_detached, exits, has_errors, has_timeslice, others_lock } from './fixes.ts'
import { not_used_after_free } from './properties.ts'
import {
  bo_lock,
  child_shares,
  entry,
  Entry,
  evicting,
  folio_locked,
  given_away,
  has_pages,
  is_on,
  leaves,
  mm_is_freed,
  mmap_lock,
  pte,
  reaches,
} from './state.ts'

/** What was collected, and the entries as they are then. */
const collection = () => ({
  collected: Local('collected', setOf(Va), setOf(Va).empty),
  source: Local('source', array(Va, pte.Sample)),
})
type Collection = ReturnType<typeof collection>

/** The page gets a migration entry, if it is in this GPU's memory, and nobody else has it locked. For a step. */
const collect = (device: Id<'Device'>, va: Id<'Va'>, own: Bool, { collected, source }: Collection): void => {
  const locked = Local('locked', Bool, false)
  If(others_lock, () => {
    const by_others = Choose('by_others', Bool)
    locked.set(by_others)
  })
  If(and(is_on(va, device), or(own, not(or(locked, folio_locked.has(va))))), () => {
    change_entry(va, Entry.migration({ from: device }))
    collected.add(va)
    source.at(va).set(pte.at(va).now)
  })
}

/** Copies what was collected, and puts it into the page table, if it is still asked for there. */
const copy_and_finalize = (device: Id<'Device'>, { collected, source }: Collection): void => {
  If(not(collected.isEmpty), () => {
    const fails = Local('fails', Bool, false)
    Step('copy_to_ram()', () => {
      Ghost(() => {
        Assert(
          no_use_after_free.property,
          every(Va, (va) => not(and(collected.has(va), given_away.has(va)))),
          'the memory of the GPU is of another process by now',
        )
        Assert(
          no_use_after_free.property,
          every(Va, (va) =>
            not(
              and(
                collected.has(va),
                some(Device, (one) => reaches(one, va)),
              ),
            ),
          ),
          'a GPU can write the page while it is copied',
        )
      })
      If(has_errors, () => {
        const error = Choose('error', Bool)
        fails.set(error)
      })
    })
    Step('migrate_vma_pages(), migrate_vma_finalize()', () =>
      ForEach(Va, (va) => {
        If(and(collected.has(va), source.at(va).isCurrent), () =>
          If(fails, () => entry.at(va).set(Entry.device_private({ device }))).Else(() => entry.at(va).set(Entry.ram)),
        )
        source.at(va).set(pte.never)
      }),
    )
  })
}

/** A fault on the page: all that is in the same allocation comes back. The page is locked. */
const drm_pagemap_migrate_to_ram = procedure(
  'drm_pagemap_migrate_to_ram',
  [Device, Va],
  (device, fault_va) => {
    const pages = collection()
    const vas = Local('vas', setOf(Va))
    If(has_timeslice, () => {
      const early = Step('time_before64(get_jiffies_64(), timeslice_expiration)', () => Choose('early', Bool))
      If(early, () => Return(Local('declined', Bool, true)))
    })
    Step('zdd->devmem_allocation', () => {
      vas.clear()
      ForEach(Va, (va) => If(is_on(va, device), () => vas.add(va)))
    })
    in_bracket(vas, no, () =>
      ForEach(Va, (va) =>
        If(vas.has(va), () => Step('migrate_vma_collect_pmd()', () => collect(device, va, va.eq(fault_va), pages))),
      ),
    )
    copy_and_finalize(device, pages)
    return Local('declined', Bool, false)
  },
  { source: '7.0 drm_pagemap.c __drm_pagemap_migrate_to_ram' },
)

/** A fault on an entry that leads to the memory of a GPU. The entry may be as it was when it returns. */
export const do_swap_page = procedure(
  'do_swap_page',
  [Va],
  (va) => {
    const there = Local('there', Bool, false)
    const on = Local('on', Device)
    Step('folio_trylock(); get_page()', () => {
      Await(and(not(folio_locked.has(va)), not(entry.at(va).is('migration'))))
      IfIs(entry.at(va), 'device_private', ({ device }) => {
        there.set(true)
        on.set(device)
        folio_locked.add(va)
      })
    })
    If(there, () => {
      drm_pagemap_migrate_to_ram(on, va)
      Step('put_page(); folio_unlock()', () => folio_locked.remove(va))
    })
  },
  { source: '6.15 mm/memory.c do_swap_page' },
)

/** Loads and stores of the process where its pages are in the memory of a GPU. */
export const cpu_fault = threadPer(Cpu, 'cpu_fault', () => {
  Source('6.12 mm/memory.c handle_mm_fault', () => {
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('a load or store', () => {
        const at = Choose('at', Va, (one) => entry.at(one).is('device_private'))
        va.set(at)
      })
      mmap_read_lock(mmap_lock)
      do_swap_page(va)
      mmap_read_unlock(mmap_lock)
    })
  })
})

/** Moves what is in the buffer back to RAM. Says whether the memory can be given away. */
const drm_pagemap_evict_to_ram = procedure(
  'drm_pagemap_evict_to_ram',
  [Device],
  (device) => {
    const tries = Local('tries', range(0, 3), 3)
    const gone = Local('gone', Bool, false)
    Loop(() => {
      If(exits, () => {
        Step('devmem_allocation->mm', () =>
          Ghost(() => Assert(not_used_after_free.property, not(mm_is_freed()), 'the mm_struct is freed')),
        )
        const alive = mmget_not_zero()
        If(not(alive), () => Return(gone))
      })
      const pages = collection()
      const vas = Local('vas', setOf(Va))
      const tried = Local('tried', setOf(Va))
      Step('populate_devmem_pfn()', () => {
        tried.clear()
        ForEach(Va, (va) => If(is_on(va, device), () => tried.add(va)))
      })
      ForEach(Va, (va) =>
        If(tried.has(va), () => {
          vas.set(setOf(Va).empty)
          vas.add(va)
          in_bracket(vas, no, () => Step('try_to_migrate_one()', () => collect(device, va, no, pages)))
        }),
      )
      copy_and_finalize(device, pages)
      If(exits, () =>
        Step('mmput_async()', () => {
          child_shares.remove(device)
          mmput()
        }),
      )
      tries.decrement()
      Step('completion_done(&devmem_allocation->detached)', () => {
        gone.set(or(not(has_pages(device)), not(evict_checks_detached)))
        Ghost(() =>
          If(gone, () => ForEach(Va, (va) => If(or(is_on(va, device), leaves(va, device)), () => given_away.add(va)))),
        )
      })
      If(or(gone, tries.eq(0)), () => Break())
    })
    return gone
  },
  { source: '7.0 drm_pagemap.c drm_pagemap_evict_to_ram' },
)

/** TTM wants the memory, again and again. It gives up, for this time, if pages stay. */
export const ttm = threadPer(Device, 'ttm', (device) => {
  Source('6.15 ttm_bo.c ttm_bo_evict', () => {
    Loop(() => {
      Idle()
      Step('ttm_bo_get_unless_zero()', () => {
        Await(has_pages(device))
        evicting.add(device)
      })
      mutex_lock(bo_lock.at(device))
      drm_pagemap_evict_to_ram(device)
      mutex_unlock(bo_lock.at(device))
      Step('ttm_bo_put()', () => evicting.remove(device))
    })
  })
})
