/** A variant differs from `fixed` where its fix says, and nowhere else. */
import { describe, expect, test } from 'vitest'
import { expectations } from '../../../models/device-memory/expectations.ts'
import { fixes } from '../../../models/device-memory/fix-list.ts'
import { deviceMemoryProtocol } from '../../../models/device-memory/protocol.ts'
import { scenarios } from '../../../models/device-memory/scenarios.ts'
import { variants } from '../../../models/device-memory/variants.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/language/setting.ts'
import { placesOfDifference, withoutSource, type World } from '../../support/variant-text.ts'

/** Every actor, and all that only one of them could reach. */
const everything: World = {
  sizes: { Cpu: 1, Page: 2, Va: 1 },
  constants: { 'removes': true, 'closes': true, 'pins-taken': true, 'system-pages': 'one' },
  own: ['get_page', 'put_page'],
}

/** What eviction consists of. */
const eviction = ['evict', 'evict_chunk', 'get_page', 'put_page']
/** Who migrates a page to system memory. */
const toSystem = ['evict', 'faultin_page', 'migrate_to_ram']

/** The procedures in which each fix is seen. */
const where: Readonly<Record<string, readonly string[]>> = {
  'free-at-zero': ['dmirror_devmem_alloc_page', 'evict_chunk', 'put_page'],
  'pgmap-reference': ['dmirror_devmem_alloc_page', 'put_page'],
  'fault-holds-reference': ['access', 'do_swap_page', 'get_page', 'put_page'],
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
  'gup-recheck': ['gup_pte_range'],
}

describe.each(fixes)('without-$name', ({ name }) => {
  test('differs from fixed where it says, and nowhere else', () => {
    expect(placesOfDifference(deviceMemoryProtocol, 'fixed', `without-${name}`, everything)).toEqual(where[name])
  })

  test('is violated somewhere, or holds for a reason that is given', () => {
    const known = expectations.filter(({ variant }) => variant === `without-${name}`)
    expect(known.length).toBeGreaterThan(0)
    if (known.every(({ verdict }) => verdict === 'holds')) expect(known[0]?.source).toMatch(/redundant/)
  })
})

test('the list of fixes is that of the constants', () => {
  const others = ['old-count', 'pins-device-page', 'removes', 'closes', 'pins-taken', 'system-pages']
  expect(fixes.map(({ name }) => name).toSorted()).toEqual(deviceMemoryProtocol.model.constants.map(({ name }) => name).filter((name) => !others.includes(name)).toSorted())
  expect(Object.keys(where).toSorted()).toEqual(fixes.map(({ name }) => name).toSorted())
})

test('as merged has every lock and check, and no correction; fixed has all', () => {
  const constants = (variant: string) => variants.find(({ name }) => name === variant)?.constants
  for (const { name, kind } of fixes) {
    expect(constants('as-merged')?.[name]).toBe(kind !== 'correction')
    expect(constants('fixed')?.[name]).toBe(true)
    expect(Object.entries(constants(`without-${name}`) ?? {}).filter(([one, value]) => constants('fixed')?.[one] !== value)).toEqual([[name, false]])
  }
})

test('fixed holds in every scenario, and every variant is expected to do something', () => {
  for (const { name } of scenarios) expect(expectations).toContainEqual(expect.objectContaining({ variant: 'fixed', scenario: name, verdict: 'holds' }))
  for (const { name } of variants) expect(expectations.map(({ variant }) => variant)).toContain(name)
  const pairs = expectations.map(({ variant, scenario }) => `${variant} ${scenario}`)
  expect(new Set(pairs).size).toBe(pairs.length)
})

test.each(variants.map(({ name }) => name))('%s can be configured in every scenario', (variant) => {
  for (const { name } of scenarios) expect(() => configure(deviceMemoryProtocol.model, settingOf(deviceMemoryProtocol, { variant, scenario: name }).configuration)).not.toThrow()
})

test('every transition says where in the kernel, or in whose hardware, it stands', () => {
  expect(withoutSource(deviceMemoryProtocol)).toEqual([])
})
