/** The end of device memory: eviction, and the removal of the map; and the end of a mirror that its pages point to. */
import {
  and,
  Await,
  Break,
  Choose,
  current,
  every,
  ForEach,
  Held,
  If,
  IfSome,
  implies,
  Local,
  Loop,
  none,
  not,
  optional,
  or,
  procedure,
  some,
  Step,
  thread,
  type Bool,
  type Id,
} from 'hmmcheck'
import { complete, is_device_private_entry, Page, percpu_ref_kill, Va, wait_for_completion } from 'hmmcheck/kernel'
import { migrate_to_system } from './fault.ts'
import { close_evicts, evict_before_remove, evict_until_free, wait_for_pages } from './fixes.ts'
import {
  chunk_removed,
  file,
  get_page,
  held,
  idle_count,
  is_zone_device_page,
  leaves_one,
  mem_map,
  mirror_freed,
  mm,
  page_lock,
  pgmap,
  put_held,
  put_pgmap_of_freed,
  trylock_page,
  unlock_page,
  users,
} from './state.ts'

/** get_page_unless_zero() would succeed: where a free page has no reference, that says that somebody uses it. */
const has_references = (page: Id<'Page'>): Bool =>
  or(and(leaves_one, users(page).gt(0)), and(not(leaves_one), mem_map.at(page).refcount.gt(0)))

const no_page_is_used = (): Bool =>
  every(Page, (page) => implies(is_zone_device_page(page), mem_map.at(page).refcount.eq(idle_count)))

/** One page that is in use and that no thread works on: wherever it is mapped. */
const evict = procedure(
  'evict',
  [Page],
  (page) => {
    Held(page, 'the reference of get_page_unless_zero()')
    Step('migrate_vma_setup(); copy; migrate_device_pages(); migrate_device_finalize()', () => {
      If(
        some(Va, (one) => is_device_private_entry(mm.pte.at(one), page)),
        () => {
          const va = Choose('va', Va, (one) => is_device_private_entry(mm.pte.at(one), page))
          migrate_to_system(va)
        },
      )
    })
    Step('unlock_page(); put_page()', () => {
      unlock_page(page)
      put_held()
    })
    put_pgmap_of_freed()
  },
  { source: '6.1 mm/migrate_device.c migrate_device_range' },
)

const grab = (page: Id<'Page'>): void => {
  get_page(page)
  trylock_page(page)
  held.at(current).set(page)
}

/** Every page once, as far as it can be had; or until no page is used. */
const evict_chunk = procedure(
  'evict_chunk',
  [],
  () => {
    If(evict_until_free, () =>
      Loop(() => {
        const next = Local('next', optional(Page))
        // Where every page in use is locked, it waits for one.
        Step('get_page_unless_zero(); trylock_page()', () => {
          If(no_page_is_used(), () => next.set(none)).Else(() => {
            const page = Choose('page', Page, (one) =>
              and(is_zone_device_page(one), has_references(one), page_lock.at(one).isNone),
            )
            next.set(page)
            grab(page)
          })
        })
        IfSome(next, (page) => evict(page)).Else(() => Break())
      }),
    ).Else(() =>
      ForEach(Page, (page) => {
        Step('get_page_unless_zero(); trylock_page()', () => {
          If(and(is_zone_device_page(page), has_references(page), page_lock.at(page).isNone), () => grab(page))
        })
        IfSome(held.at(current), (grabbed) => evict(grabbed))
      }),
    )
  },
  { source: '6.1 lib/test_hmm.c dmirror_device_evict_chunk' },
)

const memunmap_pages = procedure(
  'memunmap_pages',
  [],
  () => {
    Step('percpu_ref_kill(&pgmap->ref)', () => {
      const released = percpu_ref_kill(pgmap.ref)
      If(released, () => complete(pgmap.done))
    })
    If(wait_for_pages, () => wait_for_completion(pgmap.done))
    Step('pageunmap_range(); kfree(devmem)', () => pgmap.gone.set(true))
  },
  { source: '6.1 mm/memremap.c memunmap_pages; 4.14 mm/hmm.c hmm_devmem_remove' },
)

export const device_remove = procedure(
  'device_remove',
  [],
  () => {
    Step('spin_lock(&mdevice->lock): devmem->removed = true', () => chunk_removed.set(true))
    If(evict_before_remove, () => evict_chunk())
    memunmap_pages()
  },
  { source: '6.1 lib/test_hmm.c dmirror_device_remove' },
)

export const remove = thread('remove', () => {
  device_remove()
})

const release_file = procedure(
  'release_file',
  [],
  () => {
    Step('close(): fput()', () => {
      Await(file.users.isEmpty)
      file.closed.set(true)
    })
    If(close_evicts, () => evict_chunk())
    Step('kfree(dmirror)', () => mirror_freed.set(true))
  },
  { source: '7.0 lib/test_hmm.c dmirror_fops_release' },
)

export const close = thread('close', () => {
  release_file()
})
