/** Steps that are never taken where `fixed` holds, and why. */
import type { Untaken } from '../../support/catalogue.ts'
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^(else of if \(!refused\)|refused = true|mn_itree_inv_end\(\)|else of if \(found has device\))$/,
    why: 'a callback waits for its lock, so that no bracket is refused; and every driver has the address',
  },
  { label: /^if \(ret == NULL( && false)?\)$/, inside: /:atomic_fault/, why: 'make_device_exclusive() of 6.15 waits' },
  {
    label: /^(mutex_lock|mutex_unlock|mmu_interval_set_seq|NVIF_VMM_V0_PFNCLR)/,
    inside: /:range_invalidate/,
    why: "with one device, a bracket of who makes a page exclusive is the driver's own, and passes",
  },
  {
    label:
      /^(folio_lock|folio_try_get|folio_unlock|if \(flag\)|mmu_interval_set_seq|mn_itree_inv_start_range|mutex_lock|mutex_unlock|NVIF_VMM_V0_PFNCLR|spin_lock\(ptl\)|vmf->orig_pte)/,
    inside: /:atomic_fault.*:handle_mm_fault/,
    why: 'the driver has the page faulted in first, and GUP does what has happened since; nobody else makes it exclusive',
  },
  {
    label: /^(case migration of orig_pte|default of orig_pte|else of if \(served\)|else of if \(got\))$/,
    why: 'only in `migrate` a page is moved, only in `failure` one fails; who may write is always served; with two pages a page that has failed is not freed',
  },
  { label: /^else of if \(isolated\[current\] != none\)$/, why: 'the page was isolated a moment before' },
  { label: /^else of if \(busy != none\)$/, why: 'the loop was left where it is none' },
  {
    label: /^(-EFAULT|nouveau_svm_fault_cancel_fault\(\), -EBUSY|else of if \(!served\))$/,
    why: 'with a page that is free, and no mprotect(), a fault of the device is served; where the page has failed none is',
  },
  {
    label:
      /^(else of if \(valid\)|folio_unlock\(\); folio_put\(\)|mutex_unlock\(&svmm\[self\]\.mutex\)|wait_event\(subscriptions->wq)/,
    inside: /:atomic_fault/,
    why: 'where nobody zaps and the page stays locked, nothing comes between; alone there is no bracket to wait for',
  },
]

export const untaken: readonly Untaken[] = [
  {
    variant: /^(as-6\.15|without-driver-tries-again)$/,
    label: /^if \(ret == NULL && false\)$/,
    inside: /:atomic_fault/,
    why: 'make_device_exclusive() of 6.15 gives a page, or an error, and the driver does not ask for NULL',
  },
  {
    variant: /^without-fork-trylocks$/,
    label: /^folio_wait_locked\(page\)$/,
    inside: /:folio_wait_locked/,
    why: 'fork() does not ask for the page lock',
  },
]
