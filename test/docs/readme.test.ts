/** README.md prints what the command prints, and lists what there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as hmmcheck from 'hmmcheck'
import * as protocols from 'hmmcheck/models/mirror-2017/protocol'
import { catalogue } from '../../models/catalogue.ts'
import { processEnvironment } from '../../src/cli/environment.ts'
import { main } from '../../src/cli/main.ts'
import { run, saidIn } from './examples.ts'
import { commandsOf, elided, fencesOf, root } from './support.ts'

const PROGRAM = 'npm run hmmcheck -- '

/** What a command prints, where there is no terminal. */
async function printed(argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string }> {
  let stdout = ''
  const code = await main(catalogue, argv, {
    ...processEnvironment(),
    stdout: {
      write: (text) => {
        stdout += text
      },
      isTerminal: false,
      columns: undefined,
    },
    stderr: { write: () => undefined, isTerminal: false, columns: undefined },
    variables: {},
    cwd: root,
    program: PROGRAM.trim(),
  })
  return { code, stdout }
}

describe('a counterexample, as printed', () => {
  const shown = ['README.md', 'docs/reading.md']
    .flatMap(fencesOf)
    .filter(({ language }) => language === 'console')
    .flatMap(commandsOf)

  test('there is one', () => {
    expect(shown.some(({ lines }) => lines.some((line) => line.includes('✗')))).toBe(true)
  })

  test.each(shown)(
    '$command',
    async ({ command, lines }) => {
      expect(command.startsWith(PROGRAM)).toBe(true)
      const argv = command.slice(PROGRAM.length).split(' ')
      const { code, stdout } = await printed(argv)
      expect(elided(stdout, lines)).toEqual(lines)
      expect(code).toBe(lines.includes('holds') || argv[0] === 'regress' ? 0 : 1)
    },
    120_000,
  )
})

test('the program prints the verdict and the schedule', async () => {
  const [{ text: code = '' } = { text: '' }] = fencesOf('README.md').filter(({ language }) => language === 'ts')
  const modules: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    hmmcheck,
    'hmmcheck/models/mirror-2017/protocol': protocols,
  }
  const words = [...code.matchAll(/^import \{ (.*) \} from '(.*)'$/gm)].flatMap(([, names = '', from = '']) =>
    names.split(', ').map((name) => [name, modules[from]?.[name]] as const),
  )
  expect(words.map(([name]) => name)).toEqual(['check', 'draw', 'mirror2017Protocol'])
  const said: string[] = []
  const console = { log: (line: string) => said.push(line) }
  await run(code.replace(/^import .*$/gm, ''), { ...Object.fromEntries(words), console })
  expect(said[0]).toBe(saidIn(code)[0])
  expect(said[1]).toContain('✗ P-NOUAF: the device reads a page that was freed')
}, 120_000)

test('the table of the catalogue has a row for each protocol, with its title', () => {
  const rows = readFileSync(join(root, 'README.md'), 'utf8').match(/^\| \[`[^`]+`\].*$/gm) ?? []
  expect(rows).toEqual(catalogue.map(({ name, title }) => `| [\`${name}\`](docs/models/${name}.md) | ${title} |`))
})

test('the scripts that it names are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>
  }
  const named = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/npm run ([\w:]+)/g)].map(
    ([, script = '']) => script,
  )
  expect(named.length).toBeGreaterThan(0)
  expect(named.filter((script) => scripts[script] === undefined)).toEqual([])
})
