/** nouveau as it ships, and the scenarios that have its row. */
import type { Scenario, Variant } from 'hmmcheck'
import { tooLarge } from 'hmmcheck/models/too-large'

/** What a scenario of another driver has of it: nothing. */
export const no_row = {
  'classic-zaps': false,
  'inserts-for-fault': false,
  'translates-alone': false,
  'inherited-page': false,
  exits: false,
  'copies-may-fail': false,
  'binds-current': false,
  forks: false,
}
const row = { ...no_row, 'classic-zaps': true, 'inserts-for-fault': true, 'translates-alone': true }
const sizes = { cpus: 1, devices: 1, subscriptions: 1, zappers: 1, pages: 2, addresses: 1 }
const migrates = { ...row, migrates: true, 'starts-in-device': false }
const in_device = { ...migrates, 'starts-in-device': true }

/** What no driver has that was read. */
export const nobody: Variant['constants'] = {
  'release-drops': false,
  'page-holds-mirror': false,
  'to-ram-checks-mirror': false,
  'evict-checks-copy': false,
  'owned-pages-fault': false,
  'bind-checks-mm': false,
}
/** What nouveau lacks: it sets the number for its own migrations, too, and drops entries under its lock. */
export const nouveau: Variant['constants'] = {
  ...nobody,
  'own-migrate-zaps': false,
  'owner-is-mirror': false,
  'map-by-fault': false,
  'maps-only-moved': false,
}

export const nouveauScenarios: readonly Scenario[] = [
  {
    name: 'nouveau-fault',
    summary: 'nouveau: the GPU faults beside MADV_DONTNEED and a CPU',
    threads: ['cpu', 'device', 'dontneed'],
    sizes,
    constants: { ...row, migrates: false, 'starts-in-device': false },
  },
  {
    name: 'nouveau-migrate',
    summary: 'nouveau: memory moves to the GPU, which faults meanwhile',
    threads: ['device', 'migrate'],
    sizes,
    constants: migrates,
  },
  {
    name: 'nouveau-dontneed',
    summary: 'nouveau: memory moves to the GPU, beside MADV_DONTNEED',
    threads: ['device', 'dontneed', 'migrate'],
    sizes,
    constants: migrates,
    without: tooLarge(1_232_380, 'fixed'),
  },
  {
    name: 'nouveau-to-ram',
    summary: 'nouveau: a CPU brings back what is in the memory of the GPU',
    threads: ['cpu', 'device'],
    sizes,
    constants: in_device,
  },
  {
    name: 'nouveau-child',
    summary:
      'nouveau: a child has a page in the memory of the GPU, which names the svmm of its parent, who closes the file',
    threads: ['cpu', 'device', 'close_parent'],
    sizes,
    constants: { ...in_device, 'inherited-page': true },
  },
  {
    name: 'nouveau-evict',
    summary: 'nouveau: the driver goes and brings back what is in the memory of the GPU; its copies may fail',
    threads: ['cpu', 'device', 'evict'],
    sizes,
    constants: { ...in_device, 'copies-may-fail': true },
    without: tooLarge(188_904, 'fixed'),
  },
  {
    name: 'nouveau-exit',
    summary: 'nouveau: the process exits, and the channel of the GPU runs until the last file is closed',
    threads: ['device', 'dontneed', 'exit_nouveau'],
    sizes,
    constants: { ...row, migrates: false, 'starts-in-device': false, exits: true },
  },
  {
    name: 'nouveau-fork',
    summary: 'nouveau: what is in the memory of the GPU is shared with a child, whose CPU brings it back',
    threads: ['device', 'child', 'fork'],
    sizes: { ...sizes, pages: 3 },
    constants: { ...in_device, forks: true },
    without: tooLarge(126_288, 'fixed'),
  },
  {
    name: 'nouveau-child-binds',
    summary: 'nouveau: a child moves its own memory to the GPU, with the file that it has inherited',
    threads: ['device', 'child', 'fork'],
    sizes: { ...sizes, pages: 3 },
    constants: { ...migrates, forks: true, 'binds-current': true },
  },
]
