/** The parts in which the recorded kernel, the driver as shipped and the driver as it should be differ. */
import { fix } from 'hmmcheck'

const driver = '6.1 lib/test_hmm.c'

export const maps_backing = fix('maps-backing', {
  kind: 'correction',
  source: `${driver} dmirror_do_fault, fault 1`,
  summary: "a device fault on the device's own private page maps the page behind it, not the ZONE_DEVICE page",
})
export const own_migrate_stops_device = fix('own-migrate-stops-device', {
  kind: 'correction',
  source: `${driver} dmirror_interval_invalidate, faults 2 and 3`,
  summary: "the device uses and maps no page that the driver's own migration has taken from the address",
})
export const finalize_checks = fix('finalize-checks', {
  kind: 'correction',
  source: `${driver} dmirror_migrate_finalize_and_map, fault 4`,
  summary: 'what was migrated is mapped only if its migration entry is still there',
})
export const request_is_kept = fix('request-is-kept', {
  kind: 'correction',
  source: '6.1 mm/hmm.c hmm_vma_handle_pte, fault 5',
  summary: "a read-only private page of the caller's own device is faulted if it was asked for writing",
})
