/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  { label: /^else of if \(!refused\)$/, why: 'no callback refuses a bracket that may block' },
  {
    label: /^else of if \(found has bo\)$/,
    why: 'the buffers have one address, and stay in the tree: a bracket calls all or none',
  },
  { label: /^mn_itree_inv_end\(\)$/, inside: /then\/1\.then/, why: 'no callback refuses a bracket that may block' },
  {
    label: /^else of if \((userptr_inval_list|repin_list) has bo( && pinned)?\)$/,
    why: 'with one buffer, a restore or a pin finds it on the list',
  },
  {
    label: /^else of if \(page_table\[va\] == page\)$/,
    scenarios: ['xe-reclaim', 'i915-reclaim'],
    why: 'nobody but reclaim takes pages away',
  },
  {
    label: /^(list_del_init\(&uvma->userptr\.repin_link\)|dma_resv_wait_timeout\(\)|xe_vm_invalidate_vma\(\))$/,
    inside: /xe_vm_userptr_pin/,
    scenarios: ['xe-reclaim'],
    why: 'nobody unmaps anything',
  },
  {
    label: /^wait_event/,
    scenarios: ['xe-unbind'],
    why: 'no bracket is open: nobody unmaps memory',
  },
  {
    label: /^else of if \(!recursive\)$/,
    inside: /:(munmap|madvise)/,
    scenarios: ['i915-mutex'],
    why: 'who unmaps memory does not have struct_mutex when the callback asks for it',
  },
  {
    label: /^mutex_(lock|unlock)\(&struct_mutex\)$/,
    inside: /:shrink_folio_list/,
    scenarios: ['i915-mutex'],
    why: 'only the submitter reclaims, and it has struct_mutex already',
  },
  {
    label:
      /^(cancel_userptr\(\)|mutex_lock\(&struct_mutex\)|i915_gem_object_unbind.*|mutex_unlock\(&struct_mutex\)|the work is done)$/,
    inside: /^0\/[1-5](:mutex_(lock|unlock))?$/,
    scenarios: ['i915-mutex'],
    why: 'the callback unbinds itself: it leaves nothing to the worker, which earlier kernels had',
  },
  {
    label: /./,
    inside: /xe_vm_userptr_pin\/2\/0\.then\/2\.then/,
    scenarios: ['xe-unbind'],
    why: 'no mapping goes: nobody unmaps memory',
  },
]
