/** migrate_vma: what a driver calls to move memory, in the kernel's order. */
import {
  and,
  Bool,
  current,
  Ghost,
  If,
  IfIs,
  IfSome,
  Local,
  no,
  none,
  not,
  oneOf,
  or,
  procedure,
  ref,
  Step,
  yes,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { SwapPte, Va } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './bracket.ts'
import { forks, restore_keeps_rights } from './fork-fixes.ts'
import { contents, eachProcess, of_whom, other_than, pte_of, type Process } from './processes.ts'
import { try_to_migrate } from './rmap.ts'
import {
  folio_trylock,
  folio_unlock,
  for_each_address,
  held,
  is_zone_device_page,
  map_page,
  mapcount,
  mem_map,
  migrate_entry as entry,
  page_remove_rmap,
  put_page,
  Range,
  Sub,
} from './state.ts'

/** MIGRATE_VMA_SELECT_SYSTEM or MIGRATE_VMA_SELECT_DEVICE_PRIVATE. */
export const Select = oneOf('system', 'device').as('select')

/**
 * One entry of the walk, under the page table lock: a page that can be locked is frozen, and its reference becomes the
 * migration's; where nothing is, a migration to the device may bring a page.
 */
const migrate_vma_collect_pmd = eachProcess((process) =>
  procedure(
    'migrate_vma_collect_pmd',
    [Va, Select, ref(Range)],
    (va, select, todo) => {
      const pte = pte_of(process, va)
      const freeze = (page: Id<'Page'>, write: Condition): void => {
        const locked = folio_trylock(page)
        If(locked, () => {
          pte.set(SwapPte.migration({ page, write }))
          page_remove_rmap(page)
          entry(va).src.set(page)
          entry(va).migrate.set(true)
          entry(va).write.set(write)
          todo.add(va)
        })
      }
      Step('spin_lock(ptl): folio_trylock(); ptep_get_and_clear(); set_pte_at(migration entry)', () => {
        If(select.eq('system'), () => {
          IfIs(pte, 'present', ({ page, write }) => freeze(page, write))
          If(pte.is('none'), () => {
            entry(va).migrate.set(true)
            entry(va).write.set(true)
            todo.add(va)
          })
        }).Else(() => {
          IfIs(pte, 'device_private', ({ page, write }) => freeze(page, write))
        })
      })
    },
    { source: '6.1 mm/migrate_device.c migrate_vma_collect_pmd' },
  ),
)

/** migrate_vma_check_page(): no one has a reference beside this migration and the fault that it runs for. */
const migrate_vma_check_page = (page: Id<'Page'>): Condition => {
  const users = mem_map.at(page).refcount.minus(mapcount.at(page))
  const faults = held.at(current).eq(page)
  const device = is_zone_device_page(page)
  return or(users.le(1), and(or(faults, device), users.le(2)), and(faults, device, users.le(3)))
}

/**
 * remove_migration_pte(), if the entry is still the migration's. The tree of the reverse map has the vma of the parent
 * first: anon_vma_interval_tree_insert() puts a later one of the same place behind it.
 */
const remove_migration_ptes = procedure(
  'remove_migration_ptes',
  [Va],
  (va) => {
    const remove_migration_pte = (process: Process): void => {
      Step(`remove_migration_pte()${of_whom(process)}: spin_lock(ptl): set_pte_at()`, () => {
        IfSome(entry(va).src, (src) =>
          IfIs(pte_of(process, va), 'migration', (pte) =>
            If(pte.page.eq(src), () => {
              const write = or(pte.write, not(restore_keeps_rights))
              const restore = (page: Id<'Page'>): void => {
                map_page(page)
                If(is_zone_device_page(page), () =>
                  pte_of(process, va).set(SwapPte.device_private({ page, write })),
                ).Else(() => pte_of(process, va).set(SwapPte.present({ page, write, dirty: no })))
              }
              If(and(entry(va).migrate, entry(va).dst.isSome), () => IfSome(entry(va).dst, restore)).Else(() =>
                restore(src),
              )
            }),
          ),
        )
      })
    }
    remove_migration_pte('parent')
    If(forks, () => remove_migration_pte('child'))
  },
  { source: '6.1 mm/migrate.c remove_migration_pte' },
)

/** Both pages are unlocked and put. */
const unlock_and_put = (va: Id<'Va'>): void => {
  Step('folio_unlock(); folio_put()', () => {
    IfSome(entry(va).src, (src) => {
      folio_unlock(src)
      put_page(src)
    })
    IfSome(entry(va).dst, (dst) => {
      folio_unlock(dst)
      put_page(dst)
    })
    entry(va).src.set(none)
    entry(va).dst.set(none)
    entry(va).migrate.set(false)
    entry(va).write.set(false)
  })
}

/** Asks whether anybody else has the page; one that somebody has is put back. */
export const migrate_device_unmap = eachProcess((process) =>
  procedure(
    'migrate_device_unmap',
    [Va, ref(Range)],
    (va, todo) => {
      const ready = Local('ready', Bool, true)
      ready.set(true)
      If(entry(va).src.isSome, () => {
        If(forks, () => try_to_migrate[other_than(process)](va))
        Step('migrate_vma_check_page()', () => {
          IfSome(entry(va).src, (page) => ready.set(migrate_vma_check_page(page)))
          If(not(ready), () => entry(va).migrate.set(false))
        })
        If(not(ready), () => {
          todo.remove(va)
          remove_migration_ptes(va)
          unlock_and_put(va)
        })
      })
    },
    { source: '6.1 mm/migrate_device.c migrate_device_unmap' },
  ),
)

/** Collects and freezes what can be moved: `todo` has the addresses that the driver is to copy. */
export const migrate_vma_setup = eachProcess((process) =>
  procedure(
    'migrate_vma_setup',
    [Range, Select, ref(Range), Sub.as('owner')],
    (range, select, todo, owner) => {
      todo.clear()
      if (process === 'parent') invalidate_range_start(range, { owner })
      for_each_address(range, (va) => migrate_vma_collect_pmd[process](va, select, todo))
      if (process === 'parent') invalidate_range_end()
      for_each_address(todo, (va) => migrate_device_unmap[process](va, todo))
    },
    { source: '6.1 mm/migrate_device.c migrate_vma_setup' },
  ),
)

/** A hole: nothing was there when it was collected, and if nothing is there now the new page is mapped. */
const migrate_vma_insert_page = eachProcess((process) =>
  procedure(
    'migrate_vma_insert_page',
    [Va],
    (va) => {
      Step('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at(device private entry)', () => {
        IfSome(entry(va).dst, (page) => {
          If(pte_of(process, va).is('none'), () => {
            Ghost(() => contents.fill(process, page, va))
            map_page(page)
            pte_of(process, va).set(SwapPte.device_private({ page, write: yes }))
          }).Else(() => entry(va).migrate.set(false))
        })
      })
    },
    { source: '6.1 mm/migrate_device.c migrate_vma_insert_page' },
  ),
)

/** folio_migrate_mapping(): nobody has got a reference meanwhile. */
const is_exact = (page: Id<'Page'>): Condition =>
  or(mem_map.at(page).refcount.le(1), and(held.at(current).eq(page), mem_map.at(page).refcount.le(2)))

/**
 * The last look at the references; after it the destination is the page of the address. What moves to a device may be
 * a hole, which is filled.
 */
export const migrate_vma_pages = eachProcess((process) =>
  procedure(
    'migrate_vma_pages',
    [Range, Bool.as('may_fill'), Sub.as('owner')],
    (todo, may_fill, owner) => {
      const holes = Local('holes', Range, Range.empty)
      holes.clear()
      for_each_address(todo, (va) =>
        Step('migrate_folio()', () => {
          If(entry(va).dst.isNone, () => entry(va).migrate.set(false)).Else(() => {
            IfSome(entry(va).src, (src) => If(not(is_exact(src)), () => entry(va).migrate.set(false))).Else(() =>
              holes.add(va),
            )
          })
        }),
      )
      If(and(may_fill, not(holes.isEmpty)), () => {
        if (process === 'parent') invalidate_range_start(holes, { owner })
        for_each_address(holes, (va) => migrate_vma_insert_page[process](va))
        if (process === 'parent') invalidate_range_end()
      })
    },
    { source: '6.1 mm/migrate_device.c __migrate_device_pages' },
  ),
)

/** What the page table has of the migration becomes an entry of the destination, or of the source again. */
export const migrate_vma_finalize = procedure(
  'migrate_vma_finalize',
  [Range],
  (todo) => {
    for_each_address(todo, (va) => {
      If(entry(va).src.isSome, () => remove_migration_ptes(va))
      unlock_and_put(va)
    })
  },
  { source: '6.1 mm/migrate_device.c migrate_device_finalize' },
)

/** The page at an address of a migration will be the destination. */
export const is_moved = (va: Id<'Va'>): Condition => and(entry(va).migrate, entry(va).dst.isSome)
