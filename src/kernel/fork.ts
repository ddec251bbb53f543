/**
 * A second process that fork() makes: its page table, and what copy_page_range() puts there (kernel/fork.c,
 * mm/memory.c).
 */
import { atomic, If, Match, no, ref, yes, type Bool, type Id, type Nothing } from '../language/index.ts'
import { SwapPte } from './swap-pte.ts'

/** The options of copying an entry: the facts about the model that it must know. */
export interface CopyOptions {
  /** One more entry refers to the page: a reference, and one in its mapcount. */
  readonly dup_rmap: (page: Id<'Page'>) => Nothing
  /** Whether present entries lose their write permission, in parent and child; they do, if it is left out. */
  readonly protect_present?: Bool
  /** Whether entries that are not present lose their write permission too, in parent and child. */
  readonly protect_nonpresent?: Bool
}

/**
 * Copies one entry of a private mapping to the child. Both may then only read, so that the first who writes makes a
 * copy of its own. A migration entry is copied as one: it takes no reference, and what is made of it later is made in
 * both.
 *
 * @param options how references are counted, and what loses its write permission
 */
export function copyOnePte({ dup_rmap, protect_present = yes, protect_nonpresent = yes }: CopyOptions) {
  return atomic(
    'copy_one_pte',
    [ref(SwapPte), ref(SwapPte)],
    (parent, child) => {
      Match(parent, {
        none: () => undefined,
        swap: () => child.set(SwapPte.swap),
        present: ({ page, write, dirty }) => {
          dup_rmap(page)
          If(protect_present, () => {
            parent.set(SwapPte.present({ page, write: no, dirty }))
            child.set(SwapPte.present({ page, write: no, dirty }))
          }).Else(() => child.set(SwapPte.present({ page, write, dirty })))
        },
        migration: ({ page, write }) => {
          If(protect_nonpresent, () => {
            parent.set(SwapPte.migration({ page, write: no }))
            child.set(SwapPte.migration({ page, write: no }))
          }).Else(() => child.set(SwapPte.migration({ page, write })))
        },
        device_private: ({ page, write }) => {
          dup_rmap(page)
          If(protect_nonpresent, () => {
            parent.set(SwapPte.device_private({ page, write: no }))
            child.set(SwapPte.device_private({ page, write: no }))
          }).Else(() => child.set(SwapPte.device_private({ page, write })))
        },
      })
    },
    { source: '6.1 mm/memory.c copy_nonpresent_pte, copy_present_pte' },
  )
}
