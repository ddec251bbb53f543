/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { userptrProtocol } from '../../../models/userptr/protocol.ts'
import { placesOfDifference } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

const drivers = ['kfd', 'amdgpu', 'xe', 'i915', 'i915-5.0', 'hfi1']

/** The procedures in which a variant differs in the scenarios of any driver. */
const placesOf = (name: string): readonly string[] =>
  [
    ...new Set(
      drivers.flatMap((driver) =>
        placesOfDifference(userptrProtocol, 'fixed', `without-${name}`, {
          sizes: { Cpu: 1, Bo: 1, List: 1, Va: 1, Page: 1 },
          constants: { driver, counters: 'locked', unbinds: true },
          own: [],
        }),
      ),
    ),
  ].toSorted()

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'failed-pages-cleared': ['update_user_pages'],
  'range-per-submission': ['amdgpu_cs_ioctl'],
  'compares-reserved': ['amdgpu_cs_ioctl'],
  'callback-zaps': ['amdgpu_hmm_invalidate_gfx'],
  'entries-after-check': ['amdgpu_cs_parser_bos', 'amdgpu_cs_submit'],
  'no-folio-lock': ['xe_hmm_userptr_populate_range'],
  'put-pages-trylocks': ['i915_gem_userptr_invalidate'],
  'insert-checks-mm': ['hfi1_user_sdma_process_request'],
  'callback-trylocks': ['userptr_mn_invalidate_range_start'],
  'callback-lock': ['amdgpu_hmm_invalidate_gfx', 'amdgpu_hmm_invalidate_hsa', 'vma_userptr_invalidate'],
  'submit-lock': ['amdgpu_cs_ioctl', 'xe_exec_ioctl'],
  'resv-lock': ['amdgpu_cs_ioctl'],
  'update-lock': ['amdgpu_amdkfd_restore_userptr_worker', 'update_invalid_user_pages', 'update_user_pages'],
  'resume-lock': ['amdgpu_amdkfd_restore_userptr_worker'],
  'populate-lock': ['xe_hmm_userptr_populate_range'],
  'callback-sets-seq': [
    'amdgpu_hmm_invalidate_gfx',
    'amdgpu_hmm_invalidate_hsa',
    'bump',
    'i915_gem_userptr_invalidate',
    'vma_userptr_invalidate',
  ],
  'callback-waits': ['amdgpu_hmm_invalidate_gfx', 'amdgpu_hmm_invalidate_hsa', 'vma_userptr_invalidate'],
  'i915-waits': ['i915_gem_userptr_invalidate'],
  'submit-checks': ['amdgpu_cs_ioctl', 'i915_gem_do_execbuffer', 'xe_exec_ioctl'],
  'unbind-waits': ['amdgpu_cs_parser_bos'],
  'restore-checks-bo': ['update_user_pages'],
  'restore-checks-process': ['amdgpu_amdkfd_restore_userptr_worker'],
  'restore-checks-seq': ['confirm_valid_user_pages_locked'],
  'populate-checks-seq': ['i915_gem_object_userptr_submit_init', 'xe_hmm_userptr_populate_range'],
  'failed-pin-zaps': ['xe_vm_userptr_pin'],
  'failed-pin-unlists': ['xe_vm_userptr_pin'],
  'failed-pin-restores': ['xe_vm_userptr_pin'],
}

describe.each(userptrProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOf(name)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const names = userptrProtocol.fixes.map(({ name }) => name).toSorted()
  expect(
    userptrProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !['driver', 'counters', 'unbinds'].includes(name))
      .toSorted(),
  ).toEqual(names)
  expect(Object.keys(where).toSorted()).toEqual(names)
})

testSettings(userptrProtocol, { base: 'as-merged', redundant: /redundant/ })
