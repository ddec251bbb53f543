/** migrate_vma(): memory of a process moves to a device and back, beside faults, unmapping, fork and pins. */
import {
  and,
  Choose,
  deadlock,
  If,
  isCaseAnd,
  lockDeadlock,
  model,
  no,
  not,
  or,
  some,
  yes,
  type Bool,
  type Id,
  type Model,
} from 'hmmcheck'
import { Cpu, is_present_entry, Page, Va } from 'hmmcheck/kernel'
import {
  agree_on_entries,
  conserved,
  device_memory_is_not_pinned,
  entries_have_their_kind,
  flushed,
  frozen,
  isolated,
  migration_entries_are_locked,
  never_below_zero,
  newest_value,
  no_use_after_free,
  permissions_are_kept,
  pinned_is_exclusive,
  refuses_for_a_reason,
  returns_unlocked,
  shared_is_read_only,
  testedUnless,
  writes_are_known,
  type Backing,
  type Conserved,
  type Forked,
  type Permissions,
  type Pins,
  type Process,
  type Translations,
} from 'hmmcheck/properties'
import { cpu } from './cpu.ts'
import { device } from './device.ts'
import { cpu_tlb, device_pages, forks, migrates, pins_taken, protects, swaps, zaps } from './fixes.ts'
import { fork } from './fork.ts'
import { gup } from './gup.ts'
import { migrate_huge, reap } from './huge.ts'
import { mprotect } from './mprotect.ts'
import { reclaim } from './reclaim.ts'
import {
  anon_exclusive,
  child,
  child_is_whole,
  contents,
  copied,
  driver,
  held,
  is_locked,
  is_pinned,
  is_zone_device_page,
  mapcount,
  mem_map,
  migrate_vma,
  mm,
  page_dirty,
  pin,
  swap_cache,
  tlb,
  vma,
  waiter,
  zone_device,
} from './state.ts'
import { migrate } from './to-device.ts'
import { evict } from './to-ram.ts'
import { dontneed } from './zap.ts'

const tables: Translations & Forked & Pins & Backing & Permissions = {
  entry: (va) => mm.pte.at(va),
  child: (va) => child.pte.at(va),
  device: (one, va) => driver.at(one).pte.at(va),
  tlb,
  is_device_page: is_zone_device_page,
  is_pinned,
  is_exclusive: (page) => anon_exclusive.has(page),
  belongs_to: contents.belongs_to,
  is_unsaved: contents.is_unsaved_at,
  cached: (va) => swap_cache.at(va),
  is_dirty: (page) => page_dirty.has(page),
  is_read_only: and(vma.write_protected, not(vma.changing)),
  may_lose: or(forks, protects),
}

/** Some CPU has a translation to the page, after fork() has returned. */
const cached = (page: Id<'Page'>, write: Bool): Bool =>
  and(
    cpu_tlb,
    child_is_whole,
    some(Cpu, (cpu) =>
      some(Va, (va) =>
        isCaseAnd(tlb.at(cpu).at(va), 'cached', (entry) => and(entry.page.eq(page), or(entry.write, not(write)))),
      ),
    ),
  )

/** The process as it reads and writes through its CPUs' caches. */
const through_caches: Process = { leads_to: (page) => cached(page, no), may_write: (page) => cached(page, yes) }

/** The child has no CPU: its page table does not let anyone write. */
const through_child: Process = {
  leads_to: (page) => some(Va, (va) => is_present_entry(child.pte.at(va), page)),
  may_write: () => no,
}

/** A thread's migration has the page as source or destination. */
const migrated_by = (thread: Id<'Thread'>, page: Id<'Page'>): Bool =>
  some(Va, (va) => or(migrate_vma.at(thread).at(va).src.eq(page), migrate_vma.at(thread).at(va).dst.eq(page)))

/**
 * Whether a thread holds the page beside: for a fault, an unmapping or a copy; while it copies from it, or waits; as a
 * pin. Never two of these at once.
 */
const holds = (thread: Id<'Thread'>, page: Id<'Page'>): Bool =>
  or(held.at(thread).eq(page), copied.at(thread).eq(page), waiter.at(thread).eq(page), pin.at(thread).page.eq(page))

const references: Conserved = {
  refcount: (page) => mem_map.at(page).refcount,
  mapcount: (page) => mapcount.at(page),
  entry: tables.entry,
  child: tables.child,
  has_one: (thread, page) => or(migrated_by(thread, page), holds(thread, page)),
  has_two: (thread, page) => and(migrated_by(thread, page), holds(thread, page)),
  is_cached: (page) => some(Va, (va) => swap_cache.at(va).eq(page)),
}

export const migrateVma = (): Model =>
  model('migrate-vma', {
    threads: [cpu, device, migrate, evict, dontneed, fork, mprotect, gup, reclaim, migrate_huge, reap],

    initially: () => {
      const first = Choose('first', Page)
      If(device_pages.eq('two'), () => {
        const second = Choose('second', Page, (page) => page.ne(first))
        zone_device.add(second)
        zone_device.add(first)
      }).Else(() => zone_device.add(first))
    },

    properties: [
      ...testedUnless(not(migrates), agree_on_entries(tables)),
      ...testedUnless(not(migrates), entries_have_their_kind(tables, references.is_cached)),
      ...testedUnless(not(migrates), frozen(tables)),
      migration_entries_are_locked(tables, is_locked),
      ...flushed(zaps),
      ...testedUnless(not(migrates), no_use_after_free()),
      ...testedUnless(not(migrates), newest_value()),
      ...conserved(references),
      never_below_zero(),
      ...testedUnless(not(migrates), refuses_for_a_reason()),
      ...writes_are_known(tables, swaps),
      ...testedUnless(not(migrates), permissions_are_kept(tables, protects)),
      ...testedUnless(not(migrates), shared_is_read_only(tables, forks)),
      ...isolated(through_caches, through_child, and(forks, cpu_tlb)),
      ...pinned_is_exclusive(tables, pins_taken),
      ...device_memory_is_not_pinned(tables, pins_taken),
      ...testedUnless(not(migrates), returns_unlocked()),
      deadlock(),
      lockDeadlock(),
    ],
  })
