/**
 * What can go wrong while LTSmin searches: each ends as incomplete or as an error, and never as a verdict. Scripts play
 * LTSmin; what they print was printed by LTSmin 3.1 and Open MPI 4.1.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { checkOn } from '../../src/explorer/checking.ts'
import type { Host } from '../../src/explorer/host.ts'
import type { CheckOptions, CheckResult } from '../../src/explorer/result.ts'
import { ltsminEngines, type LtsminEngine } from '../../src/ltsmin/engines.ts'
import { temporaryDirectory } from '../cli/world.ts'
import { lostUpdate } from '../support/lost-update.ts'
import { modelOf } from '../support/targets.ts'
import { differencesOf } from './compared.ts'
import { hostWith, outOfStepFor, placeForFolders, scriptedFor, slowTracesFor } from './tools.ts'

/** `racy` has a violation: a search that does not find it says nothing about it. */
const [racy] = catalogueTargets([lostUpdate])
if (racy === undefined) throw new Error('no variant')

const checkWith = (script: string, engine: LtsminEngine, options: CheckOptions = {}): Promise<CheckResult> =>
  checkOn(hostWith(scriptedFor(temporaryDirectory(), script), { engine, ranks: 2 }), modelOf(racy), {
    ...options,
    symmetry: false,
  })

const level = `pins2lts-dist( 0/ 2): level 0 has 1 states 2 transitions, explored 1 states 2 transitions, unexplored 2 states`
const total = 'pins2lts-dist( 0/ 2): state space has 9 levels 20 states 30 transitions'
const rank = (states: number, transitions: number): string =>
  `hmmcheck: rank ${states} states ${transitions} transitions 4096 bytes 70 milliseconds ended 0 met 0000 taken ffff;`
const print = (...lines: readonly string[]): string => lines.map((line) => `printf '%s\\n' '${line}' >&2`).join('\n')

describe.each([
  ['no word', 'exit 0'],
  ['levels, and no end', print(level)],
  ['a rank that was lost', print(level, rank(10, 15), total)],
  [
    'a rank that was killed',
    `${print(level, 'mpirun noticed that process rank 1 with PID 0 on node b exited on signal 9 (Killed).')}\nexit 137`,
  ],
  [
    'a host that was lost',
    `${print(level, 'ORTE has lost communication with a remote daemon.', '  HNP daemon   : [[1,0],0] on node a')}\nexit 205`,
  ],
  ['a segmentation fault', `${print(level, '*** segmentation fault ***')}\nexit 255`],
])('%s', (_, script) => {
  test.each(ltsminEngines)('is an error of %s', async (engine) => {
    await expect(checkWith(script, engine)).rejects.toThrow(/HMM307/)
  })

  test.each(ltsminEngines)('is an error of %s, also of a search that is to stop at a violation', async (engine) => {
    await expect(checkWith(script, engine, { stopAtFirst: true })).rejects.toThrow(/HMM307/)
  })
})

describe('processes that get out of step when they stop at what they have found', () => {
  test('are one process in a second run', { timeout: 600_000 }, async () => {
    const host = hostWith(outOfStepFor(temporaryDirectory()), { engine: 'ltsmin-mc', ranks: 2 })
    const [theirs, ours] = [
      await checkOn(host, modelOf(racy), { symmetry: false }),
      await check(modelOf(racy), { symmetry: false }),
    ]
    expect(ours.verdict).toBe('violated')
    expect(differencesOf(theirs, ours)).toEqual([])
  })

  test('are one process also where the first violation is enough', { timeout: 600_000 }, async () => {
    const host = hostWith(outOfStepFor(temporaryDirectory()), { engine: 'ltsmin-mc', ranks: 2 })
    const { verdict, incomplete } = await checkOn(host, modelOf(racy), { symmetry: false, stopAtFirst: true })
    expect({ verdict, incomplete }).toEqual({ verdict: 'violated', incomplete: 'first-violation' })
  })
})

test('states that are visited again for schedules are told apart from those that are counted', async () => {
  const host = hostWith(slowTracesFor(temporaryDirectory()))
  const asked: boolean[] = []
  const listening: Host = {
    ...host,
    searchElsewhere: (prepared, options) =>
      host.searchElsewhere?.(prepared, {
        ...options,
        stop(totals, depth, again = false) {
          asked.push(again)
          return options.stop(totals, depth, again)
        },
      }) ?? expect.fail('no search'),
  }
  await checkOn(listening, modelOf(racy), { symmetry: false })
  expect(asked).toContain(true)
  expect(asked.slice(asked.indexOf(true))).not.toContain(false)
})

test('ranks that search alone are an error', async () => {
  await expect(checkWith(print(rank(20, 30), rank(20, 30), total, total), 'ltsmin')).rejects.toThrow(
    /HMM308: 2 of 2 ranks have searched alone/,
  )
})

test('counters that do not agree are an error', async () => {
  await expect(checkWith(print(rank(10, 15), rank(10, 14), total), 'ltsmin')).rejects.toThrow(/HMM308/)
})

test.each(['** error **: realloc data failed', 'tree leafs table full! Change -s/--ratio.'])(
  'what does not fit is incomplete: %s',
  async (line) => {
    const { verdict, incomplete, properties } = await checkWith(`${print(level, line)}\nexit 255`, 'ltsmin')
    expect({ verdict, incomplete }).toEqual({ verdict: 'incomplete', incomplete: 'max-memory' })
    expect(properties.map((one) => one.verdict)).not.toContain('holds')
  },
)

test('a violation that was met, and whose trace does not show it, is an internal error', async () => {
  const met = print('hmmcheck: met 0;', rank(10, 15).replace('0000', '1000'), rank(10, 15), total)
  await expect(checkWith(met, 'ltsmin')).rejects.toThrow(/HMM901.*none of its traces shows one/)
})

describe.each(ltsminEngines)('%s that does not end', (engine) => {
  const hangs = `${print(level)}\nsleep 1000 &\nwait`

  test.each([
    ['timeout', { timeout: 1 }, 'timeout'],
    ['number of states', { maxStates: 2 }, 'max-states'],
    ['signal', { signal: AbortSignal.timeout(1000) }, 'interrupted'],
  ] as const)('is ended by a %s, with all that it has started, and leaves no folder', async (_, options, reason) => {
    const folder = temporaryDirectory()
    const host = hostWith(scriptedFor(folder, hangs), { engine, ranks: 2 })
    const here = placeForFolders()
    const { verdict, incomplete, properties } = await checkOn(host, modelOf(racy), { ...options, symmetry: false })
    // pins2lts-dist alone says a level in these words
    if (engine === 'ltsmin' || reason !== 'max-states')
      expect({ verdict, incomplete }).toEqual({ verdict: 'incomplete', incomplete: reason })
    expect(properties.map((one) => one.verdict)).not.toContain('holds')
    expect(readdirSync(here)).toEqual([])
    expect(runningIn(folder)).toEqual([])
  })
})

/** Processes that were started with the tools in a folder. */
const runningIn = (folder: string): readonly string[] =>
  readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && wordsOf(pid).includes(folder))

function wordsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    // it has ended
    return ''
  }
}
