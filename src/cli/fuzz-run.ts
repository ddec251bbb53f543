/** Carries out a `fuzz`: the runs, the report, the saved schedules, and the exit code. */
import type { ConfiguredModel } from '../language/ast.ts'
import { claimKey, type ClaimKey } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import { definedFields } from '../language/defined-fields.ts'
import type { Canvas } from '../report/canvas.ts'
import { drawTrace } from '../report/drawing.ts'
import {
  samplingLines,
  fuzzedLines,
  fuzzProgressText,
  fuzzSummaryLines,
  reducedText,
  type Sampling,
} from '../report/fuzz.ts'
import { fuzzDocument } from '../report/fuzz-json.ts'
import { headline } from '../report/text.ts'
import { fuzz, type FuzzResult } from '../schedules/fuzz.ts'
import { originOf, record } from '../schedules/record.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { DEPTH, strategyOf } from '../schedules/strategies/index.ts'
import type { Strategy } from '../schedules/strategies/strategy.ts'
import { asExample, type Counterexample } from '../semantics/counterexample.ts'
import { allCatalogues } from './catalogues.ts'
import { repeatOf } from './command-text.ts'
import { canvasOf, inCharacters, print } from './context.ts'
import type { Context } from './context.ts'
import { INCOMPLETE, INTERRUPTED, VIOLATED } from './exit-codes.ts'
import type { FuzzFlags } from './options/fuzz.ts'
import { catalogueWords, commandWords } from './repeat.ts'
import { saveSchedules } from './save.ts'
import { session } from './session.ts'
import { namedTarget, type RunTarget } from './targets.ts'
import { tracesOf } from './traces.ts'
import { boundedWorkers } from './workers.ts'

/** A model that was run at random. */
interface Fuzzed {
  readonly target: RunTarget
  readonly model: ConfiguredModel
  readonly sampling: Sampling
  readonly result: FuzzResult
  /** Repeats it. */
  readonly command: string
}

/**
 * @param name of the model, as it was typed
 * @returns the exit code
 */
export async function runFuzz(context: Context, name: string, flags: FuzzFlags): Promise<number> {
  const { stdout, stderr, cwd } = context.environment
  const { scenario, config: sizes, property: properties, catalogue = [] } = flags
  const known = await allCatalogues(context.catalogue, catalogue, cwd)
  const target = namedTarget(known, name, { scenario, sizes, properties })
  const fuzzed = await fuzzTarget(context, target, flags)
  const { result } = fuzzed
  const isJson = flags.json === true
  if (!isJson) print(stdout, fuzzText(fuzzed, canvasOf(context.environment, flags.ascii), cwd))
  if (flags.out !== undefined) print(isJson ? stderr : stdout, [saved(context, fuzzed, flags.out)])
  if (isJson) stdout.write(await fuzzJson(context, fuzzed))
  return result.interrupted ? INTERRUPTED : result.verdict === 'violated' ? VIOLATED : INCOMPLETE
}

async function fuzzTarget({ environment }: Context, target: RunTarget, flags: FuzzFlags): Promise<Fuzzed> {
  const { setting, properties } = target
  const { protocol, variant, configuration } = setting
  const model = configure(protocol.model, configuration)
  const strategy = strategyOf(flags.strategy, { depth: flags.depth })
  const { runs, seed, maxSteps } = flags
  const { workers } = boundedWorkers(environment, flags.workers, 'walk')
  const text = { name: `${protocol.name}@${variant.name}`, show: fuzzProgressText }
  const result = await session(environment, text, (during) =>
    fuzz(model, {
      properties,
      runs,
      seed,
      strategy,
      maxSteps,
      workers: workers ?? environment.processors ?? 1,
      stopAtFirst: flags.stopAtFirst === true,
      ...during,
    }),
  )
  const command = commandOf(environment.program, target, flags)
  return { target, model, sampling: samplingOf(strategy, model, flags), result, command }
}

function samplingOf(strategy: Strategy, model: ConfiguredModel, flags: FuzzFlags): Sampling {
  const { runs, seed, maxSteps } = flags
  const guarantee = strategy.guarantee?.({ threads: model.instances.length, maxSteps })
  const name = flags.strategy === 'pct' ? `pct of depth ${flags.depth ?? DEPTH}` : strategy.name
  return { strategy: name, runs, seed, maxSteps, ...definedFields({ guarantee }) }
}

function fuzzText(fuzzed: Fuzzed, canvas: Canvas, cwd: string): readonly string[] {
  const { target, sampling, result, command } = fuzzed
  const lines = [
    ...headline(target.setting, canvas.width, canvas.paint),
    ...samplingLines(sampling, canvas.width),
    '',
    ...fuzzedLines(result, canvas.paint),
    ...drawings(fuzzed, canvas, cwd),
    '',
    ...fuzzSummaryLines(result, command, canvas.paint),
  ]
  return inCharacters(lines, canvas)
}

async function fuzzJson({ environment }: Context, fuzzed: Fuzzed): Promise<string> {
  const { target, sampling, result, command } = fuzzed
  const version = await environment.version()
  const document = fuzzDocument(target.setting, sampling, result, schedulesOf(fuzzed, true), { version, command })
  return `${JSON.stringify(document, undefined, 2)}\n`
}

/** Saves the schedules, and says where. */
function saved({ environment }: Context, fuzzed: Fuzzed, out: string): string {
  const schedules = [...schedulesOf(fuzzed, fuzzed.target.chosen).values()]
  const files = saveSchedules(schedules, out, environment.cwd, false)
  return files.length === 0 ? `nothing to save in ${out}: no schedule was found` : `saved: ${files.join(', ')}`
}

/** The violations; with `witnesses`, also what was seen of that which must be possible. */
function shownIn({ properties }: FuzzResult, witnesses: boolean): readonly Counterexample[] {
  return properties.flatMap((one) => {
    const example = one.counterexample ?? (witnesses ? one.witness : undefined)
    return example === undefined ? [] : [example]
  })
}

function drawings({ target, result }: Fuzzed, canvas: Canvas, cwd: string): readonly string[] {
  return tracesOf(shownIn(result, target.chosen).map(asExample), cwd).flatMap(({ example, trace }) => [
    '',
    `${canvas.paint('bold', `${example.property.name} is ${example.property.outcome}, ${reducedText(example.run)}`)}:`,
    '',
    ...drawTrace(trace, canvas),
  ])
}

function schedulesOf({ target: { setting }, result }: Fuzzed, witnesses: boolean): ReadonlyMap<ClaimKey, Schedule> {
  return new Map(
    shownIn(result, witnesses).map((example) => [claimKey(example.property), record(originOf(setting), example)]),
  )
}

/** The command that repeats the runs, with the values of all defaults. */
function commandOf(program: string, target: RunTarget, flags: FuzzFlags): string {
  return repeatOf(program, [
    ...commandWords('fuzz', target),
    '--runs',
    String(flags.runs),
    '--seed',
    String(flags.seed),
    '--strategy',
    flags.strategy,
    ...(flags.strategy === 'pct' ? ['--depth', String(flags.depth ?? DEPTH)] : []),
    '--max-steps',
    String(flags.maxSteps),
    ...(flags.stopAtFirst === true ? ['--stop-at-first'] : []),
    ...catalogueWords(flags.catalogue),
  ])
}
