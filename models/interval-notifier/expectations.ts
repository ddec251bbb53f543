/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'mmu_notifier.h and mmu_notifier.c of 6.1: struct mmu_interval_notifier'
const scenarios = ['fault', 'two-pass', 'tree', 'reaper', 'refused', 'classic', 'register', 'register-zap', 'crowd']

/** The driver makes an entry of what has changed. */
const stale = ['P-INV', 'P-AGREE', 'P-RETRY']
const inserted_twice = 'misuse: mmu_interval_notifier_insert() of what is inserted'
const frozen = 'misuse: the interval tree changes while it is frozen'
const unpaired = ['P-BAL-PAIR', 'misuse: invalidate_range_end() without invalidate_range_start()']
const behind = 'behind that, its next insertion finds it in the tree'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  violated('as-merged', 'fault', ['P-LIFE'], 'B-11'),
  violated('as-merged', 'refused', ['P-BAL', 'P-LIFE', 'recoverable'], 'B-12; B-11; B-13'),
  violated('as-merged', 'classic', ['P-BAL'], 'B-12, B-13'),
  violated('as-merged', 'register', unpaired, 'B-15'),
  violated(
    'as-7.0',
    'refused',
    ['P-BAL', 'recoverable'],
    'B-12: the bracket stays counted, so the next episode never ends: who faults or removes waits for ever',
  ),
  violated('as-7.0', 'classic', ['P-BAL'], 'B-12'),

  // Without one correction.
  violated('without-remove-waits-under-lock', 'fault', ['P-LIFE'], 'B-11'),
  violated('without-remove-waits-under-lock', 'tree', ['P-LIFE'], 'B-11'),
  violated('without-refused-list-ends', 'refused', ['P-BAL', 'recoverable'], 'B-12'),
  violated('without-failed-list-ends', 'classic', ['P-BAL'], 'B-13'),
  violated('without-register-takes-vma-locks', 'register', unpaired, 'B-15'),
  holds('without-register-takes-vma-locks', 'register-zap', 'B-15: a bracket under mmap_lock was always waited for'),

  // Without one lock.
  violated(
    'without-start-lock',
    'fault',
    ['P-LIFE'],
    'a removal between the search of the tree and the number does not wait for the callback',
  ),
  violated(
    'without-end-lock',
    'fault',
    [...stale, 'P-LIFE', 'misuse: mmu_interval_set_seq() after the end of the episode', inserted_twice, frozen],
    'a bracket begins between the last count and the new number: its episode is ended while it is open',
  ),
  violated(
    'without-insert-lock',
    'fault',
    stale,
    'a bracket begins between the count, which was 0, and the insertion: it does not call, and the reader does ' +
      'not wait',
  ),
  violated(
    'without-remove-lock',
    'fault',
    ['P-LIFE', 'recoverable', inserted_twice, frozen],
    'a bracket begins, or ends, between the test and what follows from it: the removal does not wait for ' +
      `its callback, or waits for a number that is over; ${behind}`,
  ),
  holds(
    'without-read-lock',
    'fault',
    'redundant: the number that was sampled equals that of an episode which has ended since for good, or is still ' +
      'open; and wait_event() reads it once more',
  ),
  holds('without-read-lock', 'reaper', 'redundant, as in fault'),
  violated('without-callback-lock', 'fault', stale, 'hmm.rst of 6.1: the entry is made between the number and the zap'),
  violated('without-commit-lock', 'fault', stale, 'hmm.rst of 6.1: a callback between the retry and the entry'),

  // Without one check.
  violated(
    'without-callback-sets-seq',
    'fault',
    stale,
    'A.6.4: a callback between the sample and the entry is not seen',
  ),
  violated(
    'without-commit-checks-seq',
    'fault',
    stale,
    'A.6.4: a callback between the sample and the entry is not seen',
  ),
  violated(
    'without-reader-waits',
    'fault',
    stale,
    'A.6.4 (a): the bracket has called, and has yet to change the entry',
  ),
  violated(
    'without-insert-invalidates',
    'fault',
    stale,
    'A.6.5: the bracket that is open does not call the new subscription, and has yet to change the entry',
  ),
  violated('without-insert-defers', 'tree', [frozen], 'A.6.1: "fully excluded", the tree is walked without a lock'),
  violated('without-remove-defers', 'tree', [frozen], 'A.6.1: "fully excluded", the tree is walked without a lock'),
  violated('without-remove-defers', 'fault', [frozen], 'A.6.1: "fully excluded", the tree is walked without a lock'),
  violated(
    'without-remove-unlinks',
    'tree',
    ['P-LIFE', inserted_twice],
    `A.6.5: the end of the episode inserts what was freed; ${behind}`,
  ),
  violated(
    'without-remove-waits',
    'fault',
    ['P-LIFE', inserted_twice],
    `A.6.5: it is freed under its callback; ${behind}`,
  ),
  violated(
    'without-refused-tree-ends',
    'reaper',
    ['P-BAL', 'recoverable'],
    'A.6.2: who began the bracket must not end it, so that nobody does',
  ),
  violated(
    'without-zap-before-remove',
    'fault',
    ['P-INV', 'P-AGREE'],
    '1.3 of today: nobody is called after the removal, so the entry must be gone before',
  ),
  violated('without-finish-before-change', 'two-pass', ['P-INV', 'P-AGREE'], '1.2 S5: old entries still translate'),
  violated('without-register-takes-locks', 'register', unpaired, 'A.11: the end of a bracket that has no start'),
  violated('without-register-takes-locks', 'register-zap', unpaired, 'A.11: the end of a bracket that has no start'),
]
