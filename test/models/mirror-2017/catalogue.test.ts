/** Every run of the catalogue that takes seconds. */
import { mirror2017Protocol } from '../../../models/mirror-2017/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(mirror2017Protocol, reasons, [
  {
    variant: /^without-munmap-mmap-sem$/,
    label: /^rwsem_\w+\(&mm\.mmap_sem\)/,
    inside: /./,
    why: 'nobody else takes mmap_sem in write mode there',
  },
  {
    variant: /^unregister-twice-guarded$/,
    label: /./,
    inside: /:unbind\/4.*:hmm_mirror_unregister/,
    why: 'the second call finds mirror->hmm NULL, and returns',
  },
])
