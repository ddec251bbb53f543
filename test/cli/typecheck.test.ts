/**
 * TypeScript looks at a user's file where it is installed: its errors come first, a file without any costs nothing
 * the second time.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { filesOf } from '../../src/cli/catalogues.ts'
import { typeErrors } from '../../src/cli/typecheck.ts'
import { temporaryDirectory, world } from './world.ts'

const modules = join(import.meta.dirname, '../../node_modules')

/** A folder in which TypeScript is installed. */
function project(text: string): string {
  const folder = mkdtempSync(join(temporaryDirectory(), 'project-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(modules, 'typescript'), join(folder, 'node_modules/typescript'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'driver.ts'), text)
  return folder
}

const wrong = 'const pages: number = 3\nexport const catalogue: string[] = [pages]\n'

test('an error has its line, and a file that is mended has none', async () => {
  const folder = project(wrong)
  const file = join(folder, 'driver.ts')
  const says = ["HMM091: Type 'number' is not assignable to type 'string'. (TS2322)\n  at: driver.ts:2:37"]
  expect(await typeErrors([file])).toEqual(says)
  expect(await typeErrors([file])).toEqual(says)
  writeFileSync(file, wrong.replace('string[]', 'number[]'))
  expect(await typeErrors([file])).toEqual([])
}, 60_000)

test('what was clean is not asked about again until it changes', async () => {
  const folder = project('export const catalogue: number[] = [3]\n')
  const file = join(folder, 'driver.ts')
  expect(await typeErrors([file])).toEqual([])
  const cache = join(folder, 'node_modules/.cache/hmmcheck')
  const project_ = readdirSync(cache).find((name) => name.endsWith('.json')) ?? ''
  const written = statSync(join(cache, project_)).mtimeMs
  expect(await typeErrors([file])).toEqual([])
  expect(statSync(join(cache, project_)).mtimeMs).toBe(written)
  writeFileSync(file, wrong)
  expect(await typeErrors([file])).toHaveLength(1)
}, 60_000)

test('where no TypeScript is installed that is said, once; of JavaScript nothing is', async () => {
  const folder = temporaryDirectory()
  writeFileSync(join(folder, 'driver.ts'), wrong)
  expect(await typeErrors([join(folder, 'driver.ts')])).toBeUndefined()
  expect(await typeErrors([join(project(wrong), 'driver.js')])).toEqual([])
  writeFileSync(join(folder, 'hmmcheck.config.ts'), 'export const catalogue = []')
  const { run } = world({ cwd: folder, typeErrors })
  const line =
    'no TypeScript is installed where hmmcheck.config.ts is, so its types are not checked: npm install --save-dev typescript, or --no-typecheck\n'
  expect(await run('check', 'notifier@fixed')).toMatchObject({ code: 0, stderr: line })
  expect((await run('check', 'nobody')).stderr).toMatch(/^error HMM201: /)
  expect(await run('check', 'notifier@fixed', '--no-typecheck')).toMatchObject({ code: 0, stderr: '' })
})

test('check prints them before anything else, and ends with 2 where the model holds', async () => {
  const { run } = world({ typeErrors: () => Promise.resolve(['HMM091: no\n  at: driver.ts:2:1']) })
  expect(await run('check', 'notifier@fixed')).toMatchObject({
    code: 2,
    stderr: 'error HMM091: no\n  at: driver.ts:2:1\n',
    stdout: expect.stringContaining('holds') as string,
  })
  expect(await run('check', 'notifier@fixed', '--no-typecheck')).toMatchObject({ code: 0, stderr: '' })
  expect((await run('check', 'nobody')).stderr).toMatch(/^error HMM091: no\n {2}at: driver\.ts:2:1\nerror HMM201: /)
})

test('the configuration of a folder around is found', () => {
  const folder = temporaryDirectory()
  mkdirSync(join(folder, 'a/b'), { recursive: true })
  expect(filesOf(['x.ts'], join(folder, 'a/b'))).toEqual([join(folder, 'a/b/x.ts')])
  writeFileSync(join(folder, 'hmmcheck.config.mjs'), '')
  expect(filesOf(['x.ts'], join(folder, 'a/b'))).toEqual([
    join(folder, 'hmmcheck.config.mjs'),
    join(folder, 'a/b/x.ts'),
  ])
})
