/** P-WP and P-PERM: a device writes only what the CPU may write, and nothing of what is being write-protected. */
import {
  and,
  assertion,
  every,
  implies,
  invariant,
  isSomeAnd,
  or,
  some,
  sometimes,
  type Bool,
  type Id,
  type Property,
} from '../src/language/index.ts'
import { Cpu, Device, points_to, Va } from '../src/kernel/index.ts'
import type { Tables } from './agree.ts'
import type { Brackets } from './invalidation.ts'
import type { Owing } from './use-after-free.ts'
import { claimed, tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked who may write. */
export interface Rights extends Tables, Owing, Brackets {
  /** The CPU's entry at an address lets it write. */
  readonly cpu_may_write: (va: Id<'Va'>) => Bool
  /** A device's entry at an address lets it write. */
  readonly device_may_write: (device: Id<'Device'>, va: Id<'Va'>) => Bool
  /** The purpose of this CPU's bracket is to take the right to write. */
  readonly is_protecting: (cpu: Id<'Cpu'>) => Bool
}

/**
 * From the last callback of a write-protecting range_start to range_end a device must not write there. P-INV demands
 * more, for all brackets.
 *
 * Put to the test: there is such a bracket, where somebody protects.
 */
export const protected_means_read_only = tested(
  'P-WP',
  (can_come: Bool, { is_registered, is_answered, is_protecting, device_may_write }: Rights): Tested => [
    invariant(
      'P-WP',
      every(Cpu, (cpu) =>
        every(Va, (va) =>
          implies(
            and(is_answered(cpu, va), is_protecting(cpu)),
            every(Device, (one) => implies(is_registered(one), device_may_write(one, va).eq(false))),
          ),
        ),
      ),
      {
        claim:
          'mmu_notifier.h of 6.1: "the establishment of sptes is forbidden ... for the whole duration of the invalidate_range_begin/end critical section"',
      },
    ),
    sometimes(
      'P-WP.reached',
      implies(
        can_come,
        some(Cpu, (cpu) => some(Va, (va) => and(is_answered(cpu, va), is_protecting(cpu)))),
      ),
    ),
  ],
)

/**
 * The same, whoever takes the right.
 *
 * Put to the test: somebody does; where anybody can.
 *
 * @param is_protected the change was announced to the devices, and its bracket is not over
 */
export const answered_means_read_only = tested(
  'P-WP',
  (
    can_come: Bool,
    { is_registered, device_may_write }: Pick<Rights, 'is_registered' | 'device_may_write'>,
    is_protected: (va: Id<'Va'>) => Bool,
  ): Tested => [
    invariant(
      'P-WP',
      every(Va, (va) =>
        implies(
          is_protected(va),
          every(Device, (one) => implies(is_registered(one), device_may_write(one, va).eq(false))),
        ),
      ),
      {
        claim:
          'hmm.h of v12 23/29: "device driver must first write protect the range then schedule the copy"; of brackets: mmu_notifier.h of 6.1',
      },
    ),
    sometimes('P-WP.reached', implies(can_come, some(Va, is_protected))),
  ],
)

type Permitted = Pick<Rights, 'cpu' | 'device' | 'is_registered' | 'is_owed' | 'cpu_may_write' | 'device_may_write'>

/**
 * If the CPU and a device lead to the same page, the device may write only if the CPU may, or somebody has yet to
 * tell it otherwise.
 *
 * Put to the test: a device may write what the CPU may write.
 */
export const permitted = tested(
  'P-PERM',
  ({ cpu, device, is_registered, is_owed, cpu_may_write, device_may_write }: Permitted): Tested => [
    invariant(
      'P-PERM',
      every(Device, (one) =>
        every(Va, (va) =>
          implies(
            and(
              is_registered(one),
              device_may_write(one, va),
              isSomeAnd(cpu(va), (page) => points_to(device(one, va), page)),
            ),
            or(cpu_may_write(va), is_owed(one, va)),
          ),
        ),
      ),
      {
        claim:
          'hmm.h of 4.20: "the device can access any valid address of the process (while still obeying memory protection)"',
      },
    ),
    sometimes(
      'P-PERM.reached',
      some(Device, (one) =>
        some(Va, (va) =>
          and(
            device_may_write(one, va),
            cpu_may_write(va),
            isSomeAnd(cpu(va), (page) => points_to(device(one, va), page)),
          ),
        ),
      ),
    ),
  ],
)

/**
 * At every grant of a right in the CPU's page table: the vma has it. Reached with P-PERM.reached: a right is granted.
 */
export const granted_by_vma = claimed(
  'P-PERM-VMA',
  (): Property =>
    assertion('P-PERM-VMA', {
      claim:
        'hmm.h of 4.20: "HMM_PFN_WRITE: CPU page table has write permission set", by vma->vm_page_prot (mm.h of 4.14)',
    }),
)
