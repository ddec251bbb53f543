/**
 * Puts one fault after the other into a copy of the engine and runs the tests that should notice it: `npm run
 * mutants:engine`.
 * With words, only the faults that have one of them in their description: `npm run mutants:engine -- log route`.
 *
 * Exit code 1 if a fault survives, or is not in the text any more.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mutants } from './list.ts'
import type { Mutant } from './list.ts'
import { placesOf } from './place.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const copy = mkdtempSync(join(tmpdir(), 'mutants-'))
for (const part of [
  'src',
  'models',
  'properties',
  'test',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'vitest.source.config.ts',
])
  cpSync(join(root, part), join(copy, part), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))

const whole = [
  'test/compiler',
  'test/engine',
  'test/explorer/properties.test.ts',
  'test/explorer/traps.test.ts',
  'test/mutants/quick.test.ts',
]
/** True if the tests pass. A run that does not end in time has been noticed as well. */
const passes = (tests: readonly string[]): boolean =>
  spawnSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--bail=1', '--reporter=dot', '--pool=threads', ...tests],
    { cwd: copy, stdio: 'ignore', timeout: 240_000, killSignal: 'SIGKILL' },
  ).status === 0

type Fate = 'caught' | 'survived' | 'not there'
function fateOf(mutant: Mutant): Fate {
  const path = join(copy, mutant.file)
  const text = readFileSync(path, 'utf8')
  const [place, ...others] = placesOf(text, mutant)
  if (place === undefined || others.length > 0) return 'not there'
  writeFileSync(path, text.slice(0, place.start) + mutant.replace + text.slice(place.end))
  const survived = mutant.tests.every((one) => passes([one])) && passes(whole)
  writeFileSync(path, text)
  return survived ? 'survived' : 'caught'
}

const words = process.argv.slice(2)
const chosen = mutants.filter(
  ({ what, file }) => words.length === 0 || words.some((word) => what.includes(word) || file.includes(word)),
)
const fates = chosen.map((mutant) => {
  const fate = fateOf(mutant)
  process.stdout.write(`${fate.padEnd(10)} ${mutant.file.padEnd(42)} ${mutant.what}\n`)
  return fate
})
rmSync(copy, { recursive: true, force: true })
const caught = fates.filter((fate) => fate === 'caught').length
process.stdout.write(`${caught} of ${chosen.length} caught\n`)
process.exitCode = caught === chosen.length ? 0 : 1
