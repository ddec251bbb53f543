/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { gpusvmXeProtocol } from '../../../models/gpusvm-xe/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, Range: 1, Va: 2 },
  constants: {
    'has-vram': true,
    'has-timeslice': true,
    'has-errors': true,
    'has-hole': true,
    'has-clearing': true,
    'has-files': true,
    'has-insertion': true,
    exits: true,
    'has-child': true,
    'has-faults': true,
    'has-changes': true,
    'has-munmap': true,
    'has-parts': true,
    'others-lock': true,
  },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'error-returned': ['xe_svm_handle_pagefault'],
  'devmem-pins-mm': ['drm_pagemap_evict_to_ram'],
  'dst-converted-first': ['drm_pagemap_migrate_to_devmem'],
  'error-unmaps': ['drm_gpusvm_get_pages'],
  // The second try, and the eviction before it, are calls of their own.
  'busy-retried': [
    'bump',
    'do_swap_page',
    'drm_gpusvm_range_evict',
    'drm_pagemap_migrate_to_devmem',
    'drm_pagemap_migrate_to_ram',
    'drm_pagemap_populate_mm',
    'mmap_read_lock',
    'mmap_read_unlock',
    'mmget_not_zero',
    'rwsem_down_read_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
    'xe_svm_alloc_vram',
    'xe_svm_invalidate',
  ],
  'migration-serialized': ['xe_svm_alloc_vram'],
  'copy-waits': ['drm_pagemap_migrate_to_devmem'],
  'unbind-spares-tlb': ['xe_vm_range_unbind'],
  'fini-unmaps-first': ['drm_gpusvm_fini'],
  'vm-lock': ['thread collector', 'xe_svm_handle_pagefault', 'xe_vm_close', 'xe_vm_close_and_put'],
  'callback-lock': ['xe_svm_invalidate'],
  'pages-lock': ['drm_gpusvm_get_pages'],
  'bind-lock': ['xe_vm_range_rebind'],
  'insert-lock': ['drm_gpusvm_range_find_or_insert'],
  'unbind-lock': ['xe_vm_range_unbind'],
  'remove-lock': ['drm_gpusvm_range_remove'],
  'lookup-mmap-lock': [
    'mmap_read_lock',
    'mmap_read_unlock',
    'rwsem_down_read_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
  ],
  'walk-mmap-lock': [
    'mmap_read_lock',
    'mmap_read_unlock',
    'rwsem_down_read_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
  ],
  'migrate-mmap-lock': [
    'mmap_read_lock',
    'mmap_read_unlock',
    'rwsem_down_read_slowpath',
    'rwsem_handoff',
    'rwsem_mark_wake',
    'rwsem_read_trylock',
    'rwsem_rlock_steal',
  ],
  'bo-lock': ['drm_pagemap_populate_mm'],
  'callback-sets-seq': ['bump', 'xe_svm_invalidate'],
  'callback-waits': ['xe_svm_invalidate'],
  'callback-flushes': ['xe_svm_invalidate'],
  'callback-unmaps': ['xe_svm_invalidate'],
  'callback-marks': ['xe_svm_invalidate'],
  'callback-spares-closed': ['xe_svm_invalidate'],
  'close-waits': ['xe_vm_close'],
  'jobs-wait': ['thread job'],
  'pages-check-seq': ['drm_gpusvm_get_pages'],
  'pages-check-unmapped': ['drm_gpusvm_get_pages'],
  'pages-refuse-mixed': ['drm_gpusvm_get_pages'],
  'bind-checks-flags': ['xe_vm_range_rebind'],
  'fault-checks-closed': ['xe_svm_handle_pagefault'],
  'fault-collects': ['drm_gpusvm_range_remove', 'xe_svm_garbage_collector', 'xe_vm_range_unbind'],
  'migrates-anonymous': ['drm_pagemap_migrate_to_devmem'],
  'all-or-nothing': ['drm_pagemap_migrate_to_devmem'],
  'evict-checks-detached': ['drm_pagemap_evict_to_ram'],
  'one-queue': ['thread job'],
}

describe.each(gpusvmXeProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(gpusvmXeProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['steal', ...Object.keys(everything.constants)]
  expect(gpusvmXeProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    gpusvmXeProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(gpusvmXeProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(gpusvmXeProtocol, { base: 'as-merged', redundant: /redundant/ })
