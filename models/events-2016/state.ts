/** Shared state of the threads of the event-driven mirror. */
import {
  and,
  array,
  Bool,
  count,
  ForEach,
  ghost,
  Ghost,
  If,
  none,
  not,
  oneOf,
  optional,
  or,
  range,
  setOf,
  shared,
  size,
  some,
  sort,
  struct,
  Thread,
  type Id,
  type Int,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  DevicePte,
  memMap,
  memoryContents,
  mmuNotifiers,
  Mutex,
  Page,
  pageAllocator,
  points_to,
  Rwsem,
  turn_stale,
  Va,
} from 'hmmcheck/kernel'
import { fill_checks_dead, synchronize } from './fixes.ts'

/** A struct hmm: one object that is allocated and freed. */
export const Hmm = sort('Hmm')

/**
 * pte_t: present, or none, or the special swap entry SWP_HMM, which says that the memory is in a device (`unlocked`),
 * that a migration is at work on it (`locked`), or that it is lost (`poisonous`).
 */
export const Pte = struct('pte', {
  page: optional(Page),
  write: Bool,
  dirty: Bool,
  hmm: oneOf('none', 'unlocked', 'locked', 'poisonous'),
})

/** struct mm_struct, the part that matters. */
export const mm = shared('mm', struct('mm_struct', { mmap_sem: Rwsem, pte: array(Va, Pte), hmm: optional(Hmm) }))

/** The child of the process, if it has one: its page table. */
export const child = shared('child', struct('child', { is_alive: Bool, pte: array(Va, Pte) }))

/** struct hmm. `lock` is a leaf spinlock and not stored. References are counted where that matters. */
export const hmm = shared('hmm', array(Hmm, struct('hmm', { rwsem: Rwsem, kref: range(0, size(Device, 3)) })))

/** mm->mmu_notifier_mm->ranges: over which address each thread has a bracket open. */
export const ranges = shared('ranges', array(Thread, optional(Va)))

/**
 * hmm->device_faults: the event that each thread has listed, if any. `migrates`: it is one of HMM_COPY_TO_DEVICE or
 * HMM_COPY_FROM_DEVICE, which as posted are never listed.
 */
export const device_faults = shared(
  'device_faults',
  array(Thread, struct('hmm_event', { va: optional(Va), migrates: Bool, backoff: Bool })),
)

/**
 * hmm_pte: an entry of the mirror page table. `valid_dev`: it leads to device memory (HMM_PTE_VALID_DEV), else to
 * system memory (HMM_PTE_VALID_PFN).
 */
const HmmPte = struct('hmm_pte', { pte: DevicePte, valid_dev: Bool, write: Bool, dirty: Bool })

/** struct hmm_mirror. */
export const mirror = shared(
  'mirror',
  array(
    Device,
    struct('hmm_mirror', {
      hmm: optional(Hmm),
      /** 0: the struct with the hmm_mirror in it is not allocated. */
      kref: range(0, 5),
      /** Its mlist is hashed: hmm->mirrors has it. */
      listed: Bool,
      /** hmm_mirror_kill() or hmm_notifier_release() is at work on it. */
      dying: Bool,
      pt: array(Va, HmmPte),
    }),
  ),
)

/** struct hmm_device: the list of its mirrors has one or none, the process's. */
export const hmm_device = shared(
  'hmm_device',
  array(Device, struct('hmm_device', { lock: Mutex, has_mirror: Bool, removed: Bool })),
)

/** A driver and its device. */
export const driver = shared(
  'driver',
  array(
    Device,
    struct('driver', {
      /** The device's own page table, as far as it says where. */
      pte: array(Va, DevicePte),
      /** Addresses that the device may write, and those that it has written since it told HMM. */
      write: setOf(Va),
      dirty: setOf(Va),
      /** Device memory that the driver has allocated for an address. */
      memory: array(Va, optional(Page)),
      /** hmm_mirror_register() has succeeded, and hmm_mirror_unregister() was not called. */
      bound: Bool,
      /** ops->release() was called: the device's threads of this process are gone, and none is begun. */
      released: Bool,
    }),
  ),
)

/**
 * The page to which a thread holds a reference of its own: just allocated, just unmapped, saved by a migration, or
 * pinned.
 */
export const held = shared('held', array(Thread, optional(Page)))

/**
 * old_page of a fault that copies on write, to which do_wp_page() took a reference; what orig_pte says beside it is
 * that it may not be written.
 */
export const old_page = shared('old_page', array(Thread, optional(Page)))

/** dst[] of a migration to a device: the device page that the driver has put there. */
export const dst = shared('dst', array(Thread, optional(Page)))

/** PG_dirty. */
export const page_dirty = shared('page_dirty', setOf(Page))

const mem_map = shared('mem_map', memMap(size(Cpu, 2)))

export const contents = memoryContents()

/** Every pointer to a page that holds no reference to it. */
function forget(page: Id<'Page'>): void {
  ForEach(Device, (device) => {
    ForEach(Va, (va) => {
      turn_stale(mirror.at(device).pt.at(va).pte, page)
      turn_stale(driver.at(device).pte.at(va), page)
    })
  })
  ForEach(Thread, (thread) => {
    If(dst.at(thread).eq(page), () => dst.at(thread).set(none))
  })
  page_dirty.remove(page)
  Ghost(() => contents.forget(page))
}

export const { is_free, has_free_page, alloc_page, get_page, put_page } = pageAllocator(mem_map, { freed: forget })
export const refcount = (page: Id<'Page'>): Int => mem_map.at(page).refcount

export const notifiers = mmuNotifiers(Hmm, { mmap_sem: mm.mmap_sem, wait_for_callbacks: synchronize })

/** The page is memory of a device. */
export const is_device_memory = (page: Id<'Page'>): Bool =>
  some(Device, (device) => some(Va, (va) => driver.at(device).memory.at(va).eq(page)))

/** Addresses at which the page is mapped, or is the memory of a device. */
export const entries = (page: Id<'Page'>): Int =>
  count(Va, (va) =>
    or(
      mm.pte.at(va).page.eq(page),
      some(Device, (device) => driver.at(device).memory.at(va).eq(page)),
    ),
  )
/** Threads that hold the page; none holds a page twice: what a fault copies to is not what it copies. */
export const holders = (page: Id<'Page'>): Int =>
  count(Thread, (thread) => or(held.at(thread).eq(page), old_page.at(thread).eq(page)))
/**
 * page_mapcount(), where no thread pins: a page that a migration has taken out is still counted, as its entry may come
 * back.
 */
export const mapcount = (page: Id<'Page'>): Int =>
  refcount(page).minus(count(Thread, (thread) => old_page.at(thread).eq(page)))

/**
 * Brackets of which the devices have been told (a notifier's callback has returned), by the thread that runs one:
 * over which address, until it ends.
 * Not those that only take the right to write away, nor a migration's own, of which its own mirror is not told.
 */
export const bracket = ghost('bracket', array(Thread, optional(Va)))

/**
 * Over which address a thread runs a bracket that only takes the right to write away, and of which the devices have
 * been told; or has a driver copy its device memory.
 */
export const protecting = ghost('protecting', array(Thread, optional(Va)))

/** The page table has been changed at an address, and these devices are still to be told. */
export const owed = ghost('owed', array(Thread, struct('owed', { va: optional(Va), devices: setOf(Device) })))

/** Addresses of which a driver could not copy the device memory back. */
export const failed = ghost('failed', setOf(Va))

/** The device has a mirror that is told of changes. */
export const is_registered = (device: Id<'Device'>): Bool => mirror.at(device).listed

/** hmm_mirror_is_dead(): not listed any more; or, where that is looked at, about to be. */
export const is_dead = (device: Id<'Device'>): Bool =>
  or(not(mirror.at(device).listed), and(fill_checks_dead, mirror.at(device).dying))

/**
 * Contents may be lost, and an entry poisonous: "any failure result in device process being kill and CPU page table
 * set to HWPOISON entry".
 */
export const may_be_lost = (va: Id<'Va'>): Bool =>
  or(
    failed.has(va),
    some(Device, (device) => mirror.at(device).dying),
  )

/** Somebody still has to tell the device of a change at this address. */
export const is_owed = (device: Id<'Device'>, va: Id<'Va'>): Bool =>
  some(Thread, (thread) => and(owed.at(thread).va.eq(va), owed.at(thread).devices.has(device)))

/** Somebody says that the page was written: the CPU's entry, the page itself, the mirror's entry, or the device's. */
export const is_marked_dirty = (page: Id<'Page'>): Bool =>
  or(
    page_dirty.has(page),
    some(Va, (va) => and(mm.pte.at(va).page.eq(page), mm.pte.at(va).dirty)),
    some(Device, (device) =>
      some(Va, (va) =>
        or(
          and(mirror.at(device).pt.at(va).dirty, points_to(mirror.at(device).pt.at(va).pte, page)),
          and(driver.at(device).dirty.has(va), points_to(driver.at(device).pte.at(va), page)),
        ),
      ),
    ),
  )

/** A VM_BUG_ON() of the text was true: without CONFIG_DEBUG_VM the kernel goes on. */
export const vm_bug = ghost('vm_bug', Bool)

/**
 * The process can reach the page: by its CPU's table, a device's, or a mirror page table, from which a driver fills
 * its device's.
 */
export const leads_to = (page: Id<'Page'>): Bool =>
  some(Va, (va) =>
    or(
      mm.pte.at(va).page.eq(page),
      some(Device, (device) =>
        or(points_to(mirror.at(device).pt.at(va).pte, page), points_to(driver.at(device).pte.at(va), page)),
      ),
    ),
  )
/** It can write there. */
export const may_write = (page: Id<'Page'>): Bool =>
  some(Va, (va) =>
    or(
      and(mm.pte.at(va).page.eq(page), mm.pte.at(va).write),
      some(Device, (device) =>
        or(
          and(mirror.at(device).pt.at(va).write, points_to(mirror.at(device).pt.at(va).pte, page)),
          and(driver.at(device).write.has(va), points_to(driver.at(device).pte.at(va), page)),
        ),
      ),
    ),
  )
/** The child can reach the page, and write there. */
export const child_leads_to = (page: Id<'Page'>): Bool => some(Va, (va) => child.pte.at(va).page.eq(page))
export const child_may_write = (page: Id<'Page'>): Bool =>
  some(Va, (va) => and(child.pte.at(va).page.eq(page), child.pte.at(va).write))
