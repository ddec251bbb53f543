/** The parts of the protocol that keep a device from a page that is shared, and those that are left out of it. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import { count_open_brackets, driver_lock, invalidate_at_start, range_done_check } from 'hmmcheck/models/mirror/fixes'
import { variants as variantsOf414 } from 'hmmcheck/models/mirror-4.14/variants'

type Constants = Variant['constants']

/** The other fixes of these texts are left to mirror-2017 and mirror-4.14. */
export const fixes = fixesIn([invalidate_at_start, count_open_brackets, driver_lock, range_done_check])

/**
 * The parts that the text for one process that only forks does not mention: no thread registers, unregisters, protects
 * or exits here.
 */
const unmentioned = [
  'register-mmap-sem',
  'mprotect-mmap-sem',
  'mirrors-sem-release',
  'bind-mmget',
  'unbind-clears',
  'core-releases-first',
  'device-spinlock',
  'unregister-twice',
  'bind-unwinds',
]
const of414: Constants = variantsOf414.find(({ name }) => name === 'fixed')?.constants ?? {}
const fixed: Constants = Object.fromEntries(Object.entries(of414).filter(([name]) => !unmentioned.includes(name)))
const posted: Constants = {
  ...fixed,
  ...switched(fixes, (kind) => kind !== 'correction'),
}

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-posted',
    summary: 'patch 03/15 of June 2017 with the snapshot of 04/15, but for invalidate_page',
    constants: posted,
    // Nothing in the patch says that a device has no entry inside a bracket: it is told at the end.
    notClaimed: ['P-INV', 'P-WP'],
  },
  ...withoutEach(fixes, fixed),
]
