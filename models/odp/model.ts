/** On-demand paging of mlx5: a process's page, regions of memory, the faults of a device, and its tables. */
import { deadlock, ForEach, If, lockDeadlock, model, not, or, recoverable, type Model } from 'hmmcheck'
import { no_use_after_kfree, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { exporter, fault_dmabuf, owner_dmabuf } from './dmabuf.ts'
import { fault, owner, prefetch } from './explicit.ts'
import { commit_checks_seq, callback_sets_seq, implicit, per_mm, registers, zaps } from './fixes.ts'
import { dereg, work } from './implicit.ts'
import { reap_per_mm, register_per_mm, zap_per_mm } from './per-mm.ts'
import { reap, zap } from './process.ts'
import { properties } from './properties.ts'
import {
  allocated,
  has_private,
  imr_allocated,
  imr_mkey,
  imr_registered,
  imr_usecount,
  intervals,
  mkeys,
  Mr,
  odp_mkeys,
  usecount,
} from './state.ts'

export const odp = (): Model =>
  model('odp', {
    threads: [
      zap,
      reap,
      fault,
      prefetch,
      owner,
      work,
      dereg,
      zap_per_mm,
      reap_per_mm,
      register_per_mm,
      exporter,
      fault_dmabuf,
      owner_dmabuf,
    ],

    initially: () => {
      If(implicit, () => {
        imr_allocated.set(true)
        imr_registered.set(true)
        imr_mkey.set(true)
        imr_usecount.set(1)
      })
      If(not(or(implicit, registers, per_mm)), () =>
        ForEach(Mr, (mr) => {
          allocated.add(mr)
          intervals.place.at(mr).set('tree')
          mkeys.add(mr)
          has_private.add(mr)
          odp_mkeys.add(mr)
          usecount.at(mr).set(1)
        }),
      )
    },

    properties: [
      ...properties(),
      ...testedUnless(or(not(zaps), not(callback_sets_seq), not(commit_checks_seq)), snapshot_is_valid()),
      ...testedUnless(per_mm, no_use_after_kfree()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
