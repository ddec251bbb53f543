/**
 * `npm run bench:start`: the time of one check, from its start to its first line and to its end, in bare starts of
 * Node.js, so that the figures of two machines can be compared.
 *
 *     npm run bench:start                          every model in its default scenario, five rounds
 *     npm run bench:start -- --old ../before       beside another checkout, which is built
 *     npm run bench:start -- --only mirror-2017    one model
 *
 * All commands take turns, and the least of the rounds counts: other work of the machine only adds to a time.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { catalogue } from '../models/catalogue.ts'

/** The most bare starts that a check may take: to its first line, in one model, and in the mean. */
const MOST = { first: 6, whole: 12, mean: 7 } as const

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', multiple: true },
    old: { type: 'string' },
  },
})

/** Seconds of one command. */
interface Taken {
  /** From the start to the first byte of standard output; none of a command that says nothing. */
  readonly first: number
  /** From the start to the end. */
  readonly whole: number
  /** Processor time, of all threads. */
  readonly cpu: number
}

/**
 * @param verdicts the exit codes that a command has which does as it was told: a program that fails to start has 1, too
 * @throws Error if it ends with another
 */
async function take(argv: readonly string[], verdicts: readonly number[]): Promise<Taken> {
  const started = performance.now()
  const since = (): number => (performance.now() - started) / 1000
  // bash knows the processor time of what it started
  const script = `TIMEFORMAT='%U %S'; { time "$@" 2>/dev/null; } 2>&3`
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, ...argv], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  })
  let [first, times]: [number | undefined, string] = [undefined, '']
  child.stdout?.on('data', () => {
    first ??= since()
  })
  child.stdio[3]?.on('data', (chunk) => {
    times += String(chunk)
  })
  const code = await new Promise<number | null>((done) => {
    child.on('close', done)
  })
  const whole = since()
  if (code === null || !verdicts.includes(code)) throw new Error(`node ${argv.join(' ')} ended with ${String(code)}`)
  const [user = 0, system = 0] = times.trim().split(' ').map(Number)
  return { first: first ?? whole, whole, cpu: user + system }
}

const least = (all: readonly Taken[]): Taken => {
  const of = (part: keyof Taken): number => Math.min(...all.map((one) => one[part]))
  return { first: of('first'), whole: of('whole'), cpu: of('cpu') }
}

/** A row of the table: what is run, once for each checkout. */
interface Row {
  readonly name: string
  readonly argv: readonly string[]
  /** Whether the limits are for it. */
  readonly isCheck: boolean
}

const rows: readonly Row[] = [
  { name: '--version', argv: ['--version'], isCheck: false },
  { name: 'check --help', argv: ['check', '--help'], isCheck: false },
  ...catalogue
    .filter(({ name }) => options.only?.includes(name) ?? true)
    .map(({ name }) => ({ name, argv: ['check', name], isCheck: true })),
]
/** The command of a checkout, as its package names it. */
function commandOf(checkout: string): string {
  // The cast: this package's own file.
  const { bin } = JSON.parse(readFileSync(resolve(checkout, 'package.json'), 'utf8')) as { bin: { hmmcheck: string } }
  return resolve(checkout, bin.hmmcheck)
}

const checkouts: readonly (readonly [name: string, bin: string])[] = [
  ...(options.old === undefined ? [] : [['old', commandOf(options.old)] as const]),
  ['new', commandOf(resolve(import.meta.dirname, '..'))],
]

const taken = new Map<string, Taken[]>()
const note = async (key: string, argv: readonly string[], verdicts: readonly number[] = [0]): Promise<void> => {
  taken.set(key, [...(taken.get(key) ?? []), await take(argv, verdicts)])
}
for (let round = 0; round < Number(options.rounds); round++) {
  for (const { name, argv, isCheck } of rows) {
    await note('bare', ['-e', '0'])
    for (const [checkout, bin] of checkouts)
      await note(`${checkout} ${name}`, [bin, ...argv], isCheck ? [0, 1] : undefined)
  }
}

const say = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}
const bare = least(taken.get('bare') ?? [])
const inStarts = (key: string): Taken => {
  const { first, whole, cpu } = least(taken.get(key) ?? [])
  return { first: first / bare.whole, whole: whole / bare.whole, cpu: cpu / bare.cpu }
}
const mean = (all: readonly number[]): number => all.reduce((sum, one) => sum + one, 0) / all.length
const cell = (value: number, most: number): string => `${value.toFixed(1)}${value > most ? ' (!)' : ''}`.padStart(10)

say(
  `a bare start of node ${process.version}: ${(bare.whole * 1000).toFixed(0)} ms, ${(bare.cpu * 1000).toFixed(0)} ms of processor; least of ${options.rounds} rounds, in bare starts`,
)
const heading = checkouts.map(([name]) => `${name}: first     whole processor`.padStart(32)).join('')
say(`${''.padEnd(18)}${heading}`)
const checks = rows.filter(({ isCheck }) => isCheck)
for (const { name, isCheck } of rows) {
  const cells = checkouts.map(([checkout]) => {
    const { first, whole, cpu } = inStarts(`${checkout} ${name}`)
    const [mostFirst, mostWhole] = isCheck ? [MOST.first, MOST.whole] : [Infinity, Infinity]
    return `  ${cell(first, mostFirst)}${cell(whole, mostWhole)}${cell(cpu, Infinity)}`
  })
  say(`${name.padEnd(18)}${cells.join('')}`)
}
const means = checkouts.map(([checkout]) => {
  const all = checks.map(({ name }) => inStarts(`${checkout} ${name}`))
  const of = (part: keyof Taken): number => mean(all.map((one) => one[part]))
  return `  ${cell(of('first'), Infinity)}${cell(of('whole'), MOST.mean)}${cell(of('cpu'), Infinity)}`
})
say(`${'mean of the checks'.padEnd(18)}${means.join('')}`)
say(`(!) is more than ${MOST.first} to the first line, ${MOST.whole} to the end, or ${MOST.mean} in the mean`)
