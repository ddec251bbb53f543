/** Settings of the fixes: as merged, fixed, fixed but for one, and kernels. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const all = (has: (kind: string) => boolean): Variant['constants'] => ({
  counters: 'locked',
  ...switched(fixes, has),
})
const fixed = all(() => true)
const merged = all((kind) => kind !== 'correction')
/** KFD in 6.1: its counts are atomic, and nobody looks at the number of the walk again. */
const atomic = { counters: 'atomic', 'update-lock': false, 'resume-lock': false, 'restore-checks-seq': false }

const today = {
  ...merged,
  'range-per-submission': true,
  'no-folio-lock': true,
  'put-pages-trylocks': true,
  'callback-trylocks': true,
  'insert-checks-mm': true,
  'i915-waits': false,
}

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'as-merged', summary: 'all locks and checks, no correction', constants: merged },
  {
    name: 'as-6.1',
    summary: '6.1: KFD counts with atomic operations; xe is not there yet',
    constants: {
      ...merged,
      ...atomic,
      'range-per-submission': true,
      'put-pages-trylocks': true,
      'callback-trylocks': true,
      'insert-checks-mm': true,
    },
  },
  {
    name: 'fixed-6.1',
    summary: 'the same, but a restore that finds no mapping forgets the old pages',
    constants: { ...fixed, ...atomic },
  },
  {
    name: 'as-6.12',
    summary: '6.12.117: i915 does not wait any more; the pages of a failed restore stay',
    constants: today,
  },
  {
    name: '6.12-compares',
    summary: 'the same, but a submission of amdgpu compares its pages under the reservation lock',
    constants: { ...today, 'compares-reserved': true },
  },
  ...withoutEach(fixes, fixed),
]
