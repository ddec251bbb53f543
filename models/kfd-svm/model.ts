/** Shared virtual memory of amdkfd: ranges of a process, GPUs that map them, and user mode queues. */
import {
  and,
  array,
  Bool,
  Choose,
  deadlock,
  ForEach,
  If,
  IfSome,
  Local,
  lockDeadlock,
  model,
  not,
  optional,
  or,
  recoverable,
  setOf,
  sizeOf,
  type Model,
} from 'hmmcheck'
import { Device, Va } from 'hmmcheck/kernel'
import { no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { mprotect, reclaim } from './bracket.ts'
import { buffer_of_all } from './buffer.ts'
import { has_buffer } from './buffer-fixes.ts'
import {
  child_munmap,
  evict_buffer,
  fault_on_buffer,
  free_ranges,
  munmap_range,
  release_buffer,
  ttm_wants,
} from './buffer-threads.ts'
import { deferred } from './deferred.ts'
import { wave } from './device.ts'
import { callback_sets_seq, first_insert, has_deferred, has_odd, has_vram, validates, starts_mapped } from './fixes.ts'
import { exit } from './exit.ts'
import { ih_work, job } from './interrupt.ts'
import { properties } from './properties.ts'
import {
  access,
  gpu_pte,
  mapped,
  no_read,
  pte,
  intervals,
  last_of,
  Prange,
  actual_loc,
  in_vram,
  notified,
  objects,
  vram_pages,
  prange_of,
  range_is,
  unfaultable,
} from './state.ts'
import { munmap, munmap_hole } from './unmap.ts'
import { restore, retry_fault, set_attr } from './validate.ts'
import { child_fault, cpu_fault, evict_bo, mremap, other_gpu, ttm_evict } from './vram.ts'

/** Each address is in some range, and each range has an address. */
const ranges_of_addresses = (): void => {
  const ranges = Local('ranges', array(Va, Prange))
  const lasts = Local('lasts', array(Prange, Va))
  ForEach(Va, (va) => {
    const prange = Choose('prange', Prange)
    ranges.at(va).set(prange)
  })
  ForEach(Prange, (one) => {
    const last = Choose('last', Va, (va) => ranges.at(va).eq(one))
    lasts.at(one).set(last)
  })
  prange_of.set(ranges)
  last_of.set(lasts)
}

/** One range has all addresses, and its notifier; the others are made later. */
const one_range = (): void => {
  const prange = Choose('prange', Prange)
  range_is.at(prange).set('listed')
  intervals.place.at(prange).set('tree')
  intervals.has_itree.set(true)
  notified.at(prange).set(setOf(Va).all)
  ForEach(Va, (va) => {
    prange_of.at(va).set(prange)
    objects.at(va).set(prange)
  })
}

export const kfdSvm = (): Model =>
  model('kfd-svm', {
    threads: [
      reclaim,
      mprotect,
      set_attr,
      restore,
      retry_fault,
      wave,
      exit,
      cpu_fault,
      evict_bo,
      ttm_evict,
      other_gpu,
      mremap,
      child_fault,
      munmap,
      munmap_hole,
      deferred,
      job,
      ih_work,
      fault_on_buffer,
      munmap_range,
      free_ranges,
      ttm_wants,
      evict_buffer,
      release_buffer,
      child_munmap,
    ],

    initially: () => {
      If(has_deferred, one_range).Else(ranges_of_addresses)
      If(not(or(first_insert, has_deferred)), () => {
        ForEach(Prange, (one) => intervals.place.at(one).set('tree'))
        intervals.has_itree.set(true)
      })
      If(has_odd, () => {
        const unreadable = Choose('unreadable', Bool)
        const odd = Choose('odd', optional(Va))
        If(unreadable, () => IfSome(odd, (va) => no_read.add(va))).Else(() => unfaultable.set(odd))
      })
      If(has_vram, () => {
        in_vram.set(setOf(Va).all)
        actual_loc.set(true)
        vram_pages.set(sizeOf(Va))
      })
      If(has_buffer, buffer_of_all)
      If(starts_mapped, () => {
        ForEach(Prange, (one) => {
          access.at(one).set(setOf(Device).all)
          If(not(and(has_deferred, range_is.at(one).eq('new'))), () => mapped.at(one).set(setOf(Device).all))
        })
        ForEach(Device, (device) =>
          ForEach(Va, (va) => {
            gpu_pte.at(device).at(va).mapped.set(true)
            gpu_pte.at(device).at(va).pte.set(pte.at(va).now)
          }),
        )
      })
    },

    properties: [
      ...properties(),
      ...no_use_after_free(),
      ...testedUnless(not(and(validates, callback_sets_seq)), snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
