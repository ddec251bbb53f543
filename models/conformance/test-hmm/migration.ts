/** migrate_vma_setup(), _pages() and _finalize(), with what the driver does between them. */
import {
  and,
  array,
  Await,
  Bool,
  Break,
  Choose,
  current,
  If,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  none,
  not,
  oneOf,
  optional,
  or,
  range,
  Shows,
  some,
  Step,
  yes,
  type Bool as Condition,
  type Id,
  type Int,
} from 'hmmcheck'
import { alternatives, bracket } from './core.ts'
import { finalize_checks } from './fixes.ts'
import { change, exchange, line, type Line, type Seen } from './page-table.ts'
import {
  backing,
  content,
  device_pt,
  Dm,
  dmirror,
  Entry,
  freed,
  Kind,
  Mm,
  move,
  Page,
  pte,
  Subs,
  subscriptions,
  Tag,
  Va,
  watched,
  Word,
  entries,
} from './state.ts'

const Phase = oneOf('begin', 'setup', 'copy', 'pages', 'map', 'finalize')
const Count = range(0, 1_000_000)

/** What one call of a migration keeps. */
const locals = () => ({
  phase: Local('phase', Phase, 'begin'),
  /** Pages that have been collected and not been finalized. */
  pages: Local('pages', Count, 0),
  /** Of them, those that are still to be copied; entries that are still to be written by the driver. */
  to_copy: Local('to_copy', Count, 0),
  to_map: Local('to_map', Count, 0),
  /** The page behind the entry that was taken out last, until it is collected. */
  taken: Local('taken', optional(Page)),
  /** The device page to be inserted into an empty entry. */
  inserting: Local('inserting', optional(Page)),
  erased: Local('erased', Bool, false),
  finalized: Local('finalized', optional(Page)),
  dst: Local('dst', array(Va, optional(Page))),
  va: Local('va_of', array(Page, Va)),
})
type Migration = ReturnType<typeof locals>

const isMine = (page: Id<'Page'>): Condition => move.at(page).by.eq(current)
const isMirrored = (mm: Id<'Mm'>): Condition => some(Subs, (subs) => subscriptions.at(subs).mm.eq(mm))

const MIGRATION = ['migr_r', 'migr_rx', 'migr_w'] as const
const MOVABLE = ['present_r', 'present_w', 'devpriv_r', 'devpriv_w'] as const
type Covers = (seen: Pick<Seen, 'mm' | 'va'>) => Condition

/** An entry becomes a migration entry. */
const taken = (into: Line, clear: string, set: string, covers: Covers): void =>
  exchange(into, { by: clear, old: MOVABLE, when: covers }, { by: set, old: ['none'], now: MIGRATION })

/** What migrate_vma_collect_pmd() says of an entry. */
function collect(migration: Migration): void {
  Step('migrate_vma_collect_pmd()', () => {
    const mm = Choose('mm', Mm)
    const addr = Choose('addr', Va)
    const kind = Choose('kind', Kind)
    const pfn = Choose('pfn', optional(Page))
    const migrates = Choose('migrate', Bool)
    const moves = and(migrates, pfn.isSome, kind.ne('zero_r'))
    Await(
      and(
        migration.phase.eq('begin'),
        or(
          and(moves, migration.taken.eq(pfn)),
          and(moves, migration.taken.isNone, not(isMirrored(mm))),
          and(not(moves), migration.taken.isNone),
        ),
      ),
    )
    migration.taken.set(none)
    If(moves, () =>
      IfSome(pfn, (page) => {
        move.at(page).by.set(current)
        move.at(page).stage.set('collected')
        move.at(page).to.set(none)
        migration.va.at(page).set(addr)
        migration.pages.increment()
      }),
    )
    Shows('collect', { mm, addr, kind, pfn, migrate: migrates })
  })
}

/** The ranges and entries of migrate_vma_collect(), and those of try_to_migrate() in migrate_device_unmap(). */
const collecting = (migration: Migration): readonly (() => void)[] => [
  () => {
    const into = line('collected')
    bracket(
      'collect',
      ({ mm, start, end }) => {
        const covers: Covers = (seen) => and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end))
        return [
          () => {
            taken(into, 'ptep_clear_flush', 'migrate_vma_collect_pmd', covers)
            migration.taken.set(into.npage)
          },
          () => {
            taken(into, 'migrate_vma_collect_pmd', 'migrate_vma_collect_pmd', covers)
            migration.taken.set(into.npage)
          },
          () => collect(migration),
        ]
      },
      (event) => event.eq('MIGRATE'),
    )
  },
  () => collect(migration),
  () => try_to_migrate(),
]

/** A range of the reverse map: the entries of another mapping become migration entries. */
export function try_to_migrate(when: Condition = yes): void {
  const into = line('unmapped')
  bracket(
    'try_to_migrate',
    ({ mm, start, end }) => [
      () =>
        taken(into, 'ptep_clear_flush', 'try_to_migrate_one', (seen) =>
          and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end)),
        ),
      () =>
        taken(into, 'try_to_migrate_one', 'try_to_migrate_one', (seen) =>
          and(seen.mm.eq(mm), seen.va.ge(start), seen.va.lt(end)),
        ),
    ],
    (event) => and(when, event.eq('CLEAR')),
  )
}

interface Counted {
  readonly pages: Migration['pages']
  readonly to_copy: Migration['to_copy']
}

/** migrate_device_unmap(): the page is free of other users, or is given back. */
export const unmapping = ({ pages, to_copy }: Counted, when: Condition): readonly (() => void)[] => [
  () =>
    Step('migrate_device_unmap(): ok', () => {
      const page = Choose('pfn', Page)
      Await(and(when, isMine(page), move.at(page).stage.eq('collected')))
      move.at(page).stage.set('unmapped')
      to_copy.increment()
      Shows('unmap_ok', { pfn: page })
    }),
  () =>
    Step('migrate_device_unmap(): fails', () => {
      const page = Choose('pfn', Page)
      Await(and(when, isMine(page), move.at(page).stage.eq('collected')))
      move.at(page).stage.set('failed')
      Shows('unmap_fail', { pfn: page })
    }),
  () => {
    const into = line('restored')
    const page = Local('restored', Page)
    Step('migrate_device_unmap(): restores', () => {
      const pfn = Choose('pfn', Page)
      Await(and(when, isMine(pfn), move.at(pfn).stage.eq('failed')))
      page.set(pfn)
      move.at(pfn).stage.set('none')
      move.at(pfn).by.set(none)
      pages.decrement()
      Shows('unmap_restore', { pfn })
    })
    change(into, {
      by: 'remove_migration_pte',
      old: MIGRATION,
      now: ['present_r', 'present_w', 'devpriv_r', 'devpriv_w'],
      when: (seen) => and(seen.opage.eq(page), seen.npage.eq(page)),
    })
  },
]

/** The word of a page whose every access is known, or what the recording shows. */
const isContent = (addr: Int, page: Id<'Page'>, word: Int): Condition =>
  or(not(watched.at(addr)), content.at(page).isNone, content.at(page).eq(word))

/** dmirror_migrate_alloc_and_copy() */
const copying_to_device = (migration: Migration, dm: Id<'Dm'>): readonly (() => void)[] => [
  () =>
    Step('dmirror_migrate_alloc_and_copy(): copy_highpage()', () => {
      const addr = Choose('addr', Va)
      const src = Choose('src', Page)
      const dst = Choose('dst', Page)
      const to = Choose('backing', Page)
      const word = Choose('word', Word)
      Await(
        and(
          migration.phase.eq('copy'),
          isMine(src),
          move.at(src).stage.eq('unmapped'),
          migration.va.at(src).eq(addr),
          backing.at(dst).isNone,
          isContent(addr, src, word),
        ),
      )
      allocate(migration, addr, dst, to)
      content.at(to).set(word)
      migration.to_copy.decrement()
      content.at(src).set(word)
      move.at(src).stage.set('copied')
      move.at(src).to.set(dst)
      Shows('copy_to_dev', { dm, addr, src, dst, backing: to, word })
    }),
  () =>
    Step('dmirror_migrate_alloc_and_copy(): clear_highpage()', () => {
      const addr = Choose('addr', Va)
      const src = Choose('src', optional(Page))
      const dst = Choose('dst', Page)
      const to = Choose('backing', Page)
      Await(and(migration.phase.eq('copy'), src.isNone, backing.at(dst).isNone))
      allocate(migration, addr, dst, to)
      content.at(to).set(0)
      Shows('copy_to_dev', { dm, addr, src, dst, backing: to, word: 0 })
    }),
]

/** dmirror_devmem_alloc_page(), for the address. */
function allocate(migration: Migration, addr: Int, dst: Id<'Page'>, behind: Id<'Page'>): void {
  backing.at(dst).set(behind)
  freed.at(behind).set(false)
  migration.dst.at(addr).set(dst)
  migration.to_map.increment()
}

/** dmirror_devmem_fault_alloc_and_copy(): the entry of the device is erased without its mutex. */
const copying_to_system = (migration: Migration): readonly (() => void)[] => [
  () => {
    const of = Local('erases_of', Dm)
    const at = Local('erases_at', Va)
    Step('dmirror_devmem_fault_alloc_and_copy(): xa_erase()', () => {
      const dm = Choose('dm', Dm)
      const vpn = Choose('vpn', Va)
      Await(and(migration.phase.eq('copy'), not(migration.erased), migration.to_copy.gt(0)))
      migration.erased.set(true)
      of.set(dm)
      at.set(vpn)
      Shows('dev_erase_nolock', { dm, vpn })
    })
    Step('xa_erase() without the mutex', () => device_pt.at(of).at(at).set(none))
  },
  () =>
    Step('dmirror_devmem_fault_alloc_and_copy(): copy_highpage()', () => {
      const addr = Choose('addr', Va)
      const src = Choose('src', Page)
      const dst = Choose('dst', Page)
      const from = Choose('backing', Page)
      const word = Choose('word', Word)
      Await(
        and(
          migration.phase.eq('copy'),
          migration.erased,
          isMine(src),
          move.at(src).stage.eq('unmapped'),
          migration.va.at(src).eq(addr),
          backing.at(src).eq(from),
          isContent(addr, from, word),
        ),
      )
      migration.erased.set(false)
      migration.to_copy.decrement()
      freed.at(dst).set(false)
      content.at(dst).set(word)
      move.at(src).stage.set('copied')
      move.at(src).to.set(dst)
      Shows('copy_to_sys', { addr, src, backing: from, dst, word })
    }),
]

/** migrate_vma_pages(): pages change their places, and device pages come into empty entries. */
const placing = (migration: Migration): readonly (() => void)[] => [
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

/** What was to be mapped at the address is not. */
function unmapped(migration: Migration, addr: Int): void {
  If(migration.dst.at(addr).isSome, () => {
    migration.dst.at(addr).set(none)
    migration.to_map.decrement()
  })
}

/** dmirror_migrate_finalize_and_map() */
const mapping = (migration: Migration, dm: Id<'Dm'>, mm: () => Condition): readonly (() => void)[] => [
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

/** Where a page goes, and who asks for it. */
export interface Migrating {
  /** To this device; else to system memory. */
  readonly to?: Id<'Dm'>
  /** Told after migrate_vma_setup(), by the fault handler alone. */
  readonly setup?: () => void
  /** What must hold for it to begin. */
  readonly when?: Condition
}

/** A whole migration, from migrate_vma_setup() on. */
export function migrate({ to, setup, when: begins = yes }: Migrating): void {
  const migration = locals()
  const { phase } = migration
  const next =
    (
      label: string,
      event: string,
      from: readonly Parameters<typeof phase.eq>[0][],
      into: Parameters<typeof phase.set>[0],
      when: Condition = yes,
    ) =>
    (): void => {
      Step(label, () => {
        const [first, second] = from.map((one) => phase.eq(one))
        Await(and(first !== undefined && second !== undefined ? or(first, second) : (first ?? yes), when))
        phase.set(into)
        Shows(event)
      })
    }
  Step(`migrate_vma_setup()${to === undefined ? ' to system memory' : ''}`, () => {
    Await(begins)
    phase.set('begin')
    migration.pages.set(0)
    migration.to_copy.set(0)
    migration.to_map.set(0)
    migration.taken.set(none)
    migration.inserting.set(none)
    migration.erased.set(false)
    migration.finalized.set(none)
    Shows('migrate_vma_setup enter')
  })
  Loop(() =>
    alternatives([
      ...collecting(migration),
      ...unmapping(migration, phase.eq('begin')),
      next('migrate_vma_setup() returns', 'migrate_vma_setup exit', ['begin'], 'copy', migration.taken.isNone),
      ...(setup === undefined
        ? []
        : [
            () =>
              Step('dmirror_devmem_fault(): set up', () => {
                Await(phase.eq('copy'))
                Shows('devmem_fault_setup')
              }),
          ]),
      ...(to === undefined ? copying_to_system(migration) : copying_to_device(migration, to)),
      next(
        'migrate_vma_pages()',
        'migrate_vma_pages enter',
        ['copy'],
        'pages',
        and(migration.to_copy.eq(0), not(migration.erased)),
      ),
      ...placing(migration),
      next('migrate_vma_pages() returns', 'migrate_vma_pages exit', ['pages'], 'map', migration.inserting.isNone),
      ...(to === undefined ? [] : mapping(migration, to, () => yes)),
      next('migrate_vma_finalize()', 'migrate_vma_finalize enter', ['map'], 'finalize', migration.to_map.eq(0)),
      ...finalizing(migration, phase.eq('finalize')),
      ...freeing(phase.eq('finalize')),
      () => {
        Step('migrate_vma_finalize() returns', () => {
          Await(and(phase.eq('finalize'), migration.pages.eq(0)))
          Shows('migrate_vma_finalize exit')
        })
        Break()
      },
    ]),
  )
}
