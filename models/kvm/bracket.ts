/** KVM's notifier, and the process that changes its page table. */
import {
  and,
  Assert,
  Await,
  Bool,
  Choose,
  current,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  Step,
  threadPer,
  type Id,
} from 'hmmcheck'
import { Cpu, DevicePte, points_to, spin_lock, spin_unlock, Va } from 'hmmcheck/kernel'
import {
  has_apic_page,
  has_cache,
  hull_grows,
  invalidate_lock,
  lockless_fault,
  reload_after_change,
  seq_without_slot,
  start_lock,
} from './fixes.ts'
import { balanced_brackets, zapped_before_change } from './properties.ts'
import {
  apic_request,
  gathered,
  gpc_lock,
  gpc_pfn,
  gpc_uhva,
  gpc_valid,
  hpte_lock,
  hull,
  in_progress,
  memslots,
  mmap_write,
  mmu_invalidate_seq,
  mmu_lock,
  mn_active,
  page_table,
  put_page,
  spte,
  vma,
} from './state.ts'

const main = '6.12 virt/kvm/kvm_main.c'

const gfn_to_pfn_cache_invalidate_start = procedure(
  'gfn_to_pfn_cache_invalidate_start',
  [Va],
  (va) => {
    If(invalidate_lock, () => spin_lock(gpc_lock))
    const valid = Local('valid', Bool)
    Step('gpc->valid && gpc->uhva >= start', () => valid.set(and(gpc_valid, gpc_uhva.eq(va))))
    If(valid, () => Step('gpc->valid = false', () => gpc_valid.set(false)))
    If(invalidate_lock, () => spin_unlock(gpc_lock))
  },
  { source: '6.12 virt/kvm/pfncache.c gfn_to_pfn_cache_invalidate_start' },
)

const kvm_mmu_notifier_invalidate_range_start = procedure(
  'kvm_mmu_notifier_invalidate_range_start',
  [Va],
  (va) => {
    Step('kvm->mn_active_invalidate_count++', () => mn_active.increment())
    If(has_cache, () => gfn_to_pfn_cache_invalidate_start(va))
    const found = Local('found', Bool)
    Step('kvm_for_each_memslot_in_hva_range()', () => found.set(memslots))
    If(found, () => {
      If(start_lock, () => spin_lock(mmu_lock))
      Step('kvm->mmu_invalidate_in_progress++', () => {
        If(or(in_progress.eq(0), not(hull_grows)), () => hull.clear())
        in_progress.increment()
      })
      Step('kvm_mmu_invalidate_range_add()', () => hull.add(va))
      If(lockless_fault, () => spin_lock(hpte_lock))
      Step('kvm_unmap_gfn_range()', () => spte.at(va).set(DevicePte.none))
      If(lockless_fault, () => spin_unlock(hpte_lock))
      If(start_lock, () => spin_unlock(mmu_lock))
    })
    If(and(has_apic_page, not(reload_after_change)), () =>
      Step('kvm_make_all_cpus_request(KVM_REQ_APIC_PAGE_RELOAD)', () => apic_request.set(true)),
    )
  },
  { source: `${main} kvm_mmu_notifier_invalidate_range_start` },
)

const kvm_mmu_notifier_invalidate_range_end = procedure(
  'kvm_mmu_notifier_invalidate_range_end',
  [],
  () => {
    const found = Local('found', Bool)
    Step('kvm_for_each_memslot_in_hva_range()', () => found.set(memslots))
    If(found, () => {
      If(start_lock, () => spin_lock(mmu_lock))
      Step('kvm->mmu_invalidate_seq++', () => mmu_invalidate_seq.bump())
      Step('kvm->mmu_invalidate_in_progress--', () => {
        Assert(balanced_brackets.property, in_progress.gt(0), 'the start has not counted this bracket')
        If(in_progress.gt(0), () => in_progress.decrement())
      })
      If(start_lock, () => spin_unlock(mmu_lock))
    }).Else(() => If(seq_without_slot, () => Step('kvm->mmu_invalidate_seq++', () => mmu_invalidate_seq.bump())))
    Step('--kvm->mn_active_invalidate_count', () => mn_active.decrement())
  },
  { source: `${main} kvm_mmu_notifier_invalidate_range_end` },
)

/** The bracket of one change; with `replaces` the VMA is another one afterwards. */
const change = (va: Id<'Va'>, replaces: boolean): void => {
  kvm_mmu_notifier_invalidate_range_start(va)
  Step('ptep_get_and_clear()', () =>
    IfSome(page_table.at(va), (page) => {
      Assert(
        zapped_before_change.property,
        and(not(points_to(spte.at(va), page)), not(and(gpc_valid, points_to(gpc_pfn, page)))),
        'the guest or the cache still has the page',
      )
      page_table.at(va).set(none)
      gathered.at(current).set(page)
    }),
  )
  If(and(has_apic_page, reload_after_change), () =>
    Step('kvm_make_all_cpus_request(KVM_REQ_APIC_PAGE_RELOAD)', () => apic_request.set(true)),
  )
  if (replaces) Step('vma_mas_store()', () => vma.at(va).bump())
  kvm_mmu_notifier_invalidate_range_end()
  Step('tlb_finish_mmu()', () =>
    IfSome(gathered.at(current), (page) => {
      gathered.at(current).set(none)
      put_page(page)
    }),
  )
}

const madvise = procedure(
  'madvise',
  [],
  () => {
    const va = Local('va', Va)
    Step('madvise_dontneed_single_vma()', () => {
      Await(not(mmap_write))
      const at = Choose('at', Va)
      va.set(at)
    })
    change(va, false)
  },
  { source: '6.1 mm/madvise.c madvise_dontneed_single_vma' },
)
export const zap = threadPer(Cpu, 'zap', () => {
  Loop(() => {
    Idle()
    madvise()
  })
})

const mmap_fixed = procedure(
  'mmap_fixed',
  [],
  () => {
    const va = Local('va', Va)
    Step('mmap_write_lock()', () => {
      Await(not(mmap_write))
      const at = Choose('at', Va)
      va.set(at)
      mmap_write.set(true)
    })
    change(va, true)
    Step('mmap_write_unlock()', () => mmap_write.set(false))
  },
  { source: '6.1 mm/mmap.c mmap_region' },
)
/** One who maps something else over the address. */
export const remap = threadPer(Cpu, 'remap', () => {
  Loop(() => {
    Idle()
    mmap_fixed()
  })
})
