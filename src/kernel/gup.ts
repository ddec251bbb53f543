/**
 * get_user_pages: references that promise a fixed page to somebody who will use it without the page table (mm/gup.c).
 */
import {
  and,
  Assert,
  array,
  atomic,
  Bool,
  IfSome,
  Let,
  none,
  not,
  optional,
  shared,
  some,
  struct,
  Thread,
  If,
  current,
  type Id,
  type Nothing,
} from '../language/index.ts'
import { Page } from './sorts.ts'

/** The options for counting the references that pins hold. */
export interface PinOptions {
  /** No reference is left: what try_grab_folio() finds of a page that is being freed. */
  readonly is_free: (page: Id<'Page'>) => Bool
  /** Takes one more reference to the page. */
  readonly get_page: (page: Id<'Page'>) => Nothing
  /** Gives one reference back; with the last one the page is free. */
  readonly put_page: (page: Id<'Page'>) => Nothing
}

/**
 * Pins: FOLL_PIN. Each thread has at most one, which holds a reference.
 *
 * GUP-fast takes no lock: it reads the entry, takes the pin, and reads the entry again. Only if that has not changed
 * does it keep the pin; in between the pin is there for everybody to see. `kept` says that the second look has
 * succeeded.
 */
export function pins({ is_free, get_page, put_page }: PinOptions) {
  /** The pin of each thread: a variable of the state. */
  const pin = shared('pin', array(Thread, struct('pin', { page: optional(Page), kept: Bool })))

  return {
    pin,

    /** page_maybe_dma_pinned(): somebody has one, kept or not yet. */
    page_maybe_dma_pinned: (page: Id<'Page'>): Bool => some(Thread, (thread) => pin.at(thread).page.eq(page)),
    /** Somebody relies on one. */
    is_pinned: (page: Id<'Page'>): Bool =>
      some(Thread, (thread) => and(pin.at(thread).page.eq(page), pin.at(thread).kept)),

    /** The pin of a page, unless its last reference is gone; says whether there is one now. */
    try_grab_page: atomic(
      'try_grab_page',
      [Page],
      (page) => {
        const grabbed = Let('grabbed', not(is_free(page)))
        If(grabbed, () => {
          get_page(page)
          pin.at(current).page.set(page)
        })
        return grabbed
      },
      { source: '6.1 mm/gup.c try_grab_folio' },
    ),

    /** Gives the thread's pin back. */
    unpin_user_page: atomic(
      'unpin_user_page',
      [],
      () => {
        Assert('P-REF-ZERO', pin.at(current).page.isSome, 'unpin_user_page() without a pin')
        IfSome(pin.at(current).page, (page) => put_page(page))
        pin.at(current).page.set(none)
        pin.at(current).kept.set(false)
      },
      { source: '6.1 mm/gup.c unpin_user_page' },
    ),
  }
}
