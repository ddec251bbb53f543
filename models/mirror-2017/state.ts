/** Shared state of the threads of the mirror protocol. */
import {
  and,
  array,
  Assert,
  current,
  every,
  ForEach,
  ghost,
  Ghost,
  oneOf,
  optional,
  range,
  setOf,
  shared,
  size,
  some,
  sort,
  struct,
  Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  DevicePageTable,
  DevicePte,
  holds_rwsem,
  lockOrder,
  memMap,
  memoryContents,
  mmuNotifiers,
  Mutex,
  objects,
  Page,
  pageAllocator,
  PageTable,
  Rwsem,
  turn_stale,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { callback_does, synchronize, take_all_locks } from './fixes.ts'

/** A struct hmm: one object that is allocated and freed. */
export const Hmm = sort('Hmm')

/** Threads that bind and unbind devices. */
export const Registrar = sort('Registrar')

/** struct mm_struct, the part that matters. */
export const mm = shared(
  'mm',
  struct('mm_struct', {
    mmap_sem: Rwsem,
    pte: PageTable,
    hmm: optional(Hmm),
  }),
)

/** The struct hmm that are allocated. */
export const hmm_objects = objects(Hmm, 'hmm_allocated')

/** struct hmm: "HMM per mm struct". `lock` is a leaf spinlock, `sequence` is written only; neither is stored. */
export const hmm = shared(
  'hmm',
  array(
    Hmm,
    struct('hmm', {
      mirrors: setOf(Device),
      mirrors_sem: Rwsem,
      /** The list of ranges being snapshotted: at most one a device, each of one address, the range's `start`. */
      ranges: array(Device, optional(Va)),
      /** Open brackets, as far as they are counted. */
      notifiers: range(0, size(Cpu)),
    }),
  ),
)

/**
 * struct hmm_range, on the stack of a driver's fault handler. `start` and whether it is listed stand in hmm->ranges.
 */
export const range_of = shared('range', array(Device, struct('hmm_range', { valid: Bool, pfn: DevicePte })))

/** A driver's side of one address space. */
export const driver = shared(
  'driver',
  array(
    Device,
    struct('driver', {
      /** The lock that serializes updates of the device page table. */
      update: Mutex,
      pte: DevicePageTable,
      /** `unbound`: the struct with the hmm_mirror in it is not allocated. `changing`: it is being bound or unbound. */
      bound: oneOf('unbound', 'changing', 'bound'),
      /** mirror->hmm */
      hmm: optional(Hmm),
    }),
  ),
)

/** hmm->sequence, as what comparing it decides: the devices whose sample of it is out of date. */
export const sequence_moved = shared('sequence_moved', setOf(Device))

/**
 * The page that a CPU took out of the page table and did not free yet (struct mmu_gather), or allocated and did not
 * map yet.
 */
export const gathered = shared('gathered', array(Cpu, optional(Page)))

const mem_map = shared('mem_map', memMap(1))

export const contents = memoryContents()

/** Every pointer to a page that holds no reference to it. */
function forget(page: Id<'Page'>): void {
  ForEach(Device, (device) => {
    turn_stale(range_of.at(device).pfn, page)
    ForEach(Va, (va) => turn_stale(driver.at(device).pte.at(va), page))
  })
  Ghost(() => contents.forget(page))
}

export const { is_free, has_free_page, alloc_page, put_page } = pageAllocator(mem_map, { freed: forget })
export { mem_map }

const LOCKS = ['mmap_sem', 'srcu', 'i_mmap_rwsem', 'mirrors_sem', 'driver->update', 'driver->work'] as const

/**
 * The locks that the running thread holds. `srcu`: it runs a method. `driver->work`: where the driver's callback waits
 * for it, it is the work item that allocates, and so reclaims; others wait for it as for a lock (the lockdep_map of
 * struct work_struct).
 */
const held = (): Readonly<Record<(typeof LOCKS)[number], Bool>> => ({
  mmap_sem: holds_rwsem(mm.mmap_sem, current),
  srcu: notifiers.runs_method(),
  i_mmap_rwsem: notifiers.rmap_walkers.has(current),
  mirrors_sem: some(Hmm, (one) => holds_rwsem(hmm.at(one).mirrors_sem, current)),
  'driver->update': some(Device, (one) => driver.at(one).update.owner.eq(current)),
  'driver->work': and(callback_does.eq('wait-for-reclaim'), notifiers.rmap_walkers.has(current)),
})

/** The order of the locks that are slept for. */
const locks = lockOrder(LOCKS, held)
export const { lock_acquire, acquiring, order } = locks

export const notifiers = mmuNotifiers(Hmm, {
  mmap_sem: mm.mmap_sem,
  take_all_locks,
  wait_for_callbacks: synchronize,
  watch: locks,
})

/**
 * A bracket that HMM was told of, by the CPU that runs it: over `va`, until range_end begins; `answered` once
 * range_start has returned; `announced` by which notifiers.
 */
export const bracket = ghost(
  'bracket',
  array(Cpu, struct('bracket', { va: optional(Va), answered: Bool, announced: setOf(Hmm) })),
)

/** The mirror that a CPU stands on in its walk of hmm->mirrors: it has been called, and its list.next is read next. */
export const walker = ghost('walker', array(Cpu, optional(Device)))

/** The page table has been changed at `va`, and these devices are still to be called for it. */
export const owed = ghost('owed', array(Cpu, struct('owed', { va: optional(Va), devices: setOf(Device) })))

/** The device has a mirror in the list of a struct hmm. */
export const is_registered = (device: Id<'Device'>): Bool => some(Hmm, (one) => hmm.at(one).mirrors.has(device))

/** Somebody still has to tell the device of a change at this address. */
export const is_owed = (device: Id<'Device'>, va: Id<'Va'>): Bool =>
  some(Cpu, (cpu) => and(owed.at(cpu).va.eq(va), owed.at(cpu).devices.has(device)))

/** For a step that takes a mirror out of hmm->mirrors. */
export const nobody_stands_on = (device: Id<'Device'>): Recorded =>
  Assert(
    no_use_after_kfree.property,
    every(Cpu, (cpu) => walker.at(cpu).ne(device)),
    'list_del() of the mirror that a walk of the list stands on',
  )
