/**
 * mirror-6@test-hmm-6.1 and the model of the recorded kernel are two texts of one driver. Each run of the first, written
 * as a recording, is a run of the second; and what the device must not do falls in both, at the same access.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folder } from '../../../counterexamples/kept.ts'
import { testHmm } from '../../../models/conformance/test-hmm/conformance.ts'
import { mirror6Protocol } from '../../../models/mirror-6/protocol.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'
import { conform, type ConformanceResult } from '../../../src/conform/conform.ts'
import { readJsonLines } from '../../../src/conform/jsonl.ts'
import { configure } from '../../../src/language/configure.ts'
import { chance } from '../../../src/schedules/random.ts'
import { readLock } from '../../../src/schedules/read.ts'
import { replay } from '../../../src/schedules/replay.ts'
import {
  machine,
  plainState,
  transitions,
  type Machine,
  type State,
  type Transition,
} from '../../../src/semantics/machine.ts'
import { asRecording } from './as-recording.ts'
import { kernelOf } from './recorded-kernel.ts'

const judge = (recording: string, name = 'test-hmm-6.1'): ConformanceResult =>
  conform(testHmm, testHmm.variants.find((one) => one.name === name) ?? expect.fail(name), readJsonLines(recording))

interface Walk {
  readonly machine: Machine
  readonly first: State
  readonly steps: readonly Transition[]
  /** The properties of accesses that fell in the last step. */
  readonly broken: readonly string[]
}

/**
 * Left out: a fault that begins while a callback holds the driver's lock, which the driver would have to wait for to find
 * that it has no entry; and what is behind an allocation that fails, of which a recording has no line. A walk ends with
 * an access that goes wrong.
 */
function walk(scenario: string, run: number, most: number): Walk {
  const { configuration } = settingOf(mirror6Protocol, { variant: 'test-hmm-6.1', scenario })
  const model = machine(configure(mirror6Protocol.model, configuration))
  const draw = chance(1, run)
  const first = model.initial[draw(model.initial.length)]?.state ?? expect.fail('an initial state')
  const steps: Transition[] = []
  for (let state = first; steps.length < most; ) {
    const isLocked = kernelOf(plainState(model, state)).driver[0]?.mutex.owner !== null
    const possible = transitions(model, state).filter(
      ({ label, outcome }) => outcome.kind === 'next' && !(isLocked && label === 'dmirror_fault()'),
    )
    const one = possible[draw(possible.length)]
    if (one?.outcome.kind !== 'next') break
    state = one.outcome.state
    const moved = kernelOf(plainState(model, state)).migrate_vma[one.thread]?.[0]
    if (/^(zone_device_page_init|alloc_page_vma)/.test(one.label) && moved?.dst === null) break
    steps.push(one)
    const broken = one.label === 'memcpy()' ? one.broken.map(({ claim }) => claim.name) : []
    if (broken.length > 0) return { machine: model, first, steps, broken }
  }
  return { machine: model, first, steps, broken: [] }
}

describe('a walk of mirror-6@test-hmm-6.1, as a recording', () => {
  test.each([
    ['fault', 0, 70],
    ['migrate', 1, 110],
    ['migrate-dontneed', 2, 90],
    ['migrate-cpu', 3, 90],
    ['fork', 4, 110],
  ])(
    'is a run of the recorded kernel: %s %i',
    (scenario, run, most) => {
      const { machine: model, first, steps, broken } = walk(scenario, run, most)
      expect(steps.length).toBeGreaterThan(40)
      const { rejection, falls } = judge(asRecording(model, first, steps))
      expect(rejection?.event).toBeUndefined()
      expect(falls.map(({ property }) => property)).toEqual(broken)
    },
    300_000,
  )
})

describe('the shortest schedule of fault 2a, as a recording', () => {
  const file = 'b-38-owner-filter-returns-before-setting-the-sequence.test-hmm-6.1.p-content.json'
  const { run, machine: model } = replay(
    mirror6Protocol,
    readLock(readFileSync(join(folder, 'mirror-6', file), 'utf8'), file),
  )
  const played = run ?? expect.fail('the schedule can be played')
  const steps = played.steps.map(({ transition }) => transition)
  const recording = asRecording(model, played.initial.state, steps)

  test('is a run of the recorded kernel, in which P-CONTENT falls at the last access', () => {
    const { rejection, falls, events } = judge(recording)
    expect(rejection?.event).toBeUndefined()
    expect(falls.map(({ property, event }) => [property, event.kind])).toEqual([['P-CONTENT', 'dev_read']])
    expect(falls[0]?.event.order).toBe(events)
  }, 120_000)

  test('is none of the kernel in which the driver stops the device for its own migrations', () => {
    expect(judge(recording, 'fixed').rejection?.event.kind).toMatch(/^dev_(read|write|map)$/)
  }, 120_000)

  test('is none of the recorded kernel if a line of it is missing, or a number is another', () => {
    const lines = recording.split('\n')
    const without = (kind: string): string => lines.filter((line) => !line.includes(`"ev":"${kind}"`)).join('\n')
    for (const kind of ['cb_enter', 'inv_ignored', 'copy_to_dev', 'read_begin'])
      expect.soft(judge(without(kind)).rejection, kind).toBeDefined()
    expect(judge(recording.replace(/"seq":\d+/, '"seq":9')).rejection).toBeDefined()
  }, 300_000)
})
