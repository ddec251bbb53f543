/** Page table entries with rights and with special kinds (include/linux/swapops.h). */
import { and, array, cond, isCaseAnd, not, or, union, Bool, type Id, type ValueOf } from '../language/index.ts'
import { Page, Va } from './sorts.ts'

/**
 * pte_t of one address.
 *
 * - `present`: a CPU may use the page; `write` is its permission, `dirty` the bit that the hardware sets.
 * - `migration`: the page is on its way somewhere else; who needs it waits for its page lock. It holds no reference
 *   and counts in no mapcount.
 * - `device_private`: the page is one of device memory that no CPU can address. It holds a reference and counts in
 *   the mapcount, as `present` does.
 * - `swap`: the contents are in the backing store.
 */
export const SwapPte = union('swap_pte', {
  none: {},
  present: { page: Page, write: Bool, dirty: Bool },
  migration: { page: Page, write: Bool },
  device_private: { page: Page, write: Bool },
  swap: {},
})

/** A process's page table with these entries. */
export const SwapPageTable = array(Va, SwapPte)

type Entry = ValueOf<typeof SwapPte>

/** The entry is a migration entry of this page. */
export const is_migration_entry = (entry: Entry, page: Id<'Page'>): Bool =>
  isCaseAnd(entry, 'migration', (pte) => pte.page.eq(page))
/** The entry is a device-private entry of this page. */
export const is_device_private_entry = (entry: Entry, page: Id<'Page'>): Bool =>
  isCaseAnd(entry, 'device_private', (pte) => pte.page.eq(page))
/** The entry is present, and leads to this page. */
export const is_present_entry = (entry: Entry, page: Id<'Page'>): Bool =>
  isCaseAnd(entry, 'present', (pte) => pte.page.eq(page))

/** The entry holds a reference to the page, and counts in its mapcount. */
export const maps_page = (entry: Entry, page: Id<'Page'>): Bool =>
  or(is_present_entry(entry, page), is_device_private_entry(entry, page))

/** The entry is of this page, of whatever kind. */
export const is_entry_of = (entry: Entry, page: Id<'Page'>): Bool =>
  or(maps_page(entry, page), is_migration_entry(entry, page))

/** Through the entry, or through what will be made of it, its page may be written. */
export const is_writable_entry = (entry: Entry): Bool =>
  or(
    isCaseAnd(entry, 'present', (pte) => pte.write),
    isCaseAnd(entry, 'migration', (pte) => pte.write),
    isCaseAnd(entry, 'device_private', (pte) => pte.write),
  )

/** A CPU that translates the address now would fault: for a write, or for any access. */
export const must_fault = (entry: Entry, write: Bool): Bool =>
  cond(write, not(isCaseAnd(entry, 'present', (pte) => pte.write)), not(entry.is('present')))

/** Two entries of the same kind for the same page, whatever the rights. */
export const same_page = (one: Entry, other: Entry): Bool =>
  or(
    and(one.is('none'), other.is('none')),
    isCaseAnd(one, 'present', ({ page }) => is_present_entry(other, page)),
    isCaseAnd(one, 'migration', ({ page }) => is_migration_entry(other, page)),
    isCaseAnd(one, 'device_private', ({ page }) => is_device_private_entry(other, page)),
  )
