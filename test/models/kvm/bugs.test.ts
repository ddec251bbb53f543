/** The known bugs, each in the smallest world that has it, as the schedule that a kernel reader would write down. */
import { kvmProtocol } from '../../../models/kvm/protocol.ts'
import { testBugs, type Bug } from '../known-bugs.ts'

const bugs: readonly Bug[] = [
  {
    name: 'B-52: the sequence is read before the count',
    variant: 'without-reads-ordered',
    scenario: 'lockless',
    property: 'P-NOUAF',
    message: /the guest: the page was freed/,
    steps: [
      /mmu_invalidate_seq != mmu_seq/,
      /mmu_invalidate_seq\+\+/,
      /in_progress--/,
      /in_progress$/,
      /entry is made/,
    ],
  },
  {
    name: 'B-53: the VMA is read before the sequence',
    variant: 'without-samples-under-mmap-lock',
    scenario: 'vma',
    property: 'P-RETRY',
    message: /another one/,
    steps: [/vma_lookup/, /ptep_get_and_clear/, /mmu_invalidate_seq\+\+/, /mmu_seq = /, /entry is made/],
  },
  {
    name: 'B-54: a memslot is added inside a bracket',
    variant: 'without-memslots-wait',
    scenario: 'memslot',
    property: 'P-BAL-PAIR',
    message: /has not counted/,
    steps: [/mn_active_invalidate_count\+\+/, /memslot/, /rcu_assign_pointer/, /in_progress--/],
  },
  {
    name: 'B-55: a bracket between the check of a refresh and its lock',
    variant: 'without-cache-checks-locked',
    scenario: 'cache',
    property: 'P-NOUAF',
    message: /KVM: the page was freed/,
    steps: [/mmu_seq = gpc/, /retry_hva/, /gpc->valid = true/, /tlb_finish_mmu/, /writes through/],
    later: true,
  },
  {
    name: 'B-56: the APIC access page is looked for before the change',
    variant: 'without-reload-after-change',
    scenario: 'apic',
    property: 'P-NOUAF',
    message: /the APIC of the guest/,
    steps: [/KVM_REQ_APIC/, /gup_pte_range/, /ptep_get_and_clear/, /tlb_finish_mmu/, /uses its APIC/],
  },
  {
    name: 'G6-50: a bracket where no memslot overlaps leaves no trace',
    variant: 'as-6.12',
    scenario: 'cache-hva',
    property: 'P-NOUAF',
    message: /KVM: the page was freed/,
    steps: [
      /mmu_seq = gpc->kvm->mmu_invalidate_seq/,
      /gup_pte_range/,
      /mn_active_invalidate_count\+\+/,
      /ptep_get_and_clear/,
      /--kvm->mn_active_invalidate_count/,
      /kvm->mn_active_invalidate_count$/,
      /gpc->valid = true/,
      /writes through/,
    ],
  },
  {
    name: 'a cache that stays valid while it moves',
    variant: 'without-refresh-invalidates',
    scenario: 'cache-moves',
    property: 'P-NOUAF',
    steps: [/gpc->uhva = uhva/, /ptep_get_and_clear/, /writes through/],
    later: true,
  },
]

testBugs(kvmProtocol, bugs)
