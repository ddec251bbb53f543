/** The subjects of the measurement: models, configurations, and properties. */
import type { Configuration, Model } from '../src/language/ast.ts'
import { claimedIn, settingOf } from '../src/catalogue/setting.ts'
import type { Protocol } from '../src/catalogue/protocol.ts'
import { deviceMemoryProtocol } from '../models/device-memory/protocol.ts'
import { mirror2017ForkProtocol } from '../models/mirror-2017-fork/protocol.ts'
import { mirror420Protocol } from '../models/mirror-4.20/protocol.ts'
import { mirror2017Protocol } from '../models/mirror-2017/protocol.ts'
import { scenarios as worlds } from '../models/mirror-2017/scenarios.ts'
import { variants } from '../models/mirror-2017/variants.ts'
import { twoPhaseCommit } from '../test/oracles/two-phase-commit.ts'

export interface Scenario {
  readonly name: string
  readonly model: Model
  readonly configuration: Configuration
  /** The properties judged; all if absent. They must hold: SPIN ends at the first assertion that fails. */
  readonly properties?: readonly string[]
  /** The depth that SPIN's search gets as -m; it gets more if this is too little. */
  readonly depth: number
  /** Part of a quick run. */
  readonly quick: boolean
  /** The speed that is demanded, as a multiple of SPIN's. */
  readonly target?: number
}

const commit = (resourceManagers: number, quick: boolean): Scenario => ({
  name: `2pc-${resourceManagers}`,
  model: twoPhaseCommit,
  quick,
  depth: 1_000,
  configuration: { sizes: { ResourceManager: resourceManagers }, constants: {} },
})

interface Sizes {
  readonly cpus: number
  readonly devices: number
  readonly pages: number
  readonly addresses: number
}
const fixed = variants.find((v) => v.name === 'fixed')?.constants ?? {}
const world = worlds.find((w) => w.name === 'mirror')?.constants ?? {}
const mirror = (
  { cpus, devices, pages, addresses }: Sizes,
  without: readonly string[] = [],
): Pick<Scenario, 'model' | 'configuration'> => ({
  model: mirror2017Protocol.model,
  configuration: {
    sizes: { Cpu: cpus, Device: devices, Page: pages, Va: addresses, Hmm: 1, Registrar: 1 },
    constants: { ...fixed, ...world, ...Object.fromEntries(without.map((name) => [name, false])) },
    threads: ['cpu', 'device'],
  },
})

/**
 * Without mmap_sem, hmm->mirrors_sem and hmm->lock, which take many bits for few states: so 64 bits are enough for
 * tens of millions of states.
 * Every actor is whole. The properties are those that hold all the same.
 */
const unlocked = [
  'fault-mmap-sem',
  'munmap-mmap-sem',
  'device-fault-mmap-sem',
  'mirrors-sem-callback',
  'hmm-lock',
  'count-open-brackets',
]
const stillHold = ['P-REF', 'P-REF-ZERO', 'P-REF-MM', 'P-LIFE', 'P-UNIQUE', 'P-LOCK', 'deadlock', 'lock-deadlock']
const properties = mirror2017Protocol.model.properties
  .map((p) => p.name)
  .filter((name) => stillHold.includes(name.replace(/\.reached$/, '')))

export const scenarios: readonly Scenario[] = [
  commit(8, true),
  commit(9, false),
  {
    name: 'mirror-unlocked-5M',
    ...mirror({ cpus: 2, devices: 1, pages: 2, addresses: 2 }, unlocked),
    properties,
    depth: 1_000_000,
    quick: true,
    target: 8,
  },
  {
    name: 'mirror-unlocked-57M',
    ...mirror({ cpus: 2, devices: 1, pages: 2, addresses: 3 }, unlocked),
    properties,
    depth: 13_200_000,
    quick: false,
    target: 12,
  },
  {
    name: 'mirror-fixed-7M',
    ...mirror({ cpus: 2, devices: 1, pages: 2, addresses: 3 }),
    depth: 1_000_000,
    quick: true,
    target: 6,
  },
  {
    name: 'mirror-fixed-27M',
    ...mirror({ cpus: 2, devices: 1, pages: 2, addresses: 4 }),
    depth: 10_000_000,
    quick: false,
    target: 6,
  },
  {
    name: 'mirror-core',
    ...mirror({ cpus: 2, devices: 2, pages: 2, addresses: 2 }),
    depth: 10_000_000,
    quick: false,
    target: 6,
  },
]

const catalogued = (protocol: Protocol, scenario: string): Scenario => {
  const setting = settingOf(protocol, { variant: 'fixed', scenario })
  return {
    name: `${protocol.name}/${scenario}`,
    model: protocol.model,
    configuration: setting.configuration,
    properties: claimedIn(setting),
    depth: 10_000_000,
    quick: false,
  }
}

/** A search of all states and one of a state of each orbit: what is demanded of the ratio of the two. */
export interface SymmetryScenario extends Scenario {
  /** States for each that is stored. */
  readonly states?: number
  /** Of the time to the verdict. */
  readonly time?: number
  /** SPIN beside it, with its own reduction. */
  readonly spin?: true
  /**
   * Set where all states, each stored, fit into no memory of today: ours runs with symmetry alone, and SPIN for this
   * number of seconds.
   */
  readonly attempt?: number
  /** The number of resource managers: Rumur beside it, too. */
  readonly resourceManagers?: number
}

/** For `npm run bench -- --symmetry`. */
export const symmetryScenarios: readonly SymmetryScenario[] = [
  { ...commit(8, true), spin: true, resourceManagers: 8 },
  { ...catalogued(deviceMemoryProtocol, 'crowd'), states: 100, time: 5 },
  { ...catalogued(mirror2017ForkProtocol, 'forks'), states: 10, time: 5 },
  { ...catalogued(mirror420Protocol, 'core'), states: 10, time: 5 },
  { ...catalogued(mirror2017Protocol, 'core'), states: 10, time: 5 },
  {
    name: 'mirror-core',
    ...mirror({ cpus: 2, devices: 2, pages: 2, addresses: 2 }),
    depth: 10_000_000,
    quick: false,
    spin: true,
  },
  { ...catalogued(mirror2017Protocol, 'three-of-each'), attempt: 300 },
  { ...catalogued(deviceMemoryProtocol, 'three-of-each'), attempt: 300 },
]

/** Small ones whose Promela is committed to be read; the others are the same at other sizes. */
export const shown: readonly Scenario[] = [
  { ...commit(3, false), name: '2pc-3' },
  { name: 'mirror-fixed', ...mirror({ cpus: 1, devices: 1, pages: 2, addresses: 2 }), depth: 100_000, quick: false },
]

export const scenarioNamed = (name: string): Scenario => {
  const all: readonly Scenario[] = [...scenarios, ...symmetryScenarios, ...shown]
  const found = all.find((s) => s.name === name)
  if (found === undefined)
    throw new Error(`no scenario ${name}; there are ${[...new Set(all.map((s) => s.name))].join(', ')}`)
  return found
}
