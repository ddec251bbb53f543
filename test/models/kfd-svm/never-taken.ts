/** Steps that are never taken where `fixed` holds, and why. */
import type { Untaken } from '../../support/catalogue.ts'
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
  {
    label: /./,
    inside: /svm_migrate_to_ram_of_buffer.*(svm_range_bo_release|svm_migrate_page_free)/,
    why: 'the fault has a reference to the page, which has one to the buffer',
  },
  {
    label: /^else of if \((located has prange|flag)\)$/,
    inside: /svm_migrate_to_ram_of_buffer/,
    why: 'the fault has a reference to the page, and no other fault is there: the page is in the buffer, and can be migrated',
  },
  {
    label: /^mutex_unlock/,
    inside: /svm_migrate_range_to_ram.*svm_range_vram_node_free\/3\.else/,
    why: 'a range with pages in the buffer has its reference',
  },
  {
    label: /./,
    inside: /evict_range.*svm_range_bo_release/,
    why: 'the eviction has a reference to the buffer',
  },
  {
    label: /^cancel_work_sync/,
    why: 'the eviction has a reference to the buffer, so that its release waits for nothing',
  },
  {
    label: /^else of if \(first != none\)$/,
    inside: /svm_range_bo_release/,
    why: 'the loop ends where the list is empty',
  },
  {
    label: /./,
    inside: /svm_range_evict_buffer_worker\/\d+:svm_range_bo_unref.*svm_range_bo_release\/1\/4/,
    why: 'the eviction has emptied the list of the buffer',
  },
  {
    label: /./,
    inside: /svm_range_unlink_and_free\/0\.then.*svm_range_bo_release/,
    why: 'who else has a reference to the buffer holds mmap_lock, or has cleared the pointer of the range',
  },
  {
    label: /./,
    inside: /svm_range_unlink_and_free\/1.*svm_range_bo_release\/1\/4/,
    scenarios: ['buffer', 'buffer-child'],
    why: 'the one range has left the list of the buffer',
  },
  {
    label: /^else of if \(prange_of\[va\] == prange\)$/,
    scenarios: ['buffer', 'buffer-child'],
    why: 'there is one range, which has the one address',
  },
  {
    label: /^rwsem_try_write_lock_unqueued/,
    scenarios: ['buffer', 'buffer-child'],
    why: 'munmap() and the work that it starts take mmap_lock one after the other: no second writer is there',
  },
]

/** The same of variants, where `fixed` takes the step. */
export const untaken: readonly Untaken[] = [
  {
    variant: /^without-free-lock$/,
    label: /^else of if \(has\)$/,
    inside: /svm_migrate_range_to_ram.*svm_range_vram_node_free\/3\.else/,
    why: 'a range with pages in the buffer has its reference',
  },
]
