/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^kvm->mmu_invalidate_seq\+\+$/,
    inside: /else\/0\.then/,
    why: 'a memslot covers the addresses all the time',
  },
  {
    label: /mmu_lock|mmu_invalidate|kvm_unmap_gfn_range/,
    inside: /\.then/,
    scenarios: ['cache-hva'],
    why: 'no memslot covers the addresses',
  },
]
