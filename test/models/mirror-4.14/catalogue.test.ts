/** Every run of the catalogue that takes seconds. */
import { mirror414Protocol } from '../../../models/mirror-4.14/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(mirror414Protocol, reasons, [
  {
    variant: /^without-munmap-mmap-sem$/,
    label: /^rwsem_\w+\(&mm\.mmap_sem\)/,
    inside: /./,
    why: 'nobody else takes mmap_sem in write mode there',
  },
  {
    variant: /^unregister-twice-guarded$/,
    label: /./,
    inside: /:unbind\/5.*:hmm_mirror_unregister/,
    why: 'the second call finds mirror->hmm NULL, and returns',
  },
  {
    variant: /^without-bound-recheck$/,
    label: /^if \(!driver->bound\)/,
    inside: /:handle_device_fault/,
    why: 'it is the check that is left out',
  },
])
