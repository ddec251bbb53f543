/** `check`: its options, its exit codes, and what it prints and saves. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { CheckOptions, CheckResult } from '../../src/explorer/result.ts'
import type { Engine } from '../../src/cli/environment.ts'
import { mirror420Protocol } from '../../models/mirror-4.20/protocol.ts'
import { processEnvironment } from '../../src/cli/environment.ts'
import { readSchedule } from '../../src/schedules/read.ts'
import { notifier } from '../support/notifier.ts'
import { referenceEngine } from '../support/reference-engine.ts'
import { temporaryDirectory, world } from './world.ts'

/** An engine that keeps what it was asked, and answers what the slow engine does, with changes. */
function asked(change: Partial<CheckResult> = {}): { readonly engine: Engine; readonly options: CheckOptions[] } {
  const options: CheckOptions[] = []
  return {
    options,
    engine: {
      check: async (model, given) => {
        options.push(given)
        return { ...(await referenceEngine(model, given)), ...change }
      },
      describeLayout: () => Promise.reject(new Error('not asked for')),
    },
  }
}

describe('exit codes of one named model tell its verdict, whatever was expected', () => {
  test.each([
    ['holds', ['notifier'], 0],
    ['holds', ['notifier@fixed'], 0],
    ['violated, as expected', ['notifier@as-posted'], 1],
    ['violated, nothing expected', ['notifier@without-invalidate'], 1],
    ['incomplete', ['notifier', '--max-states', '5'], 3],
    ['violated before the limit', ['notifier@as-posted', '--max-states', '40'], 1],
  ])('%s: %j ends with %i', async (_, argv, code) => {
    expect(await world().run('check', ...argv)).toMatchObject({ code, stderr: '' })
  })
})

describe('exit codes of the catalogue tell whether all is as expected', () => {
  const withExpectation = (verdict: 'holds' | 'violated', violated?: readonly string[]): typeof notifier => ({
    ...notifier,
    expectations: [
      {
        variant: 'as-posted',
        scenario: 'core',
        verdict,
        source: 'by hand',
        ...(violated === undefined ? {} : { violated }),
      },
    ],
  })

  test.each([
    ['all as expected', notifier, [], 0],
    ['the violated property named', withExpectation('violated', ['P-NOUAF']), [], 0],
    ['which property is left open', withExpectation('violated'), [], 0],
    ['violated, but expected to hold', withExpectation('holds'), [], 1],
    ['violated otherwise', withExpectation('violated', ['P-REF']), [], 1],
    ['violated, but less than expected', withExpectation('violated', ['P-NOUAF', 'P-REF']), [], 1],
    [
      'less than expected, because it stopped',
      withExpectation('violated', ['P-NOUAF', 'P-REF']),
      ['--stop-at-first'],
      0,
    ],
    [
      'less than expected, because of a limit',
      withExpectation('violated', ['P-NOUAF', 'P-REF']),
      ['--max-states', '40'],
      3,
    ],
    ['incomplete', notifier, ['--max-states', '5'], 3],
    ['nothing expected of what holds', { ...notifier, expectations: [] }, [], 0],
    [
      'nothing expected of what is violated',
      { ...notifier, variants: notifier.variants.slice(0, 1), expectations: [] },
      [],
      1,
    ],
  ])('%s', async (_, protocol, options, code) => {
    const answer = await world({ catalogue: [protocol] }).run('check', ...options)
    expect(answer).toMatchObject({ code, stderr: '' })
  })

  test('what is not as expected outweighs what is incomplete', async () => {
    const other = { ...withExpectation('holds'), name: 'other' }
    const engine: Engine = {
      ...asked().engine,
      check: async (model, given) => ({
        ...(await referenceEngine(model, { ...given, ...(given.properties?.length === 5 ? {} : { maxStates: 3 }) })),
      }),
    }
    const open = {
      ...notifier,
      name: 'open',
      variants: notifier.variants.map((one) => ({ ...one, notClaimed: ['P-REF'] })),
    }
    expect((await world({ catalogue: [open], engine }).run('check')).code).toBe(3)
    expect((await world({ catalogue: [open, other], engine }).run('check')).code).toBe(1)
  })

  test('a line a run, large scenarios left out, and a sum', async () => {
    const { stdout } = await world().run('check')
    expect(stdout).toMatchInlineSnapshot(`
      "ok  notifier              core              2 runs: 1 holds, 1 violated as expected  86 states, 1.00 s

      2 checked: 2 as expected, 0 not, 0 incomplete
      not checked: notifier in wide (large), quiet

      look at
        npx hmmcheck check notifier@as-posted --scenario core --property P-NOUAF --full  # a counterexample that is expected
        npx hmmcheck check --large  # what was left out
      "
    `)
  })

  test('--large: those that were left out, and only these', async () => {
    const { stdout, code } = await world().run('check', '--large')
    expect(stdout).toMatch(
      /^ok {2}notifier@fixed +wide +holds .*\n\n1 checked: 1 as expected, 0 not, 0 incomplete\nnot checked: notifier in core, quiet\n$/,
    )
    expect(code).toBe(0)
    expect(await world().run('check', 'notifier', '--large')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('HMM208: --large goes with the whole catalogue') as unknown,
    })
  })

  test('a violation nobody expected is drawn', async () => {
    const { stdout } = await world({ catalogue: [withExpectation('holds')] }).run('check')
    expect(stdout).toContain('NOT AS EXPECTED')
    expect(stdout).toContain('✗ P-NOUAF: the device uses a freed page')
    expect(stdout).toContain(
      '  npx hmmcheck check notifier@as-posted --scenario core --property P-NOUAF --full  # not as',
    )
    expect(stdout).not.toContain('the catalogue says nothing')
  })

  test('a violation where the catalogue expects nothing is told from one that it did not expect', async () => {
    const { stdout, code } = await world({ catalogue: [{ ...notifier, expectations: [] }] }).run('check', 'notifier@*')
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^NOT AS EXPECTED {2}notifier@as-posted .* violated .*, of which the catalogue says nothing {2}/m,
    )
  })
})

describe('options', () => {
  test('the engine is asked for what the options say', async () => {
    const { engine, options } = asked()
    await world({ engine }).run(
      'check',
      'notifier',
      '--workers',
      '3',
      '--max-states',
      '1e6',
      '--max-memory',
      '1.5G',
      '--timeout',
      '2.5',
      '--stop-at-first',
      '--keep-dead-locals',
      '--no-symmetry',
      '--property',
      'P-REF',
      '--property',
      'deadlock',
    )
    expect(options).toMatchObject([
      {
        workers: 3,
        maxStates: 1_000_000,
        maxMemory: 1.5 * 2 ** 30,
        timeout: 2.5,
        stopAtFirst: true,
        keepDeadLocals: true,
        symmetry: false,
        properties: ['P-REF', 'deadlock'],
      },
    ])
  })

  test('without options it is asked for all properties that the variant claims', async () => {
    const { engine, options } = asked()
    const { run } = world({ engine })
    await run('check', 'notifier@without-invalidate')
    await run('check', 'notifier@without-invalidate', '--property', 'P-NOUAF-possible')
    expect(options.map(({ properties }) => properties)).toEqual([
      ['P-NOUAF', 'P-REF', 'deadlock', 'lock-deadlock'],
      ['P-NOUAF-possible'],
    ])
    expect(Object.keys(options[0] ?? {}).sort()).toEqual([
      'family',
      'names',
      'onProgress',
      'profile',
      'properties',
      'signal',
      'symmetry',
    ])
  })

  test('the profile of a run that is named is asked for where it meets a limit, and of every run by --profile', async () => {
    const profilesOf = async (...argv: readonly string[]): Promise<unknown> => {
      const { engine, options } = asked()
      await world({ engine }).run('check', ...argv)
      return [...new Set(options.map(({ profile }) => profile))]
    }
    expect(await profilesOf('notifier')).toEqual(['at a limit'])
    expect(await profilesOf('notifier', '--profile')).toEqual(['always'])
    expect(await profilesOf('notifier@*', '--profile')).toEqual(['always'])
    expect(await profilesOf('notifier@*')).toEqual([undefined])
    const { code, stderr } = await world().run('check', 'notifier', '--profile', '--dry-run')
    expect([code, stderr]).toEqual([
      2,
      'error HMM208: --dry-run explores nothing, so there is no profile of its states\n  remedy: leave out --dry-run or --profile\n',
    ])
  })

  test('a profile is printed, most saved first, and the rest is counted', async () => {
    const fields = [
      { kind: 'variable' as const, name: 'mm.mmap_sem.waiters', values: 46, without: 20_000 },
      { kind: 'local' as const, thread: 'cpu', name: 'page', values: 2, without: 29_999 },
      { kind: 'point' as const, thread: 'cpu', name: 'cpu', values: 433, without: 30_000 },
      ...Array.from({ length: 19 }, (_, n) => ({
        kind: 'variable' as const,
        name: `v${n}`,
        values: 2,
        without: 30_000,
      })),
    ]
    const { run } = world(asked({ profile: { states: 30_000, complete: false, fields } }))
    const { stdout } = await run('check', 'notifier', '--profile')
    const lines = stdout.split('\n')
    const from = lines.findIndex((line) => line.startsWith('profile of'))
    expect(lines.slice(from, from + 5)).toEqual([
      'profile of the first 30,000 states: the values of each part of a state, and the states that remain without it',
      '                       values    left  saved',
      '  mm.mmap_sem.waiters      46  20,000   33 %',
      '  cpu: local page           2  29,999    0 %',
      '  cpu: control point      433  30,000    0 %',
    ])
    expect(stdout).toContain('  and 2 more, all of them with --json\n')
    expect(stdout).toContain(
      'repeat with: npx hmmcheck check notifier@fixed --scenario core --config devices=1,pages=1 --profile\n',
    )
  })

  test.each([
    ['4096', 4096],
    ['4K', 4096],
    ['4k', 4096],
    ['2M', 2 ** 21],
    ['2MB', 2 ** 21],
    ['2MiB', 2 ** 21],
    ['4G', 2 ** 32],
    ['0.5T', 2 ** 39],
  ])('--max-memory %s is %i bytes', async (text, bytes) => {
    const { engine, options } = asked()
    await world({ engine }).run('check', 'notifier', '--max-memory', text)
    expect(options[0]?.maxMemory).toBe(bytes)
  })

  test('--scenario and --config choose the configuration, given again they add', async () => {
    const { stdout } = await world().run(
      'check',
      'notifier',
      '--scenario',
      'quiet',
      '--config',
      'pages=3',
      '--config',
      'devices=2',
      '--json',
    )
    expect(JSON.parse(stdout)).toMatchObject({
      runs: [{ scenario: 'quiet', config: { devices: 2, pages: 3 }, expected: null }],
    })
  })

  test('--fail-on never-taken', async () => {
    const { run } = world()
    expect((await run('check', 'notifier', '--fail-on', 'never-taken')).code).toBe(0)
    const neverTaken = [{ thread: 'unmap', path: '9', label: 'free_page(page)' }]
    const { engine } = asked({ neverTaken })
    const answer = await world({ engine }).run('check', 'notifier', '--fail-on', 'never-taken')
    expect(answer.code).toBe(1)
    expect(answer.stdout).toContain('  never taken  1 step of unmap: free_page(page)\n')
    const verbose = await world({ engine }).run('check', 'notifier', '--verbose')
    expect(verbose.stdout).toContain('steps never taken: 1\n  unmap: free_page(page)  (9)\n')
    expect((await world({ engine }).run('check', 'notifier')).code).toBe(0)
    expect((await world({ engine }).run('check', '--fail-on', 'never-taken')).code).toBe(1)
  })

  test('--dry-run explores nothing', async () => {
    const { code, stdout } = await world({
      engine: {
        check: () => Promise.reject(new Error('explored')),
        describeLayout: () =>
          Promise.resolve({
            stateBits: 70,
            words: 2,
            variables: [{ name: 'mm', bits: 5 }],
            threads: [{ name: 'unmap', points: 9, bits: 5 }],
            dropped: [],
          }),
      },
    }).run('check', 'notifier', '--dry-run')
    expect(code).toBe(0)
    expect(stdout.replaceAll(/notifier\.ts:\d+/g, 'notifier.ts:LINE')).toMatchInlineSnapshot(`
      "notifier@fixed  A page, unmapped and used; all corrections
      scenario core with devices=1,pages=1  one device, one page

      70 bits per state, in 2 words of 64
      sorts: Page 1, Device 1, Thread 3
      threads
        unmap  5 bits, 9 control points, 8 steps in its text
      shared variables
        mm     5 bits, { lock: { owner: none | Thread }, pte: none | Page, mapped: bool }
      atomicity: the shared state that each transition reads and writes; locks are not considered
        test/support/notifier.ts:LINE  unmap: mutex_lock(&mm.lock)
          reads mm.lock.owner; writes mm.lock.owner
        test/support/notifier.ts:LINE  unmap: page = mm.pte
          reads mm.pte
        test/support/notifier.ts:LINE  unmap: mm.pte = none
          writes mm.pte
        test/support/notifier.ts:LINE  unmap: mutex_lock(&driver[device].update)
          reads driver[device].update.owner; writes driver[device].update.owner
        test/support/notifier.ts:LINE  unmap: driver[device].pte = none
          writes driver[device].pte
        test/support/notifier.ts:LINE  unmap: mutex_unlock(&driver[device].update)
          writes driver[device].update.owner
        test/support/notifier.ts:LINE  unmap: free[page] = true
          writes free[page]
        test/support/notifier.ts:LINE  unmap: mutex_unlock(&mm.lock)
          writes mm.lock.owner
        test/support/notifier.ts:LINE  device_fault: mutex_lock(&mm.lock)
          reads mm.lock.owner; writes mm.lock.owner
        test/support/notifier.ts:LINE  device_fault: mutex_lock(&driver[self].update)
          reads driver[device].update.owner; writes driver[device].update.owner
        test/support/notifier.ts:LINE  device_fault: driver[device].pte = mm.pte
          reads mm.pte; writes driver[device].pte; OPEN
        test/support/notifier.ts:LINE  device_fault: mutex_unlock(&mm.lock)
          writes mm.lock.owner
        test/support/notifier.ts:LINE  device_fault: mutex_unlock(&driver[self].update)
          writes driver[device].update.owner
        test/support/notifier.ts:LINE  device: device reads the page
          reads driver[device].pte

      "
    `)
  })

  test('--full draws every step, and ends with verdict, counts, time, steps never taken and the command', async () => {
    const { stdout } = await world().run(
      'check',
      'notifier@as-posted',
      '--workers',
      '2',
      '--max-states',
      '1000',
      '--property',
      'P-NOUAF',
      '--full',
    )
    expect(stdout.replaceAll(/notifier\.ts:\d+/g, 'notifier.ts:LINE')).toMatchInlineSnapshot(`
      "notifier@as-posted  A page, unmapped and used; no correction
      scenario core with devices=1,pages=1  one device, one page

        violated    P-NOUAF  assertion      in 9 steps

      P-NOUAF is violated in 9 steps:

           initially mm.pte = page 0, mm.mapped = yes

           unmap                device_fault[0]      device[0]            │ what changed
           ───────────────────  ───────────────────  ───────────────────  ┼──────────────────────────────
        1  │                    mutex_lock(&driver[  │                    │
           │                      self].update)      │                    │
           │                      holds driver[0].   │                    │
           │                        update           │                    │
        2  │                    mutex_lock(&mm.      │                    │ unmap waits for mm.lock
           │                      lock)              │                    │
           │                      holds mm.lock,     │                    │
           │                        driver[0].       │                    │
           │                        update           │                    │
        3  ┆                    driver[device].pte   │                    │ driver[0].pte: none → page 0
           ┆                      = mm.pte           │                    │
           ┆                      race: reads        │                    │
           ┆                        mm.pte           │                    │
        4  ┆                    mutex_unlock(&mm.    │                    │ unmap no longer waits
           ┆                      lock)              │                    │
           ┆                      holds driver[0].   │                    │
           ┆                        update           │                    │
        5  mutex_lock(&mm.      ┃                    │                    │
             lock)              ┃                    │                    │
             holds mm.lock      ┃                    │                    │
        6  page = mm.pte        ┃                    │                    │
             page = page 0      ┃                    │                    │
        7  mm.pte = none        ┃                    │                    │ mm.pte: page 0 → none
             race: changes      ┃                    │                    │
               mm.pte           ┃                    │                    │
        8  free[page] = true    ┃                    │                    │ free[0]: no → yes
        9  ┃                    ┃                    device reads the     │ accesses: 0 → 1
           ┃                    ┃                      page               │
           ┃                    ┃                      ✗ P-NOUAF          │

           ┃ holds a lock   ┆ waits for one

           ✗ P-NOUAF: the device uses a freed page
           race: step 3 (device_fault[0]) reads mm.pte; step 7 (unmap) then changes it: page 0 → none;
             step 9 relies on the old value

           next step of each thread
             unmap            mutex_unlock(&mm.lock)
             device_fault[0]  mutex_unlock(&driver[self].update)
             device[0]        rests, or device reads the page

           source of each step
             1  test/support/notifier.ts:LINE
             2  test/support/notifier.ts:LINE
             3  test/support/notifier.ts:LINE
             4  test/support/notifier.ts:LINE
             5  test/support/notifier.ts:LINE
             6  test/support/notifier.ts:LINE
             7  test/support/notifier.ts:LINE
             8  test/support/notifier.ts:LINE
             9  test/support/notifier.ts:LINE

      violated: P-NOUAF (9 steps)
      43 states, 99 transitions, depth 12; 12 bits per state, 2 workers, dead locals reset
      0.50 s
      steps never taken: none
      repeat with: npx hmmcheck check notifier@as-posted --scenario core --config devices=1,pages=1 --property P-NOUAF --workers 2 --max-states 1000
      "
    `)
  })

  test('text is what matters, one short drawing, and the commands for more', async () => {
    const { stdout } = await world().run('check', 'notifier@without-lock_order')
    expect(stdout.replaceAll(/notifier\.ts:\d+/g, 'notifier.ts:LINE')).toMatchInlineSnapshot(`
      "notifier@without-lock_order, scenario core: all but lock_order

        violated     deadlock       deadlock       in 4 steps
        violated     lock-deadlock  lock-deadlock  in 4 steps
        holds        P-NOUAF, P-REF
        possible     1 thing that must be possible

      deadlock is violated in 4 steps:

           unmap  device_fault[0]                              │ what matters
        1  mutex_lock(&mm.lock)                                │ holds mm.lock
      2-3  page = mm.pte, mm.pte = none                        │
        4  ┃      mutex_lock(&driver[self].update)             │ holds driver[0].update; waits for mm.lock
           ┃      │                                            │ unmap waits for driver[0].update
           ┃      │                                            │ ✗ deadlock, ✗ lock-deadlock

           ✗ deadlock: no step changes the state any more
             unmap is at for each device (test/support/notifier.ts:LINE), holds mm.lock, waits for
               device_fault[0]
             device_fault[0] is at mutex_lock(&mm.lock) (test/support/notifier.ts:LINE), holds
               driver[0].update, waits for unmap

      the others, in full:
        lock-deadlock  the same steps  npx hmmcheck check notifier@without-lock_order --scenario core --property lock-deadlock --full

      violated: deadlock (4 steps), lock-deadlock (4 steps)
      48 states, 106 transitions, depth 15; 0.50 s
      more: --full draws every step, --verbose lists every verdict and every step never taken
      repeat with: npx hmmcheck check notifier@without-lock_order --scenario core --config devices=1,pages=1
      "
    `)
  })

  test('--verbose lists every verdict beside the short drawing', async () => {
    const { stdout } = await world().run('check', 'notifier@as-posted', '--verbose')
    expect(stdout).toMatch(/\n {2}holds {7}P-REF +invariant\n/)
    expect(stdout).toContain('│ what matters\n')
    expect(stdout).toContain('\nsteps never taken: none\n')
  })

  test('the command repeats the run: catalogue files and odd names included', async () => {
    const cwd = temporaryDirectory()
    writeFileSync(join(cwd, 'my models.mjs'), 'export const catalogue = []\n')
    const { run } = world({ cwd })
    const { stdout } = await run(
      'check',
      'notifier',
      '--catalogue',
      'my models.mjs',
      '--timeout',
      '60',
      '--max-memory',
      '4G',
      '--stop-at-first',
      '--keep-dead-locals',
      '--fail-on',
      'never-taken',
    )
    const command = stdout.trim().split('\n').at(-1)
    expect(command).toBe(
      "repeat with: npx hmmcheck check notifier@fixed --scenario core --config devices=1,pages=1 --max-memory 4G --timeout 60 --stop-at-first --keep-dead-locals --fail-on never-taken --catalogue 'my models.mjs'",
    )
  })

  test('two properties that fall by one schedule share its drawing', async () => {
    const { stdout } = await world().run('check', 'notifier@without-lock_order', '--full')
    expect(stdout.match(/what changed/g)).toHaveLength(1)
    expect(stdout).toContain('lock-deadlock is violated in 4 steps, by the schedule of deadlock:')
  })

  test('the witness of a property that was asked for is drawn', async () => {
    const argv = ['check', 'notifier', '--property', 'P-NOUAF-possible'] as const
    const { stdout } = await world().run(...argv, '--full')
    expect(stdout).toContain('P-NOUAF-possible is witnessed in 4 steps:')
    expect(stdout).toContain('✓ P-NOUAF-possible is reached')
    expect((await world().run(...argv)).stdout).toContain('✓ P-NOUAF-possible is reached')
    expect((await world().run('check', 'notifier')).stdout).not.toContain('✓')
  })

  test('an interrupted run ends with 130 and what is known so far', async () => {
    const onInterrupt = (stop: () => void): (() => void) => {
      stop()
      return () => undefined
    }
    const check: Engine['check'] = async (model, { signal, ...given }) =>
      referenceEngine(model, { ...given, ...(signal === undefined ? {} : { signal }) })
    const { engine } = asked()
    const answer = await world({ onInterrupt, engine: { ...engine, check } }).run('check')
    expect(answer).toMatchObject({ code: 130, stderr: '' })
    let interrupt = (): void => undefined
    const late = await world({
      onInterrupt: (stop) => {
        interrupt = stop
        return () => undefined
      },
      engine: {
        ...engine,
        check: (model, given) => {
          interrupt()
          return check(model, given)
        },
      },
    }).run('check', 'notifier', '--json')
    expect(late.code).toBe(130)
    expect(JSON.parse(late.stdout)).toMatchObject({ runs: [{ verdict: 'incomplete', states: 1 }] })
  })
})

describe('--out', () => {
  test('one violation, one file', async () => {
    const { cwd, run } = world()
    const { code, stdout } = await run('check', 'notifier@as-posted', '--out', 'found/nouaf.json')
    expect(code).toBe(1)
    expect(stdout).toContain('saved: found/nouaf.json')
    const text = readFileSync(join(cwd, 'found/nouaf.json'), 'utf8')
    expect(readSchedule(text, 'nouaf.json')).toMatchObject({
      model: 'notifier',
      variant: 'as-posted',
      property: { name: 'P-NOUAF' },
    })
    expect(readdirSync(join(cwd, 'found'))).toEqual(['nouaf.json'])
  })

  test('several violations and one file: a mistake, and nothing written', async () => {
    const { cwd, run } = world()
    const { code, stderr } = await run('check', 'notifier@without-lock_order', '--out', 'found.json')
    expect(code).toBe(2)
    expect(stderr).toBe(
      'error HMM209: --out found.json is one file, and there are 2 schedules (deadlock, lock-deadlock)\n  remedy: name a directory, --out found/, or one property with --property\n',
    )
    expect(readdirSync(cwd)).toEqual([])
  })

  test('of several violations the one that was asked for, though misuse is always on', async () => {
    const { cwd, run } = world({ catalogue: [mirror420Protocol], engine: processEnvironment().engine })
    const { code, stdout } = await run(
      'check',
      'mirror-4.20@without-free-by-srcu',
      '--scenario',
      'registration',
      '--property',
      'P-LIFE',
      '--out',
      'found.json',
    )
    expect(code).toBe(1)
    expect(stdout).toMatch(/\n {2}violated {5}misuse: freeing a held lock: hmm->mirrors_sem /)
    expect(stdout).toContain('saved: found.json')
    expect(readSchedule(readFileSync(join(cwd, 'found.json'), 'utf8'), 'found.json').property.name).toBe('P-LIFE')
  })

  test('several violations and a directory: a schedule and a page for each property', async () => {
    const { cwd, run } = world()
    await run('check', 'notifier@without-lock_order', '--out', 'found/')
    expect(readdirSync(join(cwd, 'found')).sort()).toEqual([
      'without-lock_order.core.deadlock.html',
      'without-lock_order.core.deadlock.json',
      'without-lock_order.core.lock-deadlock.html',
      'without-lock_order.core.lock-deadlock.json',
    ])
    mkdirSync(join(cwd, 'there'))
    const { stdout } = await run('check', '--out', 'there')
    expect(stdout).toContain('saved: there/notifier/as-posted.core.P-NOUAF.json')
  })

  test('nothing violated: nothing written, and said so', async () => {
    const { cwd, run } = world()
    const { code, stdout } = await run('check', 'notifier', '--out', 'found.json')
    expect({ code, files: readdirSync(cwd) }).toEqual({ code: 0, files: [] })
    expect(stdout).toContain('nothing to save in found.json: no schedule was found')
  })

  test('the witness of a property that was asked for is saved', async () => {
    const { cwd, run } = world()
    await run('check', 'notifier', '--property', 'P-NOUAF-possible', '--out', 'witness.json')
    expect(readSchedule(readFileSync(join(cwd, 'witness.json'), 'utf8'), 'witness.json').property).toEqual({
      kind: 'sometimes',
      name: 'P-NOUAF-possible',
      outcome: 'witnessed',
    })
  })

  test("a place that can't be written to", async () => {
    const { cwd, run } = world()
    writeFileSync(join(cwd, 'taken'), '')
    const { code, stderr } = await run('check', 'notifier@as-posted', '--out', 'taken/found.json')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error HMM210: .*taken\/found\.json can't be written: /)
    expect(existsSync(join(cwd, 'taken/found.json'))).toBe(false)
  })

  test('with --json, only the document is on stdout', async () => {
    const { stdout, stderr } = await world().run('check', 'notifier@as-posted', '--json', '--out', 'found.json')
    expect(JSON.parse(stdout)).toHaveProperty('schema', 3)
    expect(stderr).toBe('saved: found.json\n')
  })
})
