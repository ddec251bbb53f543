/** B-85 in the smallest world that has it, and where variants differ. */
import { expect, test } from 'vitest'
import { expectations } from '../../../models/mirror-2017-fork/expectations.ts'
import { mirror2017ForkProtocol } from '../../../models/mirror-2017-fork/protocol.ts'
import { fixes, variants } from '../../../models/mirror-2017-fork/variants.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'
import { testBugs } from '../known-bugs.ts'
import { differences } from '../mirror/support.ts'

const smallest = { cpus: 1, devices: 1, pages: 1, addresses: 1 }

testBugs(mirror2017ForkProtocol, [
  {
    name: 'B-85: the device writes a page that fork has shared, as posted',
    variant: 'as-posted',
    scenario: 'fork',
    sizes: smallest,
    property: 'P-COW',
    message: /the device writes a page that a child reads/,
    steps: [/driver->pte/, /copy_one_pte/, /the device writes/],
    // The page itself is unmapped and used earlier (B-01).
    later: true,
  },
  {
    name: 'B-01, for a copy: the CPU has the copy and the device the page',
    variant: 'without-invalidate-at-start',
    scenario: 'fork',
    property: 'P-AGREE',
    steps: [/copy_one_pte/, /copy_user_highpage/],
    later: true,
  },
])

test('B-85 is one of the order of callback and change: with the callback at the start it is gone, counted or not', async () => {
  const { properties } = await check(
    configure(
      mirror2017ForkProtocol.model,
      settingOf(mirror2017ForkProtocol, { variant: 'without-count-open-brackets', scenario: 'fork' }).configuration,
    ),
    { properties: ['P-COW'] },
  )
  expect(properties.map(({ verdict }) => verdict)).toEqual(['holds'])
})

const scenario = mirror2017ForkProtocol.scenarios[0]?.constants

test.each([
  [
    'invalidate-at-start',
    [
      'call_mirror',
      'copy_page_range',
      'do_munmap',
      'hmm_invalidate_range',
      'hmm_invalidate_range_end',
      'hmm_invalidate_range_start',
      'try_to_unmap',
      'wp_page_copy',
    ],
  ],
  ['count-open-brackets', ['handle_device_fault', 'hmm_invalidate_range_end', 'hmm_invalidate_range_start']],
  ['driver-lock', ['call_mirror', 'handle_device_fault']],
  ['range-done-check', ['handle_device_fault']],
])('without-%s differs from fixed where it says, and nowhere else', (name, where) => {
  expect(differences(mirror2017ForkProtocol, 'fixed', `without-${name}`, [scenario])).toEqual(where)
})

test('every fix has its variant, and every variant is expected to do something', () => {
  for (const { name } of fixes) expect(variants.map((variant) => variant.name)).toContain(`without-${name}`)
  for (const { name } of variants) expect(expectations.map(({ variant }) => variant)).toContain(name)
})
