/**
 * Who comes to the page by the reverse map, with its lock and without mmap_lock: migration, and a failure of
 * memory.
 */
import {
  and,
  Assert,
  Await,
  Bool,
  current,
  Ghost,
  Idle,
  If,
  IfIs,
  IfSome,
  isCaseAnd,
  Let,
  Local,
  Loop,
  none,
  not,
  optional,
  or,
  Reused,
  Source,
  Step,
  thread,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { ExclusivePte, Page } from 'hmmcheck/kernel'
import { invalidate_range_end, invalidate_range_start, taken_away } from './bracket.ts'
import { knows_entries } from './properties.ts'
import {
  alloc_page,
  contents,
  folio_lock,
  folio_unlock,
  get_page,
  has_free_page,
  has_page,
  hwpoison,
  isolated,
  map_page,
  mem_map,
  out_of_use,
  page_mapped,
  page_remove_rmap,
  pte,
  put_page,
} from './state.ts'

/** A reference to the page of the entry, however it came to be known. */
const isolate = (also: (page: Id<'Page'>) => void): void => {
  Await(or(pte.is('present'), pte.is('device_exclusive')))
  IfIs(pte, 'present', ({ page }) => {
    get_page(page)
    isolated.at(current).set(page)
    also(page)
  })
  IfIs(pte, 'device_exclusive', ({ page }) => {
    get_page(page)
    isolated.at(current).set(page)
    also(page)
  })
}
const lock_isolated = (): void => {
  IfSome(isolated.at(current), (page) => {
    Reused(page, 'the reference keeps it')
    folio_lock(page)
  })
}

/** folio_mapped(): what the walk over the reverse map is asked for. */
const ask_mapped = (mapped: ReturnType<typeof Local<typeof Bool>>): void => {
  Step('folio_mapped()', () =>
    IfSome(isolated.at(current), (page) => {
      mapped.set(page_mapped(page))
      Assert(
        knows_entries.property,
        not(and(not(page_mapped(page)), has_page(pte, page))),
        'the page is taken for unmapped, and an exclusive entry leads to it',
      )
    }),
  )
}

/** try_to_migrate_one(), try_to_unmap_one(): the entry that the walk finds is exchanged, and its reference is put. */
const unmap = (label: string, into: (page: Id<'Page'>, write: Condition) => void): void => {
  invalidate_range_start()
  Step(label, () =>
    IfSome(isolated.at(current), (page) =>
      If(has_page(pte, page), () => {
        const write = Let(
          'write',
          or(
            isCaseAnd(pte, 'present', (entry) => entry.write),
            isCaseAnd(pte, 'device_exclusive', (entry) => entry.write),
          ),
        )
        taken_away(page)
        into(page, write)
        page_remove_rmap(page)
        put_page(page)
      }),
    ),
  )
  invalidate_range_end()
}

export const migrate = thread('migrate', () => {
  Loop(() => {
    Idle()
    Source('6.1 mm/migrate.c migrate_pages', () => {
      const mapped = Local('mapped', Bool, false)
      const to = Local('dst', optional(Page), none)
      Step('isolate_lru_folio()', () => isolate(() => undefined))
      lock_isolated()
      ask_mapped(mapped)
      If(mapped, () =>
        unmap('try_to_migrate_one(): spin_lock(ptl): set_pte_at(migration entry)', (page, write) =>
          pte.set(ExclusivePte.migration({ page, write })),
        ),
      )
      Step('folio_migrate_mapping(): if (folio_ref_count(folio) == 1) folio_copy()', () =>
        IfSome(isolated.at(current), (page) =>
          If(and(mem_map.at(page).refcount.eq(1), has_free_page()), () => {
            const copy = alloc_page()
            Ghost(() => contents.copy(copy, page))
            to.set(copy)
          }),
        ),
      )
      Step('remove_migration_pte(): spin_lock(ptl): set_pte_at()', () =>
        IfIs(pte, 'migration', ({ write }) => {
          IfSome(to, (page) => {
            map_page(page)
            pte.set(ExclusivePte.present({ page, write }))
          }).Else(() =>
            IfSome(isolated.at(current), (page) => {
              map_page(page)
              pte.set(ExclusivePte.present({ page, write }))
            }),
          )
        }),
      )
      Step('folio_unlock(); folio_put()', () => {
        IfSome(isolated.at(current), (page) => {
          folio_unlock(page)
          put_page(page)
        })
        IfSome(to, (page) => put_page(page))
        isolated.at(current).set(none)
        to.set(none)
      })
    })
  })
})

/** One page fails: its contents are gone for who needs them, and nobody may get at it any more. */
export const memory_failure = thread('memory_failure', () => {
  Loop(() => {
    Idle()
    Source('6.1 mm/memory-failure.c memory_failure', () => {
      const mapped = Local('mapped', Bool, false)
      Step('TestSetPageHWPoison(); get_hwpoison_page()', () => {
        Await(hwpoison.isEmpty)
        isolate((page) => hwpoison.add(page))
      })
      lock_isolated()
      ask_mapped(mapped)
      If(mapped, () =>
        unmap('try_to_unmap_one(): spin_lock(ptl): set_pte_at(hwpoison entry)', () => {
          pte.set(ExclusivePte.hwpoison)
          Ghost(() => contents.discard())
        }),
      )
      Step('identify_page_state(): folio_unlock()', () => {
        IfSome(isolated.at(current), (page) => {
          folio_unlock(page)
          Ghost(() => out_of_use.add(page))
        })
        // The reference is never put: the page is not used again.
        isolated.at(current).set(none)
      })
    })
  })
})
