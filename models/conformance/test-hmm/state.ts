/** What the recorded kernel consists of: the interval core, page tables, pages, and the tables of the driver. */
import { array, Bool, ghost, none, oneOf, optional, range, shared, size, sort, struct, Thread } from 'hmmcheck'

/** struct mm_struct, mmu_notifier_subscriptions, mmu_interval_notifier, dmirror, and owners of device memory. */
export const Mm = sort('Mm')
export const Subs = sort('Subs')
export const Sub = sort('Sub')
export const Dm = sort('Dm')
export const Owner = sort('Owner')
/** struct page, also of device memory. */
export const Page = sort('Page')
/** The numbers of pages that the recording names, in their order. */
export const Address = sort('Address')
export const Va = range(0, size(Address, -1))
/** Threads of the recording. */
export const Task = sort('Task')

/** invalidate_seq, as the kernel has it. */
export const Seq = range(0, 2 ** 30)
/** Words of data that the recording shows, in their order: the first is 0. */
export const Data = sort('Data')
export const Word = range(0, size(Data, -1))

export const RangeEvent = oneOf(
  'UNMAP',
  'CLEAR',
  'PROTECTION_VMA',
  'PROTECTION_PAGE',
  'SOFT_DIRTY',
  'RELEASE',
  'MIGRATE',
  'EXCLUSIVE',
)

/** active_invalidate_ranges. */
export const Active = range(0, 10_000)

/** struct mmu_notifier_subscriptions. */
const Subscriptions = struct('mmu_notifier_subscriptions', {
  mm: optional(Mm),
  active: Active,
  seq: Seq,
})
export const subscriptions = shared(
  'subscriptions',
  array(Subs, Subscriptions),
  array(Subs, Subscriptions).filled(Subscriptions.value({ mm: none, active: 0, seq: 2 })),
)

export const Place = oneOf('out', 'tree', 'deferred insert', 'deferred remove')
/** struct mmu_interval_notifier: of the whole address space of a struct dmirror, or of one snapshot. */
export const notifier = shared(
  'notifier',
  array(
    Sub,
    struct('mmu_interval_notifier', {
      subs: optional(Subs),
      seq: Seq,
      place: Place,
      start: Va,
      last: Va,
      dm: optional(Dm),
      snapshot: Bool,
    }),
  ),
)

export const Kind = oneOf(
  'unknown',
  'none',
  'present_r',
  'present_w',
  'zero_r',
  'devpriv_r',
  'devpriv_w',
  'devexcl_r',
  'devexcl_w',
  'migr_r',
  'migr_rx',
  'migr_w',
  'swap',
  'other',
)
/** A page table entry: unknown until the recording shows it. */
export const Pte = struct('pte', { kind: Kind, page: optional(Page) })
export const pte = shared('pte', array(Mm, array(Va, Pte)))
/** Entries that zap has cleared, and that have not been filled since. */
export const zapped = shared('zapped', array(Mm, array(Va, Bool)))
/** MADV_FREE was used in it: pages that have not been written since may be discarded. */
export const discards = shared('discards', array(Mm, Bool))
/** The page table entries that name a page. */
export const entries = shared('entries', array(Page, range(0, 1_000_000)))

/** Where a migration is with a page: the page is locked by the thread. */
export const Stage = oneOf('none', 'collected', 'unmapped', 'copied', 'moved', 'failed', 'finalized')
export const move = shared(
  'move',
  array(Page, struct('move', { by: optional(Thread), stage: Stage, to: optional(Page) })),
)
/** page->zone_device_data of device memory: the page behind it. None while it is free. */
export const backing = shared('backing', array(Page, optional(Page)))
/** Pages behind device memory that have been freed, and were not seen since. */
export const freed = shared('freed', array(Page, Bool))
/** The first word of a page; none: unknown. */
export const content = shared('content', array(Page, optional(Word)))

export const Tag = oneOf('read', 'write', 'atomic')
export const Entry = struct('entry', { page: Page, tag: Tag })
/** struct dmirror: its process, its owner, its mutex, and its page table. */
export const dmirror = shared(
  'dmirror',
  array(Dm, struct('dmirror', { mm: optional(Mm), owner: optional(Owner), mutex: optional(Thread) })),
)
export const device_pt = shared('device_pt', array(Dm, array(Va, optional(Entry))))

/** Addresses whose every CPU access the recording shows: the buffer of a stress program. */
export const watched = shared('watched', array(Va, Bool))
/** The word that was written last at an address; none: not known. */
export const newest = ghost('newest', array(Mm, array(Va, optional(Word))))
