/**
 * P-REF and P-LIFE for device memory: the count of a page says who uses it, an unused one is free, and none is
 * used when the map is gone.
 */
import {
  and,
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
  type ValueOf,
} from '../src/language/index.ts'
import { maps_page, Page, Va, type SwapPte } from '../src/kernel/index.ts'
import { tested, type Tested } from './tested.ts'

/** The parts that a model must have for the references to device memory to be counted. */
export interface DeviceReferences {
  /** The page is one of device memory. */
  readonly is_device_page: (page: Id<'Page'>) => Bool
  /** The CPU's entry at an address. */
  readonly entry: (va: Id<'Va'>) => ValueOf<typeof SwapPte>
  /** The thread has a reference to the page: of a fault, an allocation, an eviction, or a pin. */
  readonly has_one: (thread: Id<'Thread'>, page: Id<'Page'>) => Bool
  /** The references to the page, as the model counts them. */
  readonly refcount: (page: Id<'Page'>) => Int
  /** References that are accounted for, of a page in use: without the one more of older kernels. */
  readonly users: (page: Id<'Page'>) => Int
  /** The references of a free page. */
  readonly idle_count: Int
  /** The driver has the page, in its list or about to be given out. */
  readonly is_idle: (page: Id<'Page'>) => Bool
}

const is_used = ({ entry, has_one }: DeviceReferences, page: Id<'Page'>): Bool =>
  or(
    some(Va, (va) => maps_page(entry(va), page)),
    some(Thread, (thread) => has_one(thread, page)),
  )

/**
 * A page in use has as many references as entries and holders account for; one that the driver has is not in use,
 * and the driver has all others.
 *
 * Put to the test: an entry has a page of device memory.
 */
export const device_references = tested(
  'P-REF',
  (of: DeviceReferences): Tested => [
    invariant(
      'P-REF',
      every(Page, (page) =>
        implies(
          of.is_device_page(page),
          and(
            implies(
              not(of.is_idle(page)),
              and(
                is_used(of, page),
                of
                  .users(page)
                  .minus(count(Va, (va) => maps_page(of.entry(va), page)))
                  .eq(count(Thread, (thread) => of.has_one(thread, page))),
              ),
            ),
            implies(of.is_idle(page), and(not(is_used(of, page)), of.refcount(page).eq(of.idle_count))),
          ),
        ),
      ),
      {
        claim:
          'hmm.h of 4.20: free() is called "whenever a device page refcount reach 1 which means that no one is holding any reference on the page anymore"; from 6.1 on, 0',
      },
    ),
    sometimes(
      'P-REF.reached',
      some(Page, (page) =>
        and(
          of.is_device_page(page),
          some(Va, (va) => maps_page(of.entry(va), page)),
        ),
      ),
    ),
  ],
)

/**
 * When the map is gone, no reference to a page of it is left.
 *
 * Put to the test: the map goes; where somebody removes it.
 */
export const removed_when_unused = tested(
  'P-UNPLUG',
  (removes: Bool, is_gone: Bool, of: DeviceReferences): Tested => [
    invariant(
      'P-UNPLUG',
      implies(
        is_gone,
        every(Page, (page) => implies(of.is_device_page(page), not(is_used(of, page)))),
      ),
      { claim: 'mm/memremap.c of 6.1, memunmap_pages(): "pages are dead and unused, undo the arch mapping"' },
    ),
    sometimes('P-UNPLUG.reached', implies(removes, is_gone)),
  ],
)
