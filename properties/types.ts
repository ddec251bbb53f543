/**
 * P-TYPE: a device's entry is of the kind that the CPU's is: its own memory where that is device memory, and nothing
 * where there is nothing to mirror.
 */
import { and, every, implies, invariant, or, some, sometimes, type Bool, type Id } from '../src/language/index.ts'
import { Device, Va } from '../src/kernel/index.ts'
import type { Tables } from './agree.ts'
import type { Owing } from './use-after-free.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked of what kind its entries are. */
export interface Kinds extends Tables, Owing {
  /** The CPU's entry is a device-private one. */
  readonly is_device_private: (va: Id<'Va'>) => Bool
  /** The CPU's entry is special in any way, and leads to no page of memory. */
  readonly is_special: (va: Id<'Va'>) => Bool
  /** A device's entry leads to memory of its own. */
  readonly leads_to_own_memory: (device: Id<'Device'>, va: Id<'Va'>) => Bool
}

/**
 * A device's entry is of the kind that the CPU's is, or somebody has yet to tell the device.
 *
 * Put to the test: a device maps its own memory, where there is such memory.
 */
export const of_one_kind = tested(
  'P-TYPE',
  (
    can_come: Bool,
    { device, is_registered, is_owed, is_device_private, is_special, leads_to_own_memory }: Kinds,
  ): Tested => [
    invariant(
      'P-TYPE',
      every(Device, (one) =>
        every(Va, (va) =>
          implies(
            is_registered(one),
            or(
              is_owed(one, va),
              and(
                implies(leads_to_own_memory(one, va), is_device_private(va)),
                implies(is_special(va), device(one, va).is('none')),
              ),
            ),
          ),
        ),
      ),
      {
        claim:
          'hmm.h of 4.20: "HMM_PFN_DEVICE_PRIVATE: private device memory"; of special entries: "it should not be mirrored by a device"',
      },
    ),
    sometimes(
      'P-TYPE.reached',
      implies(
        can_come,
        some(Device, (one) => some(Va, (va) => leads_to_own_memory(one, va))),
      ),
    ),
  ],
)
