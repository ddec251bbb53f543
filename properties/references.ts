/** P-REF: references are what is counted, and nothing is lost or freed twice. */
import {
  and,
  assertion,
  cond,
  count,
  every,
  implies,
  invariant,
  not,
  or,
  some,
  sometimes,
  Thread,
  type Bool,
  type Id,
  type Int,
  type Optional,
  type Property,
} from '../src/language/index.ts'
import { Cpu, Device, maps_page, Page, Va } from '../src/kernel/index.ts'
import type { Forked } from './entries.ts'
import { claimed, tested, type Tested } from './tested.ts'

/** The parts that a model must have for its references to be counted. */
export interface References {
  /** The references to a page, as the model counts them. */
  readonly refcount: (page: Id<'Page'>) => Int
  /** The CPU's entry at an address, which holds a reference. */
  readonly mapped: (va: Id<'Va'>) => Optional<typeof Page>
  /** The page that a CPU holds between allocation and mapping, or between unmapping and freeing. */
  readonly held: (cpu: Id<'Cpu'>) => Optional<typeof Page>
  /** A child maps the page, at one address. */
  readonly mapped_by_child?: (page: Id<'Page'>) => Bool
}

/**
 * A page has as many references as there are entries and holders; it is free if there is none.
 *
 * Put to the test: a page is freed: covered where it is done.
 */
export const referenced = tested(
  'P-REF',
  ({ refcount, mapped, held, mapped_by_child }: References): Tested => [
    invariant(
      'P-REF',
      every(Page, (page) => {
        const accounts_for = (references: Int): Bool =>
          references.minus(count(Va, (va) => mapped(va).eq(page))).eq(count(Cpu, (cpu) => held(cpu).eq(page)))
        if (mapped_by_child === undefined) return accounts_for(refcount(page))
        return or(
          and(mapped_by_child(page), accounts_for(refcount(page).minus(1))),
          and(not(mapped_by_child(page)), accounts_for(refcount(page))),
        )
      }),
      {
        claim:
          'include/linux/mm_types.h of 6.1: _refcount is the usage count of a page; put_page() frees it when that falls to 0',
      },
    ),
    sometimes('P-REF.reached'),
  ],
)

/**
 * The same, of a model in which others hold references too.
 *
 * Put to the test: a page is freed: covered where it is done.
 *
 * @param entries how many entries lead to the page
 * @param holders how many references there are beside those
 */
export const accounted = tested(
  'P-REF',
  (
    refcount: (page: Id<'Page'>) => Int,
    entries: (page: Id<'Page'>) => Int,
    holders: (page: Id<'Page'>) => Int,
  ): Tested => [
    invariant(
      'P-REF',
      every(Page, (page) => refcount(page).minus(entries(page)).eq(holders(page))),
      {
        claim:
          'include/linux/mm_types.h of 6.1: _refcount is the usage count of a page; put_page() frees it when that falls to 0',
      },
    ),
    sometimes('P-REF.reached'),
  ],
)

/** The same, of a model with special entries, a child and a swap cache. */
export interface Conserved extends Pick<Forked, 'entry' | 'child'> {
  /** The references to a page, as the model counts them. */
  readonly refcount: (page: Id<'Page'>) => Int
  /** The entries that refer to a page, as the model counts them. */
  readonly mapcount: (page: Id<'Page'>) => Int
  /** The thread holds a reference to the page, for whatever it does: a migration, a fault, a pin. */
  readonly has_one: (thread: Id<'Thread'>, page: Id<'Page'>) => Bool
  /** It holds a second one. */
  readonly has_two: (thread: Id<'Thread'>, page: Id<'Page'>) => Bool
  /** The swap cache holds one. */
  readonly is_cached: (page: Id<'Page'>) => Bool
}

/**
 * Reference conservation: a page's mapcount is the number of its entries; it has as many references as entries,
 * holders and a cache account for.
 *
 * Put to the test: a page has an entry and another holder at once.
 */
export const conserved = tested(
  'P-REF',
  ({ refcount, mapcount, entry, child, has_one, has_two, is_cached }: Conserved): Tested => [
    invariant(
      'P-REF',
      every(Page, (page) =>
        and(
          mapcount(page)
            .minus(count(Va, (va) => maps_page(entry(va), page)))
            .eq(count(Va, (va) => maps_page(child(va), page))),
          cond(is_cached(page), refcount(page).minus(1), refcount(page))
            .minus(mapcount(page))
            .minus(count(Thread, (thread) => has_one(thread, page)))
            .eq(count(Thread, (thread) => has_two(thread, page))),
        ),
      ),
      {
        claim:
          'include/linux/mm_types.h of 6.1: _refcount is the usage count of a page, _mapcount the number of its page table mappings',
      },
    ),
    sometimes(
      'P-REF.reached',
      some(Page, (page) =>
        and(
          mapcount(page).gt(0),
          some(Thread, (thread) => has_one(thread, page)),
        ),
      ),
    ),
  ],
)

/**
 * A migration that fails by the count of references: somebody holds one who is neither an entry, nor the migration,
 * nor waits for its end.
 *
 * Put to the test: such a migration succeeds: covered where it is asked last.
 */
export const refuses_for_a_reason = tested(
  'P-MIGRATE',
  (): Tested => [
    assertion('P-MIGRATE', {
      claim:
        'ffa65753c431 (5.17): "This reference is taken ... and so will cause the migration to fail"; Documentation/mm/hmm.rst: a migration fails for pages that are pinned',
    }),
    sometimes('P-MIGRATE.reached'),
  ],
)

/**
 * At every use of a reference: no thread takes or drops one of a page that is free. Reached with P-REF.reached: a
 * reference is dropped.
 */
export const never_below_zero = claimed(
  'P-REF-ZERO',
  (): Property =>
    assertion('P-REF-ZERO', {
      claim:
        'include/linux/mm.h of 4.13: VM_BUG_ON_PAGE(page_ref_count(page) <= 0) in get_page(), == 0 in put_page_testzero()',
    }),
)

/**
 * When the process is gone and no mirror of it is left, nothing holds its mm_struct any more.
 *
 * Put to the test: it comes to that, where somebody unbinds and the process can exit.
 */
export const mm_is_freed = tested(
  'P-REF-MM',
  (can_come: Bool, is_gone: Bool, is_pinned: Bool): Tested => [
    invariant('P-REF-MM', implies(is_gone, is_pinned.eq(false)), {
      claim:
        'mm/mmu_notifier.c of 6.1: mmu_notifier_unregister() "releases the mm_count pin automatically and frees the mm structure if it was the last user of it"',
    }),
    sometimes('P-REF-MM.reached', implies(can_come, is_gone)),
  ],
)

/**
 * Device memory that a driver has allocated is known to HMM, which alone can ask for it back.
 *
 * Put to the test: there is some; where it can be allocated.
 */
export const device_memory_is_known = tested(
  'P-REF-DEVICE',
  (
    can_come: Bool,
    is_known: (device: Id<'Device'>, va: Id<'Va'>) => Bool,
    is_allocated: (device: Id<'Device'>, va: Id<'Va'>) => Bool,
  ): Tested => [
    invariant(
      'P-REF-DEVICE',
      every(Device, (device) => every(Va, (va) => is_known(device, va))),
      {
        claim:
          'hmm.h of v12 23/29: "device driver is responsible for allocating and freeing the device memory", and learns only by its callbacks when',
      },
    ),
    sometimes(
      'P-REF-DEVICE.reached',
      implies(
        can_come,
        some(Device, (device) => some(Va, (va) => is_allocated(device, va))),
      ),
    ),
  ],
)
