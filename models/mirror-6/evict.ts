/** The driver goes: all that is in the memory of its device is brought back, as its pages say and not its addresses. */
import {
  Await,
  Bool,
  Choose,
  Cover,
  Ghost,
  If,
  IfIs,
  IfSome,
  Local,
  no,
  none,
  not,
  or,
  procedure,
  Source,
  Step,
  thread,
  type Id,
  type PlaceOf,
  type SetPlace,
} from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { migrate_device_unmap, migrate_vma_finalize, migrate_vma_pages } from './migrate.ts'
import { copies_may_fail, evict_checks_copy } from './nouveau-fixes.ts'
import { contents, mm } from './processes.ts'
import { try_to_migrate } from './rmap.ts'
import {
  alloc_page,
  folio_trylock,
  folio_unlock,
  for_each_address,
  get_page,
  has_free_page,
  migrate_entry,
  put_page,
  Range,
  Sub,
  zone_device_data,
} from './state.ts'

/** A page that can be had and locked. One that nobody maps is left out: it is free, or its last user puts it. */
const get_device_page = (va: Id<'Va'>, todo: SetPlace<typeof Va>, mirror: PlaceOf<typeof Sub>): void => {
  Step('folio_get_nontail_page(); folio_trylock()', () =>
    IfIs(mm.pte.at(va), 'device_private', ({ page }) => {
      const locked = folio_trylock(page)
      If(locked, () => {
        get_page(page)
        mirror.set(zone_device_data.at(page))
        migrate_entry(va).src.set(page)
        migrate_entry(va).migrate.set(true)
        todo.add(va)
      })
    }),
  )
}

/**
 * nouveau_dmem_copy_one(): the destination is in `dst` already, and the pages that were there before are not
 * zeroed.
 */
const alloc_and_copy = (va: Id<'Va'>): void => {
  const dst = migrate_entry(va).dst
  Step('alloc_page(GFP_HIGHUSER | __GFP_NOFAIL); lock_page()', () => {
    Await(has_free_page())
    const page = alloc_page()
    folio_trylock(page)
    dst.set(page)
  })
  Step('copy_func()', () => {
    const fails = Choose('fails', Bool, (failed) => or(copies_may_fail, not(failed)))
    IfSome(migrate_entry(va).src, (src) =>
      IfSome(dst, (page) => {
        taken_away(va, src)
        If(not(fails), () => {
          Ghost(() => {
            Cover(newest_value.reached)
            contents.copy(page, src)
          })
        }).Else(() => {
          Ghost(() => contents.spoil(page, va))
          If(evict_checks_copy, () => {
            folio_unlock(page)
            put_page(page)
            dst.set(none)
          })
        })
      }),
    )
  })
}

const nouveau_dmem_evict_chunk = procedure(
  'nouveau_dmem_evict_chunk',
  [],
  () => {
    const todo = Local('todo', Range, Range.empty)
    const mirror = Local('dmirror', Sub)
    Source('6.12 mm/migrate_device.c migrate_device_range', () => {
      for_each_address(Range.all, (va) => get_device_page(va, todo, mirror))
      for_each_address(todo, (va) => {
        try_to_migrate.parent(va)
        migrate_device_unmap.parent(va, todo)
      })
    })
    for_each_address(todo, alloc_and_copy)
    migrate_vma_pages.parent(todo, no, mirror)
    migrate_vma_finalize(todo)
  },
  { source: '6.12 nouveau_dmem.c nouveau_dmem_evict_chunk' },
)

export const evict = thread('evict', () => {
  nouveau_dmem_evict_chunk()
})
