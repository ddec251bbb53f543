/**
 * Brackets around changes of mm's page table: the driver is called when one begins, and its device faults on nothing
 * while one is open.
 * The models of mirrors treat how drivers keep that rule; here they keep it.
 */
import { current, ForEach, If, IfIs, not, setOf, Thread, type Bool, type Id, type Recorded } from 'hmmcheck'
import { Device, DevicePte } from 'hmmcheck/kernel'
import { callback_drops_own, map_by_fault, swaps } from './fixes.ts'
import { driver, is_zone_device_page, open_brackets, page_dirty, sequence_moved } from './state.ts'

/** The driver's side of it. What its device may have written it marks dirty then: set_page_dirty(). */
const drop_device_entries = (va: Id<'Va'>): Recorded =>
  ForEach(Device, (device) => {
    const { pte } = driver.at(device)
    If(swaps, () => {
      IfIs(pte.at(va), 'present', ({ page }) => If(not(is_zone_device_page(page)), () => page_dirty.add(page)))
    })
    pte.at(va).set(DevicePte.none)
  })

/**
 * mmu_notifier_invalidate_range_start() of anybody: the driver takes the address out of the device page table. For a
 * step.
 */
export const invalidate_range_start = (va: Id<'Va'>, in_bracket: Bool): Recorded =>
  If(in_bracket, () => {
    open_brackets.at(va).add(current)
    drop_device_entries(va)
    If(not(map_by_fault), () => sequence_moved.set(setOf(Thread).all))
  })

/**
 * The same for MMU_NOTIFY_MIGRATE with the driver's own owner: the driver knows this bracket as its own, so that its
 * sample of the sequence stays good, and drops its entry all the same.
 */
export const invalidate_range_start_own = (va: Id<'Va'>, in_bracket: Bool): Recorded =>
  If(in_bracket, () => {
    open_brackets.at(va).add(current)
    If(callback_drops_own, () => drop_device_entries(va))
    If(not(map_by_fault), () => ForEach(Thread, (thread) => If(thread.ne(current), () => sequence_moved.add(thread))))
  })

/** mmu_notifier_invalidate_range_end(). For a step. */
export const invalidate_range_end = (va: Id<'Va'>): Recorded => open_brackets.at(va).remove(current)
