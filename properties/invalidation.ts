/**
 * P-INV and P-BAL: an announced bracket keeps devices out until it ends, and every bracket is announced and ended
 * once.
 */
import {
  and,
  assertion,
  before,
  count,
  every,
  implies,
  invariant,
  or,
  some,
  sometimes,
  transition,
  type Bool,
  type Id,
  type Int,
  type Property,
  type SortType,
} from '../src/language/index.ts'
import { Cpu, Device, Va } from '../src/kernel/index.ts'
import type { Tables } from './agree.ts'
import type { Owing } from './use-after-free.ts'
import { claimed, tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked about the brackets of its CPUs. */
export interface Brackets extends Pick<Tables, 'device' | 'is_registered'> {
  /** This CPU has a bracket open over the address, and its range_start has returned. */
  readonly is_answered: (cpu: Id<'Cpu'>, va: Id<'Va'>) => Bool
  /** This CPU has a bracket open that was announced to the protocol. */
  readonly is_open: (cpu: Id<'Cpu'>) => Bool
}

/**
 * From the last callback of range_start to range_end no device has an entry; so none is installed either.
 *
 * Put to the test: a device comes with a snapshot while such a bracket is open: covered where it decides.
 */
export const start_means_empty = tested(
  'P-INV',
  ({ device, is_registered, is_answered }: Brackets): Tested => [
    invariant(
      'P-INV',
      every(Cpu, (cpu) =>
        every(Va, (va) =>
          implies(
            is_answered(cpu, va),
            every(Device, (one) => implies(is_registered(one), device(one, va).is('none'))),
          ),
        ),
      ),
      {
        claim:
          'mmu_notifier.h of 6.1: "the establishment of sptes is forbidden ... for the whole duration of the invalidate_range_begin/end critical section"',
      },
    ),
    sometimes('P-INV.reached'),
  ],
)

/**
 * The same, whoever runs the bracket.
 *
 * Put to the test: a device comes with a snapshot while such a bracket is open: covered where it decides.
 *
 * @param is_answered a bracket is open over the address, and its range_start has returned
 * @param is_out the device has no entry there for a page of the CPU's table
 */
export const answered_means_empty = tested(
  'P-INV',
  (
    is_registered: Tables['is_registered'],
    is_answered: (va: Id<'Va'>) => Bool,
    is_out: (device: Id<'Device'>, va: Id<'Va'>) => Bool,
  ): Tested => [
    invariant(
      'P-INV',
      every(Va, (va) =>
        implies(
          is_answered(va),
          every(Device, (one) => implies(is_registered(one), is_out(one, va))),
        ),
      ),
      {
        claim:
          'mmu_notifier.h of 6.1: "the establishment of sptes is forbidden ... for the whole duration of the invalidate_range_begin/end critical section"',
      },
    ),
    sometimes('P-INV.reached'),
  ],
)

/** The same, and what is needed to see a change that no bracket announces. */
export interface Announced extends Brackets, Pick<Tables, 'cpu'>, Pick<Owing, 'is_owed'> {
  /** The device has a mirror, and the notifier that calls it is in the list. */
  readonly is_told: (device: Id<'Device'>) => Bool
}

/**
 * No page leaves the CPU's table behind a device's back: an entry is changed in a bracket whose range_start has
 * returned, or who changed it still has to call the device. A bracket that was never announced breaks no other rule
 * of brackets; it breaks this one.
 *
 * Put to the test: the CPU's table leads to a page, and a device is told of changes.
 */
export const changes_are_announced = tested(
  'P-INV-CHANGE',
  ({ cpu, is_answered, is_owed, is_told }: Announced): Tested => [
    transition(
      'P-INV-CHANGE',
      every(Va, (va) =>
        implies(
          and(before(cpu(va)).isSome, cpu(va).ne(before(cpu(va)))),
          every(Device, (device) =>
            implies(
              and(before(is_told(device)), is_told(device)),
              or(
                is_owed(device, va),
                some(Cpu, (one) => before(is_answered(one, va))),
              ),
            ),
          ),
        ),
      ),
      {
        claim:
          'mmu_notifier.h of 6.1: "The VM will remove the page table entries and potentially the page between invalidate_range_start() and invalidate_range_end()"',
      },
    ),
    sometimes(
      'P-INV-CHANGE.reached',
      some(Va, (va) => some(Device, (device) => and(cpu(va).isSome, is_told(device)))),
    ),
  ],
)

/**
 * The brackets that the protocol counts are those that are open.
 *
 * Put to the test: a bracket is open: what is counted, and what is to be paired.
 *
 * @param counters the places where it counts
 * @param counted the count of each
 * @param is_told whether this one counts, and brackets are announced to it now
 */
export const balanced = tested(
  'P-BAL',
  <S extends string>(
    counters: SortType<S>,
    counted: (counter: Id<S>) => Int,
    is_told: (counter: Id<S>) => Bool,
    { is_open }: Brackets,
  ): Tested => [
    invariant(
      'P-BAL',
      every(counters, (one) => implies(is_told(one), counted(one).eq(count(Cpu, is_open)))),
      { claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() and invalidate_range_end() must be paired"' },
    ),
    sometimes('P-BAL.reached', some(Cpu, is_open)),
  ],
)

/** At every range_end: its range_start was announced too, and was counted. Reached with P-BAL.reached. */
export const paired = claimed(
  'P-BAL-PAIR',
  (): Property =>
    assertion('P-BAL-PAIR', {
      claim: 'mmu_notifier.h of 6.1: "invalidate_range_start() and invalidate_range_end() must be paired"',
    }),
)
