/** The migrations of the driver: mm/migrate_device.c, over the memory of the process and of its child. */
import { current, Ghost, If } from 'hmmcheck'
import { migrateVma } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start } from './bracket.ts'
import { forks, restore_keeps_rights } from './fork-fixes.ts'
import { contents, eachProcess, of_whom, other_than, pte_of, type Process } from './processes.ts'
import { try_to_migrate } from './rmap.ts'
import {
  folio_trylock,
  folio_unlock,
  get_page,
  held,
  is_zone_device_page,
  map_page,
  mapcount,
  mem_map,
  migrate_entry,
  page_remove_rmap,
  put_page,
  Sub,
} from './state.ts'

/**
 * The tree of the reverse map has the vma of the parent first: anon_vma_interval_tree_insert() puts a later one of the
 * same place behind it.
 */
const mapping = (process: Process) => ({
  pte: (va: Parameters<typeof pte_of>[1]) => pte_of(process, va),
  of: of_whom(process),
  ...(process === 'child' && { exists: forks }),
})

const migrations = migrateVma(Sub, {
  entry: migrate_entry,
  refcount: (page) => mem_map.at(page).refcount,
  mapcount: (page) => mapcount.at(page),
  is_zone_device_page,
  is_fault_page: (page) => held.at(current).eq(page),
  folio_trylock,
  folio_unlock,
  get_page,
  put_page,
  page_remove_rmap,
  map_page,
  mappings: [mapping('parent'), mapping('child')],
  restore_keeps_rights,
})

/** Of the memory of one process. The mm of the child has no notifier. */
export const migration = eachProcess((process) =>
  migrations.in_mm({
    pte: (va) => pte_of(process, va),
    ...(process === 'parent' && {
      invalidate_range_start: (range, owner) => void invalidate_range_start(range, { owner }),
      invalidate_range_end,
    }),
    try_to_migrate: (va) => try_to_migrate[process](va),
    try_to_migrate_others: (va) => If(forks, () => try_to_migrate[other_than(process)](va)),
    filled: (page, va) => Ghost(() => contents.fill(process, page, va)),
  }),
)
