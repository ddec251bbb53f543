/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { kfdSvmProtocol } from '../../../models/kfd-svm/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Prange: 1, Va: 1 },
  constants: {
    xnack: false,
    'has-odd': true,
    'loses-read': true,
    'starts-mapped': true,
    exits: true,
    'first-insert': true,
    'has-vram': true,
    'has-deferred': true,
    'has-faults': true,
    'has-stale': true,
    'has-strays': true,
    'has-queues': true,
    validates: true,
    'has-buffer': true,
    'has-child': true,
  },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'mapped-under-lock': ['svm_range_map_to_gpus'],
  'mapped-with-entries': ['svm_range_map_to_gpus'],
  'no-read-unmaps': ['svm_range_map_to_gpus', 'svm_range_unmap_from_gpus', 'svm_range_validate_and_map'],
  'unmap-in-pages': ['svm_range_unmap_from_gpus', 'svm_range_validate_and_map'],
  'lost-access-unmaps': ['svm_range_needs_unmap', 'svm_range_set_attr'],
  'lost-access-lock': ['svm_range_needs_unmap'],
  'unmap-by-mapped': ['svm_range_unmap_from_gpus'],
  'evicted-together': ['svm_range_evict'],
  'release-quiesces': ['kgd2kfd_quiesce_mm'],
  'insert-checked': [
    'mmap_write_downgrade',
    'svm_range_map_to_gpus',
    'svm_range_needs_unmap',
    'svm_range_set_attr',
    'svm_range_unmap_from_gpus',
    'svm_range_validate_and_map',
  ],
  'signal-when-empty': [
    'evict_range',
    'svm_migrate_vma_to_ram',
    'svm_migrate_vram_to_ram',
    'svm_range_evict_svm_bo_worker',
  ],
  'faulting-task-fails': ['svm_migrate_to_ram'],
  'fault-without-range': ['fault_in_child', 'svm_migrate_to_ram', 'svm_migrate_vma_to_ram'],
  'checkpoint-ts': [
    'bump',
    'deferred_item',
    'mmap_read_lock',
    'mmap_read_unlock',
    'mmap_write_downgrade',
    'mmap_write_lock',
    'rwsem_down_read_slowpath',
    'rwsem_down_write_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
    'rwsem_try_write_lock',
    'rwsem_try_write_lock_unqueued',
    'rwsem_write_trylock',
    'svm_range_map_to_gpus',
    'svm_range_recover',
    'svm_range_restore_pages_at',
    'svm_range_unmap_between',
    'svm_range_unmap_from_cpu',
    'svm_range_unmap_from_gpus',
    'svm_range_validate_and_map',
    'thread ih_work',
  ],
  'handled-fault-counts': [
    'amdgpu_ih_wait_on_checkpoint_process_ts',
    'svm_range_unmap_between',
    'svm_range_unmap_from_cpu',
  ],
  'missing-vma-retries': ['svm_range_validate_and_map'],
  'update-unmaps': ['deferred_item', 'svm_range_update_notifier_and_interval_tree'],
  'child-retries': ['svm_range_recover'],
  'children-lock': ['deferred_item'],
  'callback-lock': ['svm_range_cpu_invalidate_pagetables', 'svm_range_unmap_between', 'svm_range_unmap_from_cpu'],
  'commit-lock': ['svm_range_map_to_gpus', 'svm_range_validate_and_map'],
  'restore-write-lock': [
    'mmap_read_lock',
    'mmap_read_unlock',
    'mmap_write_lock',
    'mmap_write_unlock',
    'rwsem_down_read_slowpath',
    'rwsem_down_write_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
    'rwsem_try_write_lock',
    'rwsem_try_write_lock_unqueued',
    'rwsem_write_trylock',
  ],
  'list-lock': ['svm_range_restore_pages', 'svm_range_restore_work', 'svm_range_set_attr'],
  'migrate-lock': [
    'evict_range',
    'restore_pages_of_another',
    'svm_migrate_to_ram',
    'svm_migrate_to_ram_of_buffer',
    'svm_range_evict_svm_bo_worker',
  ],
  'work-mmap-lock': [
    'mmap_write_lock',
    'mmap_write_unlock',
    'rwsem_down_write_slowpath',
    'rwsem_handoff',
    'rwsem_try_write_lock',
    'rwsem_try_write_lock_unqueued',
    'rwsem_write_trylock',
  ],
  'work-list-lock': ['deferred_item'],
  'child-lock': ['svm_range_unmap_from_cpu'],
  'callback-sets-seq': [
    'bump',
    'svm_range_cpu_invalidate_pagetables',
    'svm_range_unmap_between',
    'svm_range_unmap_from_cpu',
  ],
  'commit-checks-seq': ['svm_range_map_to_gpus'],
  'restore-checks-invalid': ['restore_range'],
  'restore-checks-evicted': ['svm_range_restore_work'],
  'count-after-pages': ['svm_migrate_vma_to_ram'],
  'faulting-task-checked': ['svm_migrate_to_ram'],
  'drain-under-lock': [],
  'list-del-under-lock': ['deferred_item'],
  'callback-visits-children': ['svm_range_unmap_from_cpu', 'svm_range_unmap_from_gpus'],
  'commit-checks-children': ['svm_range_map_to_gpus'],
  'unlink-holds-buffer': [
    'kref_get_unless_zero',
    'kref_put',
    'refcount_dec_and_test',
    'refcount_inc_not_zero',
    'spin_lock',
    'spin_unlock',
    'svm_range_bo_release',
    'svm_range_bo_unref',
    'svm_range_unlink_and_free',
  ],
  'free-lock': ['svm_range_vram_node_free'],
  'put-once': [
    'kref_put',
    'refcount_dec_and_test',
    'spin_lock',
    'spin_unlock',
    'svm_range_bo_release',
    'svm_range_bo_unref',
    'svm_range_vram_node_free',
  ],
  'release-async': [
    'kref_put',
    'refcount_dec_and_test',
    'spin_lock',
    'spin_unlock',
    'svm_migrate_page_free',
    'svm_range_bo_release',
    'svm_range_bo_unref',
  ],
  'evict-work-counts': [
    'kref_get_unless_zero',
    'refcount_inc_not_zero',
    'svm_range_bo_release',
    'svm_range_evict_buffer_worker',
    'thread ttm_wants',
  ],
  'release-cancels': ['svm_range_bo_release'],
  'page-counts': ['kref_put', 'refcount_dec_and_test', 'svm_migrate_page_free'],
  'missing-vma-dropped': ['svm_range_recover'],
}

describe.each(kfdSvmProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(kfdSvmProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = Object.keys(everything.constants)
  expect(kfdSvmProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    kfdSvmProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(kfdSvmProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(kfdSvmProtocol, { base: 'as-merged', redundant: /redundant/ })
