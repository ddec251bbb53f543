/** Settings of the fixes: as merged, as later kernels have them, fixed, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const fixed = switched(fixes)
const merged = switched(fixes, (kind) => kind !== 'correction')

/** What was open upstream when it was read: for these no correction was found. */
const open = Object.fromEntries(
  [
    'lost-access-lock',
    'evicted-together',
    'release-quiesces',
    'insert-checked',
    'signal-when-empty',
    'faulting-task-fails',
    'fault-without-range',
    'handled-fault-counts',
    'missing-vma-retries',
    'update-unmaps',
    'child-retries',
    'children-lock',
    'unlink-holds-buffer',
  ].map((name) => [name, false]),
)

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: '6.1: all locks and checks, no correction', constants: merged },
  {
    name: 'as-6.12',
    summary: '6.12: with parts that cannot be read left out, and the flag set under prange->lock',
    constants: { ...merged, 'mapped-under-lock': true, 'no-read-unmaps': true, 'checkpoint-ts': true },
  },
  {
    name: 'as-6.12.117',
    summary: '6.12.117: the same, with pages counted as migrated that were only copied',
    constants: {
      ...merged,
      'mapped-under-lock': true,
      'no-read-unmaps': true,
      'checkpoint-ts': true,
      'count-after-pages': false,
    },
  },
  {
    name: 'as-june-2026',
    summary: 'with the series of June 2026: for what is open no correction was found',
    constants: { ...fixed, ...open },
  },
  {
    name: 'drains-outside-lock',
    summary: 'as 5.15 drained faults: by what the work is to do, outside of mmap_lock; all else as fixed',
    constants: { ...fixed, 'checkpoint-ts': false, 'drain-under-lock': false },
  },
  {
    name: 'evicts-uncounted',
    summary: 'the eviction of a buffer has no reference to it, and its release does not wait for it',
    constants: { ...fixed, 'evict-work-counts': false, 'release-cancels': false },
  },
  ...withoutEach(fixes, fixed),
]
