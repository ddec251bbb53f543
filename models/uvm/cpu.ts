/** A CPU that runs a thread of the process: it loads and stores, and faults on what is in the memory of a GPU. */
import {
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  current,
  Either,
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
  threadPer,
} from 'hmmcheck'
import { Cpu, down_read, mutex_lock, mutex_trylock, mutex_unlock, up_read, Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { uvm_tracker_wait } from './callback.ts'
import { copy_waited, fault_block_lock, has_writer, migrate_lock, setup_unlocked } from './fixes.ts'
import { fill_hole, finalize_to_ram, migrate_vma_setup, uvm_va_block_make_resident_copy } from './migrate.ts'
import {
  block_lock,
  block_migrate_lock,
  cow,
  has_address,
  newest,
  page_refs,
  pte,
  va_space_lock,
  VaBlock,
} from './state.ts'

/**
 * The page is copied into system memory, or a hole filled. Says whether all is to be done again: if there is neither
 * a page of a GPU nor a hole, or another fault has a reference to the page.
 */
const uvm_va_block_cpu_fault = procedure(
  'uvm_va_block_cpu_fault',
  [VaBlock, Va],
  (block, va) => {
    If(and(fault_block_lock, not(setup_unlocked)), () => mutex_lock(block_lock.at(block)))
    const src = migrate_vma_setup(block, va, no)
    If(and(fault_block_lock, setup_unlocked), () => mutex_lock(block_lock.at(block)))
    If(src.eq('vram'), () => {
      uvm_va_block_make_resident_copy(block, va, false)
      If(copy_waited, () => uvm_tracker_wait(block))
      finalize_to_ram(block, va, false)
    })
    If(src.eq('hole'), () => fill_hole(block, va, 'ram', false))
    If(fault_block_lock, () => mutex_unlock(block_lock.at(block)))
    return src.eq('nothing')
  },
  { source: '595.45.04 uvm_va_block.c uvm_va_block_cpu_fault, uvm_hmm.c hmm_block_cpu_fault_locked' },
)

/**
 * dev_pagemap_ops.migrate_to_ram: where a fault of a GPU is at work, the CPU faults again. Else it goes round until
 * the page has moved, with its reference.
 */
const uvm_va_space_cpu_fault = procedure(
  'uvm_va_space_cpu_fault',
  [VaBlock, Va],
  (block, va) => {
    const again = Local('again', Bool)
    Loop(() => {
      If(has_writer, () => down_read(va_space_lock))
      If(migrate_lock, () => {
        const taken = mutex_trylock(block_migrate_lock.at(block))
        again.set(no)
        If(taken, () => {
          again.set(uvm_va_block_cpu_fault(block, va))
          mutex_unlock(block_migrate_lock.at(block))
        })
      }).Else(() => again.set(uvm_va_block_cpu_fault(block, va)))
      If(has_writer, () => up_read(va_space_lock))
      If(not(again), () => Break())
    })
  },
  { source: '595.45.04 uvm_va_space.c uvm_va_space_cpu_fault' },
)

const page_fault = procedure(
  'page_fault',
  [],
  () => {
    const block = Local('block', VaBlock)
    const va = Local('va', Va)
    const device = Local('device', Bool, false)
    Step('vmf->orig_pte = ptep_get(); get_page(vmf->page)', () => {
      const its = Choose('its', VaBlock, (one) =>
        some(Va, (at) => and(has_address(one, at), pte.at(one).at(at).ne('present'))),
      )
      const at = Choose('at', Va, (one) => and(has_address(its, one), pte.at(its).at(one).ne('present')))
      Await(pte.at(its).at(at).ne('migration'))
      block.set(its)
      va.set(at)
      device.set(pte.at(its).at(at).eq('device'))
      If(device, () => page_refs.at(at).add(current)).Else(() => {
        pte.at(its).at(at).set('present')
        Ghost(() => {
          newest.at(at).ram.set(true)
          newest.at(at).vram.set(false)
        })
      })
    })
    If(device, () => {
      uvm_va_space_cpu_fault(block, va)
      Step('put_page(vmf->page)', () => page_refs.at(va).remove(current))
    })
  },
  { source: '6.12 mm/memory.c do_swap_page, do_anonymous_page' },
)

/** Translation and access are one transition. */
const access = (): void => {
  Step('the CPU loads or stores', () => {
    const write = Choose('write', Bool)
    const block = Choose('block', VaBlock, (one) =>
      some(Va, (at) => and(pte.at(one).at(at).eq('present'), or(not(write), not(cow.has(at))))),
    )
    const va = Choose('va', Va, (at) => and(pte.at(block).at(at).eq('present'), or(not(write), not(cow.has(at)))))
    If(write, () =>
      Ghost(() => {
        newest.at(va).ram.set(true)
        newest.at(va).vram.set(false)
      }),
    ).Else(() => Assert(newest_value.property, newest.at(va).ram, 'the CPU reads an old value'))
  })
}

export const cpu = threadPer(Cpu, 'cpu', () => {
  Source('the CPU', () =>
    Loop(() => {
      Idle()
      Either(access, () => {
        page_fault()
      })
    }),
  )
})
