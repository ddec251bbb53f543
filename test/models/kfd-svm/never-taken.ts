/** Steps that are never taken where `fixed` holds, and why. */
import type { Reason } from '../never-taken.ts'

export const reasons: readonly Reason[] = [
  {
    label: /^else of if \(found has prange\)$/,
    scenarios: ['map', 'protect', 'access', 'retry', 'exit', 'child'],
    why: 'with one range, a bracket that calls anybody calls it',
  },
  {
    label: /^else of if \(!again\)$/,
    scenarios: ['map', 'protect', 'access', 'exit', 'insert'],
    why: 'with one range, nothing is left once its validation has failed',
  },
  {
    label: /^failed = true$/,
    inside: /svm_range_restore_work/,
    scenarios: ['protect'],
    why: 'every page can be had, and a part without VM_READ is no failure',
  },
  {
    label: /^rwsem_try_write_lock_unqueued/,
    inside: /svm_range_set_attr/,
    scenarios: ['retry'],
    why: 'the writer is the one in the queue: readers that come behind it wait',
  },
  {
    label: /^rwsem_/,
    inside: /svm_range_restore_work/,
    scenarios: ['exit'],
    why: 'nobody else takes mmap_lock',
  },
  {
    label: /^else of if \(flag\)$/,
    inside: /kgd2kfd_quiesce_mm/,
    scenarios: ['exit', 'child'],
    why: 'the release comes before hash_del_rcu()',
  },
  {
    label: /^svm_range_unmap_from_gpu\(\)/,
    inside: /svm_range_unmap_from_cpu/,
    scenarios: ['exit', 'child'],
    why: 'the pages go after hash_del_rcu(): the process is not found any more (G6-20)',
  },
  {
    label: /^else of if \(actual_loc\)$/,
    inside: /svm_migrate_to_ram/,
    why: 'a fault that has its reference finds the page in the memory of the GPU, and the range says so',
  },
  {
    label: /^flag = false$/,
    inside: /do_swap_page/,
    scenarios: ['moved'],
    why: 'nobody else migrates the page',
  },
  {
    label: /./,
    inside: /restore_pages_of_another.*svm_migrate_to_ram/,
    scenarios: ['foreign'],
    why: 'the fault of the thread that validates ends before it takes a lock',
  },
  {
    label: /^else of if \(flag\)$/,
    inside: /restore_pages_of_another/,
    scenarios: ['foreign'],
    why: 'every fault of that thread on a page that is still there ends the walk',
  },
  {
    label: /./,
    inside: /fault_in_child\/1\.then\/1\.else/,
    scenarios: ['child'],
    why: 'while the mm has users its process is found',
  },
  {
    label: /./,
    inside: /fault_in_child\/1\.then\/1\.then\/0:svm_migrate_to_ram\/3\.else/,
    scenarios: ['child'],
    why: 'no page is moved',
  },
  {
    label: /^else of if \((first|next) != none\)$/,
    inside: /svm_range_deferred_list_work/,
    why: 'the loop ends where the list is empty',
  },
  {
    label: /./,
    inside: /svm_range_unmap_from_cpu\/3\.then\/0\.then\/(1\.then\/1\.then|2\.else)/,
    scenarios: ['unmap', 'split'],
    why: 'an address leaves its range when it is unmapped, which happens once',
  },
  {
    label: /./,
    inside: /deferred_item\/6\/2\.then\/(0\.then|4:svm_range_handle_child_op\/0\.else)/,
    scenarios: ['unmap', 'split'],
    why: 'a range on the child_list is there to be freed: nothing lies behind the address',
  },
  {
    label: /^(else of )?if \(work_op\[prange\] == SVM_OP_(UNMAP|ADD)_RANGE\)$/,
    inside: /svm_range_deferred_list_work/,
    scenarios: ['unmap', 'split', 'behind'],
    why: 'nothing lies behind the address that is unmapped, or nothing but that is left to do',
  },
  {
    label: /^svm_range_(unlink|free)\(\)$|^mmu_interval_notifier_remove\(\)$|^wait_event/,
    inside: /svm_range_handle_(list|child)_op\/0\.then/,
    scenarios: ['behind'],
    why: 'both addresses stay',
  },
  {
    label: /^wait_event\(subscriptions->wq/,
    inside: /svm_range_deferred_list_work/,
    scenarios: ['unmap', 'middle'],
    why: 'the brackets of munmap() end before it gives mmap_lock back, and nobody else has one',
  },
  {
    label: /./,
    inside: /svm_range_restore_pages_at\/(4\/[789]|5\.then|6\.then)/,
    scenarios: ['unmap', 'middle'],
    why: 'a fault of which the range is gone is dropped before the range is looked for',
  },
  {
    label: /^rwsem_/,
    inside: /munmap_between/,
    scenarios: ['behind'],
    why: 'nobody else takes mmap_lock before',
  },
  {
    label: /^rwsem_try_write_lock_unqueued/,
    inside: /deferred_item/,
    scenarios: ['split', 'behind'],
    why: 'munmap() alone holds mmap_lock, and waits in no queue behind the work',
  },
  {
    label: /^ttm_bo_handle_move_mem\(\)$/,
    inside: /ttm_bo_evict/,
    scenarios: ['vram'],
    why: 'the content of the buffer may be dropped: its pages have been migrated',
  },
]
