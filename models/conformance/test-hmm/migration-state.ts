/** What a migration keeps from one of its calls to the next. */
import {
  array,
  Bool,
  type Bool as Condition,
  current,
  type Id,
  If,
  type Int,
  Local,
  none,
  oneOf,
  optional,
  range,
} from 'hmmcheck'
import type { Seen } from './page-table.ts'
import { move, Page, Va } from './state.ts'

const Phase = oneOf('begin', 'setup', 'copy', 'pages', 'map', 'finalize')
const Count = range(0, 1_000_000)
const Destinations = array(Va, optional(Page))
const Addresses = array(Page, Va)

/** What one call of a migration keeps. */
export const migrationLocals = () => ({
  phase: Local('phase', Phase, 'begin'),
  /** Pages that have been collected and not been finalized. */
  pages: Local('pages', Count, 0),
  /** Of them, those that are still to be copied; entries that are still to be written by the driver. */
  to_copy: Local('to_copy', Count, 0),
  to_map: Local('to_map', Count, 0),
  /** The page behind the entry that was taken out last, until it is collected. */
  taken: Local('taken', optional(Page)),
  /** The device page to be inserted into an empty entry. */
  inserting: Local('inserting', optional(Page)),
  erased: Local('erased', Bool, false),
  finalized: Local('finalized', optional(Page)),
  dst: Local('dst', Destinations),
  va: Local('va_of', Addresses),
})
export type Migration = ReturnType<typeof migrationLocals>

/** A migration begins: nothing is left of the one before. */
export function begin(migration: Migration): void {
  migration.phase.set('begin')
  for (const count of [migration.pages, migration.to_copy, migration.to_map]) count.set(0)
  for (const page of [migration.taken, migration.inserting, migration.finalized]) page.set(none)
  migration.erased.set(false)
  migration.dst.set(Destinations.filled(none))
  migration.va.set(Addresses.filled(0))
}

/** The page is in a migration of this thread. */
export const isMine = (page: Id<'Page'>): Condition => move.at(page).by.eq(current)

/** Kinds of migration entries, and of entries that may become one. */
export const MIGRATION = ['migr_r', 'migr_rx', 'migr_w'] as const
export const MOVABLE = ['present_r', 'present_w', 'devpriv_r', 'devpriv_w'] as const
/** Whether an entry is in the range of a bracket. */
export type Covers = (seen: Pick<Seen, 'mm' | 'va'>) => Condition

/** What was to be mapped at the address is not. */
export function unmapped(migration: Migration, addr: Int): void {
  If(migration.dst.at(addr).isSome, () => {
    migration.dst.at(addr).set(none)
    migration.to_map.decrement()
  })
}
