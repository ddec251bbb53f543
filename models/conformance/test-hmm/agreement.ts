/**
 * Whether an entry of the device agrees with the page table of the process: what a driver without faults 2 and 3
 * keeps.
 */
import { and, isSomeAnd, not, or, type Bool as Condition, type Id, type Int } from 'hmmcheck'
import { own_migrate_stops_device } from './fixes.ts'
import { backing, dmirror, move, pte } from './state.ts'

/** The page was copied, and is not given back. */
const isCopied = (page: Id<'Page'>): Condition => or(move.at(page).stage.eq('copied'), move.at(page).stage.eq('moved'))

/** The page of the entry is the page, or the device page whose backing it is; in a migration, until it is copied. */
const isOf = (entry: Id<'Page'>, page: Id<'Page'>): Condition =>
  or(
    and(or(entry.eq(page), backing.at(entry).eq(page)), not(isCopied(entry))),
    // finalize_and_map() comes before the new entry
    and(
      isCopied(entry),
      isSomeAnd(move.at(entry).to, (to) => or(to.eq(page), backing.at(to).eq(page))),
    ),
  )

/** Whether the device may use the page at the address. */
export const mayUse = (dm: Id<'Dm'>, va: Int, page: Id<'Page'>): Condition =>
  or(
    not(own_migrate_stops_device),
    isSomeAnd(dmirror.at(dm).mm, (mm) =>
      or(
        pte.at(mm).at(va).kind.eq('unknown'),
        isSomeAnd(pte.at(mm).at(va).page, (entry) => isOf(entry, page)),
      ),
    ),
  )
