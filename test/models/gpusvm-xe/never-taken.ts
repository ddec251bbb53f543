/** Steps that are never taken where `fixed` holds, and why. */
import type { Untaken } from '../../support/catalogue.ts'
import type { Reason } from '../never-taken.ts'

const one_gpu = [
  'remap',
  'map',
  'wide',
  'unmap',
  'insert',
  'vram',
  'mixed',
  'file',
  'errors',
  'clear',
  'hole',
  'close',
  'teardown',
  'exit',
]
const nobody_unmaps = ['map', 'wide', 'vram', 'mixed', 'errors', 'clear', 'hole', 'close', 'peers']

export const reasons: readonly Reason[] = [
  {
    label: /^rwsem_(rlock_steal|down_read_slowpath|mark_wake|handoff)\(&mmap_lock\)$/,
    scenarios: [...nobody_unmaps, 'exit'],
    why: 'nobody takes mmap_lock for writing',
  },
  {
    label: /^rwsem_(try_write_lock_unqueued|rlock_steal|down_read_slowpath|mark_wake|handoff)\(&mmap_lock\)$/,
    scenarios: ['remap', 'unmap', 'insert', 'file', 'teardown'],
    why: 'the one writer is the first in the queue, and the one reader finds nobody before it',
  },
  {
    label: /^rwsem_(down_(read|write)_failed|(read|write)_granted)\(&(notifier_lock|driver_migrate_lock)/,
    why: 'nobody else has the lock when the thread comes there: no bracket is open then, or no other GPU migrates',
  },
  {
    label: /^else of if \((found has device|vas has va|range_of\[va\] == range|hit has range)\)$/,
    why: 'with one VM a bracket calls its notifier; with one range, or one address, it is that one',
  },
  {
    label: /./,
    inside: /xe_svm_handle_pagefault\/3\/2\.then\/0:xe_svm_garbage_collector/,
    scenarios: nobody_unmaps,
    why: 'nothing is unmapped, so that there is no garbage',
  },
  {
    label: /./,
    inside: /drm_gpusvm_get_pages\/.*do_swap_page/,
    scenarios: one_gpu,
    why: 'there is one GPU: pages in its own memory are reported as they are',
  },
  {
    label: /./,
    inside: /drm_gpusvm_get_pages\/1\/11\/0\.then\/0\/6/,
    scenarios: one_gpu,
    why: 'there is one GPU: pages in its own memory are reported as they are',
  },
  {
    label: /./,
    inside: /evict_to_ram|exit_mmap|xe_vm_close_and_put|xe_vm_close|drm_gpusvm_fini/,
    scenarios: ['child'],
    why: 'no GPU faults, so that there are no ranges; the page that is left belongs to the child',
  },
  {
    label: /^else of if \((!\(closed has device\)|interval_place\[device\] != out)\)$/,
    why: 'the VM is not closed before the last bracket, and the notifier is there until the VM ends',
  },
  {
    label: /^wait_event\(subscriptions->wq, mmu_interval_seq_released/,
    scenarios: ['exit', 'hole'],
    why: 'no bracket is open when the notifier is removed',
  },
  {
    label: /^(else of if \(valid\)|kvfree\(pfns\)|wait_event\(subscriptions->wq, subscriptions->invalidate_seq)/,
    inside: /handle_pagefault/,
    scenarios: ['errors', 'clear', 'hole'],
    why: 'nobody changes the page table while the GPU faults',
  },
  {
    label: /^if \(ret != 0\)$/,
    inside: /drm_gpusvm_get_pages/,
    scenarios: ['errors', 'clear', 'exit'],
    why: 'nobody changes the page table during the walk; the exit waits for it, as it has a reference to the mm',
  },
  {
    label: /^(err == -EFAULT|if \(ret != 0\))$/,
    inside: /handle_pagefault/,
    why: 'the pages can be had, and are of one kind of memory; where they cannot be had, the error is given back',
  },
  {
    label: /./,
    inside: /xe_svm_alloc_vram\/3\.then/,
    scenarios: ['file', 'clear'],
    why: 'nobody else has a page of the range: the first try is not -EBUSY',
  },
  {
    label: /^(if|else of if) \(!\(!\(collected is empty\)/,
    scenarios: ['file', 'errors', 'clear'],
    why: 'nobody else has a page of the range, or all of them have come back for the second try',
  },
  {
    label: /^else of if \(there\)$/,
    inside: /drm_gpusvm_range_evict|drm_gpusvm_get_pages/,
    why: 'nobody else brings the page back meanwhile',
  },
  {
    label: /^(if \(here == no VMA\)|else of if \(here == device\))$/,
    inside: /drm_gpusvm_range_evict/,
    why: 'nobody unmaps meanwhile: what is not in RAM is in device memory, or was never there',
  },
  {
    label: /./,
    inside: /xe_svm_handle_pagefault\/3\/9\.then\/0:drm_gpusvm_range_evict/,
    scenarios: ['vram', 'file', 'errors', 'clear', 'peers'],
    why: 'a range with pages of both kinds of memory is seen in `mixed` alone',
  },
  {
    label: /^handle_mm_fault\(\)$/,
    scenarios: ['vram', 'mixed', 'clear', 'peers'],
    why: 'the migration before it has filled the address',
  },
  {
    label: /^handle_mm_fault\(\)$/,
    inside: /drm_gpusvm_range_evict/,
    scenarios: ['errors'],
    why: 'the first migration has filled every address',
  },
  {
    label: /^drm_pagemap_migration_unlock_put_pages\(\)$/,
    scenarios: ['vram', 'mixed', 'file', 'clear', 'peers'],
    why: 'mapping for DMA does not fail',
  },
  {
    label: /./,
    inside: /xe_svm_alloc_vram\/3\.then\/2:drm_pagemap_populate_mm\/.*drm_pagemap_migrate_to_devmem\/5\.then\/6\.then/,
    why: 'after an eviction every address has a page',
  },
  {
    label: /^xe_vm_range_tilemask_tlb_inval\(\)$/,
    inside: /xe_svm_handle_pagefault|exit_mmap/,
    why: 'the GPU that faults has no entry of the range, nor has one of which the process was released',
  },
  {
    label: /^migrate_vma_pages\(\), migrate_vma_finalize\(\)$/,
    inside: /drm_pagemap_migrate_to_devmem\/5\.then\/6\.else/,
    scenarios: ['clear', 'file'],
    why: 'the address has no page before',
  },
]

/** Steps that variants never take where they hold. */
export const untaken: readonly Untaken[] = [
  {
    variant: /^without-busy-retried$/,
    label: /&driver_migrate_lock/,
    inside: /xe_svm_alloc_vram/,
    why: 'nobody takes it for writing',
  },
  {
    variant: /^without-all-or-nothing$/,
    label: /^if \(ret != 0\)$/,
    inside: /xe_svm_handle_pagefault/,
    why: 'a migration of a part of the range does not fail',
  },
]
