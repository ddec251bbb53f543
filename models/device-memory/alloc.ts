/**
 * The driver migrates memory of the process to its device: a page from its free list, initialised, and mapped as a
 * device private entry.
 */
import {
  and,
  Assert,
  Await,
  Choose,
  Cover,
  current,
  Ghost,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  Reused,
  some,
  Step,
  Thread,
  thread,
  yes,
  type Bool,
  type Id,
} from 'hmmcheck'
import { is_device_private_entry, leaf_section, Page, percpu_ref_tryget_live, SwapPte, Va } from 'hmmcheck/kernel'
import { device_memory_is_not_pinned, no_use_after_kfree, returns_unlocked } from 'hmmcheck/properties'
import {
  closes,
  free_at_zero,
  free_list_lock,
  old_count,
  pgmap_reference,
  pop_takes_reference,
  removed_check,
  reuse_waits_for_free,
  source_check,
} from './fixes.ts'
import { returned_unlocked } from './locks.ts'
import {
  chunk_removed,
  contents,
  dereference_pgmap,
  file,
  free_list,
  get_page,
  held,
  is_zone_device_page,
  mem_map,
  mm,
  page_lock,
  page_maybe_dma_pinned,
  pgmap,
  popped,
  put_held,
  put_page,
  put_pgmap_of_freed,
  trylock_page,
  unlock_page,
  zone_device_data,
} from './state.ts'

/**
 * zone_device_page_init(): a first reference and the page lock. Says whether the map is still there to be counted on.
 */
function zone_device_page_init(page: Id<'Page'>, live: Bool): void {
  dereference_pgmap('zone_device_page_init()')
  Assert(
    no_use_after_kfree.property,
    or(not(pgmap_reference), live),
    'WARN_ON_ONCE(!percpu_ref_tryget_live()) in zone_device_page_init()',
  )
  If(free_at_zero, () => mem_map.at(page).refcount.set(1)).Else(() =>
    If(old_count.eq('one-more'), () => mem_map.at(page).refcount.increment()),
  )
  trylock_page(page)
  zone_device_data.add(page)
  popped.at(current).set(none)
  held.at(current).set(page)
}

/**
 * The driver has the page back; or it takes it for its own again, as no entry leads there, while a fault that brought
 * its contents back still has it.
 */
const is_to_be_had = (page: Id<'Page'>): Bool =>
  or(
    free_list.has(page),
    and(
      not(reuse_waits_for_free),
      is_zone_device_page(page),
      page_lock.at(page).isNone,
      not(some(Va, (va) => is_device_private_entry(mm.pte.at(va), page))),
      some(Thread, (thread) => held.at(thread).eq(page)),
    ),
  )

/**
 * The driver's allocator. With `pop-takes-reference` a page leaves the list with a reference to its map, and is
 * initialised before the lock is given back.
 */
const dmirror_devmem_alloc_page = procedure(
  'dmirror_devmem_alloc_page',
  [],
  () => {
    const page = Local('page', Page)
    Reused(page, "out of the free list it is the driver's, and this thread's: popped")
    leaf_section('spin_lock(&mdevice->lock): page = mdevice->free_pages', free_list_lock, () => {
      const chosen = Choose('chosen', Page, (one) => and(is_to_be_had(one), or(not(removed_check), not(chunk_removed))))
      Reused(chosen, 'without the lock of the list two threads can choose one page: what the variant shows')
      Step('mdevice->free_pages = page->zone_device_data', () => {
        returned_unlocked()
        page.set(chosen)
        If(pop_takes_reference, () => {
          If(pgmap_reference, () => {
            const live = percpu_ref_tryget_live(pgmap.ref)
            If(live, () => {
              free_list.remove(chosen)
              zone_device_page_init(chosen, live)
            })
          }).Else(() => {
            free_list.remove(chosen)
            zone_device_page_init(chosen, yes)
          })
        }).Else(() => {
          free_list.remove(chosen)
          popped.at(current).set(chosen)
        })
      })
    })
    If(not(pop_takes_reference), () => {
      Step('zone_device_page_init(page)', () => {
        If(pgmap_reference, () => {
          const live = percpu_ref_tryget_live(pgmap.ref)
          zone_device_page_init(page, live)
        }).Else(() => zone_device_page_init(page, yes))
      })
    })
  },
  { source: '6.1 lib/test_hmm.c dmirror_devmem_alloc_page' },
)

/**
 * The old page goes, if no one else has it; the new page has an entry instead. As one transition: its parts are the
 * subject of migrate-vma.
 */
const migrate_to = (va: Id<'Va'>, page: Id<'Page'>): void => {
  const map = (): void => {
    get_page(page)
    mm.pte.at(va).set(SwapPte.device_private({ page, write: yes }))
  }
  If(mm.pte.at(va).is('none'), () => {
    Ghost(() => contents.fill(page, va))
    map()
  })
  IfIs(mm.pte.at(va), 'present', (pte) => {
    Ghost(() => Cover(device_memory_is_not_pinned.reached, page_maybe_dma_pinned(pte.page)))
    If(or(mem_map.at(pte.page).refcount.eq(1), not(source_check)), () => {
      Ghost(() => contents.copy(page, pte.page))
      put_page(pte.page)
      map()
    })
  })
}

const migrate_vma = procedure(
  'migrate_vma',
  [],
  () => {
    If(closes, () =>
      Step('ioctl(): fdget()', () => {
        Await(and(not(file.closed), not(free_list.isEmpty)))
        file.users.add(current)
      }),
    )
    dmirror_devmem_alloc_page()
    const va = Local('va', Va)
    Step('migrate_vma_setup(); copy; migrate_vma_pages(); migrate_vma_finalize()', () => {
      const at = Choose('at', Va)
      va.set(at)
      IfSome(held.at(current), (page) => {
        Ghost(() => Cover(returns_unlocked.reached))
        migrate_to(at, page)
        unlock_page(page)
      })
      put_held()
      If(closes, () => file.users.remove(current))
    })
    put_pgmap_of_freed()
  },
  { source: '6.1 mm/migrate_device.c' },
)

export const migrate = thread('migrate', () => {
  Loop(() => {
    Idle()
    migrate_vma()
  })
})
