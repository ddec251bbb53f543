/** P-NOUAF: no access to a page that was freed, and no entry left behind through which there could be one. */
import { assertion, every, implies, invariant, some, sometimes, type Bool, type Id } from '../src/language/index.ts'
import { Device, Va } from '../src/kernel/index.ts'
import type { Tables } from './agree.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model needs, to know the devices to which a change must still be announced. */
export interface Owing extends Pick<Tables, 'device'> {
  /** The page table was changed at the address, and somebody has yet to call the device for it. */
  readonly is_owed: (device: Id<'Device'>, va: Id<'Va'>) => Bool
}

/**
 * At every access of a CPU or device: the page it leads to has not been freed.
 *
 * Put to the test: a callback that finds an entry to remove: covered where it runs. Without it the page would be freed
 * with the entry still there.
 */
export const no_use_after_free = tested(
  'P-NOUAF',
  (): Tested => [
    assertion('P-NOUAF', {
      claim:
        'hmm.h of 4.20: "CPU and device page tables each point to the same pages", or one "still points to the old page": never to a page of somebody else',
    }),
    sometimes('P-NOUAF.reached'),
  ],
)

/**
 * An entry for a freed page stands only where a callback that removes it is still to come.
 *
 * Put to the test: a device maps a page: freeing it is what could leave an entry behind.
 */
export const no_stale_entry = tested(
  'P-NOUAF-ENTRY',
  ({ device, is_owed }: Owing): Tested => [
    invariant(
      'P-NOUAF-ENTRY',
      every(Device, (one) => every(Va, (va) => implies(device(one, va).is('stale'), is_owed(one, va)))),
      { claim: 'hmm.h of 03/15: "The device driver must update its page table in response to this callback"' },
    ),
    sometimes(
      'P-NOUAF-ENTRY.reached',
      some(Device, (one) => some(Va, (va) => device(one, va).is('present'))),
    ),
  ],
)
