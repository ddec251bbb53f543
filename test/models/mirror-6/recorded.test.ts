/**
 * The faults that were seen in recordings of lib/test_hmm.c of 6.1.192, found with the events of the recordings, in their
 * order. The shortest schedules (bugs.test.ts) do without some of them.
 */
import { describe, expect, test } from 'vitest'
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'
import { check } from '../../../src/explorer/check.ts'
import { configure } from '../../../src/language/index.ts'
import { failuresOf } from '../../../src/semantics/machine.ts'
import { passing, type Limit, type Passed } from '../../support/passing.ts'

const by =
  (thread: string) =>
  (label: RegExp): Passed => ({ thread, label })
const device = by('device')
const migrate = by('migrate')
const cpu = by('cpu')
const dontneed = by('dontneed')

interface Recorded {
  readonly name: string
  readonly scenario: string
  readonly sizes?: Readonly<Record<string, number>>
  readonly constants?: Readonly<Record<string, boolean>>
  readonly property: string
  readonly message: RegExp
  readonly events: readonly Passed[]
  readonly limits?: readonly Limit[]
  /** The variants that have it: the row of the driver, and `fixed` but for the correction alone. */
  readonly variants: readonly string[]
}

const recorded: readonly Recorded[] = [
  {
    // lost_write.j0: 3619 the copy, 3628 a write of the device to the old page, 3674 dev_map, 3685 the old value is read.
    name: '2a: a write of the device to the source, after the copy, is lost',
    scenario: 'migrate',
    property: 'P-CONTENT',
    message: /reads an old value/,
    events: [
      device(/^xa_store\(\)/),
      migrate(/ptep_get_and_clear/),
      migrate(/copy_highpage/),
      device(/^memcpy/),
      migrate(/^xa_store\(\): BACKING_PAGE/),
    ],
    variants: ['test-hmm-6.1'],
  },
  {
    // migrate_devrw.j0: 2839 the walk sees the device page of address 0, 2849 the callback ignores the bracket, 2873 the
    // page is freed, 2890 used again for address 1, 2909 read_retry is 0, 2911 dev_map, 2916 the device reads.
    name: '2b: what a walk has found is mapped when the page has another address',
    scenario: 'migrate-cpu',
    sizes: { addresses: 2 },
    constants: { 'starts-in-device': true },
    property: 'P-ISO',
    message: /what is not its own/,
    events: [
      device(/ptep_get/),
      cpu(/^mn_itree_inv_start_range/),
      cpu(/^put_page\(vmf->page\)/),
      migrate(/^zone_device_page_init/),
      device(/^mmu_interval_read_retry/),
      device(/^xa_store\(\)/),
    ],
    // Each does once what the recording has of it.
    limits: [
      { ...device(/^dmirror_fault\(\)/), most: 1 },
      { ...cpu(/^page_fault/), most: 1, after: 1 },
      { ...cpu(/^the CPU reads/), most: 0 },
      { ...migrate(/^ioctl/), most: 1, after: 3 },
      { ...device(/^(dmirror_read|mutex_lock\(\); xa_load)/), most: 1, after: 6 },
    ],
    variants: ['test-hmm-6.1', 'without-own-migrate-sets-seq'],
  },
  {
    // migrate_dontneed.j0: 2183 the callback erases, 2191 the migration entry is zapped, 2221 the device maps a page of
    // zeros, 2234 finalize_and_map overwrites it with the copy, 2237 that page is freed, 2240 the device reads it.
    name: '4: the copy is mapped over what the device has got meanwhile, and freed',
    scenario: 'migrate-dontneed',
    sizes: { pages: 3 },
    property: 'P-NOUAF',
    message: /uses a page that was freed/,
    events: [
      migrate(/^migrate_vma_check_page/),
      migrate(/copy_highpage/),
      dontneed(/^xa_erase/),
      dontneed(/^zap_pte_range/),
      device(/^spin_lock\(ptl\): if \(pte_none\(\*ptep\)\) set_pte_at/),
      device(/^xa_store\(\)/),
      migrate(/^xa_store\(\): BACKING_PAGE/),
      migrate(/^folio_unlock\(\); folio_put/),
    ],
    variants: ['test-hmm-6.1', 'without-map-by-fault'],
  },
]

const searched = (one: Recorded, variant: string) => {
  const { configuration } = settingOf(mirror6Protocol, { variant, scenario: one.scenario, sizes: one.sizes })
  const model = configure(mirror6Protocol.model, {
    ...configuration,
    constants: { ...configuration.constants, ...one.constants },
  })
  return check(passing(model, one.property, one.events, one.limits), { properties: [one.property], stopAtFirst: true })
}

/** Whether labels have these one after the other, with others between. */
const inOrder = (labels: readonly string[], wanted: readonly Passed[]): boolean => {
  let next = 0
  for (const label of labels) if (wanted[next]?.label.test(label) === true) next += 1
  return next === wanted.length
}

describe.each(recorded)('fault $name', (one) => {
  test.each(one.variants)('%s', async (variant) => {
    const { properties } = await searched(one, variant)
    const run = properties.find(({ name }) => name === one.property)?.counterexample?.run
    const steps = run?.steps.map(({ transition }) => transition) ?? []
    const last = steps.at(-1)
    expect(last).toBeDefined()
    expect(last && failuresOf(last).map(({ message }) => message)).toContainEqual(expect.stringMatching(one.message))
    expect(
      inOrder(
        steps.map(({ label }) => label),
        one.events,
      ),
    ).toBe(true)
  })
})

test('2b is not there in fixed, within the same limits', async () => {
  const [, reuse] = recorded
  expect(reuse && (await searched(reuse, 'fixed')).verdict).toBe('holds')
})

test('2a is not there in fixed', async () => {
  const [lost] = recorded
  expect(lost && (await searched(lost, 'fixed')).verdict).toBe('holds')
})
