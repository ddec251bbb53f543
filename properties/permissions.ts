/** P-PERM: an entry allows to write where the vma does, and what was moved is as it was. */
import {
  and,
  every,
  implies,
  invariant,
  isCaseAnd,
  not,
  or,
  some,
  sometimes,
  type Bool,
} from '../src/language/index.ts'
import { Device, Va } from '../src/kernel/index.ts'
import type { Entries } from './entries.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked for the right to write. */
export interface Permissions extends Pick<Entries, 'entry' | 'device'> {
  /** The vma may not be written, and mprotect() has returned. */
  readonly is_read_only: Bool
  /** Somebody takes the permission away from entries at all: mprotect(), fork(). */
  readonly may_lose: Bool
}

/**
 * No entry of a CPU or a device allows a write that the vma forbids; and unless the permission is taken away, no
 * entry is without it.
 *
 * Put to the test: something is mapped; where somebody calls mprotect(), in a vma that may not be written.
 */
export const permissions_are_kept = tested(
  'P-PERM',
  ({ entry, device, is_read_only, may_lose }: Permissions, protects: Bool): Tested => [
    invariant(
      'P-PERM',
      every(Va, (va) => {
        const writable = or(
          isCaseAnd(entry(va), 'present', ({ write }) => write),
          isCaseAnd(entry(va), 'device_private', ({ write }) => write),
        )
        const mapped = or(entry(va).is('present'), entry(va).is('device_private'))
        return and(
          implies(
            is_read_only,
            and(
              not(writable),
              every(Device, (one) => device(one, va).is('none')),
            ),
          ),
          implies(and(not(may_lose), mapped), writable),
        )
      }),
      {
        claim:
          'mm/migrate.c of 6.1, remove_migration_pte(): maybe_mkwrite(); hmm.h of 4.20: devices access "any valid address of the process (while still obeying memory protection)"',
      },
    ),
    sometimes(
      'P-PERM.reached',
      and(
        some(Va, (va) => entry(va).is('device_private')),
        or(not(protects), is_read_only),
      ),
    ),
  ],
)
