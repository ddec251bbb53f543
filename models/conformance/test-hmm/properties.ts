/** What the recordings are judged by. */
import { assertion, type Property } from 'hmmcheck'

/** A device reads what was written last at the address. */
export const P_CONTENT = 'P-CONTENT'
/** A device uses no page that was freed. */
export const P_NOUAF = 'P-NOUAF'
/** A device touches no ZONE_DEVICE page, only the page behind it. */
export const P_BACKING = 'P-BACKING'
/** hmm_range_fault() gives what was asked for, or fails. */
export const P_REQUEST = 'P-REQUEST'

export const properties: readonly Property[] = [
  assertion(P_CONTENT, {
    claim: 'Documentation/mm/hmm.rst of 6.1: "any update ... by a CPU or device is seen by both"',
  }),
  assertion(P_NOUAF, {
    claim: 'include/linux/mmu_notifier.h of 6.1: the device stops using pages before they are freed',
  }),
  assertion(P_BACKING, { claim: 'lib/test_hmm.c of 6.1: ZONE_DEVICE private pages are not accessible' }),
  assertion(P_REQUEST, {
    claim: 'include/linux/hmm.h of 6.1: HMM_PFN_REQ_WRITE must have HMM_PFN_WRITE or hmm_range_fault() fails',
  }),
]
