/**
 * The page lock: PG_locked, a sleeping lock in every struct page, that may also be tried for
 * (include/linux/pagemap.h, mm/filemap.c); and the folio's.
 */
import {
  Acquire,
  array,
  atomic,
  Bool,
  Choose,
  current,
  If,
  Let,
  Local,
  Misuse,
  none,
  optional,
  shared,
  Step,
  Thread,
  type Bool as Condition,
  type Id,
} from '../language/index.ts'
import { Page } from './sorts.ts'
import { might_sleep } from './spinlock.ts'

/**
 * PG_locked of all pages, under the names of one kernel. The waiters do not form a queue: any of them may take a free
 * lock. (From 5.9 on the lock is handed to a waiter that has been overtaken several times, which allows fewer orders.)
 *
 * @param variable the name under which the owners are shown
 * @param names the names of its functions
 */
function bitLocks(
  variable: string,
  names: { readonly lock: string; readonly trylock: string; readonly unlock: string; readonly wait: string },
) {
  /** The holder of each lock: a variable of the state. */
  const owner = shared(variable, array(Page, optional(Thread)))
  return {
    owner,
    /** Somebody holds the lock of the page. */
    is_locked: (page: Id<'Page'>): Condition => owner.at(page).isSome,

    /** Takes it; sleeps until it is free. */
    lock: atomic(
      names.lock,
      [Page],
      (page) => {
        might_sleep()
        Misuse(`${names.lock}() by the thread that holds it`, owner.at(page).ne(current))
        Acquire(owner.at(page).isNone, (thread) => owner.at(page).eq(thread))
        owner.at(page).set(current)
      },
      { source: '6.1 mm/filemap.c __folio_lock' },
    ),

    /** Takes it if it is free, and says whether it did. It never sleeps. */
    trylock: atomic(
      names.trylock,
      [Page],
      (page) => {
        const taken = Let('taken', owner.at(page).isNone)
        If(taken, () => owner.at(page).set(current))
        return taken
      },
      { source: '6.1 include/linux/pagemap.h folio_trylock' },
    ),

    /** Gives it back. By a thread that did not lock it: lock misuse. */
    unlock: atomic(
      names.unlock,
      [Page],
      (page) => {
        Misuse(`${names.unlock}() by a thread that did not lock it`, owner.at(page).eq(current))
        owner.at(page).set(none)
      },
      { source: '6.1 mm/filemap.c folio_unlock' },
    ),

    /** Sleeps until it is free, and does not take it. */
    wait: atomic(
      names.wait,
      [Page],
      (page) => {
        might_sleep()
        Misuse(`${names.wait}() by the thread that holds it`, owner.at(page).ne(current))
        Acquire(owner.at(page).isNone, (thread) => owner.at(page).eq(thread))
      },
      { source: '6.1 mm/filemap.c folio_wait_bit_common' },
    ),

    /**
     * Whether the thread holds the lock of this page; of some page is asked of each: `some(Page, (page) => holds(page,
     * current))`.
     */
    holds: (page: Id<'Page'>, thread: Id<'Thread'>): Condition => owner.at(page).eq(thread),
  }
}

/** The locks of all pages, under the names that kernels up to 5.15 give them. */
export function pageLocks() {
  const { owner, is_locked, lock, trylock, unlock, wait, holds } = bitLocks('page_lock', {
    lock: 'lock_page',
    trylock: 'trylock_page',
    unlock: 'unlock_page',
    wait: 'wait_on_page_locked',
  })
  return {
    page_lock: owner,
    is_locked,
    lock_page: lock,
    trylock_page: trylock,
    unlock_page: unlock,
    wait_on_page_locked: wait,
    holds_page_lock: holds,
  }
}

/** The same as kernels from 5.16 on name it. A folio is one `Page` here. */
export function folioLocks() {
  const { owner, is_locked, lock, trylock, unlock, wait, holds } = bitLocks('folio_lock', {
    lock: 'folio_lock',
    trylock: 'folio_trylock',
    unlock: 'folio_unlock',
    wait: 'folio_wait_locked',
  })

  /** Takes it, or is killed while it waits; says whether it has it. */
  const folio_lock_killable = (folio: Id<'Page'>): Condition => {
    const taken = Local('taken', Bool)
    Step('folio_lock_killable()', () => {
      const killed = Choose('killed', Bool)
      taken.set(killed.eq(false))
    })
    If(taken, () => {
      lock(folio)
    })
    return taken
  }
  return {
    locked_by: owner,
    is_locked,
    folio_lock: lock,
    folio_lock_killable,
    folio_trylock: trylock,
    folio_unlock: unlock,
    folio_wait_locked: wait,
    holds_folio_lock: holds,
  }
}
