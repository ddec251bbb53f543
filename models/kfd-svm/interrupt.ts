/**
 * Faults that a GPU retries, and their way: the wave waits and sends its fault again and again, so that one is on its
 * way still when the wave has gone on. The work of the ring takes one, and serves it.
 */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Either,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  none,
  not,
  optional,
  or,
  procedure,
  setOf,
  Source,
  Step,
  threadPer,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import {
  Device,
  mmap_read_lock,
  mmap_read_unlock,
  mmap_write_downgrade,
  mmap_write_lock,
  mutex_lock,
  mutex_unlock,
  Va,
} from 'hmmcheck/kernel'
import { checkpoint, child_retries, drain_under_lock, has_stale, missing_vma_dropped } from './fixes.ts'
import { is_there } from './callback.ts'
import { svm_range_validate_and_map } from './map.ts'
import { faults_are_served } from './properties.ts'
import {
  checkpoint_ts,
  drain_pagefaults,
  given_up,
  ih_handled,
  ih_handled_old,
  ih_old,
  ih_ring,
  maps,
  mmap_lock,
  objects,
  parent_of,
  Prange,
  prange_of,
  svms_lock,
  vma,
  waits_at,
} from './state.ts'

/** The wave of a job: it waits where the GPU has no entry, and goes on when it has one. */
export const job = threadPer(Device, 'job', (device) => {
  Source('a GPU of amdkfd: a wave front that retries its fault', () =>
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('a wave finds no entry', () => {
        const at = Choose('at', Va, (one) => and(not(given_up.has(one)), not(maps(device, one))))
        va.set(at)
        waits_at.set(at)
        ih_ring.add(at)
      })
      Loop(() => {
        const goes_on = () => {
          Step('the wave goes on', () => {
            Await(maps(device, va))
            waits_at.set(none)
          })
          Break()
        }
        const sends_again = () =>
          Step('the wave sends its fault again', () => {
            Await(and(not(ih_ring.has(va)), or(has_stale, ih_handled.ne(va)), not(maps(device, va))))
            ih_ring.add(va)
          })
        Either(goes_on, sends_again)
      })
    }),
  )
})

/** A fault that is older than the last munmap() is dropped; a younger one ends that. Says whether to drop it. */
const is_stale = (): ReturnType<typeof not> => {
  const stale = Local('stale', Bool, false)
  If(checkpoint, () =>
    Step('amdgpu_ih_ts_after_or_equal(ts, svms->checkpoint_ts)', () => {
      stale.set(and(checkpoint_ts, ih_handled_old))
      If(not(ih_handled_old), () => checkpoint_ts.set(false))
    }),
  )
  return stale
}

/** The range that the address is in, as far as svms->objects knows. */
const svm_range_from_addr = (va: Id<'Va'>, prange: PlaceOf<ReturnType<typeof someRange>>): void => {
  Step('svm_range_from_addr()', () => {
    If(objects.at(va).isSome, () => {
      is_there(prange_of.at(va))
      prange.set(prange_of.at(va))
    }).Else(() => prange.set(none))
  })
}
const someRange = () => optional(Prange)

/** The range is there: it is mapped for the GPU, unless its VMA is gone. */
const svm_range_recover = procedure(
  'svm_range_recover',
  [Device, Va, Prange],
  (device, va, prange) => {
    const gpus = Local('gpus', setOf(Device))
    const gone = Step('vma_lookup()', () => {
      gpus.clear()
      gpus.add(device)
      If(not(missing_vma_dropped), () =>
        Assert(faults_are_served.property, vma.has(va), 'a fault that was served long ago ends the process'),
      )
      return not(vma.has(va))
    })
    If(not(gone), () => {
      const retries = Step('pchild->notifier', () => and(child_retries, parent_of.at(prange).isSome))
      If(not(retries), () => {
        svm_range_validate_and_map(prange, gpus)
      })
    })
  },
  { source: '6.12 kfd_svm.c svm_range_restore_pages' },
)

/**
 * No range is found: the second time, with mmap_lock for writing, one is made for the VMA. Every VMA has had its range
 * from the beginning here.
 */
const create_range = (va: Id<'Va'>): void => {
  Step('svm_range_create_unregistered_range()', () =>
    Assert(faults_are_served.property, vma.has(va), 'a fault that was served long ago ends the process'),
  )
}

/** The range of the address is looked for, if the fault is not too old; the second time with mmap_lock for writing. */
const svm_range_restore_pages_at = procedure(
  'svm_range_restore_pages_at',
  [Device, Va],
  (device, va) => {
    const prange = Local('prange', someRange(), none)
    const again = Local('again', Bool, false)
    const stale = Local('drop', Bool, false)
    mmap_read_lock(mmap_lock)
    Loop(() => {
      mutex_lock(svms_lock)
      const drop = is_stale()
      stale.set(drop)
      If(not(stale), () => svm_range_from_addr(va, prange))
      If(or(stale, prange.isSome, again), () => Break())
      again.set(true)
      mutex_unlock(svms_lock)
      mmap_read_unlock(mmap_lock)
      mmap_write_lock(mmap_lock)
    })
    If(not(or(stale, prange.isSome)), () => create_range(va))
    If(again, () => mmap_write_downgrade(mmap_lock))
    If(not(stale), () =>
      IfSome(prange, (one) => {
        svm_range_recover(device, va, one)
      }),
    )
    mutex_unlock(svms_lock)
    mmap_read_unlock(mmap_lock)
  },
  { source: '6.12 kfd_svm.c svm_range_restore_pages' },
)

const handle_fault = (device: Id<'Device'>, va: Id<'Va'>): void => {
  If(or(checkpoint, not(drain_under_lock)), () => {
    svm_range_restore_pages_at(device, va)
  }).Else(() => {
    const drops = Step('atomic_read(&svms->drain_pagefaults)', () => drain_pagefaults)
    If(not(drops), () => {
      svm_range_restore_pages_at(device, va)
    })
  })
}

/** The work of the ring: one fault after the other, the older ones first. */
export const ih_work = threadPer(Device, 'ih_work', (device) => {
  Source('6.12 amdgpu_ih.c amdgpu_ih_process', () =>
    Loop(() => {
      Idle()
      const va = Local('va', Va)
      Step('amdgpu_ih_decode_iv(): rptr += 32', () => {
        const at = Choose('at', Va, (one) => and(ih_ring.has(one), or(ih_old.isEmpty, ih_old.has(one))))
        va.set(at)
        ih_ring.remove(at)
        ih_handled.set(at)
        ih_handled_old.set(ih_old.has(at))
        ih_old.remove(at)
      })
      handle_fault(device, va)
      Step('ih->processed_timestamp = entry.timestamp', () => {
        ih_handled.set(none)
        ih_handled_old.set(false)
      })
    }),
  )
})
