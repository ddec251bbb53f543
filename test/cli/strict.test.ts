/** Warnings on the command line: printed always, and a reason to fail under `--strict`, in every format. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from 'sarif'
import { expect, test } from 'vitest'
import { Assert, assertion, model, range, shared, Step, thread } from '../../src/language/index.ts'
import { defineProtocol } from '../../src/catalogue/define.ts'
import { world } from './world.ts'

const root = new URL('../..', import.meta.url).pathname

function protocol(asserted: string): ReturnType<typeof defineProtocol> {
  const x = shared('x', range(0, 3))
  const t = thread('t', () =>
    Step('s', () => {
      x.increment()
      Assert(asserted, x.le(2))
    }),
  )
  return defineProtocol({
    name: 'm',
    title: 'm',
    model: model('m', { threads: [t], properties: [assertion('P')] }),
    parameters: {},
    fixes: [],
    variants: [{ name: 'fixed', summary: 'as it is', constants: {} }],
    scenarios: [{ name: 's', summary: 's', sizes: {} }],
    expectations: [],
  })
}
const typo = world.bind(undefined, { catalogue: [protocol('Q')], cwd: root })
const clean = world.bind(undefined, { catalogue: [protocol('P')], cwd: root })

test('printed with code, file and line; the exit code is of the verdict, unless --strict is given', async () => {
  const plain = await typo().run('check', 'm')
  expect(plain.code).toBe(0)
  expect(plain.stdout).toMatch(/^warning HMM061, test\/cli\/strict\.test\.ts:\d+: the assertion P is declared/m)
  expect(plain.stdout).toMatch(/^warning HMM062, test\/cli\/strict\.test\.ts:\d+: Q is asserted/m)
  const strict = await typo().run('check', 'm', '--strict')
  expect(strict.code).toBe(1)
  expect(strict.stdout).toContain('repeat with: npx hmmcheck check m@fixed --scenario s --strict')
})

test('nothing is said of warnings where there are none', async () => {
  const { code, stdout } = await clean().run('check', 'm', '--strict')
  expect(code).toBe(0)
  expect(stdout).not.toMatch(/warning/i)
})

test('of the whole catalogue, each once, behind the rows', async () => {
  const { code, stdout } = await typo().run('check', '--strict')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^ok {2}m@fixed .*, 2 warnings$/m)
  expect(stdout.match(/^warning HMM061/gm)).toHaveLength(1)
  expect((await clean().run('check', '--strict')).code).toBe(0)
})

test('JSON', async () => {
  const { stdout } = await typo().run('check', 'm', '--json')
  const {
    runs: [run],
  } = JSON.parse(stdout) as { readonly runs: readonly { readonly warnings: readonly object[] }[] }
  expect(run?.warnings).toEqual([
    {
      code: 'HMM061',
      what: expect.stringContaining('P is declared'),
      at: expect.stringMatching(/^test\/cli\/strict\.test\.ts:\d+$/),
      remedy: expect.stringContaining('assert it'),
    },
    {
      code: 'HMM062',
      what: expect.stringContaining('Q is asserted'),
      at: expect.stringMatching(/^test\/cli\/strict\.test\.ts:\d+$/),
      remedy: expect.stringContaining('assertion(...)'),
    },
  ])
})

test('JUnit: in system-err, and a failing test case each under --strict', async () => {
  const plain = (await typo().run('check', 'm', '--format', 'junit')).stdout
  expect(plain).toMatch(/tests="5" failures="0"[^]*<system-err>test\/cli\/strict\.test\.ts:\d+: HMM061: /)
  const strict = (await typo().run('check', 'm', '--format', 'junit', '--strict')).stdout
  expect(strict).toMatch(
    /tests="7" failures="2"[^]*<testcase name="HMM061 test\/cli\/strict\.test\.ts:\d+"[^>]*>\s*<failure type="warning"/,
  )
})

test('SARIF: a result each, at its line; an error under --strict', async () => {
  const results = async (...more: readonly string[]): Promise<readonly unknown[]> => {
    const {
      runs: [run],
    } = JSON.parse((await typo().run('check', 'm', '--format', 'sarif', ...more)).stdout) as Log
    return (run?.results ?? []).map(({ ruleId, ruleIndex, level, locations }) => [
      ruleId,
      run?.tool.driver.rules?.[ruleIndex ?? -1]?.id,
      level,
      locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    ])
  }
  expect(await results()).toEqual(
    ['HMM061', 'HMM062'].map((code) => [code, code, 'warning', 'test/cli/strict.test.ts']),
  )
  expect(await results('--strict')).toEqual(
    ['HMM061', 'HMM062'].map((code) => [code, code, 'error', 'test/cli/strict.test.ts']),
  )
})

test("a procedure and a word that the text names without () are in their lines of the user's file", async () => {
  const { run, cwd } = world({ variables: {} })
  writeFileSync(
    join(cwd, 'driver.js'),
    `import { deadlock, Idle, Loop, model, procedure, range, shared, thread } from '${join(root, 'src/language/index.ts')}'
import { defineProtocol } from '${join(root, 'src/catalogue/define.ts')}'
const x = shared('x', range(0, 3))
const reset = procedure('reset', [], () => { x.set(0) })
const t = thread('t', () => Loop(() => {
  Idle
  reset()
  reset
  x.set(1)
}))
export const catalogue = [defineProtocol({
  name: 'd', title: 'd', model: model('d', { threads: [t], properties: [deadlock()] }), parameters: {}, fixes: [],
  variants: [{ name: 'fixed', summary: 'as it is', constants: {} }], scenarios: [{ name: 's', summary: 's', sizes: {} }], expectations: [],
})]
`,
  )
  const { stdout, code } = await run('check', 'd', '--catalogue', 'driver.js', '--strict')
  expect(stdout).toContain('warning HMM069, driver.js:6: Idle is named and not called')
  expect(stdout).toContain('warning HMM069, driver.js:8: reset is named and not called')
  expect(code).toBe(1)
})
