/**
 * docs/ci.md, done: its project in a folder of its own with the packed package, its commands, and the job's steps,
 * before and after a line is lost.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, installedPacked, packed } from '../support/package.ts'
import { commandsOf, elided, fencesOf, patched } from './support.ts'

const MINUTES = 60_000
const WORKFLOW = '.github/workflows/hmmcheck.yml'
const fences = fencesOf('docs/ci.md')
const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-'))

beforeAll(async () => {
  await built()
  installedPacked(folder, packed(folder), ['typescript', 'vitest', '@types/node'])
}, 10 * MINUTES)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

/** In a shell, where `npx` finds what is installed and asks nobody. */
function shell(command: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const npx = 'npx() { local tool=$1; shift; "node_modules/.bin/$tool" "$@"; }'
  return spawnSync('bash', ['-c', `${npx}\n${command}`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined, GITHUB_STEP_SUMMARY: 'summary.md' },
  })
}

/** How long it took differs from run to run. */
const timeless = (text: string): string => text.replace(/^\d+\.\d+ s$/gm, '0.00 s')

/** The code that what is shown stands for. */
function codeOf(command: string, lines: readonly string[]): number {
  const failing = lines.some((line) => /^(violated: |FAILED )/.test(line)) || / --format mermaid$/.test(command)
  return failing || (command.includes('hmmcheck check') && lines.some((line) => line.startsWith('saved: '))) ? 1 : 0
}

/** What SARIF 2.1.0 says of a violation, as far as a code host shows it. */
interface Sarif {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string
      readonly level: string
      readonly message: { readonly text: string }
      readonly locations: readonly [
        {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string }
            readonly region: { readonly startLine: number }
          }
        },
      ]
      readonly codeFlows: readonly [{ readonly threadFlows: readonly { readonly locations: readonly unknown[] }[] }]
    }[]
  }[]
}

/** What the job does: the commands of its steps. */
const steps = (): readonly string[] =>
  [...read(WORKFLOW).matchAll(/^ {6}- run: (.*)$/gm)].map(([, command = '']) => command)

describe('step by step', () => {
  for (const fence of fences) {
    const { language, name, text } = fence
    if (language === 'console') {
      for (const { command, lines } of commandsOf(fence)) {
        test(
          command,
          () => {
            const { status, stdout, stderr } = shell(command)
            expect(stdout === '' ? [] : elided(timeless(stdout), lines.map(timeless))).toEqual(lines.map(timeless))
            expect(status === codeOf(command, lines) ? '' : stderr).toBe('')
            expect(status).toBe(codeOf(command, lines))
          },
          3 * MINUTES,
        )
      }
    } else {
      test(`${language} ${name}`, () => {
        expect(name).not.toBe('')
        const file = join(folder, name)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, language === 'diff' ? patched(read(name), text) : text)
        if (language === 'json')
          expect(() => {
            JSON.parse(text)
          }).not.toThrow()
      })
    }
    if (name === WORKFLOW) {
      test(
        'every step of the job passes',
        () => {
          const [install, ...others] = steps()
          expect(install).toBe('npm ci')
          expect(others.length).toBeGreaterThanOrEqual(4)
          expect(others.map((command) => ({ command, status: shell(command).status }))).toEqual(
            others.map((command) => ({ command, status: 0 })),
          )
          expect((JSON.parse(read('hmmcheck.sarif')) as Sarif).runs[0]?.results).toEqual([])
        },
        5 * MINUTES,
      )
    }
  }
})

describe('when the line is lost', () => {
  let ended: readonly (ReturnType<typeof shell> & { readonly command: string })[] = []

  beforeAll(() => {
    ended = steps()
      .slice(1)
      .map((command) => ({ command, ...shell(command) }))
  }, 5 * MINUTES)

  test('the job fails: in the check, the locks and the tests, not in the types', () => {
    expect(ended.map(({ command, status }) => [command.split(' ').slice(1, 3).join(' '), status])).toEqual([
      ['tsc', 0],
      ['hmmcheck check', 1],
      ['hmmcheck check', 1],
      ['hmmcheck regress', 1],
      ['vitest run', 1],
    ])
  })

  test('the annotation stands at the line where the freed page is used, and its code flow has the schedule', () => {
    const results = (JSON.parse(read('hmmcheck.sarif')) as Sarif).runs.flatMap((run) => run.results)
    expect(results.map(({ ruleId, level }) => ({ ruleId, level }))).toEqual([
      { ruleId: 'no-use-after-free', level: 'error' },
      { ruleId: 'HMM063', level: 'error' },
    ])
    expect(results[1]?.message.text).toContain('`if (mni.moved)` of device is never taken')
    const [result] = results
    const [place] = result?.locations ?? []
    const line =
      read('model/driver.ts')
        .split('\n')
        .findIndex((text) => text.includes('the device reads the page')) + 1
    expect(place?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'model/driver.ts' },
      region: { startLine: line },
    })
    expect(result?.message.text).toContain('no-use-after-free')
    expect(result?.codeFlows[0].threadFlows.flatMap(({ locations }) => locations)).toHaveLength(15)
  })

  test('the schedule is drawn in the log, by the check and by the unit test', () => {
    const [, checked, , , tested] = ended.map(({ stdout, stderr }) => stdout + stderr)
    for (const text of [checked, tested]) {
      expect(text).toMatch(/ 15 +│ +the device reads the page/)
      expect(text).toContain('✗ no-use-after-free: the page was freed')
    }
  })

  test('the summary has the drawing, and the artefact a page beside the schedule', () => {
    expect(read('summary.md')).toContain('### <code>no-use-after-free</code> is violated')
    expect(read('summary.md')).toMatch(/ 15 +│ +the device reads the page/)
    expect(readdirSync(join(folder, 'found')).toSorted()).toEqual([
      'fixed.small.no-use-after-free.html',
      'fixed.small.no-use-after-free.json',
    ])
  })

  test(
    'JUnit fails, too',
    () => {
      expect(shell('npx hmmcheck check my-driver --format junit > hmmcheck.xml').status).toBe(1)
      expect(read('hmmcheck.xml')).toMatch(/<testcase [^>]*name="no-use-after-free"[^>]*>\s*<failure /)
    },
    MINUTES,
  )
})
