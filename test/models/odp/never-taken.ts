/** Steps that are never taken where `fixed` holds, and why. */
import type { Untaken } from '../../support/catalogue.ts'
import type { Reason } from '../never-taken.ts'

const implicit = /^(implicit|memory-scheme)/

export const reasons: readonly Reason[] = [
  {
    label: /^(else of if \(found has mr\)|else of if \(todo has va && !failed\))$/,
    why: 'there is one region to be called, or one address to be faulted in: the first round takes it',
  },
  { label: /^else of if \(!refused\)$/, why: 'who refuses is the last to be called' },
  {
    label: /^refused = true$/,
    inside: /zap_page_range_single/,
    why: 'a callback waits for its mutex in a bracket that may block',
  },
  {
    label: /^mn_itree_inv_end\(\)$/,
    inside: /zap_page_range_single/,
    why: 'that would be the other form of the end, in a bracket that was refused',
  },
  {
    label: /^(dma = umem_odp|ib_dma_unmap_page|hmm_dma_unmap_pfn|pfn_list\[idx\] &= )/,
    inside: /mlx5_ib_invalidate_range.*5\.then\/0\.else/,
    scenarios: ['fault', 'dma-map', 'snapshot', 'snapshot-dma-map', 'reaper'],
    why: 'nobody revokes the key: private is never NULL',
  },
  {
    label: /./,
    inside: /oom_reap_task_mm/,
    scenarios: ['reaper'],
    why: 'the callback refuses every bracket of the reaper, which changes nothing then',
  },
  {
    label: /^else of if \(npages\[mr\] == 0\)$/,
    scenarios: implicit,
    why: 'a child has one page here: once that is unmapped it has none',
  },
  {
    label: /./,
    inside: /implicit_get_child_mr.*mlx5_ib_dereg_mr/,
    scenarios: ['implicit', 'implicit-dereg', 'memory-scheme'],
    why: 'with one fault nobody else makes the child',
  },
  {
    label: /^(mlx5r_deref_odp_mkey\(\)|wait_event\(mmkey->wait, usecount == 0\))$/,
    inside: /mlx5_ib_dereg_mr/,
    scenarios: ['implicit', 'implicit-create', 'implicit-dereg'],
    why: 'a child is not in odp_mkeys',
  },
  {
    label: /^(wait_event\(subscriptions->wq|if \(busy\)|mutex_unlock)/,
    scenarios: ['implicit-create', 'memory-scheme'],
    why: 'without brackets no number changes, and no end of an episode is waited for',
  },
  {
    label: /^ib_dma_unmap_page\(\)/,
    inside: /implicit_get_child_mr.*mlx5_ib_dereg_mr/,
    scenarios: ['implicit-create'],
    why: 'a child that was not stored has no page',
  },
]

export const untaken: readonly Untaken[] = []
