/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee = 'Documentation/vm/hmm.rst and include/linux/hmm.h of 5.2'
const scenarios = ['fault', 'compat', 'oom', 'special', 'exit', 'exit-lock']

/** The driver makes an entry of what has changed. */
const late = ['P-AGREE', 'P-RETRY']
const stale = ['P-INV', ...late]
const again = 'B-06: the bracket is over, and the range is valid again; the next bracket drops the entry'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  violated('as-merged', 'fault', late, again),
  violated('as-merged', 'compat', [...late, 'P-LIFE'], 'B-09, B-06'),
  violated('as-merged', 'oom', [...stale, 'P-BAL'], 'B-05, B-06'),
  violated('as-merged', 'special', [...late, 'P-SERVED'], 'G6-91, B-06'),
  violated('as-merged', 'exit', late, 'G6-90'),
  violated('as-merged', 'exit-lock', ['deadlock', 'recoverable'], 'G6-90'),
  violated('as-5.3', 'fault', late, again),
  violated('as-5.3', 'oom', late, again),

  // Without one correction.
  violated('without-uncount-on-failure', 'oom', ['P-BAL'], 'B-05'),
  violated('without-refusal-is-returned', 'oom', stale, 'B-05: the device was not told'),
  violated('without-validity-is-sticky', 'fault', late, again),
  violated('without-timeout-unregisters', 'compat', ['P-LIFE'], 'B-09'),
  violated('without-special-entries-fault', 'special', ['P-SERVED'], 'G6-91'),
  violated(
    'without-unregister-last',
    'exit',
    late,
    'G6-90: the process ends in hmm_range_unregister(), and the entry is made after that',
  ),
  violated(
    'without-unregister-last',
    'exit-lock',
    ['deadlock', 'recoverable'],
    'G6-90: the process ends in hmm_range_unregister(), under the lock that its release callback takes',
  ),

  // Without one lock.
  violated(
    'without-callback-lock',
    'fault',
    stale,
    'hmm.rst of 5.2: a callback between hmm_range_valid() and the entry',
  ),
  violated('without-commit-lock', 'fault', stale, 'hmm.rst of 5.2: a callback between hmm_range_valid() and the entry'),

  // Without one check.
  violated(
    'without-register-counts',
    'fault',
    stale,
    'B-02: the bracket that is open has called, and has yet to change the entry',
  ),
  violated('without-start-invalidates', 'fault', stale, 'A.5.1: the range stays valid'),
  violated('without-commit-checks-valid', 'fault', stale, 'A.5.1: a bracket between the walk and the entry'),
  violated('without-callback-drops', 'fault', ['P-INV', 'P-AGREE'], 'the device keeps its entry'),
  violated('without-end-counts', 'fault', stale, 'A.5.1: another bracket is still open'),
  violated('without-range-holds-mm', 'exit', late, '5.3: the process may end while the range is in use'),
  violated(
    'without-release-drops',
    'exit',
    ['P-AGREE'],
    'G6-10: the device keeps its entry, and nobody is called any more',
  ),
]
