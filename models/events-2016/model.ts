/**
 * The event-driven mirror of 2015 and 2016 (HMM v11 and v12): its own page table, device faults, and copies to and
 * from device memory.
 */
import {
  and,
  Choose,
  cond,
  deadlock,
  ForEach,
  If,
  implies,
  invariant,
  isCaseAnd,
  lockDeadlock,
  model,
  not,
  or,
  sizeOf,
  some,
  sometimes,
  Thread,
  whenSome,
  type Bool,
  type Id,
  type Model,
} from 'hmmcheck'
import { Device, points_to, Va } from 'hmmcheck/kernel'
import {
  accounted,
  agree,
  agree_always,
  answered_means_empty,
  answered_means_read_only,
  copies_on_write,
  device_memory_is_known,
  dirty_is_kept,
  documented_errors,
  isolated,
  never_below_zero,
  newest_value,
  no_stale_entry,
  no_use_after_free,
  no_use_after_kfree,
  permitted,
  poisoned,
  returns_unlocked,
  snapshot_is_valid,
  testedUnless,
  type Owing,
  type Tables,
} from 'hmmcheck/properties'
import { cpu, user } from './cpu.ts'
import { device, device_access } from './device.ts'
import {
  bound_at_start,
  device_memory,
  dirty_bits,
  faults,
  forks,
  lifetimes,
  may_fail,
  rights as takes_rights,
  unbinds,
  zaps,
} from './fixes.ts'
import { child_process, fork } from './fork.ts'
import { order } from './locks.ts'
import { migrate } from './migrate.ts'
import { exit, registrar, remove } from './registration.ts'
import {
  bracket,
  child_leads_to,
  child_may_write,
  contents,
  driver,
  dst,
  entries,
  failed,
  hmm,
  Hmm,
  hmm_device,
  holders,
  is_device_memory,
  is_marked_dirty,
  is_owed,
  is_registered,
  leads_to,
  may_write,
  mirror,
  mm,
  notifiers,
  protecting,
  ranges,
  refcount,
  vm_bug,
} from './state.ts'
import { clear_refs_writer, pin, reclaim, unmap } from './unmap.ts'

const tables: Tables & Owing = {
  cpu: (va) => mm.pte.at(va).page,
  device: (one, va) => driver.at(one).pte.at(va),
  is_registered,
  is_owed,
}

const rights = {
  ...tables,
  cpu_may_write: (va: Id<'Va'>): Bool => mm.pte.at(va).write,
  device_may_write: (one: Id<'Device'>, va: Id<'Va'>): Bool => driver.at(one).write.has(va),
}
const is_protected = (va: Id<'Va'>): Bool => some(Thread, (thread) => protecting.at(thread).eq(va))

/**
 * Device memory of an address: the mirror page table leads there, a migration is about to say so, a bracket is at
 * work on it, or a copy has failed and the mirror is at its end, when the driver frees all.
 */
const is_known = (one: Id<'Device'>, va: Id<'Va'>): Bool => {
  const { pt, dying } = mirror.at(one)
  return whenSome(driver.at(one).memory.at(va), (page) =>
    or(
      and(pt.at(va).valid_dev, points_to(pt.at(va).pte, page)),
      some(Thread, (thread) => dst.at(thread).eq(page)),
      dying,
      and(failed.has(va), mm.pte.at(va).hmm.eq('locked')),
      some(Thread, (thread) => ranges.at(thread).eq(va)),
    ),
  )
}

/** The device has no entry, or one for its own memory, which no bracket of the CPU's pages takes away. */
const is_out = (one: Id<'Device'>, va: Id<'Va'>): Bool =>
  or(
    driver.at(one).pte.at(va).is('none'),
    isCaseAnd(driver.at(one).pte.at(va), 'present', ({ page }) => is_device_memory(page)),
  )

export const events2016 = (): Model =>
  model('events-2016', {
    threads: [
      cpu,
      user,
      device,
      device_access,
      migrate,
      unmap,
      reclaim,
      clear_refs_writer,
      pin,
      fork,
      child_process,
      registrar,
      remove,
      exit,
    ],

    initially: () => {
      // Or hmm_mirror_register() was called for every device before.
      If(bound_at_start, () => {
        const of = Choose('hmm', Hmm)
        mm.hmm.set(of)
        notifiers.list.add(of)
        If(lifetimes, () => hmm.at(of).kref.set(sizeOf(Device)))
        ForEach(Device, (one) => {
          mirror.at(one).hmm.set(of)
          mirror.at(one).listed.set(true)
          If(lifetimes, () => {
            mirror.at(one).kref.set(2)
            driver.at(one).bound.set(true)
            hmm_device.at(one).has_mirror.set(true)
          })
        })
      })
    },

    properties: [
      ...agree(tables),
      ...agree_always(tables),
      ...no_use_after_free(),
      ...no_stale_entry(tables),
      ...testedUnless(
        not(and(zaps, faults)),
        answered_means_empty(is_registered, (va) => some(Thread, (thread) => bracket.at(thread).eq(va)), is_out),
      ),
      ...answered_means_read_only(or(takes_rights, device_memory), rights, is_protected),
      ...permitted(rights),
      ...testedUnless(not(faults), snapshot_is_valid()),
      ...newest_value(),
      ...accounted((page) => cond(child_leads_to(page), refcount(page).minus(1), refcount(page)), entries, holders),
      never_below_zero(),
      ...device_memory_is_known(device_memory, is_known, (one, va) => driver.at(one).memory.at(va).isSome),
      ...poisoned(and(device_memory, may_fail), { cpu: tables.cpu, is_filled: contents.belongs_to }),
      ...dirty_is_kept(dirty_bits, {
        // While the entry is SWP_HMM, who migrates has the page's dirty bit, and device memory is nothing that is
        // dropped.
        is_unsaved: (page) =>
          and(
            dirty_bits,
            contents.is_unsaved(page),
            not(some(Va, (va) => and(contents.belongs_to(page, va), mm.pte.at(va).hmm.ne('none')))),
          ),
        is_marked_dirty,
      }),
      ...testedUnless(not(or(may_fail, and(lifetimes, unbinds))), no_use_after_kfree()),
      ...isolated({ leads_to, may_write }, { leads_to: child_leads_to, may_write: child_may_write }, forks),
      ...copies_on_write(forks),
      ...documented_errors(
        and(device_memory, may_fail),
        'hmm.h of v12 23/29: "All other return value trigger warning and are transformed to -EIO"',
      ),
      invariant('P-BUG', not(vm_bug), {
        claim:
          'VM_BUG_ON() in mm_hmm_migrate(), mm_hmm_migrate_cleanup(), hmm_mirror_migrate() and their way back: ' +
          `"This can't happen"`,
      }),
      sometimes(
        'P-BUG.reached',
        implies(
          device_memory,
          some(Va, (va) => mm.pte.at(va).hmm.eq('locked')),
        ),
      ),
      ...testedUnless(not(faults), returns_unlocked()),
      ...order,
      deadlock(),
      lockDeadlock(),
    ],
  })
