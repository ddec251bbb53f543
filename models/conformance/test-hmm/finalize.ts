/** migrate_vma_finalize(), and the last reference of device memory. */
import {
  and,
  Await,
  Bool,
  type Bool as Condition,
  Choose,
  If,
  isSomeAnd,
  none,
  not,
  optional,
  or,
  Shows,
  Step,
} from 'hmmcheck'
import { isMine, type Migration, MIGRATION, MOVABLE } from './migration-state.ts'
import { change, line } from './page-table.ts'
import { backing, content, entries, freed, move, Page } from './state.ts'

/** dmirror_devmem_free(). `named`: entries that may still name the page: zap_pte_range() clears it afterwards. */
export const freeing = (when: Condition, named: 0 | 1 = 0): readonly (() => void)[] => [
  () =>
    Step('dmirror_devmem_free()', () => {
      const pfn = Choose('pfn', Page)
      const behind = Choose('backing', Page)
      Await(and(when, backing.at(pfn).eq(behind), entries.at(pfn).le(named)))
      backing.at(pfn).set(none)
      freed.at(behind).set(true)
      content.at(behind).set(none)
      Shows('devmem_free', { pfn, backing: behind })
    }),
]

/** migrate_vma_finalize(), for one page after the other. */
export const finalizing = (
  { pages, finalized }: Pick<Migration, 'pages' | 'finalized'>,
  when: Condition,
): readonly (() => void)[] => [
  () =>
    Step('migrate_vma_finalize(): a page', () => {
      const src = Choose('src', Page)
      const dst = Choose('dst', optional(Page))
      const moved = Choose('moved', Bool)
      Await(
        and(
          when,
          isMine(src),
          or(
            and(moved, move.at(src).stage.eq('moved'), move.at(src).to.eq(dst)),
            and(not(moved), move.at(src).stage.ne('moved'), move.at(src).stage.ne('none')),
          ),
        ),
      )
      If(not(moved), () => move.at(src).to.set(src))
      move.at(src).stage.set('none')
      move.at(src).by.set(none)
      finalized.set(src)
      pages.decrement()
      Shows('finalize', { src, dst, moved })
    }),
  () => {
    const into = line('put_back')
    change(into, {
      by: 'remove_migration_pte',
      old: MIGRATION,
      now: MOVABLE,
      when: (seen) =>
        and(
          when,
          isSomeAnd(finalized, (src) => and(seen.opage.eq(src), seen.npage.eq(move.at(src).to))),
          or(
            and(seen.old.eq('migr_w'), or(seen.now.eq('present_w'), seen.now.eq('devpriv_w'))),
            and(seen.old.ne('migr_w'), or(seen.now.eq('present_r'), seen.now.eq('devpriv_r'))),
          ),
        ),
    })
  },
]
