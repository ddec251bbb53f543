/**
 * Migration to device memory and back (mm/migrate_device.c of 6.1 to 6.12): what a driver calls, in the order of
 * Documentation/mm/hmm.rst: `migrate_vma_setup()`, the driver's copy, `migrate_vma_pages()`, `migrate_vma_finalize()`;
 * and `migrate_device_range()`, which begins with pages instead of addresses.
 */
import {
  and,
  Bool,
  If,
  IfIs,
  IfSome,
  Local,
  no,
  none,
  not,
  or,
  procedure,
  ref,
  Source,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type Nothing,
  type SetOf,
  type SetPlace,
  type SortType,
} from '../language/index.ts'
import {
  for_each_address,
  MigrateSelect,
  removeMigrationPtes,
  VaRange,
  type MigratedPages,
  type MigrationMapping,
} from './migration-entry.ts'
import { Va } from './sorts.ts'
import { SwapPte } from './swap-pte.ts'

/** The process whose memory a driver moves, and what the kernel does for it on the way. */
export interface MigrateMm<Owner extends string> {
  /** The entry of an address. */
  readonly pte: MigrationMapping['pte']
  /** A page of device memory belongs to the driver that migrates: `args.pgmap_owner`. All do, if it is left out. */
  readonly is_owned?: (page: Id<'Page'>) => Condition
  /** Begins MMU_NOTIFY_MIGRATE, with `args.pgmap_owner`. It may be left out where nobody is told of changes. */
  readonly invalidate_range_start?: (range: SetOf<typeof Va>, owner: Id<Owner>) => void
  /** Ends the bracket that `invalidate_range_start` has begun. */
  readonly invalidate_range_end?: () => void
  /** try_to_migrate() of this process's entry of the address: only `migrate_device_range()` needs it. */
  readonly try_to_migrate?: (va: Id<'Va'>) => void
  /** The same of the entries of other processes that have the page. */
  readonly try_to_migrate_others?: (va: Id<'Va'>) => void
  /** VM_WRITE: whether a page that fills a hole may be written; it may, if it is left out. */
  readonly may_write?: (va: Id<'Va'>) => Condition
  /** Goes with the step in which a page fills a hole. */
  readonly filled?: (page: Id<'Page'>, va: Id<'Va'>) => Nothing
}

/** What is the same for every process: which pages there are, and where entries of them may be. */
export interface Migrations extends MigratedPages {
  /** Who may have entries of a page, in the order of the reverse map. */
  readonly mappings: readonly MigrationMapping[]
  /** What is restored may be written only if the migration entry said so; so it is, if it is left out. */
  readonly restore_keeps_rights?: Condition
}

/**
 * migrate_vma_check_page(): no one has a reference beside this migration, the fault that it runs for, and for device
 * memory one that is always tolerated here.
 */
const migrate_vma_check_page = (
  { refcount, mapcount, is_fault_page, is_zone_device_page }: MigratedPages,
  page: Id<'Page'>,
): Condition => {
  const users = refcount(page).minus(mapcount(page))
  const faults = is_fault_page(page)
  const device = is_zone_device_page(page)
  return or(users.le(1), and(or(faults, device), users.le(2)), and(faults, device, users.le(3)))
}

/** folio_migrate_mapping(): nobody has got a reference meanwhile. */
const is_exact = ({ refcount, is_fault_page }: MigratedPages, page: Id<'Page'>): Condition =>
  or(refcount(page).le(1), and(is_fault_page(page), refcount(page).le(2)))

/** What is done with a page whose lock is not that of the fault, and with one whose lock is. */
const by_lock = (
  { fault_has_lock, is_fault_page }: MigratedPages,
  page: Id<'Page'>,
  own: () => Nothing,
  of_fault: () => Nothing = () => undefined,
): void => {
  if (fault_has_lock === undefined) own()
  else If(and(fault_has_lock, is_fault_page(page)), of_fault).Else(own)
}

/** Both pages are unlocked and put; the lock of a fault is its own. */
const unlock_and_put = (pages: MigratedPages, va: Id<'Va'>): void => {
  const { entry, folio_unlock, put_page } = pages
  Step('folio_unlock(); folio_put()', () => {
    IfSome(entry(va).src, (src) => {
      by_lock(pages, src, () => folio_unlock(src))
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

/** The last look at one page; `hole` is done for an address that had none. */
const migrate_folio = (pages: MigratedPages, va: Id<'Va'>, hole: () => Nothing): void => {
  const entry = pages.entry(va)
  const stays = (): Nothing => entry.migrate.set(false)
  Step('migrate_folio()', () => {
    If(entry.dst.isNone, stays).Else(() => {
      IfSome(entry.src, (src) => If(not(is_exact(pages, src)), stays)).Else(hole)
    })
  })
}

/** How the entries of one process are collected. */
function collecting<Owner extends string>(pages: MigratedPages, mm: MigrateMm<Owner>) {
  const { entry } = pages
  return procedure(
    'migrate_vma_collect_pmd',
    [Va, MigrateSelect, ref(VaRange)],
    (va, select, todo) => {
      const pte = mm.pte(va)
      const freeze = (page: Id<'Page'>, write: Condition): void => {
        const collect = (): void => {
          pte.set(SwapPte.migration({ page, write }))
          pages.page_remove_rmap(page)
          entry(va).src.set(page)
          entry(va).migrate.set(true)
          entry(va).write.set(write)
          todo.add(va)
        }
        by_lock(pages, page, () => void If(pages.folio_trylock(page), collect), collect)
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
          IfIs(pte, 'device_private', ({ page, write }) => {
            if (mm.is_owned === undefined) freeze(page, write)
            else If(mm.is_owned(page), () => freeze(page, write))
          })
        })
      })
    },
    { source: '6.1 mm/migrate_device.c migrate_vma_collect_pmd' },
  )
}

/** A hole: nothing was there when it was collected, and if nothing is there now the new page is mapped. */
function filling<Owner extends string>({ entry, map_page }: MigratedPages, mm: MigrateMm<Owner>) {
  const { may_write = () => yes } = mm
  return procedure(
    'migrate_vma_insert_page',
    [Va],
    (va) => {
      Step('spin_lock(ptl): if (pte_none(*ptep)) set_pte_at(device private entry)', () => {
        IfSome(entry(va).dst, (page) => {
          If(mm.pte(va).is('none'), () => {
            mm.filled?.(page, va)
            map_page(page)
            mm.pte(va).set(SwapPte.device_private({ page, write: may_write(va) }))
          }).Else(() => entry(va).migrate.set(false))
        })
      })
    },
    { source: '6.1 mm/migrate_device.c migrate_vma_insert_page' },
  )
}

/**
 * Migrations between system memory and the memory of devices. A thread has one at a time, with an entry
 * (`MigrateEntry`) for each address. Anonymous memory in pages of one size; a page that can be had in no other way is
 * copied, or it stays.
 *
 * @param Owner the sort of those that the notifiers may know a migration as their own by: `args.pgmap_owner`
 * @param pages the pages, and the processes that may have entries of them
 * @returns what works on pages, and `in_mm`, which adds what works on the addresses of one process
 */
export function migrateVma<const Owner extends string>(Owner: SortType<Owner>, pages: Migrations) {
  const { entry } = pages
  const remove_migration_ptes = removeMigrationPtes(pages, pages.mappings, pages.restore_keeps_rights)

  const migrate_vma_finalize = procedure(
    'migrate_vma_finalize',
    [VaRange],
    (todo) => {
      for_each_address(todo, (va) => {
        If(entry(va).src.isSome, () => remove_migration_ptes(va))
        unlock_and_put(pages, va)
      })
    },
    { source: '6.1 mm/migrate_device.c migrate_device_finalize' },
  )

  const on_pages = {
    /** The entry of an address in the migration of this thread. */
    entry,
    /** What the driver may lock a destination with, and drop it. */
    pages: pages as MigratedPages,
    /**
     * Ends a migration: what page tables have of it becomes an entry of the destination, or of the source again; both
     * pages are unlocked and put.
     */
    migrate_vma_finalize,
    /** The page of an address is the destination from now on: after `migrate_vma_pages`, before the end. */
    is_moved: (va: Id<'Va'>): Condition => and(entry(va).migrate, entry(va).dst.isSome),
  }

  /** What a driver calls for the memory of one process. */
  const in_mm = (mm: MigrateMm<Owner>) => {
    const { try_to_migrate, try_to_migrate_others } = mm
    const migrate_vma_collect_pmd = collecting(pages, mm)
    const migrate_vma_insert_page = filling(pages, mm)

    const migrate_device_unmap = procedure(
      'migrate_device_unmap',
      [Va, ref(VaRange)],
      (va, todo) => {
        const ready = Local('ready', Bool, true)
        ready.set(true)
        If(entry(va).src.isSome, () => {
          try_to_migrate_others?.(va)
          Step('migrate_vma_check_page()', () => {
            IfSome(entry(va).src, (page) => ready.set(migrate_vma_check_page(pages, page)))
            If(not(ready), () => entry(va).migrate.set(false))
          })
          If(not(ready), () => {
            todo.remove(va)
            remove_migration_ptes(va)
            unlock_and_put(pages, va)
          })
        })
      },
      { source: '6.1 mm/migrate_device.c migrate_device_unmap' },
    )

    const migrate_vma_pages = procedure(
      'migrate_vma_pages',
      [VaRange, Bool.as('may_fill'), Owner.as('owner')],
      (todo, may_fill, owner) => {
        const holes = Local('holes', VaRange, VaRange.empty)
        holes.clear()
        for_each_address(todo, (va) => migrate_folio(pages, va, () => holes.add(va)))
        If(and(may_fill, not(holes.isEmpty)), () => {
          mm.invalidate_range_start?.(holes, owner)
          for_each_address(holes, (va) => migrate_vma_insert_page(va))
          mm.invalidate_range_end?.()
        })
      },
      { source: '6.1 mm/migrate_device.c __migrate_device_pages' },
    )

    return {
      ...on_pages,

      /**
       * Begins a migration, with mmap_lock held for reading: each page that can be locked becomes a migration entry,
       * under the page table lock and in a bracket; what somebody else has a reference to is put back. Where nothing
       * is, a migration to the device may bring a page. A migration from the device collects such holes in the kernel,
       * too; its drivers pass them over, so that they are left out here.
       *
       * @param range the addresses
       * @param select from where: `system` memory, or the memory of the `device`
       * @param todo the variable that gets the addresses which the driver is to copy
       */
      migrate_vma_setup: procedure(
        'migrate_vma_setup',
        [VaRange, MigrateSelect, ref(VaRange), Owner.as('owner')],
        (range, select, todo, owner) => {
          todo.clear()
          mm.invalidate_range_start?.(range, owner)
          for_each_address(range, (va) => migrate_vma_collect_pmd(va, select, todo))
          mm.invalidate_range_end?.()
          for_each_address(todo, (va) => migrate_device_unmap(va, todo))
        },
        { source: '6.1 mm/migrate_device.c migrate_vma_setup' },
      ),

      /**
       * The last look at the references. Where `dst` is empty, or somebody has got one, the entry does not migrate;
       * else the destination is the page of the address from now on. Holes are filled, in a bracket, if nothing is
       * there still.
       *
       * @param may_fill whether there can be holes: to a device
       */
      migrate_vma_pages,

      /** The same for what `migrate_device_range` has begun. There are no holes, so that no bracket has the owner. */
      migrate_device_pages: (todo: SetPlace<typeof Va>, owner: Id<Owner>): void => {
        Source('6.1 mm/migrate_device.c migrate_device_pages', () => migrate_vma_pages(todo, no, owner))
      },

      /**
       * Begins a migration of all device memory that this process has, by its pages: no mmap_lock, no bracket of a
       * migration. A page that is locked is left out. One that no entry leads to is left out, too: it is free, or its
       * last user puts it.
       *
       * @param todo the variable that gets the addresses which the driver is to copy
       * @param isolated goes with the step in which a page is found
       */
      migrate_device_range: (todo: SetPlace<typeof Va>, isolated?: (page: Id<'Page'>) => Nothing): void => {
        Source('6.1 mm/migrate_device.c migrate_device_range', () => {
          for_each_address(VaRange.all, (va) =>
            Step('folio_get_nontail_page(); folio_trylock()', () =>
              IfIs(mm.pte(va), 'device_private', ({ page }) => {
                const locked = pages.folio_trylock(page)
                If(locked, () => {
                  pages.get_page(page)
                  isolated?.(page)
                  entry(va).src.set(page)
                  entry(va).migrate.set(true)
                  todo.add(va)
                })
              }),
            ),
          )
          for_each_address(todo, (va) => {
            try_to_migrate?.(va)
            migrate_device_unmap(va, todo)
          })
        })
      },
    }
  }

  return { ...on_pages, in_mm }
}
