/**
 * Checks a model: passes, compilation, search, and a replay of every schedule by the reference interpreter before
 * anything is said.
 */
import { withFamily } from '../analysis/family.ts'
import { memoryOf } from '../analysis/memory.ts'
import { openOf } from '../analysis/open.ts'
import { staticWarnings } from '../analysis/statics.ts'
import { vacuousWarnings } from '../analysis/premises.ts'
import { restWarnings } from '../analysis/rests.ts'
import { untakenWarnings } from '../analysis/untaken.ts'
import { warning, type Warning } from '../analysis/warning.ts'
import type { Compiled } from '../compiler/compile.ts'
import { omissionBound } from '../engine/fingerprint.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { isSameClaim, type Claim } from '../language/claims.ts'
import { wholeOf } from '../language/configure.ts'
import { definedFields } from '../language/defined-fields.ts'
import { selectProperties } from '../language/select.ts'
import { begunBy } from '../semantics/machine.ts'
import { explore, type Explored } from './explore.ts'
import { fingerprintOf } from './fingerprinting.ts'
import type { Host } from './host.ts'
import { searchLimits, type Limits } from './limits.ts'
import { neverTaken, branchesTaken } from './never-taken.ts'
import { prepare, type Prepared, type PrepareOptions } from './prepare.ts'
import { profileLimit, profileOf } from './profile.ts'
import type { CheckResult, CheckSettings, Profile, PropertyResult } from './result.ts'
import type { Search } from './search.ts'
import { smallest } from './smallest.ts'
import { tooLong } from '../compiler/stack.ts'
import { failingLevel, isCut, shownIn, unsureDeadlock, verdictsOf, type OpenVerdict } from './verdicts.ts'
import { replayOnWhole } from './whole.ts'

/**
 * Explores every reachable state of the model and judges its properties.
 *
 * @throws ModelError if the model cannot be run: an `initially` without outcome, a state too large
 */
export async function checkOn(host: Host, model: ConfiguredModel, settings: CheckSettings = {}): Promise<CheckResult> {
  try {
    return await checked(host, model, settings)
  } catch (error) {
    throw tooLong(model, error) ?? error
  }
}

/** A check in progress: the model as it was given, with the properties to judge, and as it is searched. */
interface Checking {
  readonly host: Host
  readonly model: ConfiguredModel
  readonly claims: ConfiguredModel
  readonly prepared: Prepared
  readonly settings: CheckSettings
  readonly limits: Limits
  /** The level in which a transition fails, as a search before this one has seen, which could not say how. */
  readonly failsIn?: number
}

/**
 * The preparation for a search: with symmetry, unless it is not wanted. A search that goes on from a file must prepare
 * what the one that wrote it did, and so does not try what holds only as long as no transition fails. Nor does one that
 * may omit the state whose transition fails.
 */
const asSearched = ({ symmetry = true, ...settings }: CheckSettings): PrepareOptions => ({
  ...settings,
  symmetry,
  fails: settings.checkpoint !== undefined || settings.resume !== undefined || settings.fingerprint === true,
  warnings: true,
})

function checked(host: Host, model: ConfiguredModel, settings: CheckSettings): Promise<CheckResult> {
  const limits = searchLimits(host, settings)
  const claims = settings.properties === undefined ? model : selectProperties(model, settings.properties)
  return searched({ host, model, claims, prepared: prepare(claims, asSearched(settings)), settings, limits })
}

/**
 * Checks a model that is prepared already: what asks about its states besides shares its compiled form.
 *
 * @param prepared by `prepare`, with its warnings and with the settings that it has in common with `settings`
 */
export function checkPreparedOn(
  host: Host,
  model: ConfiguredModel,
  prepared: Prepared,
  settings: Omit<CheckSettings, 'properties'>,
): Promise<CheckResult> {
  return searched({ host, model, claims: model, prepared, settings, limits: searchLimits(host, settings) })
}

async function searched(checking: Checking): Promise<CheckResult> {
  const { host, claims, prepared, settings, limits } = checking
  const explored = await explore(host, prepared, settings, limits)
  const failsIn = failingLevel(prepared.compiled, explored.search)
  // How the transition fails may differ from image to image, so what this search has found has no schedule.
  if (prepared.symmetry.isProvisional === true && failsIn !== undefined) {
    close(explored)
    return searched({ ...checking, failsIn, prepared: prepare(claims, { ...asSearched(settings), fails: true }) })
  }
  try {
    if (explored.search.incomplete === undefined && failsIn !== (checking.failsIn ?? failsIn))
      throw new Error(`a transition fails in level ${checking.failsIn} of orbits, and in level ${failsIn} of states`)
    const properties = await judged(checking, explored)
    const peakBytes = limits.peakBytes()
    return resultOf(checking, explored, { properties, peakBytes, profile: await profiled(checking, explored) })
  } finally {
    close(explored)
  }
}

/** Nothing is asked of its searches any more. */
function close({ search, graph }: Explored): void {
  search.close()
  graph?.close()
}

/** Every property with its verdict, and its counterexample or witness of the whole model. */
async function judged(checking: Checking, explored: Explored): Promise<readonly PropertyResult[]> {
  const { model, claims, prepared, settings, limits } = checking
  const { search, unrecoverable, recovered } = explored
  const { compiled, whole } = prepared
  const shown = shownIn(compiled, search, unrecoverable, whole)
  const schedules = await smallest(
    prepared,
    shown,
    { ...explored, giveUp: limits.giveUp, replayOnWhole: replayOnWhole(model, claims) },
    settings,
  )
  const open = openIn(checking, search)
  const properties = verdictsOf(compiled, schedules, shown, {
    open,
    recovered,
    ...definedFields({ unjudged: search.unjudged }),
  })
  const unsure = whole ? undefined : unsureDeadlock(compiled, search)
  const written = unsure === undefined ? undefined : await deadlockAsWritten(checking, unsure)
  return properties.map((one) => (written !== undefined && isSameClaim(one, written) ? written : one))
}

/** The verdict on what the search did not find, if that it was not found does not decide it. */
function openIn({ prepared: { compiled }, settings }: Checking, search: Search): OpenVerdict | undefined {
  if (search.incomplete !== undefined) return 'incomplete'
  if (settings.fingerprint === true) return 'not-found'
  return isCut(compiled, search) ? 'undecided' : undefined
}

/**
 * Whether a step changes a state is a question about the whole state. A search without the unread variables finds every
 * deadlock, but may mistake a step that changes only these variables for one that changes nothing. If it meets a state
 * where that matters, the model as it is written is searched for the deadlock.
 */
async function deadlockAsWritten(
  { host, model, claims, settings, limits: { started } }: Checking,
  { name }: Claim,
): Promise<PropertyResult | undefined> {
  const { timeout, profile: _, checkpoint: _file, resume: _resume, ...others } = settings
  const left = timeout === undefined ? {} : { timeout: Math.max(0.001, timeout - (performance.now() - started) / 1000) }
  const { properties } = await checkOn(host, model, {
    ...others,
    ...left,
    properties: [name],
    asWritten: true,
    stopAtFirst: true,
  })
  const found = properties.find((one) => one.kind === 'deadlock')
  return found?.counterexample === undefined ? found : { ...found, counterexample: { ...found.counterexample, claims } }
}

/** The profile of the states, if it is asked for. */
async function profiled(
  { claims, prepared, settings: { profile, ...settings } }: Checking,
  { search: { incomplete, states } }: Explored,
): Promise<Profile | undefined> {
  const isAtLimit = incomplete === 'max-states' || incomplete === 'max-memory'
  return profile === 'always' || (profile === 'at a limit' && isAtLimit)
    ? // of states as they are, not of orbits
      profileOf(
        prepared.symmetry.scalarsets.length === 0
          ? prepared
          : prepare(claims, asSearched({ ...settings, symmetry: false })),
        Math.min(profileLimit, states),
      )
    : undefined
}

function resultOf(
  checking: Checking,
  { search, seconds: searchSeconds, workers, checkpoint }: Explored,
  {
    properties,
    peakBytes,
    profile,
  }: Pick<CheckResult, 'properties'> & {
    readonly peakBytes: number
    readonly profile: Profile | undefined
  },
): CheckResult {
  const { host, model, prepared, settings, limits } = checking
  const { states, stored, transitions, depth, levelSizes, incomplete, taken } = search
  const fingerprint = fingerprintOf(settings)
  const isOpen = incomplete !== undefined || properties.some(({ verdict }) => verdict === 'incomplete')
  return {
    verdict: properties.some(({ verdict }) => verdict === 'violated')
      ? 'violated'
      : isOpen
        ? 'incomplete'
        : fingerprint === undefined
          ? 'holds'
          : 'not-found',
    ...definedFields({ incomplete }),
    states,
    stored,
    symmetry: prepared.symmetry,
    transitions,
    depth,
    levelSizes,
    seconds: (performance.now() - limits.started) / 1000,
    searchSeconds,
    bytesPerState: stored === 0 ? 0 : peakBytes / stored,
    stateBits: prepared.compiled.layout.bits,
    ...definedFields({ engine: host.engine }),
    workers,
    deadLocalReset: settings.keepDeadLocals !== true,
    minimize: settings.minimize ?? 'steps',
    droppedGhosts: prepared.dropped,
    neverTaken: incomplete === undefined && fingerprint === undefined ? neverTaken(prepared.compiled, taken) : [],
    ...definedFields({ memory: memoryOf(model) }),
    warnings: warningsOf(checking, search),
    ...definedFields({
      counterexample: properties.find(({ counterexample }) => counterexample !== undefined)?.counterexample,
    }),
    properties,
    ...definedFields({ profile, checkpoint }),
    ...(fingerprint === undefined
      ? {}
      : { fingerprint: { ...fingerprint, omission: omissionBound(stored, fingerprint) } }),
  }
}

/** Reasons why the verdict says less than it seems to. */
function warningsOf({ model, prepared, settings, failsIn }: Checking, search: Search): readonly Warning[] {
  const { model: ready, compiled, besides } = prepared
  return withFamily(wholeOf(model), settings.family ?? (() => []), (elsewhere) => [
    ...staticWarnings(model, elsewhere),
    ...(search.incomplete === undefined && settings.fingerprint !== true
      ? completeWarnings(model, prepared, search, elsewhere)
      : []),
    ...restWarnings(ready, besides.rests, seenIn(compiled, search, 'rest')),
    ...(failsIn !== undefined && !isCut(compiled, search) ? [hiddenFailure(model, failsIn)] : []),
  ])
}

/** The warning that a transition fails which this search did not come to, but the one before it did. */
const hiddenFailure = (model: ConfiguredModel, number: number): Warning =>
  warning(
    'HMM070',
    `transition ${number} of a schedule fails, with a lock misuse or a domain error, and the run ended before it could show how`,
    model.at ?? model.name,
  )

/** Whether a watch besides the properties was found, by its number among those of its kind. */
function seenIn({ watched }: Compiled, { found }: Search, by: 'premise' | 'rest'): (number: number) => boolean {
  const first = watched.findIndex((one) => one.by === by)
  const seen = new Set(found.map(({ watch }) => watch - first))
  return (number) => seen.has(number)
}

/** The warnings of complete runs alone: that something was not seen. */
function completeWarnings(
  model: ConfiguredModel,
  { model: ready, compiled, besides, reference }: Prepared,
  search: Search,
  elsewhere: readonly string[],
): readonly Warning[] {
  const whole = wholeOf(model),
    open = openOf(model, whole, elsewhere)
  return [
    ...untakenWarnings(ready, branchesTaken(compiled, search.taken, begunBy(reference)), open),
    ...vacuousWarnings(ready, whole, besides.premises, seenIn(compiled, search, 'premise'), open),
  ]
}
