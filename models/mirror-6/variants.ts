/** Settings of the fixes: fixed, as drivers ship, fixed but for one. */
import { fixesIn, switched, withoutEach, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'
import * as fork from './fork-fixes.ts'
import { nobody, nouveau } from './nouveau.ts'
import * as nouveauFixes from './nouveau-fixes.ts'

const fixes = fixesIn({ ...declared, ...fork, ...nouveauFixes })

const fixed = switched(fixes)
const test_hmm = {
  ...fixed,
  ...nobody,
  'own-migrate-sets-seq': false,
  'own-migrate-zaps': false,
  'owner-is-mirror': false,
  'erase-under-lock': false,
  'map-by-fault': false,
}

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  { name: 'test-hmm-6.1', summary: 'lib/test_hmm.c as it was recorded: fault 1 is mended', constants: test_hmm },
  {
    name: 'test-hmm-6.1-shipped',
    summary: 'lib/test_hmm.c of 6.1 as it ships',
    constants: { ...test_hmm, 'maps-backing': false },
  },
  {
    name: 'test-hmm-6.12',
    summary: 'lib/test_hmm.c of 6.12 as it ships: its text differs from that of 6.1 in no step of the protocol',
    constants: { ...test_hmm, 'maps-backing': false },
  },
  {
    name: 'nouveau-6.12',
    summary: 'nouveau of 6.12, and of 6.1, whose text is the same in every step that is modelled',
    constants: { ...fixed, ...nouveau },
  },
  {
    name: 'maps-unmoved',
    summary: 'the driver maps at the end of a migration, also what was not moved',
    constants: { ...fixed, 'map-by-fault': false, 'maps-only-moved': false },
  },
  {
    name: 'erases-unlocked',
    summary: 'the driver leaves it to its migration to drop the entry, and takes no lock for it',
    constants: { ...fixed, 'own-migrate-zaps': false, 'erase-under-lock': false },
  },
  {
    name: 'exits-unannounced',
    summary: 'no interval notifier is called at exit, neither before the memory is unmapped nor around that',
    constants: { ...fixed, 'release-pass': false, 'unmap-bracket': false },
  },
  {
    name: 'maps-beside-fork',
    summary: 'the driver maps at the end of a migration, and fork() takes no lock',
    constants: { ...fixed, 'map-by-fault': false, 'fork-locks-mmap': false },
  },
  {
    name: 'binds-any',
    summary: 'the driver moves memory of whatever process calls, and maps it at the end',
    constants: { ...fixed, 'map-by-fault': false, 'bind-checks-mm': false },
  },
  {
    name: 'filters-by-device',
    summary: "the driver leaves it to its migration to drop the entry, also another mirror's",
    constants: { ...fixed, 'own-migrate-zaps': false, 'owner-is-mirror': false },
  },
  ...withoutEach(fixes, fixed),
]
