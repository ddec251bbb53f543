/** P-RETRY: what a driver installs from a snapshot is what the CPU's page table has. */
import { assertion, sometimes } from '../src/language/index.ts'
import { tested, type Tested } from './tested.ts'

/**
 * At the installation: the CPU's entry is what the snapshot says, or its change lies in a bracket that has yet to
 * call the device.
 *
 * Put to the test: a driver comes with a snapshot that has been invalidated: covered where it decides.
 */
export const snapshot_is_valid = tested(
  'P-RETRY',
  (): Tested => [
    assertion('P-RETRY', {
      claim:
        'hmm.h of 4.20: "take a device driver lock that serializes device page table updates, then call hmm_vma_range_done(), to check if the snapshot is still valid"',
    }),
    sometimes('P-RETRY.reached'),
  ],
)
