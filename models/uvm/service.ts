/** Who services the faults of a GPU: a thread of the driver, one for each GPU. */
import {
  and,
  Bool,
  Choose,
  Idle,
  If,
  Local,
  Loop,
  not,
  or,
  some,
  Source,
  Step,
  threadPer,
  yes,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { Device, down_read, mutex_lock, mutex_unlock, up_read, Va } from 'hmmcheck/kernel'
import { has_gpu_memory, has_writer, migrate_lock, shares_pages, to_gpu } from './fixes.ts'
import { move_page } from './migrate.ts'
import { hmm_make_resident_cpu } from './resident.ts'
import { block_lock, block_migrate_lock, has_address, maps, pte, va_space_lock, VaBlock } from './state.ts'

/**
 * An address that no GPU maps. A page that another process has brought to a GPU is left alone: who owns it then is not
 * known (G6-76).
 */
const is_faulted = (block: Id<'VaBlock'>, va: Id<'Va'>) =>
  and(has_address(block, va), not(maps(block, va)), not(and(shares_pages, pte.at(block).at(va).eq('device'))))

/** To be mapped in system memory: also for a second GPU, which has no entry where the first one has its own page. */
const is_wanted_in_ram = (block: Id<'VaBlock'>, va: Id<'Va'>) =>
  or(is_faulted(block, va), and(has_address(block, va), pte.at(block).at(va).eq('device')))

/** A GPU faults on the address, and its page is to be moved to the GPU, or not. */
const may_ask = (block: Id<'VaBlock'>, va: Id<'Va'>, moves: Condition) =>
  or(and(moves, is_faulted(block, va)), and(not(moves), not(shares_pages), is_wanted_in_ram(block, va)))

export const service = threadPer(Device, 'service', () => {
  Source('595.45.04 uvm_gpu_replayable_faults.c service_fault_batch_block', () =>
    Loop(() => {
      Idle()
      const block = Local('block', VaBlock)
      const va = Local('va', Va)
      const moves = Local('moves', Bool, false)
      Step('a GPU finds no entry', () => {
        const wants = Choose('wants', Bool, (one) => or(to_gpu, not(one)))
        const its = Choose('its', VaBlock, (one) => some(Va, (at) => may_ask(one, at, wants)))
        const at = Choose('at', Va, (one) => may_ask(its, one, wants))
        block.set(its)
        va.set(at)
        moves.set(wants)
      })
      If(has_writer, () => down_read(va_space_lock))
      If(migrate_lock, () => mutex_lock(block_migrate_lock.at(block)))
      mutex_lock(block_lock.at(block))
      const to_ram = (): void => {
        If(not(shares_pages), () => to_cpu(block, va))
      }
      If(to_gpu, () => If(moves, () => move_page(block, va, true)).Else(to_ram)).Else(to_ram)
      mutex_unlock(block_lock.at(block))
      If(migrate_lock, () => mutex_unlock(block_migrate_lock.at(block)))
      If(has_writer, () => up_read(va_space_lock))
    }),
  )
})

/** The page is found where it is; one that is in the memory of a GPU is brought back. */
const to_cpu = (block: Id<'VaBlock'>, va: Id<'Va'>): void => {
  const found = hmm_make_resident_cpu(block, va, yes)
  If(has_gpu_memory, () => If(found.eq('vram'), () => move_page(block, va, false)))
}
