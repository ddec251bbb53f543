/** migrate_vma_setup(): entries become migration entries, and pages that others use are given back. */
import {
  and,
  Await,
  Bool,
  type Bool as Condition,
  Choose,
  current,
  type Id,
  If,
  IfSome,
  Local,
  none,
  not,
  optional,
  or,
  Shows,
  some,
  Step,
  yes,
} from 'hmmcheck'
import { bracket } from './bracket.ts'
import { type Covers, isMine, type Migration, MIGRATION, MOVABLE } from './migration-state.ts'
import { change, exchange, line, type Line } from './page-table.ts'
import { Kind, Mm, move, Page, Subs, subscriptions, Va } from './state.ts'

const isMirrored = (mm: Id<'Mm'>): Condition => some(Subs, (subs) => subscriptions.at(subs).mm.eq(mm))

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

/**
 * Where there is no page table, migrate_vma_collect_hole() makes holes of anonymous memory, into which pages can be
 * inserted; migrate_vma_collect_skip() makes nothing of other memory. Neither changes what others see.
 */
function collect_hole({ phase, taken }: Migration, name: 'hole' | 'skip'): void {
  Step(`migrate_vma_collect_${name}()`, () => {
    Await(and(phase.eq('begin'), taken.isNone))
    Shows(`collect_${name}`)
  })
}

/** The ranges and entries of migrate_vma_collect(), and those of try_to_migrate() in migrate_device_unmap(). */
export const collecting = (migration: Migration): readonly (() => void)[] => [
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
          () => collect_hole(migration, 'hole'),
          () => collect_hole(migration, 'skip'),
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
