/** The examples of `--help`: each subcommand has some, and each does what it says. */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { processEnvironment } from '../../src/cli/environment.ts'
import { examples } from '../../src/cli/examples.ts'
import { temporaryDirectory, world } from './world.ts'

/** The words of a command line; one may stand in quotes. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** Subcommands whose examples need more than an empty folder, and the tests that run them. */
const ELSEWHERE: readonly string[] = [
  // test/docs/conformance.test.ts has recordings
  'conform',
  // test/cli/explore.test.ts has a browser's part
  'explore',
]

test('every subcommand has examples, and --help shows them', async () => {
  const { stdout } = await world().run('--help')
  const commands = [...stdout.matchAll(/^ {2}([a-z]+)\b.*/gm)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'help')
  expect(commands).toContain('check')
  for (const name of commands) expect((await world().run(name, '--help')).stdout).toContain('\nExamples:\n')
  for (const [name, own] of Object.entries(examples)) {
    const help = (await world().run(name, '--help')).stdout
    for (const [words] of own) expect(help).toContain(`\n  npx hmmcheck ${words}\n`)
  }
})

describe('in an empty folder, one after the other', () => {
  test('each ends as a command that did its work', async () => {
    const cwd = temporaryDirectory()
    const { run } = world({ catalogue: catalogue.slice(0, 1), engine: processEnvironment().engine, cwd })
    const here = Object.entries(examples).flatMap(([name, own]) => (ELSEWHERE.includes(name) ? [] : own))
    for (const [words] of here) {
      const { code, stdout, stderr } = await run(...wordsOf(words))
      expect({ words, code, stderr }).toEqual({ words, code: stdout.includes('violated') ? code : 0, stderr })
      expect(stderr).not.toContain('error')
      expect([0, 1]).toContain(code)
      expect(stdout).not.toBe('')
    }
  }, 300_000)
})
