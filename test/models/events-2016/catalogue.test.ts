/** Every run of the catalogue that takes seconds. */
import { events2016Protocol } from '../../../models/events-2016/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(events2016Protocol, reasons, [
  {
    variant: /^without-(munmap|fork)-mmap-sem$/,
    label: /^rwsem_\w+\(&mm\.mmap_sem\)/,
    inside: /./,
    why: 'nobody else takes mmap_sem in write mode there',
  },
  {
    variant: /^without-(rwsem-kill|driver-unregisters)$/,
    label: /^rwsem_\w+\(&hmm\[hmm\]\.rwsem\)/,
    inside: /:down_read/,
    why: 'nobody takes rwsem in write mode while another walks',
  },
  {
    variant: /^without-rwsem-update$/,
    label: /^rwsem_\w+\(&hmm\[hmm\]\.rwsem\)/,
    inside: /:hmm_mirror_kill/,
    why: 'nobody walks with rwsem held',
  },
  {
    variant: /^without-destroy-unlocked$/,
    label: /./,
    inside: /:hmm_mirror_kill.*:hmm_destroy|:hmm_update.*:hmm_destroy/,
    why: 'the last reference is that of hmm_mirror_unregister(), which waits for callbacks before it drops it',
  },
])
