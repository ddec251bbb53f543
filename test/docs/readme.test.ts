/** README.md prints what the command prints, and lists what there is. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { processEnvironment } from '../../src/cli/environment.ts'
import { main } from '../../src/cli/main.ts'
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
  const shown = fencesOf('README.md')
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

test('the table of the catalogue has a row for each protocol', () => {
  const rows = readFileSync(join(root, 'README.md'), 'utf8').match(/^\| `[^`]+` \|.*$/gm) ?? []
  expect(rows.map((row) => /`([^`]+)`/.exec(row)?.[1])).toEqual(catalogue.map(({ name }) => name))
  catalogue.forEach(({ scenarios }, n) => {
    const named = [
      ...((rows[n] ?? '')
        .split('|')
        .at(-2)
        ?.matchAll(/`([^`]+)`/g) ?? []),
    ].map(([, name]) => name)
    expect(named.toSorted()).toEqual(scenarios.map(({ name }) => name).toSorted())
  })
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
