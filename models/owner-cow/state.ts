/** Two processes' entries for one address, the parent's devices, and what stands in the pages. */
import {
  and,
  array,
  Bool,
  cond,
  ForEach,
  ghost,
  Ghost,
  If,
  isCaseAnd,
  Match,
  no,
  not,
  oneOf,
  optional,
  or,
  setOf,
  shared,
  some,
  union,
  yes,
  type Id,
  type Recorded,
  type ValueOf,
} from 'hmmcheck'
import { Device, maps_page, Mutex, Page, SwapPte } from 'hmmcheck/kernel'
import { migration_invalidates, migration_keeps_protection, migration_keeps_write } from './fixes.ts'

/** struct mm_struct: a process, and the one that it forks. */
export const Mm = oneOf('parent', 'child')
/** One of them: a name, or a place that has one. */
export type AnyMm = ValueOf<typeof Mm> | 'parent' | 'child'
export const is_parent = (mm: AnyMm): Bool => {
  if (typeof mm !== 'string') return mm.eq('parent')
  return mm === 'parent' ? yes : no
}

/** Each process's entry for the one address: private anonymous memory that it may write. */
export const pte = shared('pte', array(Mm, SwapPte))
/** The child is there. */
export const child_lives = shared('child_lives', Bool)
export const lives = (mm: AnyMm): Bool => or(is_parent(mm), child_lives)

/** page->pgmap->owner: none for system memory. */
export const owner = shared('pgmap_owner', array(Page, optional(Device)))
/** No entry leads to the page. */
export const is_free = (page: Id<'Page'>): Bool => not(some(Mm, (mm) => maps_page(pte.at(mm), page)))
export const is_free_system_page = (page: Id<'Page'>): Bool => and(owner.at(page).isNone, is_free(page))

/** A device's entry for the address: the parent's, whose devices these are. */
export const GpuPte = union('gpu_pte', { none: {}, mapped: { page: Page, write: Bool } })
export const gpu_pte = shared('gpu_pte', array(Device, GpuPte))
export const gpu_may = (device: Id<'Device'>, write: Bool): Bool =>
  isCaseAnd(gpu_pte.at(device), 'mapped', (entry) => or(entry.write, not(write)))
/** amdkfd's lock of a range: migrate_mutex, and svms->lock around it. */
export const migrate_mutex = shared('migrate_mutex', Mutex)

/** Pages with the newest value that a process has written, or has inherited. */
export const newest = ghost('newest', array(Mm, setOf(Page)))
/** Of the pages that a process has: those that another wrote after the fork. */
export const foreign = ghost('foreign', array(Mm, setOf(Page)))
/** There was a fork. */
export const forked = ghost('forked', Bool)

/** A new page of zeros, which a process has before it has written anything. */
export const fill = (mm: AnyMm, page: Id<'Page'>): Recorded => Ghost(() => newest.at(mm).add(page))
/** The process writes through the page. Another that has the page loses its own value. */
export const write_page = (writer: AnyMm, page: Id<'Page'>): Recorded =>
  Ghost(() =>
    ForEach(Mm, (mm) =>
      If(mm.eq(writer), () => {
        newest.at(mm).clear()
        newest.at(mm).add(page)
        foreign.at(mm).remove(page)
      }).Else(() =>
        If(and(lives(mm), maps_page(pte.at(mm), page)), () => {
          newest.at(mm).remove(page)
          foreign.at(mm).add(page)
        }),
      ),
    ),
  )
/** copy_highpage() */
export const copy_page = (to: Id<'Page'>, from: Id<'Page'>): Recorded =>
  Ghost(() =>
    ForEach(Mm, (mm) => {
      If(newest.at(mm).has(from), () => newest.at(mm).add(to)).Else(() => newest.at(mm).remove(to))
      If(foreign.at(mm).has(from), () => foreign.at(mm).add(to)).Else(() => foreign.at(mm).remove(to))
    }),
  )
/** The last entry of a page is gone. */
export const forget = (page: Id<'Page'>): Recorded =>
  Ghost(() =>
    If(is_free(page), () =>
      ForEach(Mm, (mm) => {
        newest.at(mm).remove(page)
        foreign.at(mm).remove(page)
      }),
    ),
  )

/** A bracket over the address in the process: the devices' entries are gone when its callbacks have returned. */
export const invalidate = (mm: AnyMm): Recorded =>
  If(is_parent(mm), () => ForEach(Device, (device) => gpu_pte.at(device).set(GpuPte.none)))

/** migrate_vma() of one page: every entry for it leads to another one afterwards, of system or of device memory. */
export const migrate_vma = (from: Id<'Page'>, to: Id<'Page'>, kind: 'present' | 'device_private'): void => {
  Ghost(() => copy_page(to, from))
  If(and(migration_invalidates, maps_page(pte.at('parent'), from)), () => invalidate('parent'))
  const moved = (write: Bool) => {
    const kept = or(write, not(migration_keeps_protection))
    return kind === 'device_private'
      ? SwapPte.device_private({ page: to, write: kept })
      : SwapPte.present({ page: to, write: cond(migration_keeps_write, kept, no), dirty: yes })
  }
  const retarget = (mm: AnyMm) => (entry: { page: Id<'Page'>; write: Bool }) =>
    If(entry.page.eq(from), () => pte.at(mm).set(moved(entry.write)))
  ForEach(Mm, (mm) => Match(pte.at(mm), { present: retarget(mm), device_private: retarget(mm) }, () => undefined))
  Ghost(() => forget(from))
}
