/**
 * The skeleton of a driver that has memory of its own (Documentation/mm/hmm.rst of 6.1): memory moves to the device,
 * back to RAM for a fault of a CPU, and back for good when the device goes. The driver puts in its memory, its copy,
 * and its table; the kernel's part is a `migration`, made by `migrateVma`.
 */
import {
  and,
  Await,
  Bool,
  Choose,
  If,
  IfSome,
  no,
  none,
  not,
  or,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type Nothing,
  type SetOf,
  type SetPlace,
} from '../language/index.ts'
import type { migrateVma } from './migrate-device.ts'
import { for_each_address } from './migration-entry.ts'
import type { Va } from './sorts.ts'

/** What `in_mm` of `migrateVma` gives: the memory of one process. */
export type Migration<Owner extends string> = ReturnType<ReturnType<typeof migrateVma<Owner>>['in_mm']>

/** Where the pages come from into which a driver copies: system memory, or its device's. */
export interface Destinations {
  /** Whether an allocation would succeed. */
  readonly has_free_page: () => Condition
  /** For a step: a page, with a first reference. */
  readonly alloc_page: () => Id<'Page'>
}

/** The copy of a driver: by its engine, or by a CPU. All is for the step of the copy. */
export interface DriverCopy {
  /** The contents of the address come from one page into the new one. */
  readonly copy: (to: Id<'Page'>, from: Id<'Page'>, va: Id<'Va'>) => Nothing
  /** Done before it, whether it fails or not. */
  readonly reads?: (from: Id<'Page'>, va: Id<'Va'>) => Nothing
  /** The name of what copies, for the label of a step that does no more: `copy_highpage()`, if it is left out. */
  readonly copies?: string
  /** Whether a copy can fail; none does, if it is left out. */
  readonly copy_may_fail?: Condition
  /** What a copy that fails leaves in the new page. */
  readonly failed?: (to: Id<'Page'>, from: Id<'Page'>, va: Id<'Va'>) => Nothing
  /** Whether a driver drops the new page of a copy that failed, so that nothing moves; it does, if it is left out. */
  readonly checks_copy?: Condition
}

/** For the step of a copy: whether it fails, if it can. */
const copy_fails = ({ copy_may_fail }: DriverCopy): Condition | undefined =>
  copy_may_fail === undefined ? undefined : Choose('fails', Bool, (fail) => or(copy_may_fail, not(fail)))

/** For that step: what is in the new page then; one that is not to be used is freed. */
function copy_one<Owner extends string>(
  { pages, entry }: Pick<Migration<Owner>, 'pages' | 'entry'>,
  { copy, reads, failed, checks_copy = yes }: DriverCopy,
  fails: Condition | undefined,
  to: Id<'Page'>,
  from: Id<'Page'>,
  va: Id<'Va'>,
): void {
  reads?.(from, va)
  if (fails === undefined) copy(to, from, va)
  else
    If(not(fails), () => copy(to, from, va)).Else(() => {
      failed?.(to, from, va)
      If(checks_copy, () => {
        pages.folio_unlock(to)
        pages.put_page(to)
        entry(va).dst.set(none)
      })
    })
}

/** The page in `dst` gets the contents of the one in `src`; with a copy that fails it is dropped, or not. */
function copy_to_dst<Owner extends string>(migration: Migration<Owner>, va: Id<'Va'>, driver: DriverCopy): void {
  const { src, dst } = migration.entry(va)
  Step(driver.copies ?? 'copy_highpage()', () => {
    const fails = copy_fails(driver)
    IfSome(src, (from) => IfSome(dst, (to) => copy_one(migration, driver, fails, to, from, va)))
  })
}

/** What the halves of the skeleton have in common. */
interface DriverMigration<Owner extends string> extends DriverCopy {
  /** The addresses. */
  readonly range: SetOf<typeof Va>
  /** The variable for those of them that are ready to be copied. */
  readonly todo: SetPlace<typeof Va>
  /** `args.pgmap_owner`: who may take the brackets of this migration for its own. */
  readonly owner: Id<Owner>
  /** The body runs under the driver's lock, as `with_driver_lock` does it; without one, if it is left out. */
  readonly under_lock?: (body: () => void) => void
}

const unlocked = (body: () => void): void => body()

/** What a driver puts into `driver_migrate_to_device`. */
export interface DriverMigrateToDevice<Owner extends string> extends DriverMigration<Owner> {
  /** Its free pages of device memory. */
  readonly device_memory: Destinations
  /** For the step of the allocation: what it writes into the page, as `zone_device_data`. */
  readonly init?: (page: Id<'Page'>) => Nothing
  /** Puts what is in `dst` of the address into its table, where `is_moved` says so. None, if a fault is to do that. */
  readonly map?: (va: Id<'Va'>) => void
  /** Whether it does so; it does, if it is left out. */
  readonly maps?: Condition
}

/**
 * A driver moves memory to its device, as dmirror_migrate_to_device() does: setup, allocation and copy, pages, map,
 * finalize. With mmap_lock held for reading. A page for which there is no device memory stays where it is.
 */
export function driver_migrate_to_device<const Owner extends string>(
  migration: Migration<Owner>,
  driver: DriverMigrateToDevice<Owner>,
): void {
  const { range, todo, owner, device_memory, init, map, maps = yes, under_lock = unlocked } = driver
  migration.migrate_vma_setup(range, 'system', todo, owner)
  for_each_address(todo, (va) =>
    Step('zone_device_page_init(); copy_highpage()', () =>
      If(device_memory.has_free_page(), () => {
        const { src, dst } = migration.entry(va)
        const fails = copy_fails(driver)
        const page = device_memory.alloc_page()
        init?.(page)
        migration.pages.folio_trylock(page)
        if (fails !== undefined) dst.set(page)
        IfSome(src, (from) => copy_one(migration, driver, fails, page, from, va))
        if (fails === undefined) dst.set(page)
      }),
    ),
  )
  migration.migrate_vma_pages(todo, yes, owner)
  if (map !== undefined) If(and(maps, not(todo.isEmpty)), () => under_lock(() => for_each_address(todo, map)))
  migration.migrate_vma_finalize(todo)
}

/** What a driver puts into `driver_migrate_to_ram`. */
export interface DriverMigrateToRam<Owner extends string> extends DriverMigration<Owner> {
  /** The allocator of system memory: alloc_page_vma(). */
  readonly system_memory: Destinations
  /** Takes the entry of the address out of its table, before the copy. */
  readonly erase: (va: Id<'Va'>) => void
}

/**
 * dev_pagemap_ops.migrate_to_ram, as dmirror_devmem_fault() and nouveau_dmem_migrate_to_ram() are: setup, for each
 * page an allocation, and under the driver's lock its entry and the copy; pages, finalize. With mmap_lock held for
 * reading, and for a fault with a reference to its page (`do_swap_page`). A page for which there is no memory stays
 * where it is.
 */
export function driver_migrate_to_ram<const Owner extends string>(
  migration: Migration<Owner>,
  driver: DriverMigrateToRam<Owner>,
): void {
  const { range, todo, owner, system_memory, erase, under_lock = unlocked } = driver
  migration.migrate_vma_setup(range, 'device', todo, owner)
  for_each_address(todo, (va) => {
    const dst = migration.entry(va).dst
    Step('alloc_page_vma(); lock_page()', () =>
      If(system_memory.has_free_page(), () => {
        const page = system_memory.alloc_page()
        migration.pages.folio_trylock(page)
        dst.set(page)
      }),
    )
    If(dst.isSome, () =>
      under_lock(() => {
        erase(va)
        copy_to_dst(migration, va, driver)
      }),
    )
  })
  migration.migrate_vma_pages(todo, no, owner)
  migration.migrate_vma_finalize(todo)
}

/** What a driver puts into `driver_evict`. */
export interface DriverEvict<Owner extends string> extends DriverCopy {
  /** The variable for the addresses that are ready to be copied. */
  readonly todo: SetPlace<typeof Va>
  /** The one that has moved the pages to the device. */
  readonly owner: Id<Owner>
  /** The allocator of system memory, which is waited for: __GFP_NOFAIL. */
  readonly system_memory: Destinations
  /** Goes with the step in which a page is found. */
  readonly isolated?: (page: Id<'Page'>) => Nothing
}

/**
 * The memory of a device goes, as dmirror_device_evict_chunk() and nouveau_dmem_evict_chunk() do it: all that a
 * process has there is brought back, as its pages say and not its addresses. No lock is held, and no driver takes the
 * brackets for its own: the callback drops the entries. A page that is locked, or to which somebody else has a
 * reference, stays: a driver that needs it empty comes again.
 */
export function driver_evict<const Owner extends string>(
  migration: Migration<Owner>,
  driver: DriverEvict<Owner>,
): void {
  const { todo, owner, system_memory, isolated } = driver
  migration.migrate_device_range(todo, isolated)
  for_each_address(todo, (va) => {
    Step('alloc_page(GFP_HIGHUSER | __GFP_NOFAIL); lock_page()', () => {
      Await(system_memory.has_free_page())
      const page = system_memory.alloc_page()
      migration.pages.folio_trylock(page)
      migration.entry(va).dst.set(page)
    })
    copy_to_dst(migration, va, driver)
  })
  migration.migrate_device_pages(todo, owner)
  migration.migrate_vma_finalize(todo)
}
