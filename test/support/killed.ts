/** Checks that are killed at random moments, again and again, until they may end. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mirror420Protocol } from '../../models/mirror-4.20/protocol.ts'
import { openCheckpoint } from '../../src/explorer/checkpoint/file.ts'
import type { CheckSettings } from '../../src/explorer/result.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { cube } from './counters.ts'

/** The checks, by name: a process of its own must find the same one. */
export const killed = {
  'one worker': { model: () => cube(3, 50), settings: {} },
  'several partitions': { model: () => cube(3, 50), settings: { partitionBytes: 2 ** 20 } },
  'two workers': { model: () => cube(3, 50), settings: { workers: 2, partitionBytes: 2 ** 22 } },
  symmetry: {
    model: () =>
      configure(mirror420Protocol.model, settingOf(mirror420Protocol, { scenario: 'snapshot' }).configuration),
    settings: {},
  },
} as const satisfies Readonly<
  Record<string, { readonly model: () => ConfiguredModel; readonly settings: CheckSettings }>
>

export type KilledName = keyof typeof killed
export const killedNames: readonly KilledName[] = ['one worker', 'several partitions', 'two workers', 'symmetry']

interface Outcome {
  readonly isKilled: boolean
  readonly stdout: string
  readonly stderr: string
}

/** Runs the check in a process. It is killed so many milliseconds after it has begun, if it is not done by then. */
function run(name: KilledName, file: string, killAfter: number | undefined): Promise<Outcome> {
  return new Promise((resolve) => {
    const script = join(import.meta.dirname, 'killed-check.ts')
    const child = spawn(process.execPath, ['--conditions=hmmcheck-source', '--import', 'tsx', script, name, file])
    let stdout = ''
    let stderr = ''
    let timer: NodeJS.Timeout | undefined
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (killAfter !== undefined && timer === undefined) timer = setTimeout(() => child.kill('SIGKILL'), killAfter)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('close', (_, signal) => {
      clearTimeout(timer)
      resolve({ isKilled: signal === 'SIGKILL', stdout, stderr })
    })
  })
}

export interface KilledOutcome {
  /** How often it was killed while it ran. */
  readonly kills: number
  /** How often there was a whole file to go on from. */
  readonly resumed: number
  /** What it told at its end. */
  readonly told: unknown
}

/**
 * @param moments after how many milliseconds it is killed each time; a run that is done before is begun anew at the next
 *   one
 */
export async function killedAt(name: KilledName, file: string, moments: readonly number[]): Promise<KilledOutcome> {
  let [kills, resumed] = [0, 0]
  for (const moment of moments) {
    if (existsSync(file)) resumed++
    const { isKilled, stderr } = await run(name, file, moment)
    if (!isKilled && stderr !== '') throw new Error(stderr)
    if (isKilled) kills++
    // whatever the moment was, the file is a whole one
    if (existsSync(file)) openCheckpoint(file)
  }
  const { stdout, stderr } = await run(name, file, undefined)
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  if (!last.startsWith('{')) throw new Error(`it told nothing:\n${stderr}`)
  return { kills, resumed, told: JSON.parse(last) }
}
