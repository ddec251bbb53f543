/** KVM: brackets, faults of a guest, a gfn-to-pfn cache, the APIC access page, and memslots. */
import { deadlock, lockDeadlock, model, not, recoverable, type Model } from 'hmmcheck'
import { no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { remap, zap } from './bracket.ts'
import { refresh, user } from './cache.ts'
import { has_faults, has_memslot } from './fixes.ts'
import { memslot } from './memslots.ts'
import { properties } from './properties.ts'
import { memslots } from './state.ts'
import { apic, guest, vcpu } from './vcpu.ts'

export const kvm = (): Model =>
  model('kvm', {
    threads: [zap, remap, vcpu, guest, refresh, user, apic, memslot],

    initially: () => {
      memslots.set(has_memslot)
    },

    properties: [
      ...properties(),
      ...no_use_after_free(),
      ...testedUnless(not(has_faults), snapshot_is_valid()),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
