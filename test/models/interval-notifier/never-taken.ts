/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

const one_subscription = ['fault', 'two-pass', 'reaper', 'refused']

export const reasons: readonly Reason[] = [
  {
    label: /^else of if \((found|to_finish) has sub\)$/,
    scenarios: one_subscription,
    why: 'with one subscription, a bracket that calls anybody calls it',
  },
  {
    label: /^else of if \(!refused\)$/,
    why: 'the reaper meets one subscription: nobody is left to be called after it has refused; brackets that may block are not refused',
  },
  {
    label: /^refused = true$/,
    inside: /zap_page_range/,
    why: 'a callback waits for its lock in a bracket that may block',
  },
  {
    label: /^failed = true$/,
    inside: /zap_page_range/,
    why: 'notifiers fail where they must not block, and only there',
  },
  {
    label: /^else of if \(!\(failing has notifier\)\)$/,
    inside: /oom_reap_task_mm/,
    why: 'where one fails the reaper makes no change, and ends nothing but what it has started',
  },
  {
    label: /^(ops->invalidate_range_end\(\)|if \(!\(failing has notifier\)\))$/,
    inside: /oom_reap_task_mm/,
    scenarios: ['refused'],
    why: 'the one notifier fails, and has no end: nobody else is to be told',
  },
  { label: /^else of if \(classic_list has notifier\)$/, why: 'all are listed, and nobody leaves' },
]
