/** Every run of the catalogue that takes seconds. */
import { mirror420Protocol } from '../../../models/mirror-4.20/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(mirror420Protocol, reasons, [
  {
    variant: /^without-device-fault-mmap-sem$/,
    label: /^rwsem_\w+\(&mm\.mmap_sem\)/,
    inside: /./,
    why: "there is one CPU, so nobody waits for mmap_sem if the device's driver does not take it",
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
  {
    variant: /^without-publish-before-callback$/,
    label: /^synchronize_srcu/,
    inside: /:hmm_register.*:mmu_notifier_unregister/,
    why: "the loser's path: who registers holds mmap_sem in write mode",
  },
])
