/** Starts the two sides and reads what they say. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export interface Measured {
  readonly states: number
  readonly transitions: number /** The engine's own clock. */
  readonly seconds: number /** From start to end of the process. */
  readonly wall: number /** Processor time of the engine (ours) or the process (SPIN), seconds. */
  readonly cpu: number
}
export interface Ours extends Measured {
  readonly verdict: string
  /** States that were stored. */
  readonly stored: number
  readonly depth: number
  readonly bits: number /** Largest resident set, bytes. */
  readonly memory: number
}
export interface Spin extends Measured {
  readonly vector: number
  readonly reached: number
}
export type Order = 'depth-first' | 'breadth-first'

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url))
interface Output {
  readonly stdout: string
  readonly wall: number
  readonly cpu: number
}
/** @throws Error if it cannot be started or ends with an error */
function run(command: string, args: readonly string[], cwd?: string): Output {
  // bash knows the processor time of what it started
  const started = performance.now()
  const script = `TIMEFORMAT='%U %S'; time "$@"`
  const { stdout, stderr, status } = spawnSync('bash', ['-c', script, 'bash', command, ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    ...(cwd === undefined ? {} : { cwd }),
  })
  const wall = (performance.now() - started) / 1000
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`)
  const [user = 0, system = 0] = (stderr.trimEnd().split('\n').at(-1) ?? '').split(' ').map(Number)
  return { stdout, wall, cpu: user + system }
}

export interface OursOptions {
  /** Whether one state of each orbit is stored; most rows compare searches of all states. */
  readonly symmetry?: 'with' | 'without'
  readonly workers?: number
}

const argumentsOf = (scenario: string, { symmetry = 'without', workers = 1 }: OursOptions): readonly string[] => [
  '--conditions=hmmcheck-source',
  '--import',
  'tsx',
  here('ours.ts'),
  scenario,
  symmetry,
  `${workers}`,
]

export function runOurs(scenario: string, options: OursOptions = {}): Ours {
  const { stdout, wall } = run(process.execPath, argumentsOf(scenario, options))
  return { ...(JSON.parse(stdout) as Omit<Ours, 'wall'>), wall }
}

/** Two searches with one worker each, at the same time. */
export const runOursAtOnce = (scenario: string): Promise<readonly Ours[]> =>
  Promise.all(
    [1, 2].map(async () => {
      const started = performance.now()
      const { stdout } = await promisify(execFile)(process.execPath, [...argumentsOf(scenario, {})])
      return { ...(JSON.parse(stdout) as Omit<Ours, 'wall'>), wall: (performance.now() - started) / 1000 }
    }),
  )

/** The resident set of a Node.js that does nothing. */
export const idleMemory = (): number =>
  Number(run(process.execPath, ['-p', 'process.resourceUsage().maxRSS']).stdout) * 1024

/** SPIN's version, if it and a C compiler are there. */
export function spinVersion(): string | undefined {
  try {
    run('gcc', ['--version'])
    return run('spin', ['-V']).stdout.trim()
  } catch {
    return undefined
  }
}

/** A compiled verifier. */
export interface Verifier {
  readonly order: Order
  readonly directory: string /** Seconds for `spin -a` and the C compiler. */
  readonly built: number
}

/**
 * `-o2`: SPIN would also reset locals of which it finds that they are dead; ours are reset already, and the states
 * shall be the same.
 *
 * @param reduce whether SPIN's partial-order reduction is on
 */
export function build(text: string, order: Order, directory: string, memoryMiB: number, reduce = false): Verifier {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'model.pml'), text)
  const breadth = order === 'breadth-first'
  const spin = run('spin', ['-o2', ...(breadth ? ['-DPLAIN'] : []), '-a', 'model.pml'], directory)
  const gcc = run(
    'gcc',
    [
      '-O2',
      '-DSAFETY',
      ...(reduce ? [] : ['-DNOREDUCE']),
      `-DMEMLIM=${memoryMiB}`,
      ...(breadth ? ['-DBFS'] : []),
      '-o',
      'pan',
      'pan.c',
    ],
    directory,
  )
  return { order, directory, built: spin.wall + gcc.wall }
}

const numberAfter = (text: string, pattern: RegExp): number => {
  const m = pattern.exec(text)
  return m?.[1] === undefined ? NaN : Number(m[1])
}

/**
 * @param hash base-2 logarithm of the number of slots. @throws Error if the search was not complete and without
 * errors
 */
export function runSpin(v: Verifier, hash: number, depth: number): Spin {
  const { stdout, wall, cpu } = run('./pan', [`-w${hash}`, `-m${depth}`], v.directory)
  if (/max search depth too small/.test(stdout)) return runSpin(v, hash, depth * 4)
  if (!/errors: 0\b/.test(stdout) || /out of memory|aborted/.test(stdout))
    throw new Error(`SPIN did not complete ${v.directory}:\n${stdout}`)
  return { ...spinSays(stdout), wall, cpu }
}

const spinSays = (stdout: string): Omit<Spin, 'wall' | 'cpu'> => ({
  states: numberAfter(stdout, /^\s*([\d.e+]+) states, stored/m),
  transitions: numberAfter(stdout, /^\s*([\d.e+]+) transitions/m),
  seconds: numberAfter(stdout, /elapsed time ([\d.e+]+) seconds/),
  vector: numberAfter(stdout, /State-vector (\d+) byte/),
  reached: numberAfter(stdout, /depth reached (\d+)/),
})

/** How far SPIN came, and what ended it. */
export interface Attempt extends Spin {
  readonly ended: 'complete' | 'out of memory' | 'out of time'
  /** That it says it has taken. */
  readonly memoryMiB: number
}

/**
 * A search by SPIN that may end before all states are found. It goes no deeper than `depth`.
 *
 * @throws Error if it found an error
 */
export function attemptSpin(v: Verifier, hash: number, depth: number, seconds: number): Attempt {
  const limited = ['--signal=INT', '--preserve-status', `${seconds}`, './pan', `-w${hash}`, `-m${depth}`]
  const { stdout, wall, cpu } = run('timeout', limited, v.directory)
  if (!/errors: 0\b/.test(stdout)) throw new Error(`SPIN found an error in ${v.directory}:\n${stdout}`)
  const ended = /reached -DMEMLIM bound|out of memory/.test(stdout)
    ? 'out of memory'
    : /Search not completed/.test(stdout)
      ? 'out of time'
      : 'complete'
  return {
    ...spinSays(stdout),
    ended,
    memoryMiB: numberAfter(stdout, /^\s*([\d.]+)\s+total actual memory usage/m),
    wall,
    cpu,
  }
}

/** Rumur's version, if it and a C compiler are there. */
export function rumurVersion(): string | undefined {
  try {
    run('gcc', ['--version'])
    return run('rumur', ['--version']).stdout.trim()
  } catch {
    return undefined
  }
}

export interface Rumur {
  readonly stored: number
  readonly wall: number
  readonly cpu: number
}

/**
 * Its symmetry reduction is on, one thread searches. A deadlock is none: all managers may rest.
 *
 * @param text in Murphi
 */
export function runRumur(text: string, directory: string): Rumur {
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'model.m'), text)
  const options = ['--deadlock-detection', 'off', '--symmetry-reduction', 'heuristic', '--threads', '1']
  run('rumur', [...options, '-o', 'model.c', 'model.m'], directory)
  run('gcc', ['-O3', '-std=c11', '-mcx16', '-o', 'model', 'model.c', '-lpthread'], directory)
  const { stdout, wall, cpu } = run('./model', [], directory)
  if (!/No error found/.test(stdout)) throw new Error(`Rumur did not complete ${directory}:\n${stdout}`)
  return { stored: numberAfter(stdout, /(\d+) states,/), wall, cpu }
}
