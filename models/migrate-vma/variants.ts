/** Settings of the fixes: as merged, fixed, fixed but for one, both interfaces, and drivers that map in other ways. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

type Constants = Variant['constants']

const all = (has: (kind: string) => boolean, more: Constants): Constants => ({
  ...switched(fixes, has),
  'device-map': 'unchecked',
  ...more,
})
const fixed = all(() => true, { api: 'setup' })

export const variants: readonly Variant[] = [
  {
    name: 'fixed',
    summary: 'all corrections, locks and checks; migrate_vma_setup() and its steps as from 5.17 on',
    constants: fixed,
  },
  {
    name: 'fixed-callbacks',
    summary: 'all corrections, locks and checks, on migrate_vma() with callbacks as of 4.14',
    constants: { ...fixed, api: 'callbacks' },
  },
  {
    name: 'as-merged',
    summary: 'migrate_vma() of 4.14 with a driver that maps what it has copied: all locks and checks, no correction',
    constants: all((kind) => kind !== 'correction', { api: 'callbacks' }),
  },

  ...withoutEach(fixes, fixed),

  {
    name: 'pinned-pages-migrate',
    summary:
      'fixed, but nobody asks for pins and references: not collect, not migrate_vma_check_page(), not ' +
      'folio_migrate_mapping() (A.8.3)',
    constants: { ...fixed, 'pin-check': false, 'unmap-check': false, 'pages-check': false },
  },
  {
    name: 'driver-rechecks',
    summary:
      "the driver maps what it has copied, if the notifier's sequence has not moved since before the migration (B-40)",
    constants: { ...fixed, 'map-by-fault': false, 'device-map': 'rechecked' },
  },
  {
    name: 'driver-rechecks-late',
    summary: 'the same with a sequence that is sampled after migrate_vma_setup()',
    constants: { ...fixed, 'map-by-fault': false, 'device-map': 'rechecked-late' },
  },
]
