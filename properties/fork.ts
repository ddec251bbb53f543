/** P-COW: after a fork, what one process writes to its private memory the other never reads. */
import { assertion, implies, some, sometimes, type Bool, type Id, type Int } from '../src/language/index.ts'
import { Page } from '../src/kernel/index.ts'
import { tested, type Tested } from './tested.ts'

/**
 * At every write of a CPU or device: nothing else maps the page that it goes to.
 *
 * Put to the test: a page is shared, where somebody forks.
 */
export const private_after_fork = tested(
  'P-COW',
  (can_come: Bool, refcount: (page: Id<'Page'>) => Int): Tested => [
    assertion('P-COW', {
      claim:
        'mm.h of 4.14: is_cow_mapping(), private memory is copied before it is written; hmm.h of 4.20: devices obey "memory protection"',
    }),
    sometimes(
      'P-COW.reached',
      implies(
        can_come,
        some(Page, (page) => refcount(page).gt(1)),
      ),
    ),
  ],
)
