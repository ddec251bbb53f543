/**
 * migrate_vma_setup(): collect, prepare, unmap. A page that it leaves in src is locked, in no page table, and not
 * referenced by anyone else.
 */
import {
  and,
  Assert,
  Bool,
  count,
  Cover,
  current,
  Ghost,
  Held,
  If,
  IfIs,
  IfSome,
  isCaseAnd,
  isSomeAnd,
  Let,
  Local,
  Match,
  none,
  not,
  oneOf,
  or,
  procedure,
  ref,
  Reused,
  setOf,
  Step,
  Thread,
  type Block,
  type Id,
  type Int,
  type PlaceOf,
  type Recorded,
} from 'hmmcheck'
import { flush_tlb_page, leaf_section, maps_page, Page, SwapPte, Va } from 'hmmcheck/kernel'
import { device_memory_is_not_pinned, refuses_for_a_reason } from 'hmmcheck/properties'
import { invalidate_range_end, invalidate_range_start } from './brackets.ts'
import { remove_migration_ptes, unlock_and_put } from './finalize.ts'
import {
  api,
  clear_before_pin_test,
  collect_keeps_write,
  collect_marks_dirty,
  cpu_tlb,
  flush_under_ptl,
  forks,
  page_lock_fix,
  pin_check,
  pins_taken,
  pte_lock,
  rmap_bracket,
  swaps,
  unmap_check,
  unmap_everywhere,
} from './fixes.ts'
import {
  anon_exclusive,
  child,
  get_page,
  held,
  in_swap_cache,
  is_zone_device_page,
  isolated,
  mapcount,
  mem_map,
  migrate_vma,
  mm,
  page_dirty,
  page_mapped,
  page_maybe_dma_pinned,
  page_remove_rmap,
  put_page,
  tlb,
  trylock_page,
  unlock_page,
  vma,
  waiter,
} from './state.ts'

/**
 * The addresses of a migration that are still to be migrated: those with MIGRATE_PFN_MIGRATE, as the thread that
 * migrates knows them.
 */
export const Todo = setOf(Va).as('todo')

/** MIGRATE_VMA_SELECT_SYSTEM or MIGRATE_VMA_SELECT_DEVICE_PRIVATE. */
export const Select = oneOf('system', 'device').as('select')

/**
 * The entry becomes a migration entry; its reference becomes the migration's, which takes one before it drops the
 * other.
 */
function freeze(va: Id<'Va'>, page: Id<'Page'>, write: Bool): void {
  const args = migrate_vma.at(current).at(va)
  mm.pte.at(va).set(SwapPte.migration({ page, write }))
  page_remove_rmap(page)
  args.src.set(page)
  args.migrate.set(true)
  args.write.set(write)
  args.locked.set(true)
}

/** trylock_page(), and what is done with and without it. */
function if_locked(page: Id<'Page'>, then: Block, otherwise: Block): void {
  If(page_lock_fix, () => {
    const taken = trylock_page(page)
    If(taken, then).Else(otherwise)
  }).Else(then)
}

/** One entry of the walk. */
export const migrate_vma_collect_pmd = procedure(
  'migrate_vma_collect_pmd',
  [Va, Select, ref(Todo)],
  (va, select, todo) => {
    const args = migrate_vma.at(current).at(va)
    const maybe_pinned = Local('maybe_pinned', Bool, false)

    // What a CPU may do that has no barrier between its clear of the entry and its test for pins.
    If(and(pins_taken, not(clear_before_pin_test), select.eq('system')), () => {
      Step('page_maybe_dma_pinned(), ahead of ptep_clear_flush()', () => {
        IfIs(mm.pte.at(va), 'present', ({ page }) => maybe_pinned.set(page_maybe_dma_pinned(page)))
      })
    })

    leaf_section(
      'spin_lock(ptl): trylock_page(); ptep_get_and_clear(); set_pte_at(migration entry); flush_tlb_range()',
      pte_lock,
      () => {
        const pte = Let('pte', mm.pte.at(va))
        Reused(pte, 'without the page table lock the entry may have changed: what the variant shows')
        Step('trylock_page(); ptep_get_and_clear(); set_pte_at(migration entry)', () => {
          If(select.eq('system'), () => {
            IfIs(pte, 'present', ({ page, write, dirty }) => {
              if_locked(
                page,
                () => {
                  If(and(pins_taken, clear_before_pin_test), () => maybe_pinned.set(page_maybe_dma_pinned(page)))
                  If(and(pins_taken, pin_check, anon_exclusive.has(page), maybe_pinned), () => {
                    If(page_lock_fix, () => unlock_page(page))
                  }).Else(() => {
                    If(pins_taken, () => anon_exclusive.remove(page))
                    If(and(swaps, collect_marks_dirty, dirty), () => page_dirty.add(page))
                    freeze(va, page, write)
                    todo.add(va)
                  })
                },
                () =>
                  If(api.eq('callbacks'), () => {
                    // Up to 5.16 it stays collected: locked, and taken out of the page table, later.
                    get_page(page)
                    args.src.set(page)
                    args.migrate.set(true)
                    args.write.set(write)
                    todo.add(va)
                  }),
              )
            })
            If(pte.is('none'), () => {
              args.migrate.set(true)
              args.write.set(not(vma.write_protected))
              todo.add(va)
            })
          }).Else(() => {
            IfIs(pte, 'device_private', ({ page, write }) => {
              if_locked(
                page,
                () => {
                  // pte_write() of an entry that is not present answers no.
                  freeze(va, page, and(write, collect_keeps_write))
                  todo.add(va)
                },
                () =>
                  If(api.eq('callbacks'), () => {
                    get_page(page)
                    args.src.set(page)
                    args.migrate.set(true)
                    todo.add(va)
                  }),
              )
            })
          })
        })
        If(or(not(cpu_tlb), flush_under_ptl), () => {
          Step('flush_tlb_range(); mmu_notifier_invalidate_range_end()', () => {
            If(and(cpu_tlb, todo.has(va), pte.is('present')), () => flush_tlb_page(tlb, va))
            invalidate_range_end(va)
          })
        })
      },
    )
    If(and(cpu_tlb, not(flush_under_ptl)), () => {
      Step('flush_tlb_range(); mmu_notifier_invalidate_range_end(), after spin_unlock(ptl)', () => {
        flush_tlb_page(tlb, va)
        invalidate_range_end(va)
      })
    })
  },
  { source: '6.1 mm/migrate_device.c migrate_vma_collect_pmd' },
)

/** Up to 5.16: what collect could not lock is locked now, or given up. */
export const migrate_vma_prepare = procedure(
  'migrate_vma_prepare',
  [Va, ref(Todo)],
  (va, todo) => {
    const args = migrate_vma.at(current).at(va)
    Step('if (!(src & MIGRATE_PFN_LOCKED)) trylock_page()', () => {
      IfSome(args.src, (page) =>
        If(not(args.locked), () => {
          if_locked(
            page,
            () => args.locked.set(true),
            () => {
              args.src.set(none)
              args.migrate.set(false)
              put_page(page)
              todo.remove(va)
            },
          )
        }),
      )
    })
  },
  { source: '4.14 mm/migrate.c migrate_vma_prepare' },
)

/**
 * For the step that finds entries by the reverse map: one that is frozen. Its reference goes; the migration has one
 * of its own.
 */
const freeze_by_rmap = (pte: PlaceOf<typeof SwapPte>, page: Id<'Page'>): Recorded =>
  If(maps_page(pte, page), () => {
    If(
      and(
        swaps,
        collect_marks_dirty,
        isCaseAnd(pte, 'present', ({ dirty }) => dirty),
      ),
      () => page_dirty.add(page),
    )
    Match(
      pte,
      {
        present: ({ write }) => pte.set(SwapPte.migration({ page, write })),
        device_private: ({ write }) => pte.set(SwapPte.migration({ page, write })),
      },
      () => undefined,
    )
    page_remove_rmap(page)
    put_page(page)
  })

/** Takes the page out of every page table that it is still in, in brackets of its own: no mmap_sem is needed. */
export const try_to_migrate = procedure(
  'try_to_migrate',
  [Va, Page],
  (va, page) => {
    Step('mmu_notifier_invalidate_range_start(MMU_NOTIFY_CLEAR)', () => invalidate_range_start(va, rmap_bracket))
    Step(
      'try_to_migrate_one(): spin_lock(ptl): set_pte_at(migration entry); mmu_notifier_invalidate_range_end()',
      () => {
        freeze_by_rmap(mm.pte.at(va), page)
        If(cpu_tlb, () => flush_tlb_page(tlb, va))
        invalidate_range_end(va)
      },
    )
    If(forks, () => {
      Step('try_to_migrate_one(), in the child: spin_lock(ptl): set_pte_at(migration entry)', () =>
        freeze_by_rmap(child.pte.at(va), page),
      )
    })
  },
  { source: '6.1 mm/rmap.c try_to_migrate' },
)

/** References beyond those of entries and the one of this migration. */
const users = (page: Id<'Page'>): Int => mem_map.at(page).refcount.minus(mapcount.at(page))

/**
 * migrate_vma_check_page(): no one else has a reference. One is this migration's, one the fault's that it runs for.
 * For device memory one more is let pass since free device pages have no reference; up to 5.16 device memory was not
 * asked at all.
 */
const migrate_vma_check_page = (page: Id<'Page'>): Bool => {
  const faults = held.at(current).eq(page)
  const device = is_zone_device_page(page)
  return or(
    users(page).le(1),
    and(or(faults, device), users(page).le(2)),
    and(faults, device, users(page).le(3)),
    and(device, api.eq('callbacks')),
    // The swap cache's.
    and(in_swap_cache(page), users(page).le(2)),
  )
}

/**
 * Somebody has a reference that is neither an entry's, nor this migration's and its fault's, nor of one who waits for
 * a migration entry.
 */
export function somebody_else_holds(page: Id<'Page'>): Bool {
  const others = users(page).minus(count(Thread, (thread) => waiter.at(thread).eq(page)))
  return or(others.gt(2), and(others.gt(1), held.at(current).ne(page)))
}

/**
 * Whether a page that was collected by address may still be mapped: by a child, or because collect could not lock it.
 */
export const mapped_after_collect: Bool = or(forks, api.eq('callbacks'))

/**
 * Isolates the page, takes it out of every other page table, and asks whether anybody else has it. What is ready to
 * be copied stays in `todo`.
 */
export const migrate_device_unmap = procedure(
  'migrate_device_unmap',
  [Va, ref(Todo), Bool.as('mapped')],
  (va, todo, mapped) => {
    const args = migrate_vma.at(current).at(va)
    const ready = Local('ready', Bool, false)
    If(and(mapped, unmap_everywhere), () => {
      IfSome(args.src, (page) => {
        Held(page, 'the reference that src[i] has')
        If(page_mapped(page), () => try_to_migrate(va, page))
      })
    })
    Step('isolate_lru_page(); migrate_vma_check_page()', () => {
      Ghost(() => Cover(device_memory_is_not_pinned.reached, isSomeAnd(args.src, page_maybe_dma_pinned)))
      IfSome(args.src, (page) => {
        const isolates = or(is_zone_device_page(page), not(swaps), not(isolated.has(page)))
        const unmapped = or(not(page_mapped(page)), not(unmap_everywhere))
        const alone = or(not(unmap_check), migrate_vma_check_page(page))
        Assert(
          refuses_for_a_reason.property,
          or(not(isolates), not(unmapped), alone, somebody_else_holds(page)),
          'a migration fails although nobody else has the page',
        )
        ready.set(and(isolates, unmapped, alone))
        If(and(swaps, ready, not(is_zone_device_page(page))), () => isolated.add(page))
      }).Else(() => ready.set(true))
      If(not(ready), () => {
        args.migrate.set(false)
        todo.remove(va)
      })
    })
    If(not(ready), () => {
      remove_migration_ptes(va)
      unlock_and_put(va)
    })
  },
  { source: '6.1 mm/migrate_device.c migrate_device_unmap' },
)
