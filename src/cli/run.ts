/** Carries out a `check`: each target in turn, what is printed of it, what is saved, and the exit code. */
import type { ConfiguredModel } from '../language/ast.ts'
import { configure } from '../language/configure.ts'
import { selectProperties } from '../language/select.ts'
import type { CheckOptions, PropertyResult } from '../explorer/result.ts'
import { judge, violatedOf } from '../report/checked.ts'
import type { Checked } from '../report/checked.ts'
import { plural } from '../report/numbers.ts'
import { headline, propertyLines, rowLine, summaryLines } from '../report/text.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { HOLDS, INCOMPLETE, INTERRUPTED, VIOLATED } from './codes.ts'
import { repeatCommand, repeatOf } from './repeat.ts'
import { paintOf, print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import { progressLine } from './progress.ts'
import type { Target } from './targets.ts'

/** The options of `check`, as commander gives them. */
export interface CheckCommand {
  readonly scenario?: string
  readonly config?: Readonly<Record<string, number>>
  readonly property?: readonly string[]
  readonly workers?: number
  readonly maxStates?: number
  readonly maxMemory?: number
  readonly timeout?: number
  readonly stopAtFirst?: true
  readonly keepDeadLocals?: true
  readonly failOn?: 'never-taken'
  readonly dryRun?: true
  readonly json?: true
  readonly out?: string
  readonly catalogue?: readonly string[]
}

/** A run that is over, and the model it was of. */
interface Finished {
  readonly target: Target
  readonly model: ConfiguredModel
  readonly checked: Checked
}

/** More files than these are counted, not named. */
const FEW_FILES = 12

/** @param named whether the user named the one target */
export async function runCheck(context: Context, targets: readonly Target[], named: boolean, options: CheckCommand): Promise<number> {
  if (options.dryRun === true) return dryRun(context, targets, options)
  const { stdout, onInterrupt } = context.environment
  const interrupt = new AbortController()
  const release = onInterrupt(() => { interrupt.abort() })
  const finished: Finished[] = []
  try {
    for (const target of targets) {
      if (interrupt.signal.aborted) break
      const one = await explore(context, target, options, interrupt.signal)
      finished.push(one)
      if (options.json !== true) print(stdout, await textOf(context, one, named))
    }
    await report(context, finished, options, named)
  } finally {
    release()
  }
  return interrupt.signal.aborted ? INTERRUPTED : exitCode(finished.map(({ checked }) => checked), named, options)
}

async function explore(context: Context, target: Target, options: CheckCommand, signal: AbortSignal): Promise<Finished> {
  const { engine, stderr, program } = context.environment
  const { setting, properties, expectation } = target
  const { protocol, variant, configuration } = setting
  const model = configure(protocol.model, configuration)
  const progress = progressLine(stderr, `${protocol.name}@${variant.name}`)
  const result = await engine.check(model, { ...limitsOf(options), properties, signal, onProgress: progress.onProgress })
    .finally(progress.done)
  return { target, model, checked: { setting, result, ...(expectation === undefined ? {} : { expectation }), command: repeatCommand(program, target, options) } }
}

function limitsOf({ workers, maxStates, maxMemory, timeout, stopAtFirst, keepDeadLocals }: CheckCommand): CheckOptions {
  return {
    ...(workers === undefined ? {} : { workers }),
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(maxMemory === undefined ? {} : { maxMemory }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(stopAtFirst === undefined ? {} : { stopAtFirst }),
    ...(keepDeadLocals === undefined ? {} : { keepDeadLocals }),
  }
}

/** One named model in full, with the witnesses of what was asked for by name; of many, a line each, and in full the violations nobody expected. */
async function textOf(context: Context, one: Finished, named: boolean): Promise<readonly string[]> {
  const { stdout, variables } = context.environment
  const paint = paintOf(stdout, variables)
  const { checked } = one
  if (named) return [...headline(checked.setting, widthOf(stdout), paint), '', ...propertyLines(checked.result, paint), ...await drawings(context, one, one.target.chosen ? checked.result.properties : violatedOf(checked.result)), '', ...summaryLines(checked, paint)]
  const surprises = judge(checked.result, checked.expectation) === 'unexpected'
    ? violatedOf(checked.result).filter(({ name }) => checked.expectation?.violated?.includes(name) !== true)
    : []
  return [rowLine(checked, paint), ...await drawings(context, one, surprises), ...(surprises.length > 0 ? ['', `repeat with: ${checked.command}`, ''] : [])]
}

async function drawings({ environment: { stdout, variables } }: Context, { model }: Finished, properties: readonly PropertyResult[]): Promise<readonly string[]> {
  if (properties.every(({ run, cycle }) => run === undefined && cycle === undefined)) return []
  const [{ drawRun }, { drawEnd }, { machineFor }, { adopt }] = await Promise.all([
    import('../report/drawing.ts'), import('../report/ending.ts'), import('../schedules/machines.ts'), import('../schedules/adopt.ts'),
  ])
  const [paint, width] = [paintOf(stdout, variables), widthOf(stdout)]
  const drawn = new Map<string, string>()
  return properties.flatMap((property) => property.cycle ?? [property]).flatMap(({ name, kind, verdict, run }) => {
    if (run === undefined) return []
    const graph = machineFor(model, { kind, name })
    const played = adopt(graph, run)
    const property = { name, kind, outcome: verdict === 'violated' ? 'violated' : 'witnessed' } as const
    const head = paint('bold', `${name} is ${property.outcome} in ${plural(run.steps.length, 'step')}`)
    const key = JSON.stringify(run.steps.map(({ transition: { thread, path, choices } }) => [thread, path, choices]))
    const same = drawn.get(key)
    if (same !== undefined) return ['', `${head}, by the schedule of ${same}:`, '', ...drawEnd(graph, played, property, width, paint)]
    drawn.set(key, name)
    return ['', `${head}:`, '', ...drawRun(graph, played, { width, paint, property })]
  })
}

/** The schedules of a run by the name of their property: counterexamples, and witnesses of what must be possible. */
async function schedulesOf({ target, model, checked }: Finished, wanted: (property: PropertyResult) => boolean): Promise<ReadonlyMap<string, Schedule>> {
  const properties = checked.result.properties.filter(wanted).flatMap((property) => property.cycle ?? [property])
  if (properties.every(({ run }) => run === undefined)) return new Map()
  const { originOf, record } = await import('../schedules/record.ts')
  return new Map(properties.flatMap(({ name, kind, verdict, run }) => {
    const outcome = verdict === 'violated' ? 'violated' : 'witnessed'
    return run === undefined ? [] : [[name, record(originOf(target.setting), model, { name, kind, outcome }, run)] as const]
  }))
}

/** What comes after the last run: the document, the files. */
async function report({ environment, argv }: Context, finished: readonly Finished[], options: CheckCommand, named: boolean): Promise<void> {
  const { stdout, stderr, cwd, program, version } = environment
  if (options.out !== undefined) {
    const all = await Promise.all(finished.map((one) => schedulesOf(one, ({ verdict }) => verdict === 'violated' || one.target.chosen)))
    const { saveSchedules } = await import('./save.ts')
    const files = saveSchedules(all.flatMap((schedules) => [...schedules.values()]), options.out, cwd, !named)
    const note = files.length === 0 ? `nothing to save in ${options.out}: no schedule was found`
      : files.length > FEW_FILES ? `saved: ${files.length} schedules in ${options.out}` : `saved: ${files.join(', ')}`
    print(options.json === true ? stderr : stdout, [note])
  }
  if (options.json === true) {
    const { runDocument } = await import('../report/json.ts')
    const runs = await Promise.all(finished.map(async (one) => runDocument(one.checked, await schedulesOf(one, () => true))))
    const [only] = finished
    const command = named && only !== undefined ? only.checked.command : repeatOf(program, argv)
    stdout.write(`${JSON.stringify({ schema: 1, version: await version(), command, runs }, undefined, 2)}\n`)
  } else if (!named) {
    print(stdout, ['', catalogueLine(finished.map(({ checked }) => checked))])
  }
}

function catalogueLine(runs: readonly Checked[]): string {
  const count = (judgement: ReturnType<typeof judge>): number => runs.filter(({ result, expectation }) => judge(result, expectation) === judgement).length
  return `${runs.length} checked: ${count('expected')} as expected, ${count('unexpected')} not, ${count('open')} incomplete`
}

/** The code of a named model tells its verdict, whatever was expected; that of the catalogue, whether all is as expected. */
function exitCode(runs: readonly Checked[], named: boolean, { failOn }: CheckCommand): number {
  const neverTaken = failOn === 'never-taken' && runs.some(({ result }) => result.neverTaken.length > 0)
  const verdicts = named
    ? runs.map(({ result }) => ({ holds: HOLDS, violated: VIOLATED, incomplete: INCOMPLETE })[result.verdict])
    : runs.map(({ result, expectation }) => ({ expected: HOLDS, unexpected: VIOLATED, open: INCOMPLETE })[judge(result, expectation)])
  if (neverTaken || verdicts.includes(VIOLATED)) return VIOLATED
  return verdicts.includes(INCOMPLETE) ? INCOMPLETE : HOLDS
}

async function dryRun({ environment: { engine, stdout, variables } }: Context, targets: readonly Target[], options: CheckCommand): Promise<number> {
  const { dryLines } = await import('../report/dry.ts')
  const paint = paintOf(stdout, variables)
  for (const { setting, properties } of targets) {
    const model = selectProperties(configure(setting.protocol.model, setting.configuration), properties)
    print(stdout, [...headline(setting, widthOf(stdout), paint), '', ...dryLines(model, await engine.describeLayout(model, limitsOf(options)), paint), ''])
  }
  return HOLDS
}
