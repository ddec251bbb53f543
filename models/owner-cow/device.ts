/** The parent's devices: their accesses, the faults of the driver, its restore worker, and the way to device memory. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Cover,
  Either,
  Ghost,
  Idle,
  IfIs,
  If,
  isCaseAnd,
  Local,
  Loop,
  no,
  not,
  or,
  procedure,
  Source,
  Step,
  threadPer,
  yes,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, mutex_lock, mutex_unlock, Page } from 'hmmcheck/kernel'
import { reads } from './cpu.ts'
import { do_wp_page, migrate_to_ram } from './fault.ts'
import {
  declines_own_faults,
  driver_moves_own_pages,
  foreign_pages_fault,
  owned_pages_fault,
  present_pages_fault,
  rights_from,
  short_of_write_fails,
  two_devices,
} from './fixes.ts'
import { faults_are_served } from './properties.ts'
import { gpu_may, gpu_pte, GpuPte, is_free, migrate_mutex, migrate_vma, owner, pte, write_page } from './state.ts'

const entry = pte.at('parent')
const by_vma = rights_from.eq('vm_flags')

/** The entry is of device memory, and the walk has its owner. */
const is_owned = (device: Id<'Device'>): Bool =>
  isCaseAnd(entry, 'device_private', ({ page }) => owner.at(page).eq(device))
const is_writable = or(
  isCaseAnd(entry, 'present', ({ write }) => write),
  isCaseAnd(entry, 'device_private', ({ write }) => write),
)
/** hmm_vma_handle_pte(): the entry is reported as it is. */
const is_valid = (device: Id<'Device'>, write: Bool): Bool =>
  or(
    and(is_owned(device), or(not(owned_pages_fault), is_writable, not(write))),
    and(entry.is('present'), or(not(present_pages_fault), is_writable, not(write))),
  )
/** Device memory of somebody else, up to 5.19. */
const is_refused = (device: Id<'Device'>): Bool =>
  and(two_devices, entry.is('device_private'), not(is_owned(device)), not(foreign_pages_fault))

const served = (condition: Bool, message: string): void => {
  Ghost(() => Cover(faults_are_served.reached))
  Assert(faults_are_served.property, condition, message)
}

/**
 * The entry that the walk reported last, of which mmu_interval_read_retry() says that it is still so. Says whether the
 * driver fails instead.
 */
const make_entry = (device: Id<'Device'>, write: Bool): Bool => {
  const with_write = or(by_vma, is_writable)
  const fails = and(short_of_write_fails, write, not(is_writable))
  served(not(fails), 'no right to write, though a write of a CPU would be served: -EFAULT')
  If(not(fails), () => {
    const make = ({ page }: { page: Id<'Page'> }): Recorded =>
      gpu_pte.at(device).set(GpuPte.mapped({ page, write: with_write }))
    IfIs(entry, 'present', make)
    IfIs(entry, 'device_private', make)
  })
  return fails
}

/** handle_mm_fault() of the walk, on device memory: its driver moves it to system memory, or does nothing. */
const fault_on_device_memory = (): void => {
  const moves = (name: string): Recorded =>
    Step(name, () => {
      Await(entry.is('device_private'))
      migrate_to_ram('parent')
    })
  If(declines_own_faults, () =>
    If(driver_moves_own_pages, () =>
      Source('6.1 drivers/gpu/drm/amd/amdkfd/kfd_migrate.c svm_migrate_vram_to_ram', () =>
        moves('svm_migrate_vram_to_ram(), by the driver itself'),
      ),
    ).Else(() =>
      Source('6.1 drivers/gpu/drm/amd/amdkfd/kfd_migrate.c svm_migrate_to_ram', () =>
        Step('do_swap_page(): faulting_task == current: 0', () => Await(entry.is('device_private'))),
      ),
    ),
  ).Else(() => Source('6.1 mm/memory.c do_swap_page', () => moves('do_swap_page(): migrate_to_ram()')))
}

/** A device's fault, or the mapping that its driver makes again: hmm_range_fault() and what becomes of its result. */
const range_fault = procedure(
  'range_fault',
  [Device, Bool.as('write')],
  (device, write) => {
    const over = Local('over', Bool, false)
    const failed = Local('failed', Bool, false)
    Loop(() => {
      Either(
        () =>
          Step('hmm_range_fault() = 0; mmu_interval_read_retry() = false; the device entry is made', () => {
            Await(is_valid(device, write))
            failed.set(make_entry(device, write))
            over.set(true)
          }),
        () =>
          Step('hmm_range_fault() = -EFAULT', () => {
            Await(is_refused(device))
            served(no, "another device's page, though a CPU would be served")
            failed.set(true)
            over.set(true)
          }),
        () =>
          Step('hmm_range_fault(): hmm_vma_fault()', () => {
            Await(not(or(is_valid(device, write), is_refused(device))))
          }),
      )
      If(over, () => Break())
      Either(
        () => do_wp_page('parent'),
        () => fault_on_device_memory(),
        () => Step('handle_mm_fault(): somebody was faster', () => Await(is_valid(device, write))),
      )
    })
    return failed
  },
  { source: '6.1 mm/hmm.c hmm_range_fault, hmm_vma_handle_pte' },
)

const device_reads = (device: Id<'Device'>, wanted: Bool): Recorded =>
  Step('the device reads', () => {
    Await(and(wanted, gpu_may(device, no)))
    IfIs(gpu_pte.at(device), 'mapped', ({ page }) => reads('parent', page, 'the device'))
  })
const device_writes = (device: Id<'Device'>, wanted: Bool): Recorded =>
  Step('the device writes', () => {
    Await(and(wanted, gpu_may(device, yes)))
    IfIs(gpu_pte.at(device), 'mapped', ({ page }) => Ghost(() => write_page('parent', page)))
  })

/** A device that faults: xe, nouveau, lib/test_hmm.c. Its access is tried again until it is done, or has failed. */
export const fault = threadPer(Device, 'fault', (device) => {
  Loop(() => {
    Idle()
    Source("hardware: a device, and its driver's fault handler", () => {
      const write = Choose('write', Bool)
      Loop(() => {
        const over = Local('over', Bool, true)
        Either(
          () => device_reads(device, not(write)),
          () => device_writes(device, write),
          () => {
            Step('the device faults', () => Await(not(gpu_may(device, write))))
            over.set(range_fault(device, or(by_vma, write)))
          },
        )
        If(over, () => Break())
      })
    })
  })
})

/** A device without retry faults: its queues run while there is an entry, and are stopped while there is none. */
export const queue = threadPer(Device, 'queue', (device) => {
  Loop(() => {
    Idle()
    Source('hardware: a device', () =>
      Either(
        () => device_reads(device, yes),
        () => device_writes(device, yes),
      ),
    )
  })
})
/** amdkfd: the worker that makes the entries again which a bracket has dropped, and lets the queues run. */
export const restore = threadPer(Device, 'restore', (device) => {
  Loop(() => {
    Idle()
    Source('6.1 drivers/gpu/drm/amd/amdkfd/kfd_svm.c svm_range_restore_work', () => {
      Step('svm_range_restore_work()', () => Await(gpu_pte.at(device).is('none')))
      mutex_lock(migrate_mutex)
      range_fault(device, by_vma)
      mutex_unlock(migrate_mutex)
    })
  })
})

/** The way to device memory: the page moves there, for every process that has it. */
export const migrate = threadPer(Device, 'migrate', (device) => {
  Loop(() => {
    Idle()
    Source('6.1 drivers/gpu/drm/amd/amdkfd/kfd_migrate.c svm_migrate_ram_to_vram', () =>
      If(declines_own_faults, () => {
        Step('a prefetch to the device', () => Await(entry.is('present')))
        mutex_lock(migrate_mutex)
      }),
    )
    Source('6.1 mm/migrate_device.c migrate_vma_setup, migrate_vma_finalize', () =>
      Step('migrate_vma_setup() to migrate_vma_finalize(): to the device', () =>
        IfIs(entry, 'present', ({ page }) => {
          const to = Choose('to', Page, (one) => and(owner.at(one).eq(device), is_free(one)))
          migrate_vma(page, to, 'device_private')
        }),
      ),
    )
    Source('6.1 drivers/gpu/drm/amd/amdkfd/kfd_migrate.c svm_migrate_ram_to_vram', () =>
      If(declines_own_faults, () => mutex_unlock(migrate_mutex)),
    )
  })
})
