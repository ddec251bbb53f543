/** `fuzz`: what it prints, its document, its files, its exit codes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fuzzSchema } from '../support/documents.ts'
import { world } from './world.ts'

/** How long it took differs from run to run. */
const timeless = (text: string): string => text.replace(/^\d+\.\d+ s of walking, .* steps\/s$/m, 'TIME')

test('a violation: its small schedule, what was covered, the command that repeats it', async () => {
  const { code, stdout, stderr } = await world().run(
    'fuzz',
    'notifier@as-posted',
    '--strategy',
    'pct',
    '--runs',
    '100',
    '--max-steps',
    '40',
  )
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const [head = '', drawing = '', end = ''] = timeless(stdout).split(
    /(?<=\nP-NOUAF is violated, reduced: 9 steps, 2 switches:\n)|(?=\nviolated: )/,
  )
  expect(drawing).toContain('✗ P-NOUAF: the device uses a freed page')
  expect(head + end).toMatchInlineSnapshot(`
    "notifier@as-posted  A page, unmapped and used; no correction
    scenario core with devices=1,pages=1  one device, one page
    pct of depth 3: 100 runs of at most 40 steps, seed 1
      finds a bug of depth 3 that shows while each thread carries out one operation, if the threads
        choose as it needs, with a probability of at least 2.1e-4 per run and 0.021 in all: 1/(n
        k^(d-1)), n = 3 threads, k = 40 steps, d = 3

      violated    P-NOUAF           assertion      reduced: 9 steps, 2 switches; first by run 2, in 12
      possible    P-NOUAF-possible  sometimes      reduced: 4 steps, 1 switch; first by run 2, in 4
      not seen    P-REF             invariant
      not seen    deadlock          deadlock
      not seen    lock-deadlock     lock-deadlock

    P-NOUAF is violated, reduced: 9 steps, 2 switches:

    violated: P-NOUAF (9 steps)
    100 runs, 4,000 steps; 30 distinct states, 60 distinct transitions
    TIME
    steps never taken: none
    repeat with: npx hmmcheck fuzz notifier@as-posted --scenario core --config devices=1,pages=1 --runs 100 --seed 1 --strategy pct --depth 3 --max-steps 40
    "
  `)
})

test('nothing seen is no proof: 3, and a witness is drawn only if it is asked for', async () => {
  const { code, stdout } = await world().run('fuzz', 'notifier', '--runs', '5')
  expect(code).toBe(3)
  expect(stdout).toContain('incomplete: no violation was seen; that proves nothing\n5 runs, ')
  expect(stdout).not.toContain('P-NOUAF-possible is witnessed')
  expect((await world().run('fuzz', 'notifier@as-posted', '--ascii')).stdout).toMatch(/^[\x20-\x7e\n]+$/)
  const asked = await world().run('fuzz', 'notifier', '--runs', '5', '--property', 'P-NOUAF-possible')
  expect(asked.stdout).toContain('P-NOUAF-possible is witnessed, reduced: 4 steps, 1 switch:')
  expect(asked.stdout).toMatch(
    /\nrepeat with: npx hmmcheck fuzz notifier@fixed --scenario core --config devices=1,pages=1 --property P-NOUAF-possible --runs 5 --seed 1 --strategy brackets --max-steps 100\n$/,
  )
})

test('the command that repeats it does', async () => {
  const { run } = world()
  const { stdout } = await run(
    'fuzz',
    'notifier@as-posted',
    '--strategy',
    'pct',
    '--depth',
    '2',
    '--seed',
    '7',
    '--stop-at-first',
    '--scenario',
    'wide',
  )
  const [, command = ''] = /repeat with: npx hmmcheck (.*)\n$/.exec(stdout) ?? []
  expect(command).toBe(
    'fuzz notifier@as-posted --scenario wide --config devices=2,pages=2 --runs 1000 --seed 7 --strategy pct --depth 2 --max-steps 100 --stop-at-first',
  )
  expect(timeless((await run(...command.split(' '))).stdout)).toBe(timeless(stdout))
})

test('--workers: the same text, in as many threads as there are processors', async () => {
  const asked = ['fuzz', 'notifier@as-posted', '--runs', '20000', '--max-steps', '60']
  const [one, more] = [await world().run(...asked), await world({ processors: 2 }).run(...asked, '--workers', '1000')]
  expect(timeless(more.stdout)).toBe(timeless(one.stdout))
  expect(more.stderr).toContain(
    'HMM216: --workers 1000: 2 walk, because this machine has 2 processors; more threads would take memory and not be faster\n',
  )
  expect(more.stdout).not.toContain('--workers')
})

test('--out: a schedule that replay confirms', async () => {
  const { cwd, run } = world()
  const { code, stdout } = await run('fuzz', 'notifier@as-posted', '--out', 'found.json')
  expect(code).toBe(1)
  expect(stdout).toContain('\nsaved: found.json\n')
  expect((await run('replay', 'found.json')).code).toBe(0)
  expect((await run('fuzz', 'notifier', '--out', 'none.json')).stdout).toContain('nothing to save in none.json')
  await run('fuzz', 'notifier@without-lock_order', '--out', 'all/')
  expect(readdirSync(join(cwd, 'all'))).toEqual([
    'without-lock_order.core.deadlock.json',
    'without-lock_order.core.lock-deadlock.json',
  ])
})

describe('--json', () => {
  test('every field, in the order of docs/json.md', async () => {
    const { cwd, run } = world()
    const { code, stdout, stderr } = await run(
      'fuzz',
      'notifier@as-posted',
      '--strategy',
      'pct',
      '--json',
      '--out',
      'found.json',
    )
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'saved: found.json\n' })
    const document = fuzzSchema.parse(JSON.parse(stdout))
    expect(document).toEqual(JSON.parse(stdout))
    expect(Object.keys(document)).toEqual([
      'schema',
      'version',
      'command',
      'model',
      'variant',
      'scenario',
      'config',
      'strategy',
      'seed',
      'maxSteps',
      'guarantee',
      'verdict',
      'runs',
      'steps',
      'states',
      'transitions',
      'atLeast',
      'seconds',
      'neverTaken',
      'properties',
    ])
    expect(document).toMatchObject({
      model: 'notifier',
      variant: 'as-posted',
      scenario: 'core',
      config: { devices: 1, pages: 1 },
      strategy: 'pct of depth 3',
      seed: 1,
      maxSteps: 100,
      guarantee: { probability: 1 / 30_000, formula: '1/(n k^(d-1))', where: 'n = 3 threads, k = 100 steps, d = 3' },
      verdict: 'violated',
      runs: 1000,
      states: 30,
      transitions: 60,
      atLeast: false,
    })
    const [violated, witnessed, unseen] = document.properties
    expect(violated).toMatchObject({ name: 'P-NOUAF', seen: 'violated', steps: 9 })
    expect(violated?.schedule).toEqual(JSON.parse(readFileSync(join(cwd, 'found.json'), 'utf8')))
    expect(witnessed).toMatchObject({ seen: 'witnessed', schedule: { property: { outcome: 'witnessed' } } })
    expect(unseen).toEqual({
      name: 'P-REF',
      kind: 'invariant',
      seen: 'unseen',
      firstRun: null,
      firstSteps: null,
      steps: null,
      schedule: null,
    })
  })

  test('without a guarantee', async () => {
    const { stdout } = await world().run('fuzz', 'notifier', '--strategy', 'uniform', '--runs', '3', '--json')
    expect(fuzzSchema.parse(JSON.parse(stdout))).toMatchObject({
      strategy: 'uniform',
      guarantee: null,
      verdict: 'incomplete',
      runs: 3,
    })
  })
})

test('Ctrl-C: 130, with what was walked so far', async () => {
  const { code, stdout } = await world({
    onInterrupt: (stop) => {
      setTimeout(stop, 20)
      return () => undefined
    },
  }).run('fuzz', 'notifier', '--runs', '1e12')
  expect(code).toBe(130)
  expect(stdout).toMatch(/incomplete: no violation was seen; that proves nothing; interrupted\n[\d,]+ runs, /)
})

test('what no run can show is said', async () => {
  const { run } = world({ catalogue: [(await import('../../models/mirror-4.20/protocol.ts')).mirror420Protocol] })
  const { stdout } = await run(
    'fuzz',
    'mirror-4.20',
    '--property',
    'recoverable',
    '--property',
    'P-NOUAF',
    '--runs',
    '2',
  )
  expect(stdout).toMatch(
    /^ {2}not judged {2}recoverable {2}recoverable +a single run cannot show that it is violated; check can$/m,
  )
  const alone = await run('fuzz', 'mirror-4.20', '--property', 'recoverable')
  expect(alone).toMatchObject({ code: 2, stdout: '' })
  expect(alone.stderr).toContain('HMM241: no single run can violate recoverable')
})
