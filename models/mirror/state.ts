/**
 * Shared state of the threads of the merged mirror: that of June 2017, with rights, and with the state that teardown
 * and reference counts need.
 */
import {
  and,
  array,
  Assert,
  current,
  every,
  ForEach,
  ghost,
  Ghost,
  Misuse,
  none,
  oneOf,
  optional,
  or,
  not,
  range,
  setOf,
  shared,
  size,
  some,
  struct,
  Bool,
  Thread,
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
  mm_state,
  mmuNotifiers,
  Mutex,
  objects,
  Page,
  pageAllocator,
  PageTable,
  Rwsem,
  rwsem_is_idle,
  turn_stale,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { Hmm, Registrar } from 'hmmcheck/models/mirror-2017/state'
import {
  callback_does,
  core_releases_first,
  hmm_mmgrab,
  synchronize,
  take_all_locks,
  unhook_twice,
  unregister_mmap_sem,
} from './fixes.ts'

export { Hmm, Registrar }

/** struct mm_struct, the part that matters. */
export const mm = shared(
  'mm',
  struct('mm_struct', {
    mmap_sem: Rwsem,
    pte: PageTable,
    /** pte_write() of each entry: where the CPU may write. */
    writable: setOf(Va),
    hmm: optional(Hmm),
  }),
)

/** VM_WRITE of the vma at each address. */
export const vm_write = shared('vm_write', setOf(Va), setOf(Va).all)

/** The content of an entry that does not lead to a page of memory: nothing, or one of the special kinds. */
export const special = shared('special', array(Va, oneOf('none', 'special', 'poison', 'device_private')))

/** Addresses whose vma is none for mirrors: hugetlb, VM_SPECIAL or DAX. Only there can an entry be `special`. */
export const bad_vma = shared('bad_vma', setOf(Va))

/** The struct hmm that are allocated. */
export const hmm_objects = objects(Hmm, 'hmm_allocated')

/** References that one struct hmm can have: of a mirror and a range each of at most four devices. */
const REFERENCES = 8

/** struct hmm. `lock` is a leaf spinlock and not stored; `sequence` is not read. */
export const hmm = shared(
  'hmm',
  array(
    Hmm,
    struct('hmm', {
      mirrors: setOf(Device),
      mirrors_sem: Rwsem,
      /**
       * The list of ranges being snapshotted or faulted: at most one a device, each of one address, the range's
       * `start`.
       */
      ranges: array(Device, optional(Va)),
      /** Open brackets, as far as they are counted. */
      notifiers: range(0, size(Cpu)),
      /** hmm->mm is not NULL. */
      mm: Bool,
      kref: range(0, REFERENCES),
    }),
  ),
)

/**
 * struct hmm_range, on the stack of a driver's fault handler. `start` and whether it is listed stand in hmm->ranges.
 */
export const range_of = shared(
  'range',
  array(
    Device,
    struct('hmm_range', {
      valid: Bool,
      /**
       * The entry of the page table that the walk has read; from `stored` on, the entry of pfns[], where an
       * invalidation zeroes it.
       */
      pfn: DevicePte,
      /** HMM_PFN_WRITE */
      write: Bool,
      stored: Bool,
      /**
       * hmm_range.values: the kind of the entry if it is not a page. `device_private` comes with the pfn of the
       * device's own memory.
       */
      value: oneOf('pfn', 'device_private', 'HMM_PFN_SPECIAL', 'HMM_PFN_ERROR'),
    }),
  ),
)

/** A driver's side of one address space. */
export const driver = shared(
  'driver',
  array(
    Device,
    struct('driver', {
      /** The lock that serializes updates of the device page table. */
      update: Mutex,
      pte: DevicePageTable,
      /** The addresses that the device may write. */
      writable: setOf(Va),
      /** The addresses whose entry leads to memory of its own. */
      own_memory: setOf(Va),
      /** `unbound`: the struct with the hmm_mirror in it is not allocated. `changing`: it is being bound or unbound. */
      bound: oneOf('unbound', 'changing', 'bound'),
      /** The thread that runs its fault handler, where unbinding waits for it. */
      faults: optional(Thread),
      /** mirror->hmm */
      hmm: optional(Hmm),
    }),
  ),
)

/**
 * The page that a CPU took out of the page table and did not free yet (struct mmu_gather), or allocated and did not
 * map yet.
 */
export const gathered = shared('gathered', array(Cpu, optional(Page)))

/** A page can be mapped twice: by this process and by a child. */
export const mem_map = shared('mem_map', memMap(2))

export const contents = memoryContents()

/** Every pointer to a page that holds no reference to it. */
function forget(page: Id<'Page'>): void {
  ForEach(Device, (device) => {
    turn_stale(range_of.at(device).pfn, page)
    ForEach(Va, (va) => turn_stale(driver.at(device).pte.at(va), page))
  })
  Ghost(() => contents.forget(page))
}

export const { is_free, has_free_page, alloc_page, get_page, put_page } = pageAllocator(mem_map, { freed: forget })

const LOCKS = [
  'mmap_sem',
  'srcu',
  'i_mmap_rwsem',
  'mirrors_sem',
  'driver->update',
  'driver->work',
  'driver->fault',
] as const

/**
 * The locks that the running thread holds. `srcu`: it runs a method. `driver->work`: where the driver's callback waits
 * for it, it is the work item that allocates, and so reclaims. `driver->fault`: where unbinding waits for the fault
 * handler, it is that. Others wait for both as for a lock (the lockdep_map of struct work_struct).
 */
const held = (): Readonly<Record<(typeof LOCKS)[number], Bool>> => ({
  mmap_sem: holds_rwsem(mm.mmap_sem, current),
  srcu: notifiers.runs_method(),
  i_mmap_rwsem: notifiers.rmap_walkers.has(current),
  mirrors_sem: some(Hmm, (one) => holds_rwsem(hmm.at(one).mirrors_sem, current)),
  'driver->update': some(Device, (one) => driver.at(one).update.owner.eq(current)),
  'driver->work': and(callback_does.eq('wait-for-reclaim'), notifiers.rmap_walkers.has(current)),
  'driver->fault': some(Device, (one) => driver.at(one).faults.eq(current)),
})

/** The order of the locks that are slept for. */
const locks = lockOrder(LOCKS, held)
export const { lock_acquire, acquiring, order } = locks

export const notifiers = mmuNotifiers(Hmm, {
  mmap_sem: mm.mmap_sem,
  take_all_locks,
  wait_for_callbacks: synchronize,
  release_before_unlink: core_releases_first,
  unlink_twice: unhook_twice,
  watch: locks,
  freed: (of) => kfree_hmm(of),
})

/** kfree(hmm). For a step. */
export function kfree_hmm(of: Id<'Hmm'>): void {
  const { mirrors, mirrors_sem, ranges, notifiers: open, kref } = hmm.at(of)
  Misuse('freeing a held lock: hmm->mirrors_sem', rwsem_is_idle(mirrors_sem))
  Assert(
    no_use_after_kfree.property,
    not(notifiers.is_listed(of)),
    'kfree() of a struct hmm whose notifier is registered',
  )
  mirrors.clear()
  open.set(0)
  kref.set(0)
  hmm.at(of).mm.set(false)
  ForEach(Device, (device) => ranges.at(device).set(none))
  hmm_objects.kfree(of)
}

/**
 * mm_count is 0: the process is gone, no notifier pins the mm_struct, no struct hmm does, and no driver that needs
 * mmap_sem once more, to unregister.
 */
export const mm_is_freed = (): Bool =>
  and(
    mm_state.eq('exited'),
    notifiers.mm_count.isEmpty,
    or(not(hmm_mmgrab), hmm_objects.allocated.isEmpty),
    or(
      not(unregister_mmap_sem),
      every(Device, (device) => driver.at(device).bound.eq('unbound')),
    ),
  )

/**
 * A bracket that HMM was told of, by the CPU that runs it: over `va`, until range_end begins; `answered` once
 * range_start has returned; `protects` if it only takes the right to write; `announced` by which notifiers.
 */
export const bracket = ghost(
  'bracket',
  array(Cpu, struct('bracket', { va: optional(Va), answered: Bool, protects: Bool, announced: setOf(Hmm) })),
)

/**
 * MMF_UNSTABLE of mm->flags: the OOM reaper has begun to take memory away. Only where somebody may see what is left.
 */
export const mm_is_unstable = shared('mm_is_unstable', Bool)

/** Addresses whose newest value the OOM reaper has thrown away: what a fault brings in there are zeros. */
export const reaped = ghost('reaped', setOf(Va))

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

/** Takes an address out of the device page table. */
export function clear_device_pte(device: Id<'Device'>, va: Id<'Va'>): void {
  driver.at(device).pte.at(va).set(DevicePte.none)
  driver.at(device).own_memory.remove(va)
  driver.at(device).writable.remove(va)
}

/** Nothing is left of a range: it is out of the list, and the stack that it was on is used for something else. */
export function clear_range(device: Id<'Device'>): void {
  const one = range_of.at(device)
  one.valid.set(false)
  one.pfn.set(DevicePte.none)
  one.write.set(false)
  one.value.set('pfn')
  one.stored.set(false)
}
