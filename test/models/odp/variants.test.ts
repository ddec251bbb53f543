/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { odpProtocol } from '../../../models/odp/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Qp: 1, Mr: 1, Va: 1, Page: 1 },
  constants: {
    implicit: true,
    registers: true,
    snapshots: true,
    'memory-scheme': true,
    'per-mm': true,
    zaps: true,
    mapped: 'pfn_list',
  },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'private-array': ['pagefault_real_mr'],
  'unmap-without-key': ['ib_umem_odp_unmap_dma_pages'],
  'counts-once': ['pagefault_real_mr'],
  'revoke-under-mutex': ['mlx5_ib_dereg_mr'],
  'revoke-under-resv': ['mlx5_ib_dereg_dmabuf_mr'],
  'move-lock': ['ttm_bo_handle_move_mem'],
  'buffer-fault-lock': ['pagefault_dmabuf_mr'],
  'move-zaps': ['mlx5_ib_dmabuf_invalidate_cb'],
  'destroy-claims': ['destroy_unused_implicit_child_mr'],
  'destroy-puts': ['destroy_unused_implicit_child_mr'],
  'mkeys-lock': ['destroy_unused_implicit_child_mr', 'implicit_get_child_mr'],
  'ksm-lock': ['free_implicit_child_mr_work', 'pagefault_implicit_mr'],
  'publish-last': ['create_user_odp_mr', 'reg_user_mr_dmabuf'],
  'prefetch-holds': ['mlx5_ib_prefetch_mr_work'],
  'start-unlocks': ['ib_umem_notifier_invalidate_range_nonblock'],
  'callback-lock': ['mlx5_ib_invalidate_range'],
  'commit-lock': ['pagefault_real_mr'],
  'release-lock': ['ib_umem_odp_release'],
  'lookup-lock': ['mlx5_ib_prefetch_mr_work', 'pagefault_implicit_mr', 'thread fault_dmabuf'],
  'callback-refuses': ['mlx5_ib_invalidate_range'],
  'callback-sets-seq': ['bump', 'mlx5_ib_invalidate_range'],
  'callback-zaps': ['mlx5_ib_invalidate_range'],
  'commit-checks-seq': ['pagefault_real_mr'],
  'dereg-waits': ['dereg_implicit_mr', 'mlx5_ib_dereg_dmabuf_mr', 'mlx5_ib_dereg_mr'],
  'work-waits': ['free_implicit_child_mr_work'],
  'work-updates-ksm': ['free_implicit_child_mr_work'],
  'destroy-holds-parent': ['destroy_unused_implicit_child_mr', 'free_implicit_child_mr_work'],
  'create-claims': ['implicit_get_child_mr'],
}

describe.each(odpProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(odpProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['implicit', 'registers', 'snapshots', 'memory-scheme', 'per-mm', 'zaps', 'mapped', 'steal']
  expect(odpProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    odpProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(odpProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(odpProtocol, { base: 'as-merged', redundant: /redundant/ })
