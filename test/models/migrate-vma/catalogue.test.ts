/** Every run of the catalogue that takes seconds. */
import { migrateVmaProtocol } from '../../../models/migrate-vma/protocol.ts'
import { testCatalogue } from '../../support/catalogue.ts'
import { reasons } from './never-taken.ts'

testCatalogue(migrateVmaProtocol, reasons, [
  {
    variant: /^fixed-callbacks$/,
    label: /^else of if \(migrate_vma\[current\]\[va\]\.src != none\)/,
    inside: /:migrate_to_ram.*:migrate_device_unmap/,
    why: 'what comes back from the device has a source',
  },
  {
    variant: /^without-fork-mmap-sem$/,
    label: /^rwsem_\w+\(&mm\.mmap_sem\)/,
    inside: /./,
    why: 'nobody else takes mmap_sem in write mode there',
  },
  {
    variant: /^without-wait-check$/,
    label: /^else of if \(waits\)/,
    inside: /:migration_entry_wait/,
    why: 'it is the check that is left out',
  },
])
