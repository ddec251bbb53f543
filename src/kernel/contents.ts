/** The contents of memory, as far as they matter to a protocol: whether a page has the newest value of its address. */
import {
  and,
  array,
  Bool,
  ForEach,
  ghost,
  Ghost,
  If,
  implies,
  isSomeAnd,
  none,
  optional,
  setOf,
  some,
  type Id,
  type Recorded,
} from '../language/index.ts'
import { Page, Va } from './sorts.ts'

/** The ghosts that say what memory contains; `of` is part of their names. */
function contentGhosts(of?: string) {
  const named = (name: string): string => (of === undefined ? name : `${of}_${name}`)
  /**
   * page->index: the address whose contents the page has or had; none for a free page, and for one whose address was
   * unmapped for good.
   */
  const index = ghost(named('page_index'), array(Page, optional(Va)))
  /** The page holds the newest value of its address. */
  const newest = ghost(named('page_newest'), array(Page, Bool))
  /** Addresses whose newest value is in no backing store: a page that is brought in afresh would hold an old one. */
  const dirty = ghost(named('dirty'), setOf(Va))
  return { index, newest, dirty }
}
type ContentGhosts = ReturnType<typeof contentGhosts>

/** What is asked of the contents of memory. */
const questions = ({ index, newest, dirty }: ContentGhosts) => ({
  /** The value read through this page is the newest, or belongs to no address any more. */
  is_newest: (page: Id<'Page'>): Bool => implies(index.at(page).isSome, newest.at(page)),

  /**
   * The value read through this page at this address is the address's newest, and not the one it had before it was
   * unmapped.
   */
  has_newest: (page: Id<'Page'>, va: Id<'Va'>): Bool => and(index.at(page).eq(va), newest.at(page)),

  /** Another page has contents of this page's address: a write to one makes the other old. */
  has_copy: (page: Id<'Page'>): Bool =>
    and(
      index.at(page).isSome,
      some(Page, (other) => and(other.ne(page), index.at(other).eq(index.at(page)))),
    ),

  /** The page has or had the contents of this address. */
  belongs_to: (page: Id<'Page'>, va: Id<'Va'>): Bool => index.at(page).eq(va),

  /** The page has the contents of another address than this one. */
  is_of_another: (page: Id<'Page'>, va: Id<'Va'>): Bool => isSomeAnd(index.at(page), (its) => its.ne(va)),

  /** The page has the newest value of its address, and no backing store has it: who drops the page loses a write. */
  is_unsaved: (page: Id<'Page'>): Bool => isSomeAnd(index.at(page), (va) => and(newest.at(page), dirty.has(va))),

  /** The newest value of the address is in no backing store. */
  is_unsaved_at: (va: Id<'Va'>): Bool => dirty.has(va),
})

/** What gives contents to pages: each is a Ghost block. */
const changes = ({ index, newest, dirty }: ContentGhosts) => ({
  /** The page is filled for this address: from the backing store, or with zeros. */
  fill: (page: Id<'Page'>, va: Id<'Va'>): Recorded =>
    Ghost(() => {
      index.at(page).set(va)
      If(dirty.has(va), () => newest.at(page).set(false)).Else(() => newest.at(page).set(true))
    }),

  /**
   * The page gets the contents of another (copy_highpage(), a device's copy engine): two copies now, and the next
   * write to one makes the other old.
   */
  copy: (to: Id<'Page'>, from: Id<'Page'>): Recorded =>
    Ghost(() => {
      index.at(to).set(index.at(from))
      newest.at(to).set(newest.at(from))
    }),

  /**
   * Something is written at this address through this page; if the page still belongs to it, every other copy is
   * old now.
   */
  write: (page: Id<'Page'>, va: Id<'Va'>): Recorded =>
    Ghost(() => {
      If(index.at(page).eq(va), () => {
        ForEach(Page, (other) => {
          If(index.at(other).eq(va), () => newest.at(other).set(other.eq(page)))
        })
        dirty.add(va)
      })
    }),

  /** fork() copies the entry of this address: pages have to the child what they have to its parent. */
  inherit: (parent: { readonly ghosts: ContentGhosts }, va: Id<'Va'>): Recorded =>
    Ghost(() => {
      ForEach(Page, (page) => {
        If(parent.ghosts.index.at(page).eq(va), () => {
          index.at(page).set(va)
          newest.at(page).set(parent.ghosts.newest.at(page))
        })
      })
      If(parent.ghosts.dirty.has(va), () => dirty.add(va))
    }),

  /**
   * The page is taken for one of this address, but its contents are something else: zeros, or what a free page had.
   */
  spoil: (page: Id<'Page'>, va: Id<'Va'>): Recorded =>
    Ghost(() => {
      index.at(page).set(va)
      newest.at(page).set(false)
    }),
})

/** What takes contents away from pages and addresses: each is a Ghost block. */
const losses = ({ index, newest, dirty }: ContentGhosts) => ({
  /**
   * The page goes out of the page table and its contents are kept (reclaim, migration, truncate of what others map).
   * They are saved at this very moment, the earliest there is: what a device writes afterwards is lost.
   */
  page_out: (page: Id<'Page'>, va: Id<'Va'>): Recorded =>
    Ghost(() => {
      If(and(index.at(page).eq(va), newest.at(page)), () => dirty.remove(va))
    }),

  /**
   * The address is unmapped for good (munmap, exit): whatever holds its contents belongs to no address any more,
   * and the next fault brings zeros.
   */
  discard: (va: Id<'Va'>): Recorded =>
    Ghost(() => {
      ForEach(Page, (page) => {
        If(index.at(page).eq(va), () => {
          index.at(page).set(none)
          newest.at(page).set(false)
        })
      })
      dirty.remove(va)
    }),

  /** The page belongs to no address of this process any more: it is freed, or left to another process. */
  forget: (page: Id<'Page'>): Recorded =>
    Ghost(() => {
      index.at(page).set(none)
      newest.at(page).set(false)
    }),
})

/**
 * The contents of memory, as ghosts: no value is stored, only whether it is the newest. So lost writes and stale
 * reads show, also those of equal values.
 * Each function declared here that records is called inside the step that does what it records, in a `Ghost` block.
 *
 * @param of whose memory it is, where processes share pages and each has contents of its own: a part of the names of
 *   the variables; without it, they are those of the only process
 */
export function memoryContents(of?: string) {
  const ghosts = contentGhosts(of)
  return {
    ...questions(ghosts),
    ...changes(ghosts),
    ...losses(ghosts),
    /** The variables, from which a child inherits. */
    ghosts,
  }
}
