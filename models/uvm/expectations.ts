/** Facts about each variant, and their sources; written from the facts and the reasons given. */
import type { Expectation } from 'hmmcheck'
import { holds, violated } from 'hmmcheck/models/expect'

const guarantee =
  'Documentation/mm/hmm.rst of 6.1: "the device must complete the update before the driver callback returns"'
const scenarios = ['map', 'short', 'reclaim', 'migrate', 'evict', 'split', 'unregister', 'shared']

/** A GPU has an entry of a page that is given back. */
const reaches = ['P-INV', 'P-NOUAF']
/** The same, since what is mapped has changed since it was read. */
const stale = [...reaches, 'P-RETRY']
/** The same, and what the page has is not the newest value. */
const old = [...reaches, 'P-CONTENT']

const said_yes = 'G6-70: the reaper is told that it may go on, and nothing was unmapped'
const no_memory = 'G6-71: the callback gets no memory, does nothing, and says that it did'
const open_bracket = 'G6-72: the callback of an open bracket has run already; its zap takes the migration entry'
const not_told = 'G6-73: an eviction while the lock of the block is given back is not seen'
const waits = "G6-74: the CPU's fault has a reference, and waits for the lock that the loop holds"
const circle = 'G6-75: each holds the lock of its own block, and calls the callback of the other'
const other_block = "the own thread's change of another block hides the change of this one"
const between = 'A.6.4: a callback between the sample and the entries is not seen'

export const expectations: readonly Expectation[] = [
  ...scenarios.map((scenario) => holds('fixed', scenario, guarantee)),

  holds('as-595.45.04', 'map', 'what is open needs less memory, a migration, a split or a second process'),
  violated('as-595.45.04', 'short', stale, no_memory),
  violated('as-595.45.04', 'reclaim', stale, other_block),
  violated('as-595.45.04', 'migrate', old, open_bracket),
  violated('as-595.45.04', 'evict', ['P-NOUAF'], not_told),
  violated('as-595.45.04', 'split', reaches, said_yes),
  violated('as-595.45.04', 'unregister', ['recoverable'], waits),
  violated('as-595.45.04', 'shared', ['deadlock', 'lock-deadlock', 'recoverable'], circle),

  // Without one correction.
  violated('without-split-refuses', 'split', reaches, said_yes),
  violated('without-context-ahead', 'short', stale, no_memory),
  violated('without-migrate-asks-seq', 'migrate', old, open_bracket),
  violated('without-evict-raises-changed', 'evict', ['P-NOUAF'], not_told),
  violated('without-unregister-drops-lock', 'unregister', ['recoverable'], waits),
  violated('without-setup-unlocked', 'shared', ['deadlock', 'lock-deadlock', 'recoverable'], circle),
  holds('without-setup-unlocked', 'migrate', 'in one process the lock may be held: then the own brackets are ignored'),
  violated('without-changes-by-block', 'reclaim', stale, other_block),

  // Without one lock.
  violated('without-callback-lock', 'map', stale, 'R-SEQ: a callback between the look at the changes and the entry'),
  violated(
    'without-migrate-block-lock',
    'migrate',
    old,
    'R-RETRY: a callback between the question and the entry; a page is mapped whose entry is gone',
  ),
  holds(
    'without-fault-block-lock',
    'migrate',
    "redundant here: a CPU's fault maps no GPU, and what the lock keeps together of the driver's books is not modelled",
  ),
  violated(
    'without-evict-block-lock',
    'evict',
    ['P-NOUAF'],
    'an eviction between the look at the changes and gpu_chunk_add()',
  ),
  violated('without-populate-lock', 'map', stale, 'R-RETRY: a callback between the look at the changes and the entry'),
  violated(
    'without-migrate-lock',
    'migrate',
    ['P-CONTENT', 'P-NOUAF'],
    "B-38: a CPU's fault, whose bracket is ignored, is not seen; P-CONTENT falls in the model alone, which has one page of system memory for an address where two migrations at once have two",
  ),
  violated(
    'without-split-lock',
    'split',
    ['misuse: a sample outlives its subscription'],
    '1.1: a number that was there before may come again when the notifier is inserted again',
  ),
  holds(
    'without-unregister-lock',
    'unregister',
    'redundant here: references and migration entries keep the two apart; that va_space is freed is not modelled',
  ),

  // Without one check.
  violated('without-callback-sets-seq', 'map', stale, between),
  violated('without-callback-raises-changed', 'map', stale, between),
  violated('without-callback-unmaps', 'map', reaches, 'R-ZAP: the entry of the GPU stays'),
  violated('without-callback-waits', 'map', reaches, 'R-ZAP: the channel has not come to the unmapping yet'),
  violated(
    'without-refuses-nonblockable',
    'split',
    ['misuse: a callback sleeps in a bracket that must not block'],
    'A.6.2: the OOM reaper must not wait',
  ),
  holds(
    'without-own-ignored',
    'migrate',
    'redundant by the text alone: the lock is taken after migrate_vma_setup(), and the owner tells its bracket',
  ),
  violated(
    'without-own-ignored',
    'evict',
    ['misuse: mutex_lock() by the thread that holds it'],
    'uvm_hmm.c: "This prevents deadlock when try_to_migrate() calls the notifier"',
  ),
  violated(
    'without-owner-ignored',
    'migrate',
    ['P-CONTENT.reached'],
    'every migration collides with its own bracket, so nothing ever moves to the GPU',
  ),
  holds(
    'without-own-subtracted',
    'map',
    'redundant: a bracket of the own thread sets the number of the notifier, so that hmm_range_fault() says -EBUSY',
  ),
  violated(
    'without-reader-waits',
    'map',
    stale,
    'R-WAIT: the callback has run before, and the entry goes after it is read',
  ),
  holds(
    'without-walk-checks-seq',
    'map',
    'redundant for what is mapped: the changes of the block are looked at under its lock',
  ),
  violated('without-populate-checks-changed', 'map', stale, between),
  violated(
    'without-unmap-before-copy',
    'migrate',
    ['P-CONTENT', 'P-INV'],
    'the GPU writes after the copy, and the write is lost',
  ),
  violated('without-copy-waited', 'migrate', ['P-CONTENT', 'P-NOUAF'], 'the page is there before the copy has ended'),
  violated(
    'without-split-stand-in',
    'split',
    reaches,
    'uvm_hmm.c: "a window of time when invalidation callbacks could be missed"',
  ),
]
