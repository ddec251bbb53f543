/** An entry is taken out of the page table, and its page is freed when CPUs have forgotten it. */
import {
  Bool,
  Choose,
  Cover,
  Ghost,
  type Id,
  If,
  IfSome,
  implies,
  none,
  not,
  type Recorded,
  setOf,
  Step,
} from 'hmmcheck'
import { Device, ptep_clear_flush } from 'hmmcheck/kernel'
import { referenced } from 'hmmcheck/properties'
import { invalidate_at_start } from './fixes.ts'
import { bracket, contents, gathered, mm, owed, put_page, special } from './state.ts'

/** The page table changes, and the devices that are called afterwards are owed that call. */
export const owe = (cpu: Id<'Cpu'>, va: Id<'Va'>): Recorded =>
  Ghost(() => {
    owed.at(cpu).va.set(va)
    owed.at(cpu).devices.set(setOf(Device).all)
  })

/** Nothing of the bracket is left. */
export const bracket_is_over = (cpu: Id<'Cpu'>): Recorded =>
  Ghost(() => {
    bracket.at(cpu).va.set(none)
    bracket.at(cpu).announced.clear()
    bracket.at(cpu).protects.set(false)
    bracket.at(cpu).answered.set(false)
  })

/** The page that was taken out of the page table is freed now, if it was not before. */
export const tlb_finish_mmu = (cpu: Id<'Cpu'>): void => {
  IfSome(gathered.at(cpu), (page) => put_page(page))
  gathered.at(cpu).set(none)
  Ghost(() => bracket_is_over(cpu))
}

/**
 * The change in a bracket that unmaps. The page may be freed as soon as it is out of the page table, or after the
 * bracket.
 *
 * @param kept whether the contents outlive the mapping, as when the reverse map leads here (reclaim, truncate), or
 *   are gone with it, as in munmap
 * @param also what else is done in the step, before the entry changes
 */
export const zap_pte = (cpu: Id<'Cpu'>, va: Id<'Va'>, kept: boolean, also?: () => Recorded): Recorded =>
  Step('spin_lock(ptl): pte = ptep_clear_flush(ptep)', () => {
    const freed_at_once = Choose('freed_at_once', Bool, (at_once) => implies(at_once, mm.pte.at(va).isSome))
    also?.()
    const pte = ptep_clear_flush(mm.pte.at(va))
    mm.writable.remove(va)
    if (!kept) special.at(va).set('none')
    Ghost(() => {
      If(not(invalidate_at_start), () => owe(cpu, va))
    })
    IfSome(pte, (page) => {
      if (kept) Ghost(() => contents.page_out(page, va))
      If(freed_at_once, () => {
        Ghost(() => Cover(referenced.reached))
        put_page(page)
      }).Else(() => gathered.at(cpu).set(page))
    })
    if (!kept) Ghost(() => contents.discard(va))
  })
