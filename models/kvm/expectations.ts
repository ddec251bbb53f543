/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'A.6.8 and 4.7: kvm_main.c and pfncache.c of 6.12, with the corrections'
const scenarios = ['fault', 'hull', 'lockless', 'vma', 'memslot', 'cache', 'cache-moves', 'cache-hva', 'apic']

const used = ['P-INV', 'P-NOUAF']
const unpaired = ['P-BAL-PAIR', 'P-INV', 'P-NOUAF']
const two_reads = 'B-52: the old sequence, and then the count behind the end'
const own_address =
  'G6-50: a whole bracket between the sample and the check moves nothing that the check looks at; the cache was ' +
  'invalid already'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  violated('as-merged', 'lockless', ['P-NOUAF'], 'B-52'),
  violated('as-merged', 'vma', ['P-RETRY'], 'B-53'),
  violated('as-merged', 'memslot', unpaired, 'B-54'),
  violated('as-merged', 'cache', used, 'B-55'),
  violated('as-merged', 'apic', ['P-NOUAF'], 'B-56'),
  violated('as-6.12', 'cache-hva', ['P-NOUAF'], own_address),
  holds('as-6.12', 'cache', 'G6-50: a bracket over a memslot moves the sequence before it leaves the count'),
  holds('as-6.12', 'fault', 'A.6.8'),

  // Without one correction.
  violated('without-reads-ordered', 'lockless', ['P-NOUAF'], two_reads),
  holds(
    'without-reads-ordered',
    'fault',
    'redundant by the text alone: under mmu_lock the two reads are one step (B-52)',
  ),
  violated('without-samples-under-mmap-lock', 'vma', ['P-RETRY'], 'B-53'),
  holds('without-samples-under-mmap-lock', 'fault', 'B-53: the VMA stays'),
  violated(
    'without-memslots-wait',
    'memslot',
    unpaired,
    'B-54; and a fault in the new memslot does not know of the bracket, which has zapped nothing',
  ),
  violated('without-cache-checks-locked', 'cache', used, 'B-55: a bracket between the check and the lock'),
  violated('without-seq-without-slot', 'cache-hva', ['P-NOUAF'], own_address),
  holds('without-seq-without-slot', 'cache', 'G6-50: where a memslot overlaps the sequence moves'),
  violated('without-reload-after-change', 'apic', ['P-NOUAF'], 'B-56'),

  // Without one lock.
  violated('without-start-lock', 'fault', used, 'A.6.8: a fault between its check and its entry is passed by'),
  violated('without-fault-lock', 'fault', used, 'A.6.8: a bracket between the check and the entry'),
  violated(
    'without-invalidate-lock',
    'cache',
    used,
    '4.7: the bracket finds the cache invalid, between the check of a refresh and the moment when it is valid',
  ),
  violated('without-refresh-lock', 'cache', used, '4.7: a bracket between the check and the moment when it is valid'),
  violated(
    'without-memslots-lock',
    'memslot',
    unpaired,
    'B-54: a bracket between the look at the count and the change',
  ),

  // Without one check.
  violated('without-fault-checks-count', 'fault', used, 'A.6.8: a fault in an open bracket'),
  violated('without-fault-checks-seq', 'fault', ['P-NOUAF'], 'A.6.8: a whole bracket between the sample and the check'),
  violated(
    'without-hull-grows',
    'hull',
    used,
    'A.6.8: a second bracket at another address, and a fault at the first one, which is still open',
  ),
  holds('without-hull-grows', 'fault', 'A.6.8: with one bracket at a time the two are the same'),
  violated('without-cache-checks-count', 'cache', used, '4.7: a refresh in an open bracket'),
  violated('without-cache-checks-seq', 'cache', ['P-NOUAF'], '4.7: a whole bracket between the sample and the check'),
  violated(
    'without-refresh-invalidates',
    'cache-moves',
    used,
    '4.7: while it looks for the page of the new address, the cache is valid with the page of the old one',
  ),
  holds('without-refresh-invalidates', 'cache', '4.7: with one address only a cache that is invalid is refreshed'),
]
