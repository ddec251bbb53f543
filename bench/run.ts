/**
 * `npm run bench`: ours and SPIN side by side on the same models, in rounds that take turns. What it measures, and
 * how fair it is, stands in README.md.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  build,
  idleMemory,
  runOurs,
  runSpin,
  spinVersion,
  type Measured,
  type Order,
  type Ours,
  type Spin,
  type Verifier,
} from './measure.ts'
import { promelaOf } from './ready.ts'
import { measureSymmetry } from './symmetry.ts'
import { scenarios, type Scenario } from './scenarios.ts'
import { measureWorkers } from './workers.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    memory: { type: 'string', default: '20000' },
    order: { type: 'string' },
    symmetry: { type: 'boolean', default: false },
    workers: { type: 'boolean', default: false },
  },
})
const rounds = Number(options.rounds)
const chosen = scenarios.filter((s) =>
  options.only === undefined ? s.quick || !options.quick : options.only.includes(s.name),
)

const say = (line = ''): void => {
  process.stdout.write(`${line}\n`)
}
const median = (xs: readonly number[]): number => {
  const s = [...xs].sort((a, b) => a - b)
  const m = s.length >> 1
  return s.length % 2 === 1 ? (s[m] ?? NaN) : ((s[m - 1] ?? NaN) + (s[m] ?? NaN)) / 2
}
const spread = (xs: readonly number[], digits = 1): string =>
  xs.length < 2 ? '' : ` (${Math.min(...xs).toFixed(digits)}..${Math.max(...xs).toFixed(digits)})`
const million = (n: number): string => `${(n / 1e6).toFixed(2)} M`
const rate = (m: Measured): number => m.states / m.seconds
const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return 'unknown'
  }
}

/** States as SPIN prints them: six digits, if they are many. */
const sameCount = (ours: number, spin: number): boolean => Math.abs(ours - spin) <= (spin >= 1e8 ? spin * 1e-5 : 0)

function peer(
  s: Scenario,
  states: number,
  directory: string,
): { readonly verifiers: readonly Verifier[]; readonly run: (v: Verifier) => Spin } {
  const { text, extraStates } = promelaOf(s)
  const hash = Math.ceil(Math.log2(states)) + 1
  let { depth } = s
  const verifiers = (['depth-first', 'breadth-first'] satisfies readonly Order[])
    .filter((order) => options.order === undefined || options.order === order)
    .map((order) => build(text, order, join(directory, `${s.name}-${order}`), Number(options.memory)))
  return {
    verifiers,
    run: (v) => {
      const r = runSpin(v, hash, depth)
      if (v.order === 'depth-first') depth = Math.max(depth, Math.ceil(r.reached * 1.05))
      if (!sameCount(states, r.states - extraStates))
        throw new Error(`${s.name}: ${states} states here, ${r.states - extraStates} in SPIN's ${v.order} search`)
      return { ...r, states }
    },
  }
}

function measure(s: Scenario, spin: boolean, directory: string, idle: number): void {
  say(`\n${s.name}`)
  const first = runOurs(s.name)
  if (first.verdict !== 'holds') throw new Error(`${s.name} is ${first.verdict}`)
  const other = spin ? peer(s, first.states, directory) : undefined
  const ours: Ours[] = []
  const theirs = new Map<Order, Spin[]>()
  const show = (name: string, m: Measured): void => {
    say(
      `    ${name.padEnd(19)} ${m.seconds.toFixed(2).padStart(8)} s engine ${m.wall.toFixed(2).padStart(8)} s wall ${m.cpu.toFixed(2).padStart(8)} s processor ${million(rate(m)).padStart(9)} states/s`,
    )
  }
  let verifiers = other?.verifiers ?? []
  for (let round = 0; round < rounds; round++) {
    const mine = round === 0 ? first : runOurs(s.name)
    ours.push(mine)
    show('ours', mine)
    for (const v of verifiers) {
      const r = other?.run(v)
      if (r === undefined) continue
      theirs.set(v.order, [...(theirs.get(v.order) ?? []), r])
      show(`SPIN ${v.order}`, r)
    }
    // the better of the two orders goes on
    if (round === 0 && verifiers.length === 2)
      verifiers = [...verifiers]
        .sort((a, b) => (theirs.get(a.order)?.[0]?.seconds ?? 0) - (theirs.get(b.order)?.[0]?.seconds ?? 0))
        .slice(0, 1)
  }
  const bytes = (median(ours.map((o) => o.memory)) - idle) / first.states
  say(
    `  ${first.states.toLocaleString('en')} states, ${first.transitions.toLocaleString('en')} transitions, ${first.bits} bits${first.states >= 3e7 ? `, ${bytes.toFixed(1)} bytes a state (to reach: ${first.bits <= 64 ? 14 : 24})` : ''}`,
  )
  say(
    `  ours ${million(median(ours.map(rate)))} states/s${spread(
      ours.map((o) => rate(o) / 1e6),
      2,
    )}`,
  )
  const [best] = verifiers
  if (best === undefined) {
    say('  SPIN is not installed')
    return
  }
  const peerRuns = theirs.get(best.order) ?? []
  const ratios = ours.map((o, i) => {
    const p = peerRuns[i]
    return p === undefined ? NaN : rate(o) / rate(p)
  })
  const processor = ours.map((o, i) => {
    const p = peerRuns[i]
    return p === undefined ? NaN : p.cpu / o.cpu
  })
  const target = s.target === undefined ? '' : `; to reach: ${s.target}${median(ratios) >= s.target ? '' : ', MISSED'}`
  say(
    `  SPIN ${million(median(peerRuns.map(rate)))} states/s${spread(
      peerRuns.map((p) => rate(p) / 1e6),
      2,
    )}, ${best.order}, vector of ${peerRuns[0]?.vector ?? 0} bytes, built in ${best.built.toFixed(1)} s`,
  )
  say(
    `  ratio ${median(ratios).toFixed(2)}${spread(ratios, 2)}, of processor time ${median(processor).toFixed(2)}${target}`,
  )
}

const version = spinVersion()
say(
  `hmmcheck ${commit()}, node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load ${loadavg()[0]?.toFixed(1) ?? ''}`,
)
say(
  version === undefined
    ? 'SPIN is not installed: our side only'
    : `${version}; spin -o2 -a, gcc -O2 -DSAFETY -DNOREDUCE [-DBFS], pan -w(log2(states)+1)`,
)
const idle = idleMemory()
say(`an idle node takes ${(idle / 2 ** 20).toFixed(0)} MiB`)
const directory = mkdtempSync(join(tmpdir(), 'hmmcheck-bench-'))
try {
  if (options.workers) await measureWorkers({ rounds, only: options.only, say, median })
  else if (options.symmetry)
    measureSymmetry({ rounds, only: options.only, memoryMiB: Number(options.memory), directory, say })
  else for (const s of chosen) measure(s, version !== undefined, directory, idle)
} finally {
  rmSync(directory, { recursive: true })
}
