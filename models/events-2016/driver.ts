/** The driver: its four callbacks, by the contract of hmm.h of [v12 23/29], and as a driver may get them wrong. */
import {
  and,
  Assert,
  Choose,
  Cover,
  current,
  ForEach,
  Ghost,
  If,
  IfSome,
  isCaseAnd,
  none,
  not,
  oneOf,
  or,
  Source,
  Step,
  type Bool,
  type BoolPlace,
  type Id,
  type PlaceOf,
  type Recorded,
} from 'hmmcheck'
import { DevicePte, Va } from 'hmmcheck/kernel'
import { dirty_is_kept, no_use_after_free, no_use_after_kfree, poisoned, snapshot_is_valid } from 'hmmcheck/properties'
import {
  device_memory,
  dirty_bits,
  driver_clears_valid,
  driver_frees_memory,
  driver_refuses_released,
  driver_reports_dirty,
  driver_stops_device,
  driver_write_protects,
  dirty_without_write,
  may_fail,
} from './fixes.ts'
import {
  alloc_page,
  contents,
  driver,
  dst,
  failed,
  has_free_page,
  held,
  is_device_memory,
  is_owed,
  mirror,
  mm,
  protecting,
  put_page,
} from './state.ts'

/**
 * Events of a change of the CPU's page table (enum hmm_etype), as far as a driver does something else for each.
 */
export type Etype = 'HMM_MUNMAP' | 'HMM_MIGRATE' | 'HMM_WRITE_PROTECT' | 'HMM_FORK' | 'HMM_ISDIRTY'

/** The result of a callback: 0, one of -ENOMEM and -EIO, or a value that it must not return. */
export const Result = oneOf('0', '-EIO', '-EAGAIN')

const contract = 'hmm.h of [v12 23/29]'

/** The driver has been told to stop, and does not begin anything for this process any more. */
const refuses = (device: Id<'Device'>): Bool => and(driver_refuses_released, driver.at(device).released)

/** hmm_mirror_range_dirty(): what the device has written is noted in the mirror page table. */
function report_dirty(device: Id<'Device'>, va: Id<'Va'>): void {
  const entry = mirror.at(device).pt.at(va)
  If(
    and(
      driver_reports_dirty,
      driver.at(device).dirty.has(va),
      entry.pte.is('present'),
      or(dirty_without_write, entry.write),
    ),
    () => entry.dirty.set(true),
  )
  driver.at(device).dirty.remove(va)
}

/** The device does not use the address any more. */
function stop_device(device: Id<'Device'>, va: Id<'Va'>): void {
  Ghost(() => {
    Cover(no_use_after_free.reached, driver.at(device).pte.at(va).is('present'))
    Cover(dirty_is_kept.reached, driver.at(device).dirty.has(va))
  })
  If(dirty_bits, () => report_dirty(device, va))
  driver.at(device).pte.at(va).set(DevicePte.none)
  driver.at(device).write.remove(va)
}

/** Gives the device memory of an address back. */
const free_device_memory = (device: Id<'Device'>, va: Id<'Va'>): Recorded =>
  IfSome(driver.at(device).memory.at(va), (page) => {
    driver.at(device).memory.at(va).set(none)
    put_page(page)
  })

/** update() for a change of the CPU's page table. For a step. */
export function update_for_invalidation(device: Id<'Device'>, va: Id<'Va'>, etype: Etype): void {
  if (etype === 'HMM_ISDIRTY') If(dirty_bits, () => report_dirty(device, va))
  if (etype === 'HMM_WRITE_PROTECT' || etype === 'HMM_FORK' || etype === 'HMM_ISDIRTY') {
    driver.at(device).write.remove(va)
  } else {
    stop_device(device, va)
    If(driver_frees_memory, () => {
      if (etype === 'HMM_MUNMAP') free_device_memory(device, va)
    })
  }
}

/**
 * Whether the entry of the mirror page table is that of the CPU's, or leads to the memory of a device, or a thread has
 * yet to tell the device.
 */
const entry_is_sound = (device: Id<'Device'>, va: Id<'Va'>): Bool => {
  const { pte } = mirror.at(device).pt.at(va)
  return or(
    pte.is('none'),
    isCaseAnd(pte, 'present', ({ page }) => or(mm.pte.at(va).page.eq(page), is_device_memory(page))),
    is_owed(device, va),
  )
}

/**
 * update() for HMM_DEVICE_RFAULT and HMM_DEVICE_WFAULT: the device's table is filled from the mirror page table. For
 * a step.
 */
export function update_for_fault(device: Id<'Device'>, va: Id<'Va'>): void {
  const { pte, write } = driver.at(device)
  const entry = mirror.at(device).pt.at(va)
  If(not(refuses(device)), () => {
    Assert(
      snapshot_is_valid.property,
      entry_is_sound(device, va),
      'the device is given an entry that is out of date, and nobody will tell it',
    )
    pte.at(va).set(entry.pte)
    write.remove(va)
    If(entry.write, () => write.add(va))
  })
}

/** release(): "device driver must kill all device thread using this mirror", and free its memory. */
export function release(device: Id<'Device'>): void {
  Step('device->ops->release(mirror): the device stops', () => {
    ForEach(Va, (va) => stop_device(device, va))
    Ghost(() => Cover(no_use_after_kfree.reached))
    driver.at(device).released.set(true)
  })
  If(device_memory, () =>
    ForEach(Va, (va) =>
      Step('device->ops->release(mirror): the device memory is freed', () => {
        free_device_memory(device, va)
      }),
    ),
  )
}

/** The outcome of a copy. `left`: this entry is not copied, and that is not an error. */
const Outcome = oneOf('copied', 'left', '-EIO', '-EAGAIN')

/**
 * copy_to_device(): device memory is allocated and filled, and then the device uses it.
 *
 * @param valid HMM_PTE_VALID_DEV in dst[]
 */
export const copy_to_device = (
  device: Id<'Device'>,
  va: Id<'Va'>,
  valid: BoolPlace,
  ret: PlaceOf<typeof Result>,
): Recorded =>
  Source(`${contract} copy_to_device`, () => {
    const { pte, write, memory } = driver.at(device)
    If(driver_stops_device, () =>
      Step('copy_to_device(): the driver stops its device at the address', () => stop_device(device, va)),
    )
    Step('copy_to_device(): copy; dst = hmm_pte_from_device_pfn()', () => {
      const can = and(has_free_page(), not(refuses(device)))
      const outcome = Choose('outcome', Outcome, (one) =>
        or(and(one.eq('copied'), can), and(one.eq('-EIO'), not(can)), and(may_fail, one.ne('copied'))),
      )
      If(outcome.eq('copied'), () => {
        Assert(
          no_use_after_kfree.property,
          not(driver.at(device).released),
          'copy_to_device() allocates device memory after release()',
        )
        const page = alloc_page()
        Ghost(() => {
          IfSome(held.at(current), (source) => contents.copy(page, source))
        })
        memory.at(va).set(page)
        dst.at(current).set(page)
        valid.set(true)
      })
      If(outcome.eq('-EIO'), () => ret.set('-EIO'))
      If(outcome.eq('-EAGAIN'), () => ret.set('-EAGAIN'))
      // It had filled dst before, and has freed the device memory again: "Errors means that the migration is aborted".
      If(and(can, ret.ne('0')), () => valid.set(true))
    })
    If(and(valid, ret.eq('0')), () =>
      Step('copy_to_device(): the device page table leads to device memory', () => {
        IfSome(dst.at(current), (page) => {
          If(not(refuses(device)), () => {
            pte.at(va).set(DevicePte.present({ page }))
            If(mirror.at(device).pt.at(va).write, () => write.add(va))
          })
        })
      }),
    )
  })

/**
 * copy_from_device(): the range is write-protected, copied, and then the device uses the system page.
 *
 * @param valid the valid bit of dst[], which the driver clears if it does not copy
 */
export const copy_from_device = (
  device: Id<'Device'>,
  va: Id<'Va'>,
  valid: BoolPlace,
  ret: PlaceOf<typeof Result>,
): Recorded =>
  Source(`${contract} copy_from_device`, () => {
    const { pte, write, memory, dirty } = driver.at(device)
    If(driver_write_protects, () =>
      Step('copy_from_device(): the driver write-protects the range', () => write.remove(va)),
    )
    Step('copy_from_device(): copy', () => {
      const has_memory = memory.at(va).isSome
      const outcome = Choose('outcome', Outcome, (one) =>
        or(
          and(one.eq('copied'), has_memory),
          and(one.eq('left'), not(has_memory)),
          and(may_fail, has_memory, one.ne('copied')),
        ),
      )
      If(outcome.eq('copied'), () => {
        Ghost(() => {
          IfSome(memory.at(va), (page) => {
            IfSome(held.at(current), (to) => contents.copy(to, page))
          })
          protecting.at(current).set(va)
        })
      }).Else(() => {
        Ghost(() => {
          If(has_memory, () => {
            Cover(poisoned.reached)
            failed.add(va)
          })
        })
        If(driver_clears_valid, () => valid.set(false))
      })
      If(outcome.eq('-EIO'), () => ret.set('-EIO'))
      If(outcome.eq('-EAGAIN'), () => ret.set('-EAGAIN'))
      If(outcome.eq('left'), () => {
        stop_device(device, va)
        If(driver_frees_memory, () => free_device_memory(device, va))
      })
    })
    If(and(valid, ret.eq('0')), () =>
      Step('copy_from_device(): the device page table leads to dst; the device memory is freed', () => {
        Ghost(() => protecting.at(current).set(none))
        IfSome(held.at(current), (page) => {
          If(not(refuses(device)), () => {
            pte.at(va).set(DevicePte.present({ page }))
            write.add(va)
          })
        })
        dirty.remove(va)
        If(driver_frees_memory, () => free_device_memory(device, va))
      }),
    )
  })

/** copy_from_device() with HMM_FORK: "Just copy memory". */
export const copy_for_child = (
  device: Id<'Device'>,
  va: Id<'Va'>,
  valid: BoolPlace,
  ret: PlaceOf<typeof Result>,
): Recorded =>
  Source(`${contract} copy_from_device`, () => {
    Step('copy_from_device(HMM_FORK): copy', () => {
      const has_memory = driver.at(device).memory.at(va).isSome
      const outcome = Choose('outcome', Outcome, (one) =>
        or(
          and(one.eq('copied'), has_memory),
          and(one.eq('left'), not(has_memory)),
          and(may_fail, has_memory, one.ne('copied')),
        ),
      )
      If(outcome.ne('copied'), () => valid.set(false))
      If(outcome.eq('-EIO'), () => ret.set('-EIO'))
      If(outcome.eq('-EAGAIN'), () => ret.set('-EAGAIN'))
    })
  })
