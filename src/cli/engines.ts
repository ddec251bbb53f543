/** The engine that a check asks for: hmmcheck's own, or LTSmin. */
import { resolve } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'
import type { Context } from './context.ts'
import type { Engine } from './environment.ts'
import type { CheckFlags } from './options/check.ts'

/** Options of hmmcheck's own engine, which LTSmin does not have. */
const OWN = ['workers', 'checkpoint', 'checkpointEvery', 'resume', 'fingerprint', 'fingerprintSeed'] as const

/** @throws UsageError HMM208 if options do not go together */
export function refuseEngine(flags: CheckFlags): void {
  const { engine, ranks, hosts } = flags
  const refusal = (what: string, remedy: string): UsageError => new UsageError('HMM208', what, remedy)
  if (engine === undefined && (ranks !== undefined || hosts !== undefined))
    throw refusal(
      `--${ranks === undefined ? 'hosts' : 'ranks'} is about the processes of LTSmin`,
      `add --engine ltsmin${hosts === undefined ? ' or --engine ltsmin-mc' : ''}`,
    )
  if (engine === undefined) return
  if (engine === 'ltsmin-mc' && hosts !== undefined)
    throw refusal('--engine ltsmin-mc searches on one host', 'leave out --hosts, or name --engine ltsmin')
  const own = OWN.find((name) => flags[name] !== undefined)
  if (own === undefined) return
  const option = `--${own.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  throw refusal(
    `${option} is of hmmcheck's own engine, so it does not go with --engine ${engine}`,
    own === 'workers' ? '--ranks says how many processes search' : `leave out ${option} or --engine`,
  )
}

/**
 * The same context with the engine that is asked for. LTSmin takes all processors, so its runs go one after the other.
 *
 * @throws UsageError HMM300 to HMM304 if something is missing that it needs
 */
export async function withEngine(context: Context, flags: CheckFlags): Promise<Context> {
  const { engine: name, ranks, hosts, maxMemory, dryRun } = flags
  if (name === undefined || dryRun === true) return context
  const { runners: _, ...environment } = context.environment
  const { ltsminHost } = await import('../ltsmin/host.ts')
  const { checkOn } = await import('../explorer/checking.ts')
  const { host, ranks: workers } = ltsminHost({
    engine: name,
    ranks,
    hosts: hosts === undefined ? undefined : resolve(environment.cwd, hosts),
    maxMemory,
    variables: environment.variables,
  })
  const engine: Engine = {
    ...environment.engine,
    check: (model, options) => checkOn(host, model, { ...options, symmetry: false, workers }),
  }
  return { ...context, environment: { ...environment, engine } }
}
