/** Models as C, compiled and run: what the driver says of them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelInC } from '../../src/c/model.ts'
import { check } from '../../src/explorer/check.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import type { PropertyResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { isBeyondRuns } from '../../src/semantics/kinds/index.ts'

/**
 * The options that every model must compile with, without a word. Nothing is optimized: of large functions that takes
 * longer than all else.
 */
export const strict = ['-std=c11', '-O0', '-Wall', '-Wextra', '-pedantic', '-Werror'] as const

/** The same, and what C leaves undefined ends the program. */
export const sanitized = [...strict, '-fsanitize=undefined,address', '-fno-sanitize-recover=all'] as const

/** What the driver has printed. */
export interface Said {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /** By the kind and the name of a property: its verdict, and the number of steps to it. */
  readonly verdicts: ReadonlyMap<string, string>
  /** The steps to the first violation, `thread: label`. */
  readonly steps: readonly string[]
  readonly code: number
}

/** Writes the files of a model into a folder. */
export function writeModel(model: ConfiguredModel, folder: string, title = model.name): void {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(modelInC(prepare(model, {}), { title, facts: [] })))
    writeFileSync(join(folder, name), text)
}

/** Compiles the files in a folder, and runs them. */
export function runModel(folder: string, options: readonly string[] = strict, compiler = 'gcc'): Said {
  const program = join(folder, 'search')
  execFileSync(compiler, [...options, join(folder, 'driver.c'), join(folder, 'model.c'), '-o', program], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  const { stdout, stderr, status, signal } = spawnSync(program, { encoding: 'utf8', maxBuffer: 2 ** 26 })
  if (status === null || status > 1 || stderr !== '') throw new Error(`it ended with ${status ?? signal}: ${stderr}`)
  return saidIn(stdout, status)
}

const VERDICT = /^(holds|violated|witnessed|unsure|undecided|not judged) ((?:\S+) .*?)(?: after (\d+) steps)?$/gm

function saidIn(text: string, code: number): Said {
  const number = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? NaN)
  return {
    states: number('states'),
    transitions: number('transitions'),
    depth: number('depth'),
    verdicts: new Map(
      [...text.matchAll(VERDICT)].map(([, verdict = '', what = '', steps]) => [
        what,
        steps === undefined ? verdict : `${verdict} after ${steps}`,
      ]),
    ),
    steps: [...text.matchAll(/^ {2}(.+)$/gm)].map(([, step = '']) => step),
    code,
  }
}

/**
 * The differences between what the driver says of a model and what a check says: of counts, of the verdict on every
 * property that a state or a step shows with the number of steps to it, and of the exit code.
 */
export async function differences(model: ConfiguredModel, said: Said): Promise<readonly string[]> {
  const result = await check(model, { partitionBytes: 2 ** 22, symmetry: false })
  const counts = (['states', 'transitions', 'depth'] as const).flatMap((name) =>
    result[name] === said[name] ? [] : [`${name}: ${said[name]} and not ${result[name]}`],
  )
  const left = new Map(said.verdicts)
  const verdicts = result.properties.flatMap((property) => {
    const key = `${property.kind} ${property.name}`
    const here = left.get(key)
    left.delete(key)
    // what is left out of a state may be all that a step changes: a check looks at that again
    if (property.kind === 'deadlock' && here?.startsWith('unsure') === true) return []
    return here === verdictIn(property) ? [] : [`${key}: ${here} and not ${verdictIn(property)}`]
  })
  // a mistake is listed by a check only if it was made
  const others = [...left].flatMap(([key, verdict]) =>
    /^(?:domain|misuse) /.test(key) && ['holds', 'undecided'].includes(verdict) ? [] : [`${key}: not in the check`],
  )
  const isViolated = [...said.verdicts.values()].some((verdict) => verdict.startsWith('violated'))
  return [...counts, ...verdicts, ...others, ...(said.code === (isViolated ? 1 : 0) ? [] : [`exit code ${said.code}`])]
}

/** The verdict of a check in the words of the driver. */
function verdictIn({ kind, verdict, steps }: PropertyResult): string {
  if (isBeyondRuns(kind)) return 'not judged'
  const word = kind === 'sometimes' && verdict === 'holds' ? 'witnessed' : verdict
  return steps === undefined ? word : `${word} after ${steps}`
}
