/**
 * docs/guide.md, done: its files written as they are shown, in a folder of their own, and its commands run one after
 * the other.
 */
import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, hmmcheck, installed } from '../support/package.ts'
import { commandsOf, elided, fencesOf, patched, root } from './support.ts'

const MINUTES = 60_000
const fences = fencesOf('docs/guide.md')
let folder = ''

/**
 * What the guide has installed beside the linked package. Its vitest is another than the one that the package has
 * beside itself, and of another version, since TypeScript takes two copies of one version for one; and there is no
 * fast-check but the package's.
 */
function installBeside(cwd: string): void {
  const own = ['vitest', '@vitest'],
    left = ['fast-check', 'hmmcheck', '.bin', '.package-lock.json']
  for (const name of readdirSync(join(root, 'node_modules')).filter((one) => !left.includes(one))) {
    const [from, to] = [join(root, 'node_modules', name), join(cwd, 'node_modules', name)]
    if (own.includes(name)) cpSync(realpathSync(from), to, { recursive: true })
    else symlinkSync(from, to)
  }
  for (const name of ['vitest', ...readdirSync(join(cwd, 'node_modules/@vitest')).map((one) => `@vitest/${one}`)]) {
    const manifest = join(cwd, 'node_modules', name, 'package.json')
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"version": "[^"]*"/, '"version": "4.0.0"'))
  }
}

beforeAll(async () => {
  await built()
  folder = installed(mkdtempSync(join(tmpdir(), 'hmmcheck-')))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  installBeside(folder)
}, 10 * MINUTES)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Writes a file, or another piece of it, or changes it. */
function write(language: string, name: string, text: string): void {
  const file = join(folder, name)
  if (language === 'diff') writeFileSync(file, patched(readFileSync(file, 'utf8'), text))
  else appendFileSync(file, existsSync(file) ? `\n${text}` : text)
}

test('the guide has files, changes and commands', () => {
  const languages = fences.map(({ language }) => language)
  expect(languages.filter((language) => language === 'ts').length).toBeGreaterThan(3)
  expect(languages.filter((language) => language === 'diff').length).toBeGreaterThan(2)
  expect(languages.filter((language) => language === 'console').length).toBeGreaterThan(3)
})

/** Runs vitest in the folder, as if it were installed there. What fails it prints on stderr. */
function vitest(...argv: readonly string[]): {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
} {
  const { VITEST: _, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(folder, 'node_modules/vitest/vitest.mjs'), ...argv],
    { cwd: folder, encoding: 'utf8', env: { ...env, NO_COLOR: '1' } },
  )
  return { code: status, stdout: stdout + stderr, stderr: '' }
}

/** The code that the verdict in the shown lines stands for. */
const codeOf = (lines: readonly string[]): number =>
  lines.some((line) => /^(violated: |Error: )/.test(line)) || lines.some((line) => line.startsWith('saved: ')) ? 1 : 0

/** How long it took differs from run to run. */
const timeless = (text: string): string => text.replace(/^\d+\.\d+ s$/gm, '0.00 s')

describe('step by step', () => {
  for (const fence of fences) {
    const { language, name, text } = fence
    if (language === 'ts' || language === 'diff') {
      test(`${language} ${name}: ${text.trimStart().split('\n')[0] ?? ''}`, () => {
        expect(name).toMatch(/^(driver|hmmcheck\.config|driver\.test|random\.test)\.ts$/)
        write(language, name, text)
      })
    } else if (language === 'console') {
      for (const { command, lines } of commandsOf(fence)) {
        test(
          command,
          async () => {
            const [program, tool, ...argv] = command.split(' ')
            expect(program).toBe('npx')
            expect(['hmmcheck', 'vitest']).toContain(tool)
            const { code, stdout, stderr } = tool === 'vitest' ? vitest(...argv) : await hmmcheck(folder, ...argv)
            expect(stderr).toBe('')
            expect(elided(timeless(stdout), lines.map(timeless))).toEqual(lines.map(timeless))
            expect(code).toBe(codeOf(lines))
          },
          MINUTES,
        )
      }
    }
  }

  test(
    'its files are well typed',
    () => {
      const tsc = join(root, 'node_modules/typescript-7/bin/tsc')
      const options = [
        '--noEmit',
        '--strict',
        '--module',
        'nodenext',
        '--target',
        'es2023',
        '--allowImportingTsExtensions',
        '--skipLibCheck',
        '--noUnusedLocals',
        '--types',
        'node',
      ]
      const { status, stdout } = spawnSync(
        process.execPath,
        [tsc, ...options, 'driver.ts', 'hmmcheck.config.ts', 'driver.test.ts', 'random.test.ts'],
        { cwd: folder, encoding: 'utf8' },
      )
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    },
    3 * MINUTES,
  )
})
