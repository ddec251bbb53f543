/** P-LIFE and P-UNIQUE: nothing is used after it was freed or before it is there, and a process has one struct hmm. */
import {
  assertion,
  count,
  invariant,
  some,
  sometimes,
  type Bool,
  type Id,
  type SortType,
} from '../src/language/index.ts'
import { tested, type Tested } from './tested.ts'

/**
 * No method touches a mirror or a struct hmm that was freed; mm->hmm is set while one may run; a mirror is taken out
 * of the list once.
 *
 * Put to the test: a driver is called through its mirror: covered where it is.
 */
export const no_use_after_kfree = tested(
  'P-LIFE',
  (): Tested => [
    assertion('P-LIFE', {
      claim:
        'hmm.h of 03/15: "Device driver must not free the struct containing the hmm_mirror struct before calling hmm_mirror_unregister()"; VM_BUG_ON(!hmm) in its methods',
    }),
    sometimes('P-LIFE.reached'),
  ],
)

/**
 * There is never a second struct hmm.
 *
 * Put to the test: there is one: that it is the only one says something.
 */
export const unique = tested(
  'P-UNIQUE',
  <S extends string>(sort: SortType<S>, is_allocated: (object: Id<S>) => Bool): Tested => [
    invariant('P-UNIQUE', count(sort, is_allocated).le(1), {
      claim:
        'hmm.h of 03/15: "pointer to struct hmm (which is unique per mm_struct)"; mm/hmm.c: "We should only get here if hold the mmap_sem in write mode"',
    }),
    sometimes('P-UNIQUE.reached', some(sort, is_allocated)),
  ],
)
