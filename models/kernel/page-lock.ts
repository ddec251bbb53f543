/** The page lock: PG_locked, a sleeping lock in every struct page, that may also be tried for (include/linux/pagemap.h, mm/filemap.c). */
import { Acquire, array, atomic, current, If, Let, Misuse, none, optional, shared, Thread, type Bool, type Id } from '../../src/language/index.ts'
import { Page } from './sorts.ts'
import { might_sleep } from './spinlock.ts'

/** The locks of all pages. Who waits for one stands in no queue: which of them takes a free lock is open. */
export function pageLocks() {
  const page_lock = shared('page_lock', array(Page, optional(Thread)))
  const is_locked = (page: Id<'Page'>): Bool => page_lock.at(page).isSome

  return {
    page_lock,
    is_locked,

    /** Takes it; sleeps until it is free. */
    lock_page: atomic('lock_page', [Page], (page) => {
      might_sleep()
      Misuse('lock_page() by the thread that holds it', page_lock.at(page).ne(current))
      Acquire(page_lock.at(page).isNone, (thread) => page_lock.at(page).eq(thread))
      page_lock.at(page).set(current)
    }, { source: '6.1 mm/filemap.c __folio_lock' }),

    /** Takes it if it is free, and says whether it did. It never sleeps. */
    trylock_page: atomic('trylock_page', [Page], (page) => {
      const taken = Let('taken', page_lock.at(page).isNone)
      If(taken, () => page_lock.at(page).set(current))
      return taken
    }, { source: '6.1 include/linux/pagemap.h folio_trylock' }),

    unlock_page: atomic('unlock_page', [Page], (page) => {
      Misuse('unlock_page() by a thread that did not lock it', page_lock.at(page).eq(current))
      page_lock.at(page).set(none)
    }, { source: '6.1 mm/filemap.c folio_unlock' }),

    /** Sleeps until it is free, and does not take it. */
    wait_on_page_locked: atomic('wait_on_page_locked', [Page], (page) => {
      might_sleep()
      Misuse('wait_on_page_locked() by the thread that holds it', page_lock.at(page).ne(current))
      Acquire(page_lock.at(page).isNone, (thread) => page_lock.at(page).eq(thread))
    }, { source: '6.1 mm/filemap.c folio_wait_bit_common' }),

    /** Whether the thread holds the lock of some page is asked of each: `holds_page_lock(page, current)`. */
    holds_page_lock: (page: Id<'Page'>, thread: Id<'Thread'>): Bool => page_lock.at(page).eq(thread),
  }
}
