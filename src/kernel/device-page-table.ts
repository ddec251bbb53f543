/** A device's copy of the page table, kept by its driver; and the copies that are on their way there. */
import {
  array,
  If,
  isCaseAnd,
  union,
  type Bool,
  type Id,
  type PlaceOf,
  type Recorded,
  type ValueOf,
} from '../language/index.ts'
import { Page, Va } from './sorts.ts'

/**
 * An entry, or a page frame number in a snapshot: a pointer to a page that holds no reference to it.
 * `stale`: the page was freed since. It does not matter which page that was: every use of the entry is a use after
 * free.
 */
export const DevicePte = union('device_pte', { none: {}, present: { page: Page }, stale: {} })

/** A device's page table for one process. */
export const DevicePageTable = array(Va, DevicePte)

/** Whether the entry points to this page, which has not been freed since. */
export const points_to = (entry: ValueOf<typeof DevicePte>, page: Id<'Page'>): Bool =>
  isCaseAnd(entry, 'present', (pte) => pte.page.eq(page))

/** For the step that frees a page: the entry, if it points there, turns stale. */
export const turn_stale = (entry: PlaceOf<typeof DevicePte>, page: Id<'Page'>): Recorded =>
  If(points_to(entry, page), () => entry.set(DevicePte.stale))
