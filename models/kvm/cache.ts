/** A gfn-to-pfn cache: KVM's own mapping of one page of the process, which holds no reference. */
import {
  and,
  Bool,
  Break,
  Choose,
  current,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  not,
  or,
  procedure,
  Step,
  thread,
} from 'hmmcheck'
import { DevicePte, spin_lock, spin_unlock, Va } from 'hmmcheck/kernel'
import {
  cache_checks_count,
  cache_checks_locked,
  cache_checks_seq,
  refresh_invalidates,
  refresh_lock,
} from './fixes.ts'
import { hva_to_pfn, kvm_release_pfn_clean } from './gup.ts'
import {
  access,
  gpc_lock,
  gpc_pfn,
  gpc_uhva,
  gpc_valid,
  hull,
  in_progress,
  mmu_invalidate_seq,
  mmu_lock,
  mn_active,
  pinned,
} from './state.ts'

const source = '6.12 virt/kvm/pfncache.c'

const lock = (): void => {
  If(refresh_lock, () => spin_lock(gpc_lock))
}
const unlock = (): void => {
  If(refresh_lock, () => spin_unlock(gpc_lock))
}

const hva_to_pfn_retry = procedure(
  'hva_to_pfn_retry',
  [Va],
  (va) => {
    const mmu_seq = Local('mmu_seq', mmu_invalidate_seq.Sample)
    If(refresh_invalidates, () => Step('gpc->valid = false', () => gpc_valid.set(false)))
    Loop(() => {
      const retry = Local('retry', Bool, false)
      Step('mmu_seq = gpc->kvm->mmu_invalidate_seq', () => mmu_seq.set(mmu_invalidate_seq.now))
      unlock()
      If(pinned.at(current).isSome, () => kvm_release_pfn_clean())
      hva_to_pfn(va)
      If(cache_checks_locked, () => {
        lock()
        Step('kvm->mn_active_invalidate_count', () => retry.set(and(cache_checks_count, mn_active.gt(0))))
        Step('kvm->mmu_invalidate_seq != mmu_seq', () => retry.set(or(retry, and(cache_checks_seq, mmu_seq.isStale))))
      }).Else(() => {
        spin_lock(mmu_lock)
        Step('mmu_notifier_retry_hva()', () =>
          retry.set(
            or(and(cache_checks_count, in_progress.gt(0), hull.has(va)), and(cache_checks_seq, mmu_seq.isStale)),
          ),
        )
        spin_unlock(mmu_lock)
        lock()
      })
      If(not(retry), () => Break())
    })
    Step('gpc->valid = true', () => {
      gpc_valid.set(true)
      IfSome(pinned.at(current), (page) => gpc_pfn.set(DevicePte.present({ page })))
      mmu_seq.set(mmu_invalidate_seq.never)
    })
    kvm_release_pfn_clean()
  },
  { source: `${source} hva_to_pfn_retry` },
)

const kvm_gpc_refresh = procedure(
  'kvm_gpc_refresh',
  [],
  () => {
    const va = Local('va', Va)
    const needed = Local('needed', Bool)
    lock()
    Step('gpc->uhva = uhva', () => {
      const at = Choose('at', Va)
      va.set(at)
      needed.set(or(not(gpc_valid), gpc_uhva.ne(at)))
      gpc_uhva.set(at)
    })
    If(needed, () => hva_to_pfn_retry(va))
    unlock()
  },
  { source: `${source} __kvm_gpc_refresh` },
)

export const refresh = thread('refresh', () => {
  Loop(() => {
    Idle()
    kvm_gpc_refresh()
  })
})

/** Another vCPU uses the cache: it checks it, and writes, under its lock. */
const kvm_xen_update_runstate = procedure(
  'kvm_xen_update_runstate',
  [],
  () => {
    spin_lock(gpc_lock)
    If(gpc_valid, () => Step('KVM writes through gpc->khva', () => access(gpc_pfn, 'KVM')))
    spin_unlock(gpc_lock)
  },
  { source: '6.12 arch/x86/kvm/xen.c kvm_xen_update_runstate_guest' },
)
export const user = thread('user', () => {
  Loop(() => {
    Idle()
    kvm_xen_update_runstate()
  })
})
