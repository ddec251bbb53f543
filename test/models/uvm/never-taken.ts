/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^migration_entry_wait\(\)$/,
    scenarios: ['migrate'],
    why: "a CPU's fault migrates nothing while a GPU's fault has the lock of migrations",
  },
  {
    label: /^wait_event/,
    scenarios: ['evict'],
    why: 'the only brackets are of migrations, which call no callback',
  },
  {
    label: /the entry is put back$/,
    scenarios: ['evict'],
    why: 'the only brackets are of migrations, which do not set the number of the notifier',
  },
  {
    label: /./,
    inside:
      /do_anonymous_page|uvm_hmm_va_block_service_locked\/6\.(then|else)\/0\.then|uvm_va_block_cpu_fault\/4\.then/,
    scenarios: ['evict', 'unregister'],
    why: 'there are no holes: nobody takes a page away',
  },
  {
    label: /./,
    inside: /uvm_hmm_va_block_service_locked\/5\.then\/0\.then\/1:hmm_make_resident_cpu/,
    scenarios: ['migrate', 'evict'],
    why: 'where a page of a GPU is unmapped, a bracket is open, for which the migration waits',
  },
  {
    label: /^else of if \(!again\)$/,
    scenarios: ['evict', 'unregister'],
    why: 'the page stays where it is as long as the fault has a reference, since nobody takes it away',
  },
  {
    label: /^else of if \(device\)$/,
    scenarios: ['evict', 'unregister'],
    why: 'there are no holes: nobody takes a page away',
  },
  {
    label: /^else of if \(!refused\)$|^mn_itree_inv_end\(\)$|^refused = true$/,
    inside: /^0\/2\.then\/(3|4|5\.else)/,
    scenarios: ['split'],
    why: 'a bracket that may block is not refused',
  },
  {
    label: /^zap_pte_range\(\)|^if \(done\)$|^mn_itree_inv_end\(\)$/,
    inside: /^0\/2\.then\/(3|5\.then)/,
    scenarios: ['split'],
    why: 'the OOM reaper is refused by every notifier',
  },
  {
    label: /./,
    inside: /uvm_hmm_va_block_service_locked\/6\.then\/0\.then|do_anonymous_page/,
    scenarios: ['shared'],
    why: 'there are no holes: nobody takes a page away',
  },
  {
    label: /^entries are cleared/,
    scenarios: ['shared'],
    why: 'no GPU maps a page before it moves',
  },
]
