/** Device memory is evicted through the reverse map: dmirror_device_evict_chunk(). */
import {
  and,
  Await,
  type Bool as Condition,
  Choose,
  current,
  If,
  IfSome,
  Local,
  none,
  optional,
  range,
  Shows,
  Step,
} from 'hmmcheck'
import { try_to_migrate, unmapping } from './collect.ts'
import { finalizing } from './finalize.ts'
import { backing, content, freed, move, Page } from './state.ts'

/** What an eviction keeps: pages that have been collected and not been finalized. */
export const evictionLocals = () => ({
  pages: Local('evicted', range(0, 1_000_000)),
  to_copy: Local('to_evict', range(0, 1_000_000)),
  finalized: Local('evicted_last', optional(Page)),
})

/** An eviction begins: nothing is left of the one before. */
export function beginEviction({ pages, to_copy, finalized }: ReturnType<typeof evictionLocals>): void {
  for (const count of [pages, to_copy]) count.set(0)
  finalized.set(none)
}

/** The alternatives of an eviction. `when`: what must hold for it. */
export const evicting = (evicted: ReturnType<typeof evictionLocals>, when: Condition): readonly (() => void)[] => [
  () =>
    Step('migrate_device_range()', () => {
      const pfn = Choose('pfn', Page)
      Await(and(when, backing.at(pfn).isSome))
      move.at(pfn).by.set(current)
      move.at(pfn).stage.set('collected')
      evicted.pages.increment()
      Shows('evict_collect', { pfn })
    }),
  () => try_to_migrate(when),
  ...unmapping(evicted, when),
  () =>
    Step('dmirror_device_evict_chunk(): copy_highpage(), migrate_device_pages()', () => {
      const src = Choose('src', Page)
      const dst = Choose('dst', Page)
      const r = Choose('r', range(-4096, 0))
      Await(and(when, move.at(src).by.eq(current), move.at(src).stage.eq('unmapped')))
      freed.at(dst).set(false)
      IfSome(backing.at(src), (behind) => content.at(dst).set(content.at(behind)))
      move.at(src).to.set(dst)
      If(r.eq(0), () => move.at(src).stage.set('moved')).Else(() => move.at(src).stage.set('failed'))
      Shows('page', { src, dst, r })
    }),
  ...finalizing(evicted, when),
]
