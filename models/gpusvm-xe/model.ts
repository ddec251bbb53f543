/** Shared virtual memory of xe: drm_gpusvm with its ranges and flags, and drm_pagemap with memory of GPUs. */
import {
  array,
  Choose,
  deadlock,
  ForEach,
  If,
  Local,
  lockDeadlock,
  model,
  not,
  optional,
  or,
  recoverable,
  setOf,
  type Model,
} from 'hmmcheck'
import { Device, Va } from 'hmmcheck/kernel'
import { no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { reclaim } from './bracket.ts'
import { fault } from './fault.ts'
import { has_child, has_faults, has_changes, has_hole, has_insertion } from './fixes.ts'
import { clear_job, job, shader, unbind_job } from './gpu.ts'
import { child, close, exit, munmap } from './process.ts'
import { lacks_collisions, properties } from './properties.ts'
import { collector } from './range.ts'
import { child_shares, hole, intervals, Range, range_of } from './state.ts'
import { cpu_fault, ttm } from './to-ram.ts'

export const gpusvmXe = (): Model =>
  model('gpusvm-xe', {
    threads: [
      fault,
      collector,
      reclaim,
      munmap,
      cpu_fault,
      ttm,
      close,
      exit,
      child,
      shader,
      job,
      unbind_job,
      clear_job,
    ],

    initially: () => {
      const all = Local('all', array(Va, Range))
      ForEach(Va, (va) => {
        const range = Choose('range', Range)
        all.at(va).set(range)
      })
      ForEach(Range, (range) => {
        Choose('has_one', Va, (va) => all.at(va).eq(range))
      })
      range_of.set(all)
      If(not(has_insertion), () => ForEach(Device, (device) => intervals.place.at(device).set('tree')))
      If(has_hole, () => {
        const at = Choose('at', optional(Va))
        hole.set(at)
      })
      If(has_child, () => child_shares.set(setOf(Device).all))
    },

    properties: [
      ...properties,
      ...testedUnless(or(not(has_faults), not(has_changes)), no_use_after_free()),
      ...testedUnless(lacks_collisions, snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
