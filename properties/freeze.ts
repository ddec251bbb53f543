/**
 * P-FREEZE and P-TLB: a page whose entry is a migration entry is not used, and no translation outlives the call that
 * took it away.
 */
import {
  and,
  assertion,
  every,
  invariant,
  not,
  some,
  sometimes,
  whenIs,
  type Bool,
  type ValueOf,
} from '../src/language/index.ts'
import { Device, points_to, tlb_caches, Va, type CpuTlb } from '../src/kernel/index.ts'
import type { Entries } from './entries.ts'
import { tested, type Tested } from './tested.ts'

/** The same, with what CPUs have cached. */
export interface Translations extends Entries {
  /** The entries that CPUs have cached. */
  readonly tlb: ValueOf<typeof CpuTlb>
}

/**
 * Through an address whose page is on its way, no CPU and no device reaches that page.
 *
 * Put to the test: there is a migration entry.
 */
export const frozen = tested(
  'P-FREEZE',
  ({ entry, device, tlb }: Translations): Tested => [
    invariant(
      'P-FREEZE',
      every(Va, (va) =>
        whenIs(entry(va), 'migration', ({ page }) =>
          and(
            not(tlb_caches(tlb, va, page)),
            every(Device, (one) => not(points_to(device(one, va), page))),
          ),
        ),
      ),
      {
        claim:
          'mm/migrate_device.c of 6.1, migrate_vma_setup(): "At this point pages are locked and unmapped, and thus they have stable content and can safely be copied"',
      },
    ),
    sometimes(
      'P-FREEZE.reached',
      some(Va, (va) => entry(va).is('migration')),
    ),
  ],
)

/**
 * At the return of the call that empties an entry: no CPU has cached what was there.
 *
 * Put to the test: such a call returns; where somebody makes one.
 */
export const flushed = tested(
  'P-TLB',
  (zaps: Bool): Tested => [
    assertion('P-TLB', {
      claim:
        'mm/mmu_gather.c and tlb.h of 6.1: the translation caches are flushed before pages are freed, and before the call returns',
    }),
    sometimes('P-TLB.reached', not(zaps)),
  ],
)
