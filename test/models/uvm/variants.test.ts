/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { uvmProtocol } from '../../../models/uvm/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Device: 1, VaBlock: 2, Sub: 3, Va: 1 },
  constants: {
    'to-gpu': true,
    'has-cpus': true,
    'has-cow': true,
    'short-of-memory': true,
    reclaims: true,
    'shares-pages': false,
    unregisters: true,
    splits: true,
    'starts-mapped': true,
    'starts-on-gpu': true,
    steal: true,
  },
  own: [],
}

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'split-refuses': ['hmm_split_invalidate'],
  'context-ahead': ['hmm_invalidate'],
  'migrate-asks-seq': ['bump', 'uvm_hmm_va_block_service_locked'],
  'evict-raises-changed': ['uvm_hmm_va_block_evict_chunks'],
  'unregister-drops-lock': ['uvm_hmm_unregister_gpu'],
  'setup-unlocked': ['bump', 'uvm_hmm_va_block_service_locked', 'uvm_va_block_cpu_fault'],
  'changes-by-block': ['hmm_invalidate', 'uvm_hmm_va_block_evict_chunks'],
  'callback-lock': ['hmm_invalidate'],
  'migrate-block-lock': ['thread service', 'uvm_hmm_va_block_service_locked'],
  'fault-block-lock': ['uvm_va_block_cpu_fault'],
  'evict-block-lock': ['uvm_hmm_va_block_evict_chunks'],
  'populate-lock': ['hmm_make_resident_cpu'],
  'migrate-lock': [
    'bump',
    'migrate_vma_setup',
    'mutex_trylock',
    'thread service',
    'uvm_va_block_cpu_fault',
    'uvm_va_block_make_resident_copy',
    'uvm_va_space_cpu_fault',
  ],
  'split-lock': ['thread split'],
  'unregister-lock': ['thread unregister', 'uvm_hmm_unregister_gpu'],
  'callback-sets-seq': ['bump', 'hmm_invalidate'],
  'callback-raises-changed': ['hmm_invalidate'],
  'callback-unmaps': ['hmm_invalidate'],
  'callback-waits': ['hmm_invalidate'],
  'refuses-nonblockable': ['hmm_invalidate'],
  'own-ignored': ['bump', 'hmm_invalidate', 'hmm_split_invalidate', 'uvm_hmm_va_block_evict_chunks'],
  'owner-ignored': ['bump', 'hmm_invalidate', 'hmm_split_invalidate', 'migrate_vma_setup'],
  'own-subtracted': ['hmm_invalidate', 'uvm_hmm_va_block_evict_chunks'],
  'reader-waits': ['hmm_make_resident_cpu', 'uvm_hmm_va_block_service_locked'],
  'walk-checks-seq': ['hmm_range_fault'],
  'populate-checks-changed': ['hmm_make_resident_cpu'],
  'unmap-before-copy': ['uvm_va_block_make_resident_copy'],
  'copy-waited': ['uvm_hmm_va_block_evict_chunks', 'uvm_hmm_va_block_service_locked', 'uvm_va_block_cpu_fault'],
  'split-stand-in': ['bump', 'hmm_split_block'],
}

describe.each(uvmProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(uvmProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = Object.keys(everything.constants)
  expect(uvmProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    uvmProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(uvmProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(uvmProtocol, { base: 'as-595.45.04', redundant: /redundant/ })
