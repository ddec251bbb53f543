/**
 * Minimises a schedule: what fits of it, reduced; then a search for a shorter one; then the same in smaller
 * scenarios.
 */
import type { CheckOptions, CheckResult, Incomplete, Measure, PropertyResult } from '../explorer/result.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { isAlwaysJudged, isSameClaim } from '../language/claims.ts'
import { configure } from '../language/configure.ts'
import { ModelError } from '../language/errors.ts'
import { didYouMean } from '../language/near.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { settingOf } from '../catalogue/setting.ts'
import type { Setting } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { exampleOf, machineOf, type Counterexample } from '../semantics/counterexample.ts'
import { kinds } from '../semantics/kinds/index.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { runSizeOf } from '../semantics/size.ts'
import type { RunSize } from '../semantics/size.ts'
import { fit } from './fit.ts'
import type { Fit } from './fit.ts'
import { reduce, reductions } from './reduce.ts'
import { smallerSettings } from './scenarios.ts'
import type { Schedule, ScheduleProperty } from './schedule.ts'
import { contextSwitches } from './switches.ts'

export interface MinimizeOptions {
  /** The measure to minimise first, as for `check`; default `steps`. */
  readonly minimize?: Measure | undefined
  /** Limit of each search. */
  readonly maxStates?: number | undefined
  /** Seconds, for all of it. */
  readonly timeout?: number | undefined
  /** As for `check`. */
  readonly symmetry?: boolean | undefined
  readonly signal?: AbortSignal
  readonly onProgress?: CheckOptions['onProgress']
}

/** The search function: `check`. */
export type Check = (model: ConfiguredModel, options: CheckOptions) => Promise<CheckResult>

/**
 * Why a search of a schedule did not decide: its limit, a step that fails and hides what comes behind it, or a cycle
 * of a relation that was closed by other pairs.
 */
export type WhyOpen = Incomplete | 'failed-step' | 'other-pairs'

/** The outcome of the search of one setting. */
export type Searched = { readonly setting: Setting } & (
  | { readonly kind: 'shown'; readonly found: FoundRun; readonly states: number }
  /** Every state was visited, and none shows it. */
  | { readonly kind: 'never'; readonly states: number }
  /** A limit was met first. */
  | { readonly kind: 'open'; readonly why: WhyOpen; readonly states: number }
  /** The model has no meaning in these sizes. */
  | { readonly kind: 'meaningless'; readonly why: string }
)

/** The outcome of delta debugging. */
export interface Reduction {
  readonly run: Run
  readonly size: RunSize
  /** Runs that were tried. */
  readonly tried: number
  /**
   * Whether it was left to find that nothing makes it smaller; else what ended it: the limit of its effort, or who
   * wanted it stopped.
   */
  readonly ended: 'complete' | 'effort' | 'stopped'
}

/** A run of a setting's model that shows the property. */
export interface FoundRun extends Pick<Counterexample, 'property' | 'model' | 'machine' | 'run'> {
  readonly setting: Setting
  readonly size: RunSize
  /** `proven`: no schedule of these sizes is smaller by what was to be minimised. */
  readonly minimal: 'proven' | 'reduced'
}

export interface Minimized {
  readonly setting: Setting
  /** The machine of its model, with the property. */
  readonly machine: Machine
  readonly property: ScheduleProperty
  readonly minimize: Measure
  /** As it was given. */
  readonly given: Pick<RunSize, 'steps' | 'switches'>
  readonly fit: Fit
  /**
   * None if what fits does not show the property; `unneeded` if it is long, and the search found one that is proven
   * minimal.
   */
  readonly reduction?: Reduction | 'unneeded'
  /** The search in the schedule's own sizes. */
  readonly search: Searched
  /** The searches in smaller sizes, in the order in which they were tried, up to the first that shows the property. */
  readonly smaller: readonly Searched[]
  /** The schedule of the smallest sizes; none if the property was not shown at all. */
  readonly result?: FoundRun
}

/** The property as the model has it. */
export function propertyOf({ name, model }: Protocol, { property }: Schedule): ScheduleProperty {
  if (isAlwaysJudged(property.kind)) return property
  if (property.kind === 'run')
    throw new UsageError(
      'HMM232',
      'the schedule is a run by hand, which shows no property',
      'minimize the schedule of a violation',
    )
  const declared = model.properties.find((one) => one.name === property.name)
  if (declared === undefined)
    throw new UsageError(
      'HMM204',
      `${name} has no property ${property.name}`,
      didYouMean(
        property.name,
        model.properties.map((one) => one.name),
      ),
    )
  if (kinds[declared.kind].judgedOn === 'graph')
    throw new UsageError(
      'HMM232',
      `no single schedule violates ${declared.name}, since it is a relation`,
      'minimize the schedule of one of its pairs',
    )
  return {
    name: declared.name,
    kind: declared.kind,
    outcome: kinds[declared.kind].outcome,
  }
}

/**
 * Minimises a schedule of a protocol.
 *
 * @throws UsageError if the protocol has no such variant, scenario or property, or can't have these sizes
 */
export async function minimize(
  protocol: Protocol,
  schedule: Schedule,
  check: Check,
  options: MinimizeOptions = {},
): Promise<Minimized> {
  const { scenario, sizes } = schedule.configuration
  const setting = settingOf(protocol, { variant: schedule.variant, scenario, sizes })
  const property = propertyOf(protocol, schedule)
  const { minimize: measure = 'steps' } = options
  const started = performance.now()
  const left = (): number | undefined =>
    options.timeout === undefined ? undefined : options.timeout - (performance.now() - started) / 1000
  const over = (): 'interrupted' | 'timeout' | undefined =>
    options.signal?.aborted === true ? 'interrupted' : (left() ?? 1) <= 0 ? 'timeout' : undefined

  const model = configure(protocol.model, setting.configuration)
  const graph = machineOf(model, property)
  const fitted = fit(graph, schedule, property)
  const search = async (of: Setting): Promise<Searched> => {
    const why = over()
    if (why !== undefined) return { setting: of, kind: 'open', why, states: 0 }
    try {
      return await searchIn(of, property, check, { ...options, minimize: measure, timeout: left() })
    } catch (error) {
      if (error instanceof ModelError) return { setting: of, kind: 'meaningless', why: error.what }
      throw error
    }
  }
  const reducing = async (): Promise<Reduction | undefined> =>
    fitted.shown ? reductionOf(graph, fitted.run, property, () => over() === undefined) : undefined
  // for a long schedule the search comes first: its proof spares very many tries
  const isLong = fitted.run.steps.length > LONG
  const early = isLong ? await search(setting) : undefined
  const isProven = early?.kind === 'shown' && early.found.minimal === 'proven'
  const reduction = isProven ? undefined : await reducing()
  const own = early ?? (await search(setting))
  if (own.kind === 'never' && fitted.shown)
    throw new Error(
      `${property.name} is shown by a schedule of ${fitted.run.steps.length} steps, and by no state of a whole search`,
    )
  const reduced: FoundRun | undefined =
    reduction === undefined
      ? undefined
      : { setting, property, model, machine: graph, run: reduction.run, size: reduction.size, minimal: 'reduced' }
  const smaller: Searched[] = []
  for (const other of own.kind === 'never' ? [] : smallerSettings(setting)) {
    const searched = await search(other)
    smaller.push(searched)
    if (searched.kind === 'shown') break
  }
  const last = smaller.at(-1)
  const result =
    last?.kind === 'shown' ? last.found : better(own.kind === 'shown' ? own.found : undefined, reduced, measure)
  return {
    setting,
    machine: graph,
    property,
    minimize: measure,
    fit: fitted,
    search: own,
    smaller,
    given: { steps: schedule.steps.length, switches: contextSwitches(schedule.steps) },
    ...(reduction !== undefined ? { reduction } : isProven && fitted.shown ? { reduction: 'unneeded' } : {}),
    ...(result === undefined ? {} : { result }),
  }
}

/** Steps from which on a schedule is long. */
const LONG = 400

/** Milliseconds between two looks at requests to stop. */
const TURN = 20

async function reductionOf(
  machine: Machine,
  run: Run,
  property: ScheduleProperty,
  goOn: () => boolean,
): Promise<Reduction> {
  let heard = performance.now()
  let smallest = run
  let tried = -1
  let ended: Reduction['ended'] = 'complete'
  for (const one of reductions(machine, run, property)) {
    smallest = one.run
    tried += 1
    ended = one.ends ?? 'complete'
    if (performance.now() - heard > TURN) {
      await new Promise((resolve) => {
        setTimeout(resolve)
      })
      heard = performance.now()
    }
    if (goOn()) continue
    ended = 'stopped'
    break
  }
  return { run: smallest, size: runSizeOf(machine, smallest), tried, ended }
}

function better(found: FoundRun | undefined, reduced: FoundRun | undefined, measure: Measure): FoundRun | undefined {
  const then = measure === 'steps' ? 'switches' : 'steps'
  const isSmaller = (a: RunSize, b: RunSize): boolean =>
    a[measure] < b[measure] || (a[measure] === b[measure] && a[then] < b[then])
  return found === undefined || (reduced !== undefined && isSmaller(reduced.size, found.size)) ? reduced : found
}

/**
 * A search for the property, and for nothing else. Only where something else stops it is it made once more, to the
 * end.
 */
export async function searchIn(
  setting: Setting,
  property: ScheduleProperty,
  check: Check,
  { minimize: measure = 'steps', maxStates, timeout, symmetry, signal, onProgress }: MinimizeOptions,
): Promise<Searched> {
  const model = configure(setting.protocol.model, setting.configuration)
  const asked = model.properties.find(({ name }) => name === property.name)?.relates?.property ?? property.name
  const limits: CheckOptions = {
    properties: [asked],
    minimize: measure,
    witnesses: true,
    ...(maxStates === undefined ? {} : { maxStates }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(symmetry === undefined ? {} : { symmetry }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  }
  for (const stopAtFirst of [true, false]) {
    const result = await check(model, { ...limits, stopAtFirst })
    const { states, incomplete, properties } = result
    const shown = properties
      .flatMap((one): readonly PropertyResult[] => one.cycle ?? [one])
      .find((one) => isSameClaim(one, property) && exampleOf(one) !== undefined)
    const example = shown && exampleOf(shown)
    if (example !== undefined) {
      const { machine, run: found } = example
      const minimal = shown?.minimal ?? 'reduced'
      const run = minimal === 'proven' ? found : reduce(machine, found, property)
      return {
        setting,
        kind: 'shown',
        states,
        found: { setting, property, model, machine, run, size: runSizeOf(machine, run), minimal },
      }
    }
    const undecided = properties.find((one) => one.verdict === 'undecided')
    if (undecided !== undefined) return { setting, kind: 'open', why: 'failed-step', states }
    if (incomplete === undefined)
      return asked === property.name
        ? { setting, kind: 'never', states }
        : { setting, kind: 'open', why: 'other-pairs', states }
    if (incomplete !== 'first-violation') return { setting, kind: 'open', why: incomplete, states }
  }
  throw new Error('a search that was to go on to the end was stopped by what it found')
}
