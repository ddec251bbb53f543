/** migrate_vma_pages(), and what the driver maps then. */
import {
  and,
  Await,
  type Bool as Condition,
  Choose,
  current,
  type Id,
  If,
  type Int,
  isSomeAnd,
  none,
  not,
  or,
  Shows,
  Step,
} from 'hmmcheck'
import { bracket } from './bracket.ts'
import { finalize_checks } from './fixes.ts'
import { type Covers, isMine, type Migration, unmapped } from './migration-state.ts'
import { change, exchange, line } from './page-table.ts'
import { backing, device_pt, dmirror, entries, Entry, move, Page, pte, Tag, Va } from './state.ts'

/** migrate_vma_pages(): pages change their places, and device pages come into empty entries. */
export const placing = (migration: Migration): readonly (() => void)[] => [
  () =>
    Step('migrate_folio_extra(): done', () => {
      const src = Choose('src', Page)
      const dst = Choose('dst', Page)
      Await(and(migration.phase.eq('pages'), isMine(src), move.at(src).stage.eq('copied'), move.at(src).to.eq(dst)))
      move.at(src).stage.set('moved')
      Shows('page', { src, dst, r: 0 })
    }),
  () =>
    Step('migrate_folio_extra(): -EAGAIN', () => {
      const src = Choose('src', Page)
      const dst = Choose('dst', Page)
      Await(and(migration.phase.eq('pages'), isMine(src), move.at(src).stage.eq('copied'), move.at(src).to.eq(dst)))
      move.at(src).stage.set('failed')
      unmapped(migration, migration.va.at(src))
      Shows('page', { src, dst, r: -11 })
    }),
  () => {
    const into = line('inserted')
    const covered =
      (mm: Id<'Mm'>, start: Int, end: Int): Covers =>
      (seen) =>
        and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end))
    bracket(
      'insert',
      ({ mm, start, end }) => [
        () =>
          Step('migrate_vma_insert_page(): ok', () => {
            const addr = Choose('addr', Va)
            const pfn = Choose('pfn', Page)
            Await(and(migration.phase.eq('pages'), migration.inserting.isNone, migration.dst.at(addr).eq(pfn)))
            migration.inserting.set(pfn)
            Shows('insert_ok', { addr, pfn })
          }),
        () =>
          Step('migrate_vma_insert_page(): abort', () => {
            const addr = Choose('addr', Va)
            Await(and(migration.phase.eq('pages'), migration.inserting.isNone, migration.dst.at(addr).isSome))
            unmapped(migration, addr)
            Shows('insert_abort', { addr })
          }),
        () => {
          change(into, {
            by: '__migrate_device_pages',
            old: ['none'],
            now: ['devpriv_r', 'devpriv_w'],
            when: (seen) => and(covered(mm, start, end)(seen), seen.npage.eq(migration.inserting)),
          })
          migration.inserting.set(none)
        },
        () => {
          exchange(
            into,
            { by: 'ptep_clear_flush', old: ['zero_r'], when: covered(mm, start, end) },
            {
              by: '__migrate_device_pages',
              old: ['none'],
              now: ['devpriv_r', 'devpriv_w'],
              when: (seen) => seen.npage.eq(migration.inserting),
            },
          )
          migration.inserting.set(none)
        },
      ],
      (event) => event.eq('MIGRATE'),
    )
  },
]

/** dmirror_migrate_finalize_and_map() */
export const mapping = (migration: Migration, dm: Id<'Dm'>, mm: () => Condition): readonly (() => void)[] => [
  () =>
    Step('dmirror_migrate_finalize_and_map(): xa_store()', () => {
      const vpn = Choose('vpn', Va)
      const pfn = Choose('pfn', Page)
      const tag = Choose('tag', Tag)
      Await(
        and(
          or(migration.phase.eq('map')),
          tag.ne('atomic'),
          or(dmirror.at(dm).mutex.isNone, dmirror.at(dm).mutex.eq(current)),
          isSomeAnd(migration.dst.at(vpn), (dst) =>
            and(backing.at(dst).eq(pfn), or(not(finalize_checks), entries.at(dst).gt(0), isAwaited(dm, vpn))),
          ),
          mm(),
        ),
      )
      unmapped(migration, vpn)
      If(migration.to_map.eq(0), () => dmirror.at(dm).mutex.set(none)).Else(() => dmirror.at(dm).mutex.set(current))
      device_pt
        .at(dm)
        .at(vpn)
        .set(Entry.value({ page: pfn, tag }))
      Shows('dev_map', { dm, vpn, pfn, tag })
    }),
]

/** The migration entry is still there. */
const isAwaited = (dm: Id<'Dm'>, va: Int): Condition =>
  isSomeAnd(dmirror.at(dm).mm, (mm) => {
    const { kind } = pte.at(mm).at(va)
    return or(kind.eq('migr_r'), kind.eq('migr_rx'), kind.eq('migr_w'))
  })
