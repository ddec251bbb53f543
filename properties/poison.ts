/** P-POISON: a copy that failed leaves a poisonous entry, never a page. */
import { every, invariant, sometimes, whenSome, type Bool, type Id } from '../src/language/index.ts'
import { Va } from '../src/kernel/index.ts'
import type { Tables } from './agree.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have to be asked whether a page has contents. */
export interface Filled extends Pick<Tables, 'cpu'> {
  /** The page has been given the contents of this address, be they old or new. */
  readonly is_filled: (page: Id<'Page'>, va: Id<'Va'>) => Bool
}

/**
 * The CPU's table leads to no page that was allocated for a copy that then failed.
 *
 * Put to the test: a copy fails: covered where it does; where it can.
 */
export const poisoned = tested(
  'P-POISON',
  (can_fail: Bool, { cpu, is_filled }: Filled): Tested => [
    invariant(
      'P-POISON',
      every(Va, (va) => whenSome(cpu(va), (page) => is_filled(page, va))),
      {
        claim:
          'hmm.h of v12 23/29: "any failure result in device process being kill and CPU page table set to HWPOISON entry"',
      },
    ),
    sometimes('P-POISON.reached', can_fail.eq(false)),
  ],
)
