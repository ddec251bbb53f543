/** P-COW: after a fork, what one process writes to its private memory the other never reads. */
import {
  assertion,
  implies,
  some,
  sometimes,
  type Bool,
  type Id,
  type Int,
  type Property,
} from '../src/language/index.ts'
import { Page } from '../src/kernel/index.ts'

/** At every write of a CPU or device: nothing else maps the page that it goes to. */
export const private_after_fork = (): Property =>
  assertion('P-COW', {
    claim:
      'mm.h of 4.14: is_cow_mapping(), private memory is copied before it is written; hmm.h of 4.20: devices obey "memory protection"',
  })

/** A page is shared, where somebody forks. */
export const private_after_fork_reached = (can_come: Bool, refcount: (page: Id<'Page'>) => Int): Property =>
  sometimes(
    'P-COW.reached',
    implies(
      can_come,
      some(Page, (page) => refcount(page).gt(1)),
    ),
  )
