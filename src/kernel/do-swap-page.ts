/** The fault of a CPU on device memory that it cannot address (mm/memory.c do_swap_page() of 6.1 to 6.15). */
import {
  If,
  IfSome,
  Local,
  none,
  Bool,
  Reused,
  Step,
  type Bool as Condition,
  type Id,
  type Nothing,
  type OptionalPlace,
  type PlaceOf,
} from '../language/index.ts'
import type { Page } from './sorts.ts'
import { is_device_private_entry, type SwapPte } from './swap-pte.ts'

/** What a fault needs, and the driver that it calls. */
export interface DevicePrivateFault {
  /** The entry of the address. */
  readonly pte: PlaceOf<typeof SwapPte>
  /** vmf->page: the variable for the page to which this fault has a reference. */
  readonly vmf_page: OptionalPlace<typeof Page>
  /** For a step: one more reference. */
  readonly get_page: (page: Id<'Page'>) => Nothing
  /** For a step: one reference less; the last one frees the page. */
  readonly put_page: (page: Id<'Page'>) => Nothing
  /**
   * For a step: the lock of the page, which a fault takes from 6.15 on. It holds the lock while the driver migrates
   * (`fault_has_lock` of the migration). If the lock is not free, the fault returns, and the access faults again. Up to
   * 6.14 a fault takes no lock, so that this is left out.
   */
  readonly folio_lock?: {
    readonly trylock: (page: Id<'Page'>) => Condition
    readonly unlock: (page: Id<'Page'>) => Nothing
  }
  /** Goes with the step that takes the reference: what the driver reads of the page. */
  readonly found?: (page: Id<'Page'>) => Nothing
  /** dev_pagemap_ops.migrate_to_ram: `driver_migrate_to_ram` of the driver whose page it is. */
  readonly migrate_to_ram: () => void
}

/**
 * do_swap_page() of a device-private entry: a reference under the page table lock, if the entry is still the one that
 * was read, and without it the driver's `migrate_to_ram`. Whatever that has done, the access faults again if it must.
 * The reference is one more than a migration expects of a page: up to 6.14 two faults at once can each keep the other
 * from moving it. From 6.15 on the lock of the page lets one in.
 *
 * @param page the page of the entry that was read
 * @returns whether the driver was called
 */
export function do_swap_page(page: Id<'Page'>, fault: DevicePrivateFault): Condition {
  const { pte, vmf_page, get_page, put_page, folio_lock, found, migrate_to_ram } = fault
  Reused(page, 'under the page table lock it is compared with the entry')
  const same = Local('same', Bool, false)
  const condition = folio_lock === undefined ? 'pte_same()' : 'pte_same() && trylock_page(vmf->page)'
  Step(`spin_lock(ptl): if (${condition}) get_page(vmf->page)`, () => {
    same.set(is_device_private_entry(pte, page))
    if (folio_lock !== undefined) If(same, () => same.set(folio_lock.trylock(page)))
    If(same, () => {
      get_page(page)
      vmf_page.set(page)
      found?.(page)
    })
  })
  If(same, () => {
    migrate_to_ram()
    if (folio_lock !== undefined)
      Step('unlock_page(vmf->page)', () => IfSome(vmf_page, (faulted) => folio_lock.unlock(faulted)))
    Step('put_page(vmf->page)', () => {
      IfSome(vmf_page, (faulted) => put_page(faulted))
      vmf_page.set(none)
    })
  })
  return same
}
