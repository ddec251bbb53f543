/** The driver allocates and copies, between migrate_vma_setup() and migrate_vma_pages(). */
import {
  and,
  Await,
  type Bool as Condition,
  Choose,
  type Id,
  type Int,
  Local,
  none,
  not,
  optional,
  or,
  Shows,
  some,
  Step,
} from 'hmmcheck'
import { isMine, type Migration } from './migration-state.ts'
import { backing, content, device_pt, Dm, freed, move, Page, Va, watched, Word } from './state.ts'

/** The word of a page whose every access is known, or what the recording shows. */
const isContent = (addr: Int, page: Id<'Page'>, word: Int): Condition =>
  or(not(watched.at(addr)), content.at(page).isNone, content.at(page).eq(word))

/** dmirror_migrate_alloc_and_copy() */
export const copying_to_device = (migration: Migration, dm: Id<'Dm'>): readonly (() => void)[] => [
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
export const copying_to_system = (migration: Migration): readonly (() => void)[] => {
  const of = Local('erases_of', Dm)
  const at = Local('erases_at', Va)
  const isNext = (page: Id<'Page'>, va: Int): Condition =>
    and(isMine(page), move.at(page).stage.eq('unmapped'), migration.va.at(page).eq(va))
  return [
    () => {
      Step('dmirror_devmem_fault_alloc_and_copy(): xa_erase()', () => {
        const dm = Choose('dm', Dm)
        const vpn = Choose('vpn', Va)
        Await(and(migration.phase.eq('copy'), not(migration.erased), migration.to_copy.gt(0)))
        // the entry of the page that is copied next
        Await(some(Page, (page) => isNext(page, vpn)))
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
            addr.eq(at),
            isNext(src, addr),
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
}
