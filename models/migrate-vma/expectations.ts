/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

/** A device that goes on with the source while it is copied: an entry that the driver was not told of. */
const deviceGoesOn = ['P-AGREE', 'P-FREEZE', 'P-NOUAF', 'P-CONTENT']
/** An entry is overwritten that somebody else has set. */
const overwritten = ['P-CONTENT', 'P-REF']

const removed = 'misuse: page_remove_rmap() of a page that no entry refers to'
const guarantee = 'hmm.h of 4.20 and the comment of migrate_vma_setup(); the properties of the catalogue'

export const expectations: readonly Expectation[] = [
  ...[
    'cpu-fault',
    'dontneed',
    'tlb',
    'two-zappers',
    'evict',
    'fork',
    'fork-tlb',
    'mprotect',
    'gup',
    'reclaim',
    'two-migrators',
    'batch',
    'copy-on-write',
    'crowd',
    'huge',
  ].map((scenario) => holds('fixed', scenario, guarantee)),
  violated(
    'without-abort-unlocks',
    'huge',
    ['misuse: spin_lock() by the thread that holds it'],
    'E-42: the next migration of the thread needs the PMD lock that the last one has kept',
  ),
  ...['cpu-fault', 'dontneed', 'tlb', 'two-zappers', 'gup', 'reclaim', 'two-migrators', 'batch'].map((scenario) =>
    holds('fixed-callbacks', scenario, guarantee),
  ),

  // As merged in 4.14, with a driver that maps what it has copied at once.
  violated(
    'as-merged',
    'cpu-fault',
    [...deviceGoesOn, 'P-MIGRATE', 'P-PERM'],
    'B-18 (P-NOUAF), B-27 (P-MIGRATE), B-42 (P-CONTENT), B-65 (P-PERM); B-40, which needs no MADV_DONTNEED: found here',
  ),
  violated('as-merged', 'dontneed', [...deviceGoesOn, 'P-MIGRATE', 'P-PERM'], 'B-40 (P-AGREE, P-NOUAF), B-27, B-65'),
  violated('as-merged', 'tlb', [...deviceGoesOn, 'P-MIGRATE', 'P-PERM', 'P-TLB'], 'B-25, beside those of dontneed'),
  violated('as-merged', 'gup', [...deviceGoesOn, 'P-MIGRATE', 'P-PERM', 'P-EXCL'], 'B-24, beside those of cpu-fault'),
  violated(
    'as-merged',
    'reclaim',
    [...deviceGoesOn, 'P-MIGRATE', 'P-PERM', 'P-DIRTY'],
    'B-23, beside those of cpu-fault',
  ),

  // Without one correction.
  violated(
    'without-flush-under-ptl',
    'tlb',
    ['P-FREEZE', 'P-TLB'],
    'B-25: an access while the entry is a migration entry; MADV_DONTNEED that finds nothing to flush',
  ),
  violated('without-collect-marks-dirty', 'reclaim', ['P-CONTENT', 'P-DIRTY'], 'B-23'),
  violated('without-waiter-without-reference', 'cpu-fault', ['P-MIGRATE'], 'B-27'),
  violated('without-fault-holds-reference', 'cpu-fault', ['P-NOUAF'], 'B-18: two faults on one address'),
  violated('without-fault-holds-reference', 'evict', ['P-NOUAF'], 'B-18: a fault and an eviction'),
  holds('without-fault-holds-reference', 'gup', 'one CPU, nobody else who could free the page'),
  violated('without-clear-before-pin-test', 'gup', ['P-EXCL'], 'B-24'),
  violated('without-collect-keeps-write', 'cpu-fault', ['P-PERM'], 'B-65'),
  violated('without-map-by-fault', 'dontneed', deviceGoesOn, 'B-40'),
  violated(
    'without-map-by-fault',
    'cpu-fault',
    deviceGoesOn,
    'found here: a CPU fault on a hole that was filled has had its bracket before the driver maps',
  ),
  violated('without-failed-copy-clears-dst', 'cpu-fault', ['P-CONTENT'], 'B-42'),

  // Without one lock.
  violated('without-migrate-mmap-sem', 'mprotect', ['P-PERM'], 'A.7.2 step 8: a hole is filled as the vma was'),
  violated('without-fault-mmap-sem', 'mprotect', ['P-PERM'], 'A.0.3: a page is mapped as the vma was'),
  violated('without-mprotect-mmap-sem', 'mprotect', ['P-PERM'], 'both'),
  holds(
    'without-migrate-mmap-sem',
    'fork',
    'mmap_sem protects the vmas, which fork does not change; entries are set under the page table lock',
  ),
  holds('without-zap-mmap-sem', 'dontneed', 'redundant here: the same, for MADV_DONTNEED'),
  holds('without-fork-mmap-sem', 'fork', 'redundant here: the same, and a child that does nothing until it is whole'),
  violated(
    'without-fork-mmap-sem',
    'fork-tlb',
    ['P-CONTENT'],
    'E-21: a fault copies the page while another CPU still writes it through its TLB, and the write is lost',
  ),
  violated(
    'without-fork-flush',
    'fork-tlb',
    ['P-ISO', 'P-CONTENT'],
    'kernel/fork.c: flush_tlb_mm(oldmm); what is written after fork() has returned, the child reads, and the copy ' +
      'of the next fault lacks',
  ),
  violated(
    'without-page-lock',
    'evict',
    ['P-LOCKED', 'P-MIGRATE'],
    'two migrations have one page: the one restores its entry under the other',
  ),
  violated(
    'without-page-lock',
    'two-migrators',
    ['P-LOCKED'],
    "the kernel's own BUG_ON, and nothing else: a second migration by address finds a migration entry, and leaves " +
      'it alone',
  ),
  violated(
    'without-pte-lock',
    'cpu-fault',
    ['P-AGREE', 'P-CONTENT', 'P-REF', 'P-REF-ZERO', removed],
    'an entry is changed that is no longer what was tested',
  ),
  violated(
    'without-collect-bracket',
    'cpu-fault',
    deviceGoesOn,
    'A.7.2: nobody tells the device that the page is copied',
  ),
  violated('without-zap-bracket', 'dontneed', ['P-AGREE', 'P-NOUAF', 'P-CONTENT'], 'A.0.1: nobody tells the device'),
  holds(
    'without-hole-bracket',
    'cpu-fault',
    'redundant here: it only gives rights, and no device has an entry where there was none (A.0.2)',
  ),
  holds('without-hole-bracket', 'dontneed', 'redundant here: the same'),
  violated('without-rmap-bracket', 'evict', deviceGoesOn, 'eviction has no other bracket'),
  violated('without-fork-bracket', 'fork', ['P-COW'], 'the device goes on writing what is shared now (B-85)'),

  violated('without-mprotect-bracket', 'mprotect', ['P-PERM'], 'the device goes on writing'),

  // Without one check.
  violated('without-callback-drops-own', 'cpu-fault', deviceGoesOn, 'B-38, second half'),
  holds(
    'without-unmap-check',
    'gup',
    'redundant for safety: the exact test of migrate_vma_pages() refuses the page after it was copied in vain',
  ),
  holds(
    'without-pages-check',
    'gup',
    'redundant: after migrate_vma_check_page() nobody finds the page in a page table; GUP-fast reads the entry ' +
      'again and gives its reference back',
  ),
  violated(
    'without-mapping-check',
    'reclaim',
    ['P-TYPE', 'P-DIRTY'],
    'A.7.2 step 8: a page of the swap cache becomes device memory',
  ),
  violated('without-unmap-everywhere', 'evict', ['P-MIGRATE'], 'the entry that is left counts as somebody else'),
  violated('without-hole-check', 'cpu-fault', overwritten, 'a CPU has filled the hole'),
  violated('without-restore-check', 'dontneed', ['P-AGREE', ...overwritten], 'what was unmapped comes back'),
  holds('without-restore-check', 'cpu-fault', 'nobody takes migration entries away'),
  violated('without-fault-pte-same', 'cpu-fault', ['P-REF-ZERO'], 'a reference to a page that was freed meanwhile'),
  violated(
    'without-anon-none-check',
    'cpu-fault',
    ['P-AGREE', ...overwritten],
    'two faults, or a fault and a hole that is filled, set one entry',
  ),
  holds(
    'without-wait-check',
    'cpu-fault',
    'redundant: who waits on a page that is no longer on its way waits for nothing, and faults again',
  ),
  violated(
    'without-zap-flush',
    'tlb',
    ['P-FREEZE', 'P-TLB', 'P-NOUAF'],
    'A.0.1: pages are never freed before the flush',
  ),
  violated(
    'without-flush-nested',
    'two-zappers',
    ['P-TLB'],
    'E-10: the second finds nothing to flush, and returns before the first has flushed',
  ),
  holds('without-flush-nested', 'tlb', 'one thread at a time calls MADV_DONTNEED'),
  violated('without-gup-recheck', 'gup', ['P-CONTENT', 'P-EXCL', 'P-NOPIN'], 'A.11: GUP-fast reads the entry again'),
  violated('without-pin-check', 'gup', ['P-EXCL'], 'A.11: page_try_share_anon_rmap() fails for what may be pinned'),
  violated(
    'without-mprotect-protects-entries',
    'mprotect',
    ['P-PERM'],
    'A.7.3: a device private entry, through which the device writes',
  ),
  holds(
    'without-restore-asks-vma',
    'mprotect',
    'redundant: mprotect has taken the permission out of migration entries too (A.7.3)',
  ),
  violated('without-fork-protects-entries', 'fork', ['P-COW'], 'B-29'),

  // Pins that were not asked for, and drivers that map at once.
  violated(
    'pinned-pages-migrate',
    'gup',
    ['P-CONTENT', 'P-EXCL', 'P-NOPIN'],
    'A.8.3: the pin taken before the migration',
  ),
  holds('driver-rechecks', 'dontneed', 'B-40, the fix that it names'),
  holds('driver-rechecks', 'cpu-fault', 'B-40, the fix that it names'),
  violated(
    'driver-rechecks-late',
    'dontneed',
    ['P-AGREE', 'P-NOUAF', 'P-CONTENT'],
    'found here: MADV_DONTNEED before the sample, which then says that nothing has changed',
  ),
  holds('driver-rechecks-late', 'cpu-fault', 'what a CPU fault does to a destination, it does after the sample'),
]
