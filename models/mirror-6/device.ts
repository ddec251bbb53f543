/** The device: it reads and writes through its own entries; where it has none its driver asks for them. */
import {
  and,
  Assert,
  Bool,
  Choose,
  Cover,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  isCaseAnd,
  Local,
  Loop,
  not,
  or,
  procedure,
  Source,
  Step,
  threadPer,
  type Bool as Condition,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import {
  Device,
  driver_populate_range,
  for_each_address,
  hmm_range_fault,
  HmmRequest,
  is_writable_entry,
  maps_page,
  mmget,
  mmget_not_zero,
  mmput,
  mmput_and_exit,
  mutex_lock,
  mutex_unlock,
  Va,
} from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid } from 'hmmcheck/properties'
import { handle_mm_fault, migration_entry_wait } from './fault.ts'
import {
  commit_checks_seq,
  commit_lock,
  erase_under_lock,
  exits,
  fault_gets_mm,
  maps_backing,
  migrates,
  touches_after_retry,
  walk_checks_seq,
} from './fixes.ts'
import { fdget, fdput, file_is_open } from './file.ts'
import { owned_pages_fault, walk_locks_mmap } from './fork-fixes.ts'
import { inserts_for_fault, translates_alone } from './nouveau-fixes.ts'
import { contents, mm, reading_mm } from './processes.ts'
import { faults_are_served, leads_to_memory, may_fall_short, own_address } from './properties.ts'
import {
  choose_range,
  DeviceEntry,
  driver,
  entry_of,
  intervals,
  is_free,
  is_zone_device_page,
  loaded,
  may_write,
  Pfns,
  pfns,
  Range,
  Sub,
} from './state.ts'

/** dmirror_do_fault(): what the walk has found is what the device gets. */
const do_fault = (device: Id<'Device'>, mirror: Id<'Sub'>, va: Id<'Va'>): void => {
  IfIs(pfns.at(device).at(va), 'present', ({ page, write }) => {
    Assert(
      snapshot_is_valid.property,
      and(maps_page(mm.pte.at(va), page), or(not(write), is_writable_entry(mm.pte.at(va)))),
      'the entry that was read has changed',
    )
    If(or(maps_backing, not(is_zone_device_page(page))), () =>
      entry_of(mirror, va).set(DeviceEntry.present({ page, write })),
    ).Else(() => entry_of(mirror, va).set(DeviceEntry.struct_page({ page, write })))
  })
}

/** The walk has brought no right to write. */
const is_short_of_write = (device: Id<'Device'>, va: Id<'Va'>): Condition =>
  isCaseAnd(pfns.at(device).at(va), 'present', ({ write }) => not(write))

/** A driver may look at what it was told of, set it dirty or map it for DMA: while it is there. */
const touch = (device: Id<'Device'>, va: Id<'Va'>): void => {
  IfIs(pfns.at(device).at(va), 'present', ({ page }) =>
    Assert(no_use_after_free.property, not(is_free(page)), 'the driver looks at a struct page that was freed'),
  )
}

const dmirror_range_fault = procedure(
  'dmirror_range_fault',
  [Device, Sub, Range, Bool.as('write')],
  (device, sub, range, write) => {
    const notifier_seq = Local('notifier_seq', intervals.IntervalSeq)
    const request = Local('request', HmmRequest, 'read')
    If(write, () => request.set('write'))
    If(inserts_for_fault, () => intervals.__mmu_interval_notifier_insert(sub))
    driver_populate_range(intervals, sub, {
      lock: driver.at(sub).mutex,
      locks: commit_lock,
      sample: notifier_seq,
      walk: () => {
        const ret = reading_mm(walk_locks_mmap, () =>
          hmm_range_fault(
            {
              range,
              pte: (va) => mm.pte.at(va),
              request: () => request,
              fill: (va, pfn) => {
                if (pfn.kind === 'valid')
                  pfns
                    .at(device)
                    .at(va)
                    .set(DeviceEntry.present({ page: pfn.page, write: pfn.write }))
              },
              is_owned: is_zone_device_page,
              check_retry: () => and(walk_checks_seq, intervals.mmu_interval_check_retry(notifier_seq)),
              handle_mm_fault: (va, writes) => handle_mm_fault.parent(va, writes),
              migration_entry_wait: (va) => If(migrates, () => migration_entry_wait.parent(va)),
            },
            { owner_ignores_request: not(owned_pages_fault) },
          ),
        )
        return { again: ret.eq('-EBUSY'), fails: ret.ne('0') }
      },
      before_lock: () => {
        If(not(touches_after_retry), () =>
          for_each_address(range, (va) => Step('set_page_dirty(); dma_map_page()', () => touch(device, va))),
        )
      },
      checks_seq: commit_checks_seq,
      asked: () => {
        Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(notifier_seq)))
      },
      commit: () => {
        const short = Local('short_of_write', Bool, false)
        If(may_fall_short, () => short.set(false))
        for_each_address(range, (va) =>
          Step('xa_store()', () => {
            If(and(may_fall_short, write, is_short_of_write(device, va)), () => short.set(true))
            Ghost(() => Cover(faults_are_served.reached, may_fall_short))
            If(may_fall_short, () =>
              Assert(faults_are_served.property, not(short), 'no right to write, though a CPU would get it: -EFAULT'),
            )
            If(or(not(may_fall_short), not(short)), () => {
              do_fault(device, sub, va)
            })
          }),
        )
      },
    })
    Step('the fault is over', () => {
      notifier_seq.set(intervals.never)
      pfns.at(device).set(Pfns.filled(DeviceEntry.none))
    })
    If(inserts_for_fault, () => intervals.mmu_interval_notifier_remove(sub))
  },
  { source: '6.1 lib/test_hmm.c dmirror_range_fault; 6.12 nouveau_svm.c nouveau_range_fault' },
)

/** The device has an entry that allows this. */
const allows = (mirror: Id<'Sub'>, va: Id<'Va'>, write: Condition): Condition =>
  and(not(entry_of(mirror, va).is('none')), or(not(write), may_write(mirror, va)))

/** A fault that an ioctl of lib/test_hmm.c asks for, which holds the file; or one of the GPU, which needs no file. */
const device_fault = (device: Id<'Device'>): void => {
  const range = Local('range', Range)
  const write = Local('write', Bool)
  const sub = Local('sub', Sub)
  Step('dmirror_fault()', () => {
    file_is_open()
    const writes = Choose('writes', Bool)
    const its = Choose('its', Sub)
    choose_range(range, (va) => not(allows(its, va, writes)))
    write.set(writes)
    sub.set(its)
    If(exits, () => If(translates_alone, () => mmget()).Else(() => fdget()))
  })
  const fault = (): void => {
    dmirror_range_fault(device, sub, range, write)
  }
  If(and(exits, translates_alone), () => {
    fault()
    Step('mmput()', () => mmput())
  }).Else(() =>
    If(exits, () => {
      const taken = Local('taken', Bool, true)
      taken.set(true)
      If(fault_gets_mm, () => taken.set(mmget_not_zero()))
      If(taken, () => {
        fault()
        If(fault_gets_mm, () => mmput_and_exit())
      })
      Step('fdput()', () => fdput())
    }).Else(fault),
  )
}

/** The access itself: of memory that is there, and is the address's own. */
const use = (entry: PlaceOf<typeof DeviceEntry>, va: Id<'Va'>, write: Condition): void => {
  Assert(leads_to_memory.property, not(entry.is('struct_page')), 'the device uses a struct page as memory')
  IfIs(entry, 'present', ({ page }) => {
    Assert(no_use_after_free.property, not(is_free(page)), 'the device uses a page that was freed')
    If(not(is_free(page)), () => {
      Assert(
        own_address.property,
        not(contents.is_of_another('parent', page, va)),
        'the device uses what is not its own',
      )
      If(write, () => Ghost(() => contents.write('parent', page, va))).Else(() =>
        Assert(newest_value.property, contents.has_newest('parent', page, va), 'the device reads an old value'),
      )
    })
  })
}

/**
 * dmirror_do_read(), dmirror_do_write(), under the driver's lock. Where every entry is dropped under that lock, nothing
 * can come between the load of the entry and the access. A device that translates alone does both at once.
 */
const device_access = (device: Id<'Device'>): void => {
  If(or(erase_under_lock, translates_alone), () =>
    Step('mutex_lock(); xa_load(); memcpy(); mutex_unlock()', () => {
      file_is_open()
      const write = Choose('write', Bool)
      const mirror = Choose('dmirror', Sub, (one) => or(translates_alone, driver.at(one).mutex.owner.isNone))
      const va = Choose('va', Va, (one) => allows(mirror, one, write))
      use(entry_of(mirror, va), va, write)
    }),
  ).Else(() => {
    const mirror = Local('dmirror', Sub)
    const va = Local('va', Va)
    const write = Local('write', Bool)
    Step('dmirror_read(), dmirror_write()', () => {
      file_is_open()
      const writes = Choose('writes', Bool)
      const its = Choose('its', Sub)
      const at = Choose('at', Va, (one) => allows(its, one, writes))
      fdget()
      mirror.set(its)
      va.set(at)
      write.set(writes)
    })
    mutex_lock(driver.at(mirror).mutex)
    Step('xa_load()', () => If(allows(mirror, va, write), () => loaded.at(device).set(entry_of(mirror, va))))
    Step('memcpy()', () => {
      use(loaded.at(device), va, write)
      loaded.at(device).set(DeviceEntry.none)
    })
    mutex_unlock(driver.at(mirror).mutex)
    If(exits, () => Step('fdput()', () => fdput()))
  })
}

/** Threads that use the device: each is at one thing at a time. */
export const device = threadPer(Device, 'device', (self) => {
  Loop(() => {
    Idle()
    Either(
      () => Source('6.1 lib/test_hmm.c dmirror_fault', () => device_fault(self)),
      () => Source('6.1 lib/test_hmm.c dmirror_do_read, dmirror_do_write; the GPU', () => device_access(self)),
    )
  })
})
