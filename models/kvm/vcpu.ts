/** A vCPU: it faults and maps pages for the guest, which uses them; and it looks for its APIC access page. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Cover,
  current,
  Ghost,
  Idle,
  If,
  IfSome,
  Local,
  Loop,
  not,
  or,
  procedure,
  Source,
  Step,
  thread,
  type Id,
  type PlaceOf,
  type SamplePlace,
} from 'hmmcheck'
import { DevicePte, spin_lock, spin_unlock, Va } from 'hmmcheck/kernel'
import { snapshot_is_valid } from 'hmmcheck/properties'
import {
  fault_checks_count,
  fault_checks_seq,
  fault_lock,
  lockless_fault,
  reads_ordered,
  samples_under_mmap_lock,
} from './fixes.ts'
import { hva_to_pfn, kvm_release_pfn_clean } from './gup.ts'
import {
  access,
  apic_page,
  apic_request,
  hpte_lock,
  hull,
  in_progress,
  memslots,
  mmap_write,
  mmu_invalidate_seq,
  mmu_lock,
  pinned,
  spte,
  vma,
} from './state.ts'

/** mmu_invalidate_retry() as PowerPC calls it: two reads without mmu_lock. */
const retry_without_lock = (retry: PlaceOf<typeof Bool>, mmu_seq: SamplePlace<'mmu_invalidate_seq'>): void => {
  const read_count = (): void => {
    Step('kvm->mmu_invalidate_in_progress', () => retry.set(or(retry, and(fault_checks_count, in_progress.gt(0)))))
  }
  const read_seq = (): void => {
    Step('kvm->mmu_invalidate_seq != mmu_seq', () => retry.set(or(retry, and(fault_checks_seq, mmu_seq.isStale))))
  }
  If(reads_ordered, () => {
    read_count()
    read_seq()
  }).Else(() => {
    read_seq()
    read_count()
  })
}

/** The VMA, and the sequence from which on nothing may happen to it. */
const look_up = (va: Id<'Va'>, facts: SamplePlace<'vma'>, mmu_seq: SamplePlace<'mmu_invalidate_seq'>): void => {
  If(samples_under_mmap_lock, () =>
    Step('vma_lookup(); mmu_seq = kvm->mmu_invalidate_seq; mmap_read_unlock()', () => {
      Await(not(mmap_write))
      facts.set(vma.at(va).now)
      mmu_seq.set(mmu_invalidate_seq.now)
    }),
  ).Else(() => {
    Step('vma_lookup(); mmap_read_unlock()', () => {
      Await(not(mmap_write))
      facts.set(vma.at(va).now)
    })
    Step('mmu_seq = kvm->mmu_invalidate_seq', () => mmu_seq.set(mmu_invalidate_seq.now))
  })
}

const user_mem_abort = procedure(
  'user_mem_abort',
  [Va],
  (va) => {
    const facts = Local('facts', vma.Sample)
    const mmu_seq = Local('mmu_seq', mmu_invalidate_seq.Sample)
    Loop(() => {
      const retry = Local('retry', Bool, false)
      look_up(va, facts, mmu_seq)
      hva_to_pfn(va)
      If(lockless_fault, () => spin_lock(hpte_lock)).Else(() => If(fault_lock, () => spin_lock(mmu_lock)))
      If(lockless_fault, () => retry_without_lock(retry, mmu_seq)).Else(() =>
        Step('mmu_invalidate_retry_gfn()', () => {
          Ghost(() => Cover(snapshot_is_valid.reached, mmu_seq.isStale))
          retry.set(
            or(and(fault_checks_count, in_progress.gt(0), hull.has(va)), and(fault_checks_seq, mmu_seq.isStale)),
          )
        }),
      )
      If(not(retry), () =>
        Step('the guest page table entry is made', () => {
          Assert(snapshot_is_valid.property, facts.isCurrent, 'the VMA is another one by now')
          IfSome(pinned.at(current), (page) => spte.at(va).set(DevicePte.present({ page })))
        }),
      )
      If(lockless_fault, () => spin_unlock(hpte_lock)).Else(() => If(fault_lock, () => spin_unlock(mmu_lock)))
      kvm_release_pfn_clean()
      If(not(retry), () => Break())
    })
    Step('RET_PF_FIXED', () => {
      facts.set(vma.never)
      mmu_seq.set(mmu_invalidate_seq.never)
    })
  },
  { source: '6.1 arch/arm64/kvm/mmu.c user_mem_abort; arch/x86/kvm/mmu/mmu.c direct_page_fault' },
)

/** The faults of the guest. */
export const vcpu = thread('vcpu', () => {
  Loop(() => {
    Idle()
    Source('6.1 arch/x86/kvm/mmu/mmu.c kvm_mmu_page_fault', () => {
      const va = Step('the guest faults', () => Choose('at', Va, (at) => and(memslots, spte.at(at).is('none'))))
      user_mem_abort(va)
    })
  })
})

/** The guest, through the mappings that it has. */
export const guest = thread(
  'guest',
  () => {
    Source('hardware: the second level of page tables', () => {
      Loop(() => {
        Idle()
        Step('the guest uses a page', () => {
          const at = Choose('at', Va)
          access(spte.at(at), 'the guest')
        })
      })
    })
  },
  { daemon: true },
)

/** The vCPU enters the guest: before that it looks for its APIC access page, if it is asked to. */
const vcpu_enter_guest = procedure(
  'vcpu_enter_guest',
  [],
  () => {
    const va = Local('va', Va)
    const reload = Local('reload', Bool)
    Step('kvm_check_request(KVM_REQ_APIC_PAGE_RELOAD)', () => {
      const at = Choose('at', Va)
      va.set(at)
      reload.set(apic_request)
      apic_request.set(false)
    })
    If(reload, () => {
      hva_to_pfn(va)
      Step('vmcs_write64(APIC_ACCESS_ADDR)', () =>
        IfSome(pinned.at(current), (page) => apic_page.set(DevicePte.present({ page }))),
      )
      kvm_release_pfn_clean()
    })
    // The request sends the vCPU out of the guest, and who makes it waits for that.
    Step('the guest uses its APIC access page', () =>
      If(not(apic_request), () => access(apic_page, 'the APIC of the guest')),
    )
  },
  { source: '5.7 arch/x86/kvm/x86.c vcpu_enter_guest, kvm_vcpu_reload_apic_access_page' },
)
export const apic = thread('apic', () => {
  Loop(() => {
    Idle()
    vcpu_enter_guest()
  })
})
