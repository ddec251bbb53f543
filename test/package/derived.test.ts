/**
 * What `hmmcheck derive` makes of every model of the catalogue works with the package as it is published: its types are
 * right, the model is the catalogue's, and a check gives the catalogue's verdicts.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { built, installedPacked, packed, root } from '../support/package.ts'

const MINUTES = 60_000
const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
const names = catalogue.map(({ name }) => name)

/** Runs a tool that is installed in the folder, also for one of the folders in it. */
const run = (cwd: string, tool: string, ...argv: readonly string[]) =>
  spawnSync(join(folder, 'node_modules/.bin', tool), argv, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  })

beforeAll(async () => {
  await built()
  installedPacked(folder, packed(folder), ['typescript', 'vitest', '@types/node'])
  for (const name of names) {
    const { status, stderr } = run(folder, 'hmmcheck', 'derive', name, name, '--no-ci', '--no-vscode')
    expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' })
  }
}, 120 * MINUTES)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

test(
  'the types of all are right',
  () => {
    const [first = ''] = names
    const settings = JSON.parse(readFileSync(join(folder, first, 'tsconfig.json'), 'utf8')) as object
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...settings, include: names }))
    const compiler = join(root, 'node_modules/typescript-7/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [compiler], { cwd: folder, encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
  },
  20 * MINUTES,
)

test(
  'each model is that of the catalogue, and so is the variant under review until the change is written',
  () => {
    const script = `
    import { configure, settingOf } from 'hmmcheck'
    const textOf = (protocol, variant) =>
      JSON.stringify(configure(protocol.model, settingOf(protocol, { variant }).configuration), (key, value) =>
        key === 'at' && typeof value === 'string' ? undefined : value)
    for (const name of ${JSON.stringify(names)}) {
      const [known] = Object.values(await import('hmmcheck/models/' + name + '/protocol'))
      const { protocol } = await import('./' + name + '/hmmcheck.config.ts')
      const texts = [[known, undefined], [protocol, undefined], [protocol, 'under-review']].map((one) => textOf(...one))
      console.log(name, new Set(texts).size)
    }
  `
    writeFileSync(join(folder, 'same.mjs'), script)
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'same.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect({ lines: stdout.trimEnd().split('\n'), stderr }).toEqual({
      lines: names.map((one) => `${one} 1`),
      stderr: '',
    })
  },
  20 * MINUTES,
)

describe('a check gives the verdicts of the catalogue', () => {
  test.each(['owner-cow', 'mirror-5.2', 'kvm'])(
    '%s',
    (name) => {
      const mine = run(join(folder, name), 'hmmcheck', 'check', `${name}@under-review`)
      const theirs = run(folder, 'hmmcheck', 'check', name)
      const counts = (text: string): string | undefined => /^[\d,]+ states .*depth \d+/m.exec(text)?.[0]
      expect(mine.stdout).toMatch(/^as expected; the change is said to keep this verdict; without the change: /m)
      expect(counts(mine.stdout)).toBe(counts(theirs.stdout))
      expect(mine.status).toBe(theirs.status)
    },
    20 * MINUTES,
  )

  test(
    'and so does the test, which says what they are',
    () => {
      const { status, stdout, stderr } = run(join(folder, 'owner-cow'), 'vitest', 'run')
      expect(stdout + stderr).toMatch(/Tests +\d+ passed/)
      expect(status).toBe(0)
    },
    20 * MINUTES,
  )
})
