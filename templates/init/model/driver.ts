/**
 * A driver that mirrors the memory of one process into its device, over an interval notifier (Documentation/mm/hmm.rst
 * of 6.1). It is correct, but for what you leave out: each `fix` is a part that a variant can be without.
 *
 * Change it into yours: rename what has another name in your driver, and put in the steps that it has besides.
 */
import {
  and,
  array,
  Assert,
  assertion,
  atomic,
  atomically,
  Await,
  Either,
  fix,
  ForEach,
  Goto,
  Idle,
  If,
  IfSome,
  Label,
  Local,
  Loop,
  model,
  not,
  procedure,
  shared,
  some,
  sometimes,
  Step,
  struct,
  threadPer,
  yes,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  DevicePte,
  memMap,
  mmuIntervals,
  mn_itree_invalidate,
  Mutex,
  mutex_lock,
  mutex_unlock,
  pageAllocator,
  Pte,
  ptep_clear_flush,
  set_pte_at,
  turn_stale,
} from 'hmmcheck/kernel'

/** mmu_interval_read_retry() under the driver's lock, before the entry is installed. */
export const retry_check = fix('retry-check', {
  kind: 'check',
  summary: 'a fault asks under the lock whether an invalidation came between, and begins again if one did',
  source: 'Documentation/mm/hmm.rst of 6.1: "mmu_interval_read_retry() ... must be called with the lock held"',
})

/**
 * The process. One address of it is enough to go wrong at. Who faults, zaps or looks at it holds mmap_lock for reading:
 * that keeps none of them from another, so it is left out.
 */
const mm = shared('mm', struct('mm_struct', { pte: Pte }))

/** Each device's driver: the lock of its page table, the entry there, and what hmm_range_fault() found for it. */
const driver = shared('driver', array(Device, struct('driver', { update: Mutex, pte: DevicePte, pfn: DevicePte })))

/** The interval notifiers (mm/mmu_notifier.c): one for each device. */
const intervals = mmuIntervals(Device)

/** The physical pages. In the step that frees one, each pointer to it that holds no reference turns stale. */
const mem_map = shared('mem_map', memMap(1))
const { alloc_page, put_page, has_free_page } = pageAllocator(mem_map, {
  freed: (page) =>
    ForEach(Device, (device) => {
      turn_stale(driver.at(device).pfn, page)
      turn_stale(driver.at(device).pte, page)
    }),
})

// What the process does.

const handle_mm_fault = atomic(
  'handle_mm_fault',
  [],
  () => {
    atomically("the new page is nobody else's, and the page table lock is held", () => {
      Await(and(mm.pte.isNone, has_free_page()))
      set_pte_at(mm.pte, alloc_page())
    })
  },
  { source: '6.1 mm/memory.c do_anonymous_page' },
)

/** mmu_interval_notifier_ops.invalidate: the device forgets the entry before the page goes away. */
const driver_invalidate = procedure(
  'driver_invalidate',
  [Device, intervals.CurSeq.as('cur_seq')],
  (device, cur_seq) => {
    mutex_lock(driver.at(device).update)
    intervals.mmu_interval_set_seq(device, cur_seq)
    driver.at(device).pte.set(DevicePte.none)
    mutex_unlock(driver.at(device).update)
    return yes
  },
  { source: 'Documentation/mm/hmm.rst of 6.1, the callback of a driver' },
)

const madvise_dontneed = procedure(
  'madvise_dontneed',
  [],
  () => {
    mn_itree_invalidate(Device, intervals, { overlaps: () => yes, blockable: yes, invalidate: driver_invalidate })
    const pte = ptep_clear_flush(mm.pte)
    IfSome(pte, (page) => {
      put_page(page)
    })
    intervals.mn_itree_inv_end()
  },
  { source: '6.1 mm/memory.c zap_page_range_single' },
)

// What the driver does.

const hmm_range_fault = atomic(
  'hmm_range_fault',
  [Device],
  (device) =>
    atomically('the walk reads the entry once, and pfn is of this fault alone', () =>
      IfSome(mm.pte, (page) => driver.at(device).pfn.set(DevicePte.present({ page }))).Else(() =>
        driver.at(device).pfn.set(DevicePte.none),
      ),
    ),
  { source: '6.1 mm/hmm.c hmm_range_fault' },
)

const driver_fault = procedure(
  'driver_fault',
  [Device],
  (device) => {
    const { update, pte, pfn } = driver.at(device)
    const notifier_seq = Local('notifier_seq', intervals.IntervalSeq)
    Step('the device faults', () => {
      Await(pte.is('none'))
    })
    const again = Label('again')
    intervals.mmu_interval_read_begin(device, notifier_seq)
    hmm_range_fault(device)
    mutex_lock(update)
    If(and(retry_check, intervals.mmu_interval_read_retry(notifier_seq)), () => {
      mutex_unlock(update)
      Goto(again)
    })
    atomically('driver->update is held, and pfn is of this fault alone', () => pte.set(pfn))
    mutex_unlock(update)
  },
  { source: 'Documentation/mm/hmm.rst of 6.1, driver_populate_range' },
)

// Who runs.

const cpu = threadPer(Cpu, 'cpu', () => {
  Loop(() => {
    Idle()
    Either(
      () => handle_mm_fault(),
      () => madvise_dontneed(),
    )
  })
})

const device = threadPer(Device, 'device', (self) => {
  intervals.__mmu_interval_notifier_insert(self)
  Loop(() => {
    Idle()
    Either(
      () => driver_fault(self),
      () =>
        Step('the device reads the page', () => {
          Await(not(driver.at(self).pte.is('none')))
          Assert('no-use-after-free', driver.at(self).pte.is('present'), 'the page was freed')
        }),
    )
  })
})

/** The model. Hangs are judged of every model, and need not be declared. */
export const driver_model = model('my-driver', {
  threads: [cpu, device],
  properties: [
    assertion('no-use-after-free'),
    sometimes(
      'a device has the page',
      some(Device, (one) => driver.at(one).pte.is('present')),
    ),
  ],
})
