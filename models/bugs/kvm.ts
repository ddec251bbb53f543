/** Bugs of KVM in what the guest, and KVM itself, have of the memory of the process. */
import { findingsIn, found, type Bug } from './bug.ts'

const inKvm = findingsIn('kvm')

export const kvmBugs: readonly Bug[] = [
  {
    id: 'B-52',
    title: 'KVM: order of sequence and counter reads',
    versions: '2.6 to 3.x',
    commit: 'a355aa54f1d2 (3.3)',
    unverified: true,
    known: 'report',
    fix: 'barriers between the writes and between the reads',
    note:
      'Memory is sequentially consistent here: the two reads in the other order stand for a machine that swaps ' +
      'them.',
    place: found(inKvm('without-reads-ordered', 'lockless', 'P-NOUAF', 'reads-ordered')),
  },
  {
    id: 'B-53',
    title: 'KVM arm64 and RISC-V: facts of the vma read outside the window of the sequence',
    versions: '5.x to 6.2',
    commit: '13ec9308a857 (6.3)',
    known: 'report',
    fix: 'sample the sequence before mmap_lock is dropped',
    place: found(inKvm('without-samples-under-mmap-lock', 'vma', 'P-RETRY', 'samples-under-mmap-lock')),
  },
  {
    id: 'B-54',
    title: 'KVM: memslots change between start and end',
    versions: '5.12 to 5.15',
    commit: '52ac8b358b0c (5.16)',
    known: 'report',
    fix: 'updates wait until no invalidation is active',
    place: found(
      inKvm('without-memslots-wait', 'memslot', 'P-BAL-PAIR', 'memslots-wait'),
      inKvm('without-memslots-wait', 'memslot', 'P-NOUAF', 'memslots-wait'),
    ),
  },
  {
    id: 'B-55',
    title: 'KVM: refresh of the gfn to pfn cache',
    versions: '5.17, 5.18',
    commit: '58cd407ca4c6 (5.19)',
    known: 'report',
    fix: 'clear the valid flag before the lookup, check under the lock of the cache',
    place: found(inKvm('without-cache-checks-locked', 'cache', 'P-NOUAF', 'cache-checks-locked')),
  },
  {
    id: 'B-56',
    title: 'KVM: APIC access page reloaded before the unmap',
    versions: '4.15 to 5.7',
    commit: 'e649b3f0188f (5.8)',
    known: 'report',
    fix: 'ask for the reload after the change; the pattern of B-02',
    place: found(inKvm('without-reload-after-change', 'apic', 'P-NOUAF', 'reload-after-change')),
  },
  {
    id: 'G6-50',
    title: 'KVM: a gfn-to-pfn cache whose address no memslot covers does not see a bracket',
    versions: '6.9 to 6.12',
    known: 'reading',
    fix: 'move the sequence where no memslot overlaps, too, or give caches a sequence of their own',
    note:
      'The comment at mmu_notifier_retry_cache() says that the count is not dropped until the sequence has moved. ' +
      'That is so only where a memslot overlaps.',
    place: found(inKvm('as-6.12', 'cache-hva', 'P-NOUAF', 'seq-without-slot')),
  },
]
