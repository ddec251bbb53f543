/** The command that repeats one run of `check`. */
import type { CheckResult } from '../explorer/result.ts'
import { definedFields } from '../language/defined-fields.ts'
import { showSizes } from '../report/text.ts'
import { repeatOf } from './command-text.ts'
import type { CheckPlan } from './options/check.ts'
import { bytesText } from './options/values.ts'
import type { RunTarget } from './targets.ts'

/** The run by its names, including those that have a default. */
export function commandWords(
  command: 'check' | 'fuzz',
  {
    setting: { protocol, variant, scenario, sizes },
    properties,
    chosen,
  }: Pick<RunTarget, 'setting' | 'properties' | 'chosen'>,
): readonly string[] {
  const size = showSizes(sizes)
  return [
    command,
    `${protocol.name}@${variant.name}`,
    '--scenario',
    scenario.name,
    ...(size === '' ? [] : ['--config', size]),
    ...(chosen ? properties.flatMap((name) => ['--property', name]) : []),
  ]
}

/** `--catalogue FILE` for each. */
export const catalogueWords = (files: readonly string[] = []): readonly string[] =>
  files.flatMap((file) => ['--catalogue', file])

/**
 * The command that draws the schedule of one property in full. The sizes are left out where they are the scenario's,
 * and so is what does not change a schedule.
 */
export function drawCommand(
  program: string,
  { setting }: Pick<RunTarget, 'setting'>,
  property: string,
  { minimize, catalogue, ...engine }: Pick<CheckPlan, 'minimize' | 'catalogue' | 'engine' | 'ranks' | 'hosts'>,
): string {
  const sizes = setting.asScenario ? {} : setting.sizes
  return repeatOf(program, [
    ...commandWords('check', { setting: { ...setting, sizes }, properties: [property], chosen: true }),
    ...engineWords(engine),
    ...(minimize === undefined ? [] : ['--minimize', minimize]),
    ...catalogueWords(catalogue),
    '--full',
  ])
}

/** The command for one run, without the options that only say where results go. */
export const repeatCommand = (program: string, target: RunTarget, plan: CheckPlan): string =>
  repeatOf(program, runWords(target, plan))

/** The command of the same check on the hosts of a file, without its limits and the options of our own engine. */
export function hostsCommand(program: string, target: RunTarget, plan: CheckPlan): string {
  const { stopAtFirst, keepDeadLocals, minimize, failOn, strict, catalogue } = plan
  const kept = definedFields({ stopAtFirst, keepDeadLocals, minimize, failOn, strict, catalogue })
  return repeatOf(program, runWords(target, { ...kept, engine: 'ltsmin', hosts: 'HOSTS' }))
}

const engineWords = ({ engine, ranks, hosts }: Pick<CheckPlan, 'engine' | 'ranks' | 'hosts'>): readonly string[] => [
  ...(engine === undefined ? [] : ['--engine', engine]),
  ...(ranks === undefined ? [] : ['--ranks', String(ranks)]),
  ...(hosts === undefined ? [] : ['--hosts', hosts]),
]

function runWords(target: RunTarget, plan: Partial<CheckPlan>): readonly string[] {
  const option = (name: string, value: string | number | undefined): readonly string[] =>
    value === undefined ? [] : [name, String(value)]
  const flag = (name: string, isSet: true | undefined): readonly string[] => (isSet === true ? [name] : [])
  return [
    ...commandWords('check', target),
    ...option('--workers', plan.workers),
    ...option('--max-states', plan.maxStates),
    ...option('--max-memory', plan.maxMemory === undefined ? undefined : bytesText(plan.maxMemory)),
    ...option('--timeout', plan.timeout),
    ...engineWords(plan),
    ...flag('--stop-at-first', plan.stopAtFirst),
    ...flag('--keep-dead-locals', plan.keepDeadLocals),
    ...flag('--no-symmetry', plan.symmetry === false ? true : undefined),
    ...flag('--fingerprint', plan.fingerprint),
    ...option('--fingerprint-seed', plan.fingerprintSeed),
    ...option('--minimize', plan.minimize),
    ...option('--fail-on', plan.failOn),
    ...flag('--strict', plan.strict),
    ...flag('--profile', plan.profile),
    ...catalogueWords(plan.catalogue),
  ]
}

/**
 * The command that goes on with a run that a limit or a signal has ended, without that limit: from the last checkpoint
 * that it has written, else from the one that it went on from itself; nothing if there is neither. The file says with
 * how many workers.
 */
export function resumeCommand(
  program: string,
  target: RunTarget,
  { maxStates, maxMemory, workers: _, ...plan }: CheckPlan,
  { incomplete, checkpoint }: Pick<CheckResult, 'incomplete' | 'checkpoint'>,
): string | undefined {
  if (incomplete === undefined || incomplete === 'first-violation') return undefined
  const to = plan.checkpoint ?? plan.resume
  const from = (checkpoint?.written ?? 0) > 0 ? to : plan.resume
  if (from === undefined || to === undefined) return undefined
  const limits = {
    ...(maxStates === undefined || incomplete === 'max-states' ? {} : { maxStates }),
    ...(maxMemory === undefined || incomplete === 'max-memory' ? {} : { maxMemory }),
  }
  const every = plan.checkpointEvery === undefined ? [] : ['--checkpoint-every', `${plan.checkpointEvery}s`]
  const other = from === to ? [] : ['--checkpoint', to]
  return repeatOf(program, [...runWords(target, { ...plan, ...limits }), '--resume', from, ...other, ...every])
}
