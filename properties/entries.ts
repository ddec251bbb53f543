/**
 * P-AGREE, P-TYPE and P-COW over page tables with special entries: device and CPU agree, entries are of the right
 * kind, private memory stays private.
 */
import {
  and,
  every,
  implies,
  invariant,
  not,
  or,
  some,
  sometimes,
  whenIs,
  type Bool,
  type Id,
  type Property,
  type ValueOf,
} from '../src/language/index.ts'
import {
  Device,
  is_entry_of,
  is_writable_entry,
  maps_page,
  Page,
  points_to,
  Va,
  type DevicePte,
  type SwapPte,
} from '../src/kernel/index.ts'
import { claimed, tested, type Tested } from './tested.ts'

/** Page tables with special entries, as these properties read them. */
export interface Entries {
  /** The CPU's entry at an address. */
  readonly entry: (va: Id<'Va'>) => ValueOf<typeof SwapPte>
  /** A device's entry at an address. */
  readonly device: (device: Id<'Device'>, va: Id<'Va'>) => ValueOf<typeof DevicePte>
  /** The page is one of device memory. */
  readonly is_device_page: (page: Id<'Page'>) => Bool
}

/**
 * The CPU's page table does not lead elsewhere than the device's: it leads to the same page, as memory of the system
 * or of the device, or to none.
 *
 * Put to the test: both lead to a page of device memory.
 */
export const agree_on_entries = tested(
  'P-AGREE',
  ({ entry, device }: Entries): Tested => [
    invariant(
      'P-AGREE',
      every(Va, (va) =>
        every(Device, (one) =>
          every(Page, (page) =>
            implies(maps_page(entry(va), page), or(device(one, va).is('none'), points_to(device(one, va), page))),
          ),
        ),
      ),
      {
        claim:
          'hmm.h of 4.20: "a given virtual address points to either the same memory in both CPU and device page tables ... or that one page table (CPU or device) points to no entry"',
      },
    ),
    sometimes(
      'P-AGREE.reached',
      some(Va, (va) => some(Device, (one) => and(entry(va).is('device_private'), device(one, va).is('present')))),
    ),
  ],
)

/**
 * Only device memory stands in device private entries, and never in an entry that a CPU uses, nor in a cache of files
 * or swap.
 *
 * Put to the test: there is an entry for device memory.
 */
export const entries_have_their_kind = tested(
  'P-TYPE',
  ({ entry, is_device_page }: Entries, is_cached: (page: Id<'Page'>) => Bool): Tested => [
    invariant(
      'P-TYPE',
      and(
        every(Va, (va) =>
          and(
            whenIs(entry(va), 'device_private', ({ page }) => is_device_page(page)),
            whenIs(entry(va), 'present', ({ page }) => not(is_device_page(page))),
          ),
        ),
        every(Page, (page) => implies(is_device_page(page), not(is_cached(page)))),
      ),
      {
        claim:
          'include/linux/swapops.h of 6.1: device private entries are for "struct page of un-addressable device memory"; hmm.h of 4.20: "that memory is not addressable by the CPU"',
      },
    ),
    sometimes(
      'P-TYPE.reached',
      some(Va, (va) => entry(va).is('device_private')),
    ),
  ],
)

/** The same, of two processes. */
export interface Forked extends Entries {
  /** The entry of the process that fork() has made. */
  readonly child: (va: Id<'Va'>) => ValueOf<typeof SwapPte>
}

/**
 * If two processes refer to a page, neither has a writable entry, nor one that will be restored as writable; and no
 * device writes it.
 *
 * Put to the test: two processes refer to one page, and somebody moves it; where anybody forks.
 */
export const shared_is_read_only = tested(
  'P-COW',
  ({ entry, child, device }: Forked, forks: Bool): Tested => [
    invariant(
      'P-COW',
      every(Va, (va) =>
        every(Page, (page) =>
          implies(
            and(is_entry_of(entry(va), page), is_entry_of(child(va), page)),
            and(
              not(is_writable_entry(entry(va))),
              not(is_writable_entry(child(va))),
              every(Device, (one) => not(points_to(device(one, va), page))),
            ),
          ),
        ),
      ),
      {
        claim:
          'mm/memory.c of 6.1, copy_nonpresent_pte(): "COW mappings require pages in both parent and child to be set to read"',
      },
    ),
    sometimes(
      'P-COW.reached',
      implies(
        forks,
        some(Va, (va) =>
          some(Page, (page) =>
            and(is_entry_of(entry(va), page), child(va).is('migration'), is_entry_of(child(va), page)),
          ),
        ),
      ),
    ),
  ],
)

/**
 * The page of every migration entry, in both processes, is locked.
 *
 * @param is_locked somebody holds the lock of the page
 */
export const migration_entries_are_locked = claimed(
  'P-LOCKED',
  ({ entry, child }: Forked, is_locked: (page: Id<'Page'>) => Bool): Property =>
    invariant(
      'P-LOCKED',
      every(Va, (va) =>
        and(
          whenIs(entry(va), 'migration', ({ page }) => is_locked(page)),
          whenIs(child(va), 'migration', ({ page }) => is_locked(page)),
        ),
      ),
      {
        claim:
          'include/linux/swapops.h of 6.1: "Any use of migration entries may only occur while the corresponding page is locked", and a BUG_ON() that tests it',
      },
    ),
)
