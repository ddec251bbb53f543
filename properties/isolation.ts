/** P-ISO and P-COW: after fork(), what one process writes to private memory the other does not read. */
import {
  and,
  assertion,
  every,
  implies,
  invariant,
  not,
  or,
  some,
  sometimes,
  type Bool,
  type Id,
} from '../src/language/index.ts'
import { Page } from '../src/kernel/index.ts'
import { tested, type Tested } from './tested.ts'

/** One of two processes, with the devices that mirror it. */
export interface Process {
  /** An entry of the process leads to the page: of its CPU's table, or of one for a device. */
  readonly leads_to: (page: Id<'Page'>) => Bool
  /** And allows to write. */
  readonly may_write: (page: Id<'Page'>) => Bool
}

/**
 * If entries of both lead to a page, none of them allows to write.
 *
 * Put to the test: they do share one; where the process forks.
 */
export const isolated = tested(
  'P-ISO',
  (one: Process, other: Process, forks: Bool): Tested => [
    invariant(
      'P-ISO',
      every(Page, (page) =>
        implies(and(one.leads_to(page), other.leads_to(page)), not(or(one.may_write(page), other.may_write(page)))),
      ),
      { claim: 'fork(2): "The child process and the parent process run in separate memory spaces"' },
    ),
    sometimes(
      'P-ISO.reached',
      implies(
        forks,
        some(Page, (page) => and(one.leads_to(page), other.leads_to(page))),
      ),
    ),
  ],
)

/**
 * At every write by CPU or device: the other process does not read what is written.
 *
 * Put to the test: a CPU or a device writes while there is a child: covered where it does; where the process forks.
 */
export const copies_on_write = tested(
  'P-COW',
  (forks: Bool): Tested => [
    assertion('P-COW', {
      claim: 'fork(2): "Memory writes ... performed by one of the processes do not affect the other"',
    }),
    sometimes('P-COW.reached', not(forks)),
  ],
)
