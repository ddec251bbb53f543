/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { placesOfDifference, type World } from '../../support/variant-text.ts'
import { testSettings } from '../settings.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Page: 2, Va: 1 },
  constants: { removes: true, closes: true, 'pins-taken': true, 'system-pages': 'one' },
  own: ['get_page', 'put_page'],
}

/** What eviction consists of. Who may free the page puts the reference of the map in a transition of its own. */
const eviction = ['evict', 'evict_chunk', 'get_page', 'put_page', 'put_pgmap_of_freed']
/** Who migrates a page to system memory. */
const toSystem = ['evict', 'faultin_page', 'migrate_to_ram']

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'free-at-zero': ['dmirror_devmem_alloc_page', 'evict_chunk', 'put_page'],
  'pgmap-reference': ['dmirror_devmem_alloc_page', 'put_page'],
  'fault-holds-reference': ['access', 'do_swap_page', 'get_page', 'put_page', 'put_pgmap_of_freed'],
  'evict-before-remove': eviction,
  'evict-until-free': eviction,
  'pop-takes-reference': ['dmirror_devmem_alloc_page'],
  'close-evicts': eviction,
  'snapshot-under-ptl': ['hmm_vma_handle_pte'],
  'release-pages-frees': ['put_page', 'release_page_as_any'],

  'page-lock': toSystem,
  'pte-lock': ['do_swap_page', 'get_page'],
  'free-list-lock': ['dmirror_devmem_alloc_page'],

  'removed-check': ['dmirror_devmem_alloc_page'],
  'fault-pte-same': ['do_swap_page'],
  'count-check': toSystem,
  'source-check': ['migrate_vma'],
  'wait-for-pages': ['memunmap_pages'],
  'reuse-waits-for-free': ['dmirror_devmem_alloc_page'],
  'pgmap-on-stack': ['put_page', 'put_pgmap_of_freed'],
  'gup-recheck': ['gup_pte_range'],
}

describe.each(deviceMemoryProtocol.fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(deviceMemoryProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['old-count', 'pins-device-page', 'removes', 'closes', 'pins-taken', 'system-pages']
  expect(deviceMemoryProtocol.fixes.map(({ name }) => name).toSorted()).toEqual(
    deviceMemoryProtocol.model.constants
      .map(({ name }) => name)
      .filter((name) => !others.includes(name))
      .toSorted(),
  )
  expect(Object.keys(where).toSorted()).toEqual(deviceMemoryProtocol.fixes.map(({ name }) => name).toSorted())
})

testSettings(deviceMemoryProtocol, { base: 'as-merged', redundant: /redundant/ })
