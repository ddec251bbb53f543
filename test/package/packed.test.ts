/** The tarball that would be published: what is in it, and what publint and attw (are the types wrong?) say of it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { built, installedPacked, packed, root } from '../support/package.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))
let tarball = ''

beforeAll(async () => {
  await built()
  tarball = packed(folder)
}, 600_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>
}

test('has what package.json names, the sources, and no tests', () => {
  const { stdout } = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8', maxBuffer: 2 ** 24 })
  const files = stdout
    .trimEnd()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''))
  const named = [
    ...Object.values(manifest.bin),
    ...Object.values(manifest.exports).flatMap((entry) => Object.values(entry)),
  ].map((file) => file.replace(/^\.\//, '').replace('*', 'mirror-4.20/model'))
  expect(named.filter((file) => !files.includes(file))).toEqual([])
  // but for the one that `init` writes
  expect(files.filter((file) => /\.test\.|^test\//.test(file))).toEqual(['templates/init/model/driver.test.ts'])
  expect(files).toContain('docs/ci.md')
})

test('publint has nothing to say of it', async () => {
  const file = readFileSync(tarball)
  const { messages, pkg } = await publint({
    pack: { tarball: file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) },
    strict: true,
  })
  expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
})

/** What of a package's types goes wrong, by entry point and by how it is resolved. */
interface Attw {
  readonly analysis: {
    readonly entrypoints: Readonly<Record<string, unknown>>
    readonly problems: readonly { readonly kind: string; readonly resolutionKind?: string }[]
  }
}

/**
 * The package is ESM only, and says so: resolutions that know no `exports`, or that go through `require()`, are none
 * of its own.
 */
test('attw finds its types right at every entry point', () => {
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
  const { status, stdout } = spawnSync(
    process.execPath,
    [attw, '--no-definitely-typed', '--profile', 'esm-only', '--format', 'json', tarball],
    { encoding: 'utf8', cwd: folder, maxBuffer: 2 ** 26 },
  )
  expect(status).toBe(0)
  const {
    analysis: { entrypoints, problems },
  } = JSON.parse(stdout) as Attw
  expect(Object.keys(entrypoints)).toEqual(Object.keys(manifest.exports))
  expect([...new Set(problems.map(({ kind, resolutionKind }) => `${kind} ${resolutionKind ?? ''}`))].sort()).toEqual([
    'CJSResolvesToESM node16-cjs',
    'NoResolution node10',
  ])
}, 120_000)

test('its declarations are well typed in a project that looks into them', () => {
  installedPacked(folder, tarball, ['typescript', 'vitest', '@types/node'])
  const entries = Object.keys(manifest.exports).map(
    (entry) => `hmmcheck${entry.slice(1).replace('*', 'mirror-4.20/model')}`,
  )
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'all.ts'), entries.map((entry, n) => `export * as entry${n} from '${entry}'\n`).join(''))
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
  const { status, stdout } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript-7/bin/tsc'), ...options, 'all.ts'],
    { cwd: folder, encoding: 'utf8' },
  )
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
}, 180_000)
