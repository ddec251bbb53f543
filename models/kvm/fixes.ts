/** The parts that KVM has or lacks: one boolean constant each. As merged it has every lock and check, no correction. */
import { fix } from 'hmmcheck'

const main = '6.12 virt/kvm/kvm_main.c'
const cache = '6.12 virt/kvm/pfncache.c'

// Corrections that came later, or have yet to come.
export const reads_ordered = fix('reads-ordered', {
  kind: 'correction',
  source: 'KVM: Add barriers to allow mmu_notifier_retry to be used locklessly (3.3), B-52',
  summary: 'a fault that asks without mmu_lock reads the count of brackets first, and the sequence second',
})
export const samples_under_mmap_lock = fix('samples-under-mmap-lock', {
  kind: 'correction',
  source: '13ec9308a857 (6.3), B-53',
  summary: 'arm64, RISC-V: a fault samples the sequence before it gives mmap_lock back, under which it reads the VMA',
})
export const memslots_wait = fix('memslots-wait', {
  kind: 'correction',
  source: '52ac8b358b0c (5.16), B-54',
  summary: 'memslots are not changed between the start and the end of a bracket',
})
export const cache_checks_locked = fix('cache-checks-locked', {
  kind: 'correction',
  source: '58cd407ca4c6 (5.19), B-55',
  summary: 'a refresh asks for brackets under the lock of the cache, and not before it takes it',
})
export const seq_without_slot = fix('seq-without-slot', {
  kind: 'correction',
  source: 'G6-50, by reading: open in 6.12',
  summary:
    'a bracket moves the sequence also where no memslot overlaps, for the caches that have an address of their own',
})
export const reload_after_change = fix('reload-after-change', {
  kind: 'correction',
  source: 'e649b3f0188f (5.8), B-56',
  summary: 'x86: the APIC access page is asked for anew after the change of the page table, not before it',
})

// Locks.
export const start_lock = fix('start-lock', {
  kind: 'lock',
  source: `${main} __kvm_handle_hva_range`,
  summary: 'mmu_lock while a bracket is counted and the mappings of the guest are zapped',
})
export const fault_lock = fix('fault-lock', {
  kind: 'lock',
  source: '6.1 arch/x86/kvm/mmu/mmu.c direct_page_fault',
  summary: 'mmu_lock while a fault asks for brackets and maps the page',
})
export const invalidate_lock = fix('invalidate-lock', {
  kind: 'lock',
  source: `${cache} gfn_to_pfn_cache_invalidate_start`,
  summary: 'the lock of the cache while a bracket invalidates it',
})
export const refresh_lock = fix('refresh-lock', {
  kind: 'lock',
  source: `${cache} hva_to_pfn_retry`,
  summary: 'the lock of the cache while a refresh asks for brackets and makes it valid',
})
export const memslots_lock = fix('memslots-lock', {
  kind: 'lock',
  source: `${main} kvm_swap_active_memslots, mn_invalidate_lock`,
  summary: 'mn_invalidate_lock from the look at the count until the memslots are changed',
})

// Checks.
export const fault_checks_count = fix('fault-checks-count', {
  kind: 'check',
  source: '6.1 include/linux/kvm_host.h mmu_invalidate_retry_hva',
  summary: 'a fault asks whether a bracket is open over the address',
})
export const fault_checks_seq = fix('fault-checks-seq', {
  kind: 'check',
  source: '6.1 include/linux/kvm_host.h mmu_invalidate_retry_hva',
  summary: 'a fault asks whether a bracket has ended since it began',
})
export const hull_grows = fix('hull-grows', {
  kind: 'check',
  source: `${main} kvm_mmu_invalidate_range_add`,
  summary: 'the range of a bracket is added to that of the open ones, and does not replace it',
})
export const cache_checks_count = fix('cache-checks-count', {
  kind: 'check',
  source: `${cache} mmu_notifier_retry_cache`,
  summary: 'a refresh asks whether a bracket is open',
})
export const cache_checks_seq = fix('cache-checks-seq', {
  kind: 'check',
  source: `${cache} mmu_notifier_retry_cache`,
  summary: 'a refresh asks whether a bracket has ended since it began',
})
export const refresh_invalidates = fix('refresh-invalidates', {
  kind: 'check',
  source: `${cache} hva_to_pfn_retry`,
  summary: 'a refresh makes the cache invalid before it looks for the page',
})

// What a scenario has: without it, what only it can reach is left out.
/** A memslot covers the addresses when the scenario begins. */
export const has_memslot = fix('has-memslot')
/** A fault asks under the lock of one entry, as on PowerPC, and not under mmu_lock. */
export const lockless_fault = fix('lockless-fault')
/** A bracket asks vCPUs for their APIC access page. */
export const has_apic_page = fix('has-apic-page')
/** There is a cache. */
export const has_cache = fix('has-cache')
/** There are faults. */
export const has_faults = fix('has-faults')
