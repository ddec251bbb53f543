/** migrate_vma() of one page to device memory: collect, unmap, copy, pages, finalize (mm/migrate.c, v4.14 to v5.16). */
import {
  invariant,
  and,
  array,
  Misuse,
  atomic,
  Bool,
  Choose,
  constant,
  current,
  Either,
  every,
  If,
  IfIs,
  IfSome,
  Let,
  Local,
  model,
  none,
  not,
  oneOf,
  optional,
  or,
  procedure,
  range,
  ref,
  shared,
  sort,
  Step,
  struct,
  thread,
  Thread,
  union,
  whenIs,
} from '../../../src/language/index.ts'
import { down_read, Mutex, mutex_lock as spin_lock, mutex_unlock as spin_unlock, Rwsem, up_read } from './locks.ts'

const Page = sort('Page')
const Va = sort('Va')
const Data = range(0, 1)

const Pte = union('pte', {
  none: {},
  present: { page: Page, write: Bool },
  migration: { page: Page, write: Bool },
  device_private: { page: Page, write: Bool },
})
const StructPage = struct('page', {
  refcount: range(0, 4),
  mapcount: range(0, 2),
  locked_by: optional(Thread),
  zone_device: Bool,
  data: Data,
})
/** One entry of src[] and dst[]; `migrate` is the MPFN_MIGRATE bit. */
const MigrateVma = struct('migrate_vma', { src: optional(Page), dst: optional(Page), migrate: Bool })

const mm = shared('mm', struct('mm_struct', { mmap_sem: Rwsem, ptl: Mutex, pte: array(Va, Pte) }))
const pages = shared('pages', array(Page, StructPage))
const last_written = shared('last_written', array(Va, Data))

const check_page = constant('check_page', oneOf('refcount', 'nothing'))

const get_page = atomic('get_page', [Page], (page) => pages.at(page).refcount.increment())
const put_page = atomic('put_page', [Page], (page) => pages.at(page).refcount.decrement())
const page_add_rmap = atomic('page_add_rmap', [Page], (page) => pages.at(page).mapcount.increment())
const page_remove_rmap = atomic('page_remove_rmap', [Page], (page) => pages.at(page).mapcount.decrement())

const trylock_page = atomic('trylock_page', [Page], (page) => {
  const locked = Let('locked', pages.at(page).locked_by.isNone)
  If(locked, () => pages.at(page).locked_by.set(current))
  return locked
})
const unlock_page = atomic('unlock_page', [Page], (page) => {
  Misuse('unlock_page() by a thread that did not lock it', pages.at(page).locked_by.eq(current))
  pages.at(page).locked_by.set(none)
})
const zone_device_page_init = atomic('zone_device_page_init', [], () => {
  const page = Choose('page', Page, (page) => and(pages.at(page).zone_device, pages.at(page).refcount.eq(0)))
  pages.at(page).refcount.set(1)
  pages.at(page).locked_by.set(current)
  return page
})
const copy_highpage = atomic('copy_highpage', [Page.as('to'), Page.as('from')], (to, from) => {
  pages.at(to).data.set(pages.at(from).data)
})

const remove_migration_ptes = procedure(
  'remove_migration_ptes',
  [Va, Page.as('old'), Page.as('new')],
  (va, old, newpage) => {
    spin_lock(mm.ptl)
    IfIs(mm.pte.at(va), 'migration', ({ page, write }) => {
      If(page.eq(old), () => {
        get_page(newpage)
        page_add_rmap(newpage)
        If(pages.at(newpage).zone_device, () => {
          mm.pte.at(va).set(Pte.device_private({ page: newpage, write }))
        }).Else(() => {
          mm.pte.at(va).set(Pte.present({ page: newpage, write }))
        })
      })
    })
    spin_unlock(mm.ptl)
  },
)

const migrate_vma_collect = procedure('migrate_vma_collect', [ref(MigrateVma), Va], (migrate, va) => {
  spin_lock(mm.ptl)
  IfIs(mm.pte.at(va), 'present', ({ page, write }) => {
    get_page(page)
    If(trylock_page(page), () => {
      mm.pte.at(va).set(Pte.migration({ page, write }))
      page_remove_rmap(page)
      put_page(page)
      migrate.src.set(page)
      migrate.migrate.set(true)
    }).Else(() => {
      put_page(page)
    })
  })
  spin_unlock(mm.ptl)
})

/** Nobody but us may hold the page. */
const migrate_vma_check_page = atomic('migrate_vma_check_page', [Page], (page) =>
  or(check_page.eq('nothing'), pages.at(page).refcount.eq(1)),
)

const migrate_vma_unmap = procedure('migrate_vma_unmap', [ref(MigrateVma), Va], (migrate, va) => {
  IfSome(migrate.src, (page) => {
    If(not(migrate_vma_check_page(page)), () => {
      migrate.src.set(none)
      remove_migration_ptes(va, page, page)
      unlock_page(page)
      put_page(page)
    })
  })
})

const alloc_and_copy = procedure('alloc_and_copy', [ref(MigrateVma)], (migrate) => {
  IfSome(migrate.src, (page) => {
    const dpage = zone_device_page_init()
    Either(
      () => {
        copy_highpage(dpage, page)
        migrate.dst.set(dpage)
      },
      () =>
        Step('the copy fails; free the device page', () => {
          unlock_page(dpage)
          put_page(dpage)
        }),
    )
  })
})

const migrate_vma_pages = procedure('migrate_vma_pages', [ref(MigrateVma)], (migrate) => {
  IfSome(migrate.src, (page) => {
    If(or(migrate.dst.isNone, not(migrate_vma_check_page(page))), () => {
      migrate.migrate.set(false)
    })
  })
})

const migrate_vma_finalize = procedure('migrate_vma_finalize', [ref(MigrateVma), Va], (migrate, va) => {
  IfSome(migrate.src, (page) => {
    const newpage = Local('newpage', Page)
    newpage.set(page)
    IfSome(migrate.dst, (dpage) => {
      If(migrate.migrate, () => {
        newpage.set(dpage)
      }).Else(() => {
        unlock_page(dpage)
        put_page(dpage)
      })
    })
    remove_migration_ptes(va, page, newpage)
    unlock_page(page)
    put_page(page)
    If(newpage.ne(page), () => {
      unlock_page(newpage)
      put_page(newpage)
    })
  })
})

const migrate_vma = thread('migrate_vma', () => {
  const va = Choose('va', Va)
  const migrate = Local('migrate', MigrateVma)
  down_read(mm.mmap_sem)
  migrate_vma_collect(migrate, va)
  migrate_vma_unmap(migrate, va)
  alloc_and_copy(migrate)
  migrate_vma_pages(migrate)
  migrate_vma_finalize(migrate, va)
  up_read(mm.mmap_sem)
})

/** A reference taken through the page table, a write through it, and its release. */
const get_user_pages = thread('get_user_pages', () => {
  const va = Choose('va', Va)
  const pinned = Local('pinned', optional(Page))
  spin_lock(mm.ptl)
  IfIs(mm.pte.at(va), 'present', ({ page }) => {
    get_page(page)
    pinned.set(page)
  })
  spin_unlock(mm.ptl)
  IfSome(pinned, (page) => {
    Step('write through the reference', () => {
      pages.at(page).data.set(1)
      last_written.at(va).set(1)
    })
    put_page(page)
  })
})

export const migrateVma = model('migrate_vma of one page', {
  initially: () => {
    const va = Choose('va', Va)
    const page = Choose('page', Page)
    const dpage = Choose('dpage', Page, (dpage) => dpage.ne(page))
    pages.at(dpage).zone_device.set(true)
    get_page(page)
    page_add_rmap(page)
    mm.pte.at(va).set(Pte.present({ page, write: true }))
  },
  threads: [migrate_vma, get_user_pages],
  properties: [
    invariant(
      'P-CONTENT: what a CPU or the device reads at va is what was last written there',
      every(Va, (va) =>
        and(
          whenIs(mm.pte.at(va), 'present', ({ page }) => pages.at(page).data.eq(last_written.at(va))),
          whenIs(mm.pte.at(va), 'device_private', ({ page }) => pages.at(page).data.eq(last_written.at(va))),
        ),
      ),
    ),
    invariant(
      'P-REF: a mapped page is referenced',
      every(Page, (page) => pages.at(page).refcount.ge(pages.at(page).mapcount)),
    ),
  ],
})
