/** What `npm install` of a clone and `npm pack` do: build what has changed, and nothing else. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../support/package.ts'
import { temporaryDirectory } from './world.ts'

/** A small package whose build leaves a mark. */
function small(): string {
  const folder = temporaryDirectory()
  for (const name of ['src', 'models', 'properties', 'bin', 'dist/bin'])
    mkdirSync(join(folder, name), { recursive: true })
  for (const name of [
    'src/a.ts',
    'models/a.ts',
    'properties/a.ts',
    'bin/a.ts',
    'tsconfig.json',
    'tsconfig.build.json',
    'dist/bin/hmmcheck.js',
    'dist/stale.js',
  ])
    writeFileSync(join(folder, name), '')
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ type: 'module', scripts: { build: "node -e \"fs.writeFileSync('mark', '')\"" } }),
  )
  cpSync(join(root, 'build.js'), join(folder, 'build.js'))
  const [old, now] = [new Date(2026, 0, 1), new Date(2026, 0, 2)]
  for (const name of [
    'src/a.ts',
    'models/a.ts',
    'properties/a.ts',
    'bin/a.ts',
    'tsconfig.json',
    'tsconfig.build.json',
    'package.json',
  ])
    utimesSync(join(folder, name), old, old)
  utimesSync(join(folder, 'dist/bin/hmmcheck.js'), now, now)
  return folder
}

const build = (folder: string, ...argv: readonly string[]): number | null =>
  spawnSync(process.execPath, ['build.js', ...argv], { cwd: folder }).status

test('what is built is not built again', () => {
  const folder = small()
  expect(build(folder)).toBe(0)
  expect(existsSync(join(folder, 'mark'))).toBe(false)
})

test.each(['src/a.ts', 'models/a.ts', 'bin/a.ts', 'tsconfig.build.json'])('a newer %s is', (name) => {
  const folder = small()
  writeFileSync(join(folder, name), ' ')
  expect(build(folder)).toBe(0)
  expect(existsSync(join(folder, 'mark'))).toBe(true)
})

test('--anew leaves nothing of what was there', () => {
  const folder = small()
  expect(build(folder, '--anew')).toBe(0)
  expect(existsSync(join(folder, 'mark'))).toBe(true)
  expect(existsSync(join(folder, 'dist/stale.js'))).toBe(false)
})

test('every install script of what is installed is allowed or denied', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean; readonly optional?: boolean }>>
  }
  const { allowScripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly allowScripts: Readonly<Record<string, boolean>>
  }
  const scripted = Object.entries(packages).filter(
    ([path, { hasInstallScript, optional }]) => path !== '' && hasInstallScript === true && optional !== true,
  )
  expect(scripted.length).toBeGreaterThan(0)
  expect(
    scripted.map(([path]) => path.replace(/^.*node_modules\//, '')).filter((name) => allowScripts[name] === undefined),
  ).toEqual([])
})
