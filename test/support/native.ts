/** Models as C, compiled and run: what the driver says of them. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modelInC } from '../../src/c/model.ts'
import { check } from '../../src/explorer/check.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'

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
  /** By the kind and the name of a watch: the number of steps to it. */
  readonly shown: ReadonlyMap<string, number>
  /** The steps to the first violation, `thread: label`. */
  readonly steps: readonly string[]
  readonly code: number
}

/** Writes the files of a model into a folder. */
export function writeModel(model: ConfiguredModel, folder: string, title = model.name): void {
  const { compiled, initial } = prepare(model, {})
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(modelInC(compiled, initial, { title, facts: [] })))
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

function saidIn(text: string, code: number): Said {
  const number = (name: string): number => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? NaN)
  return {
    states: number('states'),
    transitions: number('transitions'),
    depth: number('depth'),
    shown: new Map(
      [...text.matchAll(/^(?:violated|shown) (.+) after (\d+) steps$/gm)].map(([, what = '', steps]) => [
        what,
        Number(steps),
      ]),
    ),
    steps: [...text.matchAll(/^ {2}(.+)$/gm)].map(([, step = '']) => step),
    code,
  }
}

/**
 * The differences between what the driver says of a model and what a check says: of counts, and of every property that
 * a state or a step shows.
 */
export async function differences(model: ConfiguredModel, said: Said): Promise<readonly string[]> {
  const result = await check(model, { partitionBytes: 2 ** 22, symmetry: false })
  const counts = (['states', 'transitions', 'depth'] as const).flatMap((name) =>
    result[name] === said[name] ? [] : [`${name}: ${said[name]} and not ${result[name]}`],
  )
  const shown = new Map([...said.shown].filter(([what]) => !/^pair /.test(what)))
  const properties = result.properties.flatMap(({ kind, name, verdict, steps }) => {
    if (kind === 'recoverable' || kind === 'collected') return []
    const isShown = (verdict === 'holds') === (kind === 'sometimes')
    const key = `${kind} ${name}`
    // a step that changes nothing of what is kept may change what nothing reads: a check looks at that again
    const here = shown.get(key) ?? (kind === 'deadlock' ? shown.get(`standstill ${name}`) : undefined)
    shown.delete(key)
    return here === (isShown ? steps : undefined) ? [] : [`${key}: ${here} and not ${isShown ? steps : undefined}`]
  })
  const others = [...shown.keys()]
    .filter((key) => !key.startsWith('standstill'))
    .map((key) => `${key}: not in the check`)
  return [...counts, ...properties, ...others]
}
