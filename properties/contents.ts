/** P-CONTENT: a read of an address returns the last value written there, by CPU or device. */
import { assertion, sometimes } from '../src/language/index.ts'
import { tested, type Tested } from './tested.ts'

/**
 * At every read of a CPU or device: the page has the newest value of its address. A lost write shows as the read of
 * an old value.
 *
 * Put to the test: a CPU writes what a device maps: covered where it is done.
 */
export const newest_value = tested(
  'P-CONTENT',
  (): Tested => [
    assertion('P-CONTENT', {
      claim: 'hmm.h of 4.20: "share a virtual address space between CPU and a device"',
    }),
    sometimes('P-CONTENT.reached'),
  ],
)
