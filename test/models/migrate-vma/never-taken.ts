/**
 * Where `fixed` holds, every transition was taken somewhere, but for those that are explained here;
 * docs/models/migrate-vma.md has the same list.
 */
import type { Reason } from '../never-taken.ts'

const single = [
  'cpu-fault',
  'dontneed',
  'tlb',
  'two-zappers',
  'evict',
  'gup',
  'reclaim',
  'two-migrators',
  'batch',
  'fork',
  'mprotect',
]

export const reasons: readonly Reason[] = [
  {
    label: /^rwsem_down_read_failed|^rwsem_read_granted/,
    inside: /./,
    scenarios: single.filter((name) => name !== 'fork' && name !== 'mprotect'),
    why: 'nobody writes mmap_sem without fork and mprotect',
  },
  {
    label: /^case present of orig_pte/,
    inside: /handle_mm_fault/,
    scenarios: single.filter((name) => name !== 'fork' && name !== 'mprotect'),
    why: 'without fork and mprotect every present entry may be written',
  },
  {
    label: /^case swap of orig_pte/,
    inside: /handle_mm_fault/,
    scenarios: [...single.filter((name) => name !== 'reclaim'), 'fork-tlb'],
    why: 'without reclaim there is no swap entry',
  },
  {
    label: /^remove_migration_pte|^unlock_page\(src\)/,
    inside: /:migrate_device_unmap/,
    why: 'migrate_vma_check_page() lets one more reference pass for device memory, and nobody in these scenarios holds two; for system memory somebody must pin or isolate it',
  },
  {
    label: /^else of if \(same\)/,
    inside: /:do_swap_page/,
    scenarios: ['gup', 'reclaim', 'two-migrators', 'batch'],
    why: 'with one CPU nobody else takes a device private entry away',
  },
  {
    label: /^else of if \((mapcount\[page\] > 0|migrate_vma\[current\]\[va\]\.src != none)\)/,
    inside: /:migrate_device_unmap/,
    scenarios: ['evict', 'fork', 'mprotect'],
    why: 'what is evicted, and what comes back from the device, has a source, and nobody unmaps it here',
  },
  {
    label: /MMU_NOTIFY_CLEAR|pte_same\(\)\) ptep_clear_flush/,
    inside: /:do_wp_page/,
    scenarios: ['fork', 'mprotect'],
    why: 'with one page of system memory there is none to copy to: taken in copy-on-write',
  },
  { label: /./, inside: /:do_swap_page|:migration_entry_wait/, scenarios: ['fork-tlb'], why: 'nobody migrates' },
  { label: /^else of if \(write\)/, inside: /:gup_pte_range/, why: 'without fork every present entry may be written' },
]
