/** Bugs of NVIDIA's UVM with HMM: they were read in its text, or shown by the checker first. */
import { findingsIn, found, type Bug } from './bug.ts'

const inUvm = findingsIn('uvm')

const versions = '595.45.04 (March 2026)'

/** Read in the text of 595.45.04. */
const read: readonly Bug[] = [
  {
    id: 'G6-70',
    title: 'UVM: the notifier that stands in during a split says yes to a bracket that must not block',
    versions,
    known: 'reading',
    fix: 'give back what the inner callback says',
    note: 'The OOM reaper frees pages that a GPU maps. It needs a VMA that ends in the part of the block that is left.',
    place: found(
      inUvm('without-split-refuses', 'split', 'P-NOUAF', 'split-refuses'),
      inUvm('as-595.45.04', 'split', 'P-NOUAF', 'split-refuses'),
    ),
  },
  {
    id: 'G6-71',
    title: 'UVM: a callback that gets no memory invalidates nothing, and says that it did',
    versions,
    known: 'reading',
    fix: 'allocate before there is a notifier, or wait for memory',
    place: found(
      inUvm('without-context-ahead', 'short', 'P-NOUAF', 'context-ahead'),
      inUvm('as-595.45.04', 'short', 'P-NOUAF', 'context-ahead'),
    ),
  },
  {
    id: 'G6-72',
    title: 'UVM: a migration maps a page whose entry an open bracket takes away',
    versions,
    known: 'reading',
    fix: 'ask `mmu_interval_read_begin` before the lock of the block is taken, and `mmu_interval_read_retry` under it',
    place: found(
      inUvm('without-migrate-asks-seq', 'migrate', 'P-NOUAF', 'migrate-asks-seq'),
      inUvm('as-595.45.04', 'migrate', 'P-NOUAF', 'migrate-asks-seq'),
    ),
  },
  {
    id: 'G6-73',
    title: 'UVM: an eviction beside a fault of a GPU; a freed chunk is added again',
    versions,
    known: 'reading',
    fix: 'raise `changed` by an eviction too',
    place: found(
      inUvm('without-evict-raises-changed', 'evict', 'P-NOUAF', 'evict-raises-changed'),
      inUvm('as-595.45.04', 'evict', 'P-NOUAF', 'evict-raises-changed'),
    ),
  },
  {
    id: 'G6-74',
    title: 'UVM: unregistration and a fault of the CPU wait for each other',
    versions,
    known: 'reading',
    fix: 'drop the lock of the address space for each try',
    place: found(
      inUvm('without-unregister-drops-lock', 'unregister', 'recoverable', 'unregister-drops-lock'),
      inUvm('as-595.45.04', 'unregister', 'recoverable', 'unregister-drops-lock'),
    ),
  },
  {
    id: 'G6-75',
    title: 'UVM: two processes take the locks of two blocks in opposite orders',
    versions,
    known: 'reading',
    fix: 'take the lock of the block after `migrate_vma_setup`, and look at the number of the notifier then',
    note:
      'An eviction holds the lock in the same way, and has to be corrected in the same way; that is not in the ' +
      'model.',
    place: found(
      inUvm('without-setup-unlocked', 'shared', 'lock-deadlock', 'setup-unlocked'),
      inUvm('as-595.45.04', 'shared', 'lock-deadlock', 'setup-unlocked'),
    ),
  },
]

/** Shown by the checker first. */
const discovered: readonly Bug[] = [
  {
    id: 'D-26',
    title: "UVM: the own thread's change of another block hides a change of the block that is looked at",
    versions,
    known: 'checker',
    fix: 'ask `mmu_interval_read_retry`, as `uvm_hmm_va_block_update_residency_info` does, or count by block',
    note:
      '`hmm_invalidate_seqnum` is one number of the thread, `changed` one of the block. If the fault of the walk ' +
      'reclaims a page of another block, the first grows alone, and one change by somebody else makes the two ' +
      'equal again.',
    place: found(
      inUvm('without-changes-by-block', 'reclaim', 'P-NOUAF', 'changes-by-block'),
      inUvm('as-595.45.04', 'reclaim', 'P-NOUAF', 'changes-by-block'),
    ),
  },
]

export const uvmBugs: readonly Bug[] = [...read, ...discovered]
