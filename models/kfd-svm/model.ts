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
  recoverable,
  setOf,
  sizeOf,
  type Model,
} from 'hmmcheck'
import { Device, Va } from 'hmmcheck/kernel'
import { no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { mprotect, reclaim } from './bracket.ts'
import { wave } from './device.ts'
import { callback_sets_seq, first_insert, has_odd, has_vram, validates, starts_mapped } from './fixes.ts'
import { exit } from './exit.ts'
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
  vram_pages,
  prange_of,
  unfaultable,
} from './state.ts'
import { restore, retry_fault, set_attr } from './validate.ts'
import { child_fault, cpu_fault, evict_bo, mremap, other_gpu, ttm } from './vram.ts'

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
      ttm,
      other_gpu,
      mremap,
      child_fault,
    ],

    initially: () => {
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
      If(not(first_insert), () => {
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
      If(starts_mapped, () => {
        ForEach(Prange, (one) => {
          access.at(one).set(setOf(Device).all)
          mapped.at(one).set(setOf(Device).all)
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
