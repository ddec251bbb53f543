/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'hmm.h of 4.20: struct hmm_devmem_ops, hmm_devmem_remove(); memremap.c of 6.1'
/** The map goes under somebody. */
const unplugged = ['P-NOUAF', 'P-LIFE', 'P-UNPLUG']
/** Somebody waits for a page that will never be free. */
const forEver = ['recoverable', 'deadlock']

export const expectations: readonly Expectation[] = [
  ...['life', 'remove', 'idle', 'close', 'pin', 'pin-remove', 'crowd', 'three-of-each'].map((scenario) =>
    holds('fixed', scenario, guarantee),
  ),
  ...['life', 'remove', 'idle', 'close', 'pin', 'pin-remove'].map((scenario) =>
    holds('fixed-one-more', scenario, 'A.8.1: "free at 1" counts as well, if everybody counts so'),
  ),

  violated('as-merged', 'life', ['P-NOUAF', 'P-REF'], 'B-18; B-34'),
  violated('as-merged', 'remove', [...unplugged, 'P-REF'], 'B-32b, B-18, B-34'),
  violated(
    'as-merged',
    'idle',
    unplugged,
    'B-33: nothing waits for the pages; hmm_devmem of 4.14 has one reference for the whole map',
  ),
  violated('as-merged', 'close', ['P-NOUAF', 'P-LIFE'], 'B-41; B-18'),
  violated(
    'as-5.18',
    'idle',
    unplugged,
    'B-33: nothing waits for a page that is in use, and pages are given out after percpu_ref_kill()',
  ),
  violated('as-5.18', 'life', ['P-NOUAF'], 'B-18'),

  // Without one correction.
  violated(
    'without-free-at-zero',
    'idle',
    forEver,
    'B-33: a free page and one in use have the same count, so eviction ends too early, and removal waits',
  ),
  holds(
    'without-pgmap-reference',
    'remove',
    'redundant here: eviction has gone on until no page was in use; see removes-what-is-used',
  ),
  violated('without-fault-holds-reference', 'life', ['P-NOUAF'], 'B-18'),
  violated('without-fault-holds-reference', 'remove', ['P-NOUAF', 'P-LIFE'], 'B-32b'),
  violated('without-fault-holds-reference', 'three-of-each', ['P-NOUAF', 'P-LIFE'], 'B-18, B-32b'),
  violated('without-evict-before-remove', 'idle', forEver, 'B-43: a page that no CPU touches'),
  holds('without-evict-before-remove', 'remove', 'a CPU that still touches the page brings it back'),
  violated('without-evict-until-free', 'idle', forEver, 'A.8.2: eviction is best effort, a page that is locked stays'),
  violated('without-evict-until-free', 'close', ['P-LIFE'], 'B-41, "the hole narrows but does not close"'),
  violated(
    'without-pop-takes-reference',
    'remove',
    ['P-LIFE', 'P-NOUAF', 'P-UNPLUG', 'misuse: percpu_ref_put() of nothing'],
    'B-44; behind that, the page is used without a reference, so the device memory goes under it, and the last ' +
      'put finds nothing to put',
  ),
  violated('without-close-evicts', 'close', ['P-LIFE'], 'B-41'),
  violated('without-snapshot-under-ptl', 'remove', ['P-NOUAF'], 'B-60'),
  violated('without-release-pages-frees', 'life', ['P-REF'], 'B-34'),
  violated(
    'without-release-pages-frees',
    'remove',
    ['P-REF', 'recoverable'],
    'B-34: the page that was lost is waited for',
  ),

  // Without one lock or check.
  holds(
    'without-page-lock',
    'remove',
    'redundant here: a page is mapped and unlocked in one transition, and who has locked it has a reference',
  ),
  violated(
    'without-pte-lock',
    'life',
    ['P-NOUAF', 'P-REF', 'P-REF-ZERO', 'domain', 'misuse: percpu_ref_put() of nothing'],
    'the entry changes between the test and the reference; behind that, the reference that was not taken is put ' +
      'all the same: the count falls below zero, and that of the pgmap with it',
  ),
  violated(
    'without-free-list-lock',
    'idle',
    forEver,
    'a page is chosen before the device is marked as removed, and given out after it was evicted',
  ),
  violated('without-removed-check', 'idle', forEver, 'a page is given out after eviction'),
  violated(
    'without-fault-pte-same',
    'life',
    ['P-NOUAF', 'P-REF', 'P-REF-ZERO', 'domain', 'misuse: percpu_ref_put() of nothing'],
    'a reference to a page that was freed meanwhile; behind that, the reference that was not taken is put all the ' +
      'same: the count falls below zero, and that of the pgmap with it',
  ),
  holds(
    'without-count-check',
    'life',
    'redundant here: the others who hold a reference are faults, which find the entry changed; nobody pins device ' +
      'memory',
  ),
  violated('without-source-check', 'pin', ['P-NOPIN'], 'A.8.3: what was pinned before it went to the device'),
  holds(
    'without-wait-for-pages',
    'remove',
    'redundant here: eviction has gone on until no page was in use; see removes-without-waiting',
  ),
  violated(
    'without-reuse-waits-for-free',
    'life',
    ['P-NOUAF', 'P-REF', 'P-REF-ZERO', 'domain', 'misuse: percpu_ref_put() of nothing'],
    'E-07: the fault puts the first reference of a page that is mapped again; behind that, the reference that was ' +
      'not taken is put all the same: the count falls below zero, and that of the pgmap with it',
  ),
  violated(
    'without-pgmap-on-stack',
    'life',
    ['P-NOUAF'],
    'E-08: the driver initialises the page, while who freed it reads its map',
  ),
  holds(
    'without-gup-recheck',
    'pin',
    'redundant here: whoever migrates a page asks for its references in the transition that changes its entry',
  ),

  // The counts of older kernels, and what eviction once makes of them.
  violated('one-more-release-pages', 'life', ['P-REF'], 'B-34'),
  violated(
    'evicts-what-is-free',
    'idle',
    ['P-REF', 'P-REF-ZERO', ...forEver],
    'B-33: get_page_unless_zero() of a free page; and the best effort of A.8.2',
  ),
  violated('removes-what-is-used', 'remove', unplugged, 'B-33: nobody waits for a page that could not be evicted'),
  violated('removes-without-waiting', 'remove', unplugged, 'B-32'),

  // Pins on device memory.
  violated(
    'gup-takes-device-page',
    'pin',
    ['P-NOPIN', 'recoverable'],
    'A.8.3: a CPU that touches the address never succeeds',
  ),
  violated('gup-takes-device-page', 'pin-remove', ['P-NOPIN', 'recoverable'], 'A.8.3: removal waits for ever'),
  violated('fault-hands-on-device-page', 'pin', ['P-NOPIN', 'recoverable'], 'A.8.3'),
  violated('fault-hands-on-device-page', 'pin-remove', ['P-NOPIN', 'recoverable'], 'A.8.3'),
]
