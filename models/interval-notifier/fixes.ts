/**
 * The parts that the protocol has or lacks: one boolean constant each. As merged in 5.5 it has every lock and check,
 * and none of the corrections.
 */
import { constant, fix, oneOf } from 'hmmcheck'

const core = '6.1 mm/mmu_notifier.c'

// Corrections that came later, or have yet to come.
export const remove_waits_under_lock = fix('remove-waits-under-lock', {
  kind: 'correction',
  source: '319561669a59 (5.18), B-11',
  summary: 'a removal that waits tests under subscriptions->lock whether it may return',
})
export const refused_list_ends = fix('refused-list-ends', {
  kind: 'correction',
  source: 'B-12, by reading: open in 7.1',
  summary: 'a bracket that the classic list refuses is ended for the interval notifiers that it has called',
})
export const failed_list_ends = fix('failed-list-ends', {
  kind: 'correction',
  source: 'c2655835fd8c (5.12), B-13',
  summary: 'where a classic notifier fails, the others get an invalidate_range_end()',
})
export const register_takes_vma_locks = fix('register-takes-vma-locks', {
  kind: 'correction',
  source: 'eeff9a5d47f8 (6.4), B-15',
  summary: 'mm_take_all_locks() waits for faults that hold the lock of their VMA alone',
})

// Locks.
export const start_lock = fix('start-lock', {
  kind: 'lock',
  source: `${core} mn_itree_inv_start_range`,
  summary: 'subscriptions->lock while a bracket is counted and the tree is searched',
})
export const end_lock = fix('end-lock', {
  kind: 'lock',
  source: `${core} mn_itree_inv_end`,
  summary: 'subscriptions->lock while a bracket ends, and with it what was deferred is done',
})
export const insert_lock = fix('insert-lock', {
  kind: 'lock',
  source: `${core} __mmu_interval_notifier_insert`,
  summary: 'subscriptions->lock while a subscription is inserted',
})
export const remove_lock = fix('remove-lock', {
  kind: 'lock',
  source: `${core} mmu_interval_notifier_remove`,
  summary: 'subscriptions->lock while it is removed',
})
export const read_lock = fix('read-lock', {
  kind: 'lock',
  source: `${core} mmu_interval_read_begin`,
  summary: 'subscriptions->lock while a reader samples the number and compares it',
})
export const callback_lock = fix('callback-lock', {
  kind: 'lock',
  source: 'Documentation/mm/hmm.rst of 6.1: driver->update, which invalidate() takes',
  summary: "the driver's lock in its callback, around the number and the zap",
})
export const commit_lock = fix('commit-lock', {
  kind: 'lock',
  source: 'Documentation/mm/hmm.rst of 6.1: take_lock(driver->update)',
  summary: "the driver's lock around mmu_interval_read_retry() and the new entry",
})

// Checks.
export const callback_sets_seq = fix('callback-sets-seq', {
  kind: 'check',
  source: 'mmu_notifier.h of 6.1, mmu_interval_set_seq',
  summary: 'a callback calls mmu_interval_set_seq()',
})
export const commit_checks_seq = fix('commit-checks-seq', {
  kind: 'check',
  source: 'mmu_notifier.h of 6.1, mmu_interval_read_retry',
  summary: 'a driver asks mmu_interval_read_retry() before it makes an entry',
})
export const reader_waits = fix('reader-waits', {
  kind: 'check',
  source: `${core} mmu_interval_read_begin`,
  summary: 'a reader waits until the brackets that have called its subscription have ended',
})
export const insert_invalidates = fix('insert-invalidates', {
  kind: 'check',
  source: `${core} __mmu_interval_notifier_insert`,
  summary: 'what is inserted while a bracket is open counts as called by it',
})
export const insert_defers = fix('insert-defers', {
  kind: 'check',
  source: `${core} __mmu_interval_notifier_insert`,
  summary: 'an insertion into a frozen tree is left to the end of the episode',
})
export const remove_defers = fix('remove-defers', {
  kind: 'check',
  source: `${core} mmu_interval_notifier_remove`,
  summary: 'a removal from a frozen tree is left to the end of the episode',
})
export const remove_unlinks = fix('remove-unlinks', {
  kind: 'check',
  source: `${core} mmu_interval_notifier_remove`,
  summary: 'a removal takes back an insertion that was deferred',
})
export const remove_waits = fix('remove-waits', {
  kind: 'check',
  source: `${core} mmu_interval_notifier_remove`,
  summary: 'a removal that was left to the end of the episode waits for it',
})
export const refused_tree_ends = fix('refused-tree-ends', {
  kind: 'check',
  source: `${core} mn_itree_invalidate`,
  summary: 'a bracket that an interval notifier refuses is ended',
})
export const zap_before_remove = fix('zap-before-remove', {
  kind: 'check',
  source: 'mmu_interval_notifier_remove() of 6.1: "ops callbacks ... will not be called in future"',
  summary: 'a driver drops its entries before it removes the subscription, not after it',
})
export const finish_before_change = fix('finish-before-change', {
  kind: 'check',
  source: '7.1 mm/mmu_notifier.c mn_itree_invalidate, two passes (7aba71dbc416)',
  summary: 'the second pass is over before the page table changes, not at the end of the bracket',
})
export const register_takes_locks = fix('register-takes-locks', {
  kind: 'check',
  source: '6.1 mm/mmap.c mm_take_all_locks',
  summary: 'a registration waits for brackets under mmap_lock and under the locks of the reverse map',
})

// What a scenario has: without it, what only it can reach is left out.
/** Nobody has registered yet when the scenario begins. */
export const registers = fix('registers')
/** There are subscriptions, and faults that use them. */
export const subscribes = fix('subscribes')
export const faults = fix('faults')
/** There are classic notifiers. */
export const classic_listed = fix('classic-listed')
/** The form of a callback: `invalidate()`, or from 7.1 on `invalidate_start()` and `invalidate_finish()`. */
export const passes = constant('passes', oneOf('one', 'two'))
