/**
 * `npm run bench -- --symmetry`: the time to the verdict with symmetry and without it, in turns; on two protocols of the
 * bench with SPIN's partial-order reduction and Rumur's scalarsets beside it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { attemptSpin, build, runOurs, runRumur, runSpin, rumurVersion, spinVersion } from './measure.ts'
import { promelaOf } from './ready.ts'
import { symmetryScenarios, type SymmetryScenario } from './scenarios.ts'

interface SymmetryOptions {
  readonly rounds: number
  /** Names of scenarios; all if absent. */
  readonly only: readonly string[] | undefined
  readonly memoryMiB: number
  readonly directory: string
  readonly say: (line?: string) => void
}

export function measureSymmetry({ only, say, ...options }: SymmetryOptions): void {
  for (const one of symmetryScenarios) {
    if (only?.includes(one.name) === false) continue
    say(`\n${one.name}`)
    if (one.attempt === undefined)
      for (let round = 0; round < options.rounds; round++) measureOnce(one, { only, say, ...options })
    else measureAttempt(one, one.attempt, { only, say, ...options })
  }
}

const seconds = (value: number): string => `${value.toFixed(2).padStart(9)} s`
const ratio = (value: number, wanted: number | undefined): string =>
  `${value.toFixed(1)}${wanted === undefined ? '' : ` (to reach: ${wanted}${value >= wanted ? '' : ', MISSED'})`}`

function measureOnce(one: SymmetryScenario, { memoryMiB, directory, say }: SymmetryOptions): void {
  const [reduced, all] = [runOurs(one.name, { symmetry: 'with' }), runOurs(one.name)]
  const same = (['verdict', 'states', 'transitions', 'depth'] as const).every((key) => reduced[key] === all[key])
  if (!same) throw new Error(`${one.name}: ${JSON.stringify(reduced)} with symmetry, ${JSON.stringify(all)} without`)
  const row = (name: string, time: number, cpu: number, stored: number): void => {
    say(
      `    ${name.padEnd(24)} ${seconds(time)} to the verdict ${seconds(cpu)} processor  ${stored.toLocaleString('en')} stored`,
    )
  }
  row('ours, with symmetry', reduced.seconds, reduced.cpu, reduced.stored)
  row('ours, without', all.seconds, all.cpu, all.stored)
  say(
    `    states for each stored ${ratio(all.stored / reduced.stored, one.states)}, time ${ratio(all.seconds / reduced.seconds, one.time)}, processor ${(all.cpu / reduced.cpu).toFixed(1)}`,
  )
  const theirs: number[] = []
  if (one.spin === true && spinVersion() !== undefined) {
    const verifier = build(promelaOf(one).text, 'depth-first', join(directory, `${one.name}-reduced`), memoryMiB, true)
    const spin = runSpin(verifier, Math.ceil(Math.log2(all.states)) + 1, one.depth)
    theirs.push(spin.seconds)
    row('SPIN, partial order', spin.seconds, spin.cpu, spin.states)
  }
  if (one.resourceManagers !== undefined && rumurVersion() !== undefined) {
    const text = readFileSync(new URL('peers/2pc.m', import.meta.url), 'utf8')
    const rumur = runRumur(text.replace('N: 3;', `N: ${one.resourceManagers};`), join(directory, `${one.name}-rumur`))
    theirs.push(rumur.wall)
    row('Rumur, scalarsets', rumur.wall, rumur.cpu, rumur.stored)
  }
  if (theirs.length > 0) say(`    the better of them : ours ${ratio(Math.min(...theirs) / reduced.seconds, 10)}`)
}

/** Slots of SPIN's table in an attempt, base-2 logarithm: half a GiB of pointers. */
const HASH = 26

function measureAttempt(one: SymmetryScenario, limit: number, { memoryMiB, directory, say }: SymmetryOptions): void {
  const ours = runOurs(one.name, { symmetry: 'with' })
  const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`
  say(
    `    ours, with symmetry      ${seconds(ours.seconds)} to the verdict ${seconds(ours.cpu)} processor  ${ours.states.toLocaleString('en')} states, ${ours.stored.toLocaleString('en')} stored, ${mib(ours.memory)}`,
  )
  if (spinVersion() === undefined) return
  const verifier = build(promelaOf(one).text, 'depth-first', join(directory, 'attempt'), memoryMiB, true)
  const { ended, states, seconds: taken, memoryMiB: took, vector } = attemptSpin(verifier, HASH, one.depth, limit)
  const share = (100 * states) / ours.states
  say(
    `    SPIN, partial order      ${seconds(taken)}, ${ended}: ${states.toLocaleString('en')} states (${share.toFixed(1)} % of the number of all), ${Math.round(took).toLocaleString('en')} MiB, vector of ${vector} bytes`,
  )
}
