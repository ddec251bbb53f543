/** Who takes pages away from a GPU: the allocator, for somebody else's memory; and the unregistration of the GPU. */
import {
  Bool,
  Break,
  Choose,
  Ghost,
  Idle,
  If,
  Local,
  Loop,
  and,
  no,
  not,
  or,
  procedure,
  some,
  Source,
  Step,
  thread,
  type Id,
} from 'hmmcheck'
import { down_write, mutex_lock, mutex_unlock, up_write, Va } from 'hmmcheck/kernel'
import { taken_away } from './bracket.ts'
import { raise_changed, uvm_tracker_wait } from './callback.ts'
import {
  copy_waited,
  evict_block_lock,
  evict_raises_changed,
  own_ignored,
  unregister_drops_lock,
  unregister_lock,
} from './fixes.ts'
import { finalize_to_ram, migrate_device_range, uvm_va_block_make_resident_copy } from './migrate.ts'
import { block_lock, locked, newest, pte, va_space_lock, VaBlock, vram } from './state.ts'

const uvm_hmm_va_block_evict_chunks = procedure(
  'uvm_hmm_va_block_evict_chunks',
  [VaBlock, Va],
  (block, va) => {
    If(evict_block_lock, () => mutex_lock(block_lock.at(block)))
    const src = migrate_device_range(block, va, own_ignored)
    If(src.eq('vram'), () => {
      If(evict_raises_changed, () => Step('va_block->hmm.changed++', () => raise_changed(block)))
      uvm_va_block_make_resident_copy(block, va, no)
      If(copy_waited, () => uvm_tracker_wait(block))
      finalize_to_ram(block, va, false)
    })
    If(evict_block_lock, () => mutex_unlock(block_lock.at(block)))
  },
  { source: '595.45.04 uvm_hmm.c hmm_va_block_evict_chunks' },
)

/** It takes neither va_space->lock nor the lock of migrations. */
export const evict = thread('evict', () => {
  Source('595.45.04 uvm_pmm_gpu.c evict_root_chunk_from_va_block', () =>
    Loop(() => {
      Idle()
      const block = Local('block', VaBlock)
      const va = Local('va', Va)
      Step('find_and_retain_va_block_to_evict()', () => {
        const its = Choose('its', VaBlock, (one) => some(Va, (at) => pte.at(one).at(at).eq('device')))
        const at = Choose('at', Va, (one) => pte.at(its).at(one).eq('device'))
        block.set(its)
        va.set(at)
      })
      uvm_hmm_va_block_evict_chunks(block, va)
    }),
  )
})

/** One page; without the lock of its block, which the callback takes. Says whether it has moved. */
const uvm_hmm_pmm_gpu_evict_pfn = procedure(
  'uvm_hmm_pmm_gpu_evict_pfn',
  [VaBlock, Va],
  (block, va) => {
    const src = migrate_device_range(block, va, no)
    If(src.eq('vram'), () =>
      Step('hmm_copy_devmem_page(); migrate_device_finalize()', () => {
        taken_away(block, va)
        Ghost(() => {
          If(pte.at(block).at(va).eq('migration'), () => newest.at(va).ram.set(newest.at(va).vram))
          newest.at(va).vram.set(false)
        })
        locked.remove(va)
        vram.at(va).bump()
        If(pte.at(block).at(va).eq('migration'), () => pte.at(block).at(va).set('present'))
      }),
    )
    return src.eq('vram')
  },
  { source: '595.45.04 uvm_hmm.c uvm_hmm_pmm_gpu_evict_pfn' },
)

/** All that the process has on the GPU is migrated, again and again until nothing is left. */
const uvm_hmm_unregister_gpu = procedure(
  'uvm_hmm_unregister_gpu',
  [],
  () => {
    const block = Local('block', VaBlock)
    const va = Local('va', Va)
    const left = Local('left', Bool, false)
    const found = Local('found', Bool, false)
    Loop(() => {
      Step('uvm_pmm_devmem_page_to_va_space(pfn_to_page(pfn))', () => {
        left.set(some(VaBlock, (one) => some(Va, (at) => is_allocated(one, at))))
        found.set(some(VaBlock, (one) => some(Va, (at) => is_device(one, at))))
        If(found, () => {
          const its = Choose('its', VaBlock, (one) => some(Va, (at) => is_device(one, at)))
          const at = Choose('at', Va, (one) => is_device(its, one))
          block.set(its)
          va.set(at)
        })
      })
      If(not(left), () => Break())
      If(found, () => {
        uvm_hmm_pmm_gpu_evict_pfn(block, va)
      })
      If(and(unregister_lock, unregister_drops_lock), () => {
        up_write(va_space_lock)
        down_write(va_space_lock)
      })
    })
  },
  { source: '595.45.04 uvm_hmm.c uvm_hmm_unregister_gpu' },
)
const is_device = (block: Id<'VaBlock'>, va: Id<'Va'>) => pte.at(block).at(va).eq('device')
/** The page of the GPU is in use: something leads to it, or a migration has it. */
const is_allocated = (block: Id<'VaBlock'>, va: Id<'Va'>) =>
  or(pte.at(block).at(va).eq('device'), pte.at(block).at(va).eq('migration'))

export const unregister = thread('unregister', () => {
  Source('595.45.04 uvm_va_space.c uvm_va_space_unregister_gpu', () => {
    Idle()
    If(unregister_lock, () => down_write(va_space_lock))
    uvm_hmm_unregister_gpu()
    If(unregister_lock, () => up_write(va_space_lock))
  })
})
