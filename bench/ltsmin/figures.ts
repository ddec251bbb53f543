/**
 * The table of docs/engines.md: states a second and bytes a state of all engines, on one model, in one run. The engines
 * take turns, so that what else the machine does falls on each of them.
 */
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, freemem, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { between } from '../../docs/marked.ts'
import { modelInC } from '../../src/c/model.ts'
import { prepare, type Prepared } from '../../src/explorer/prepare.ts'
import { ltsminCommand, tableSizes } from '../../src/ltsmin/command.ts'
import type { LtsminEngine } from '../../src/ltsmin/engines.ts'
import { bytesOfRanks, growingLog } from '../../src/ltsmin/log.ts'
import { compilePlugin, writePlugin } from '../../src/ltsmin/plugin.ts'
import { start } from '../../src/ltsmin/running.ts'
import { searchEndOf } from '../../src/ltsmin/search-end.ts'
import { toolsFor } from '../../src/ltsmin/tools.ts'
import { idleMemory, runOurs } from '../measure.ts'
import { configured } from '../ready.ts'
import { scenarioNamed } from '../scenarios.ts'

/** Of bench/scenarios.ts: all of its properties hold, and its states are of one word. */
const scenario = 'mirror-unlocked-5M'

type Variables = Readonly<Record<string, string | undefined>>

/** What one search took. */
interface Taken {
  readonly states: number
  /** Of the search alone, by the clock. */
  readonly seconds: number
  /** Of processor time, of all processes. */
  readonly processor: number
  readonly bytes: number
}

interface Contender {
  readonly name: string
  readonly run: () => Promise<Taken>
}

/** Measures in rounds, and writes the table between the marks. */
export async function writeFigures(variables: Variables, rounds: number, say: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-figures-'))
  try {
    const all = await contendersIn(folder, variables)
    const taken = new Map<string, Taken[]>(all.map(({ name }) => [name, []]))
    for (let round = 1; round <= rounds; round++)
      for (const { name, run } of all) {
        const one = await run()
        taken.get(name)?.push(one)
        say(
          `round ${round}: ${name}: ${one.states} states, ${one.seconds.toFixed(2)} s, ${one.processor.toFixed(2)} s of processor, ${perState(one).toFixed(1)} bytes a state`,
        )
      }
    const file = fileURLToPath(new URL('../../docs/engines.md', import.meta.url))
    const { before, after } = between(readFileSync(file, 'utf8'), 'figures')
    writeFileSync(file, `${before}\n${tableOf(taken, rounds)}\n${after}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const perState = ({ bytes, states }: Taken): number => bytes / states

async function contendersIn(folder: string, variables: Variables): Promise<readonly Contender[]> {
  const prepared = prepare(configured(scenarioNamed(scenario)), {})
  const idle = idleMemory()
  const driver = driverIn(folder, prepared)
  const ours: Contender = {
    name: 'hmmcheck, 1 worker',
    run() {
      const { states, seconds, cpu, memory } = runOurs(scenario)
      return Promise.resolve({ states, seconds, processor: cpu, bytes: memory - idle })
    },
  }
  const plugin = writePlugin(prepared, folder)
  const engines: Contender[] = []
  for (const [engine, name] of [
    ['ltsmin-mc', 'pins2lts-mc'],
    ['ltsmin', 'pins2lts-dist'],
  ] as const) {
    const tools = toolsFor(engine, variables)
    await compilePlugin(plugin, folder, tools, variables, async (running) => {
      await running.over
      return 'over'
    })
    for (const ranks of [1, 2])
      engines.push({
        name: `${name}, ${ranks} ${engine === 'ltsmin' ? (ranks === 1 ? 'rank' : 'ranks') : ranks === 1 ? 'process' : 'processes'}`,
        run: () => byLtsmin(engine, ranks, folder, plugin.file, variables),
      })
  }
  return [ours, { name: 'the C driver', run: driver }, ...engines]
}

/** A count by LTSmin: no properties are looked for, since none is violated. */
async function byLtsmin(
  engine: LtsminEngine,
  ranks: number,
  folder: string,
  plugin: string,
  variables: Variables,
): Promise<Taken> {
  const log = growingLog()
  const [, tableSize = 22] = tableSizes(0.8 * freemem())
  const tools = toolsFor(engine, variables)
  const isRoot = process.getuid?.() === 0
  const processors = availableParallelism()
  const running = start(
    ltsminCommand({ tools, ranks, folder, plugin, tableSize, processors, variables, isRoot }, { sought: [] }),
    (line) => {
      log.add(line)
    },
  )
  const end = searchEndOf(log, await running.over, { engine, ranks, before: 0 })
  if (end.kind !== 'complete' || log.seconds === undefined) throw new Error(`${engine} has not ended`)
  return {
    states: end.total.states,
    seconds: log.seconds,
    processor: log.ranks.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000,
    bytes: bytesOfRanks(log, end.total.states),
  }
}

/** Compiles the driver. */
function driverIn(folder: string, prepared: Prepared): () => Promise<Taken> {
  for (const [name, text] of Object.entries(modelInC(prepared, { title: scenario, facts: [] })))
    writeFileSync(join(folder, name), text)
  const words = ['-std=c11', '-O2', 'driver.c', 'model.c', '-o', 'driver']
  execFileSync('cc', words, { cwd: folder })
  return () => byDriver(join(folder, 'driver'))
}

/** Runs the driver; its memory is looked at while it runs. */
function byDriver(program: string): Promise<Taken> {
  return new Promise((resolve, reject) => {
    const began = performance.now()
    // bash knows the processor time of what it has started
    const child = spawn('bash', ['-c', `TIMEFORMAT='%U %S'; time ${program}`])
    let [output, errors, bytes] = ['', '', 0]
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    const timer = setInterval(() => {
      bytes = Math.max(bytes, peakOf(child.pid ?? 0))
    }, 50)
    child.on('error', reject)
    child.on('close', () => {
      clearInterval(timer)
      const states = Number(/^states (\d+)$/m.exec(output)?.[1])
      const [user = 0, system = 0] = (errors.trimEnd().split('\n').at(-1) ?? '').split(' ').map(Number)
      resolve({ states, seconds: (performance.now() - began) / 1000, processor: user + system, bytes })
    })
  })
}

/** The largest resident set of a process's child, or of itself, in bytes. */
function peakOf(pid: number): number {
  try {
    const [child = String(pid)] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    const status = readFileSync(`/proc/${child === '' ? pid : child}/status`, 'utf8')
    return 1024 * Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  } catch {
    return 0
  }
}

function tableOf(taken: ReadonlyMap<string, readonly Taken[]>, rounds: number): string {
  const first = [...taken.values()][0] ?? []
  const rateOf = (all: readonly Taken[], of: 'seconds' | 'processor'): number =>
    median(all.map((one) => one.states / one[of]))
  const rows = [...taken].map(([name, all]) => {
    const [clock, processor] = [rateOf(all, 'seconds'), rateOf(all, 'processor')]
    const ratio = (rate: number, of: 'seconds' | 'processor'): string => (rate / rateOf(first, of)).toFixed(2)
    const bytes = median(all.map(perState))
    return `| ${name} | ${million(clock)} | ${ratio(clock, 'seconds')} | ${million(processor)} | ${ratio(processor, 'processor')} | ${bytes.toFixed(1)} |`
  })
  const [cpu] = cpus()
  return [
    `\`npm run confirm:ltsmin -- --figures\` has written this table: the model \`${scenario}\` of \`bench/scenarios.ts\`, ${first[0]?.states.toLocaleString('en-US')} states,`,
    `the medians of ${rounds} rounds in which the engines took turns. Node.js ${process.versions.node}, ${availableParallelism()} threads of ${cpu?.model.trim() ?? 'a processor'}; at the end the load was ${loadavg()[0]?.toFixed(0)}.`,
    'The clock counts also what else the machine does; ranks of MPI wait busily, which the processor time has in it. Of ours, the time is from the',
    'model to the verdict, of the others it is that of the search. Memory is the largest resident set; of `pins2lts-mc` it is the part of its table that is full, as it says.',
    '',
    '| Engine | million states a second | ratio to ours | million states a second of processor | ratio to ours | bytes a state |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

const million = (rate: number): string => (rate / 1e6).toFixed(2)

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = NaN, high = NaN] = [sorted[middle - 1], sorted[middle]]
  return sorted.length % 2 === 1 ? high : (low + high) / 2
}
