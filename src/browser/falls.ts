/**
 * Goes on from a state until a property is violated: by random walks of the compiled model, or by a search of all that
 * can be reached from there, which finds the nearest violation. What either finds is played by the reference
 * interpreter before it is said.
 */
import { explore } from '../explorer/explore.ts'
import { searchLimits } from '../explorer/limits.ts'
import { prepare, type Prepared } from '../explorer/prepare.ts'
import type { Progress } from '../explorer/result.ts'
import { packedScheduleOf, player, replayPacked } from '../explorer/trace.ts'
import { confirm } from '../explorer/walks/confirm.ts'
import { walkSetup } from '../explorer/walks/setup.ts'
import { walks } from '../explorer/walks/walk.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import type { Claim } from '../language/claims.ts'
import { selectProperties } from '../language/select.ts'
import { plural, showCount } from '../report/numbers.ts'
import { reduce } from '../schedules/reduce.ts'
import { brackets } from '../schedules/strategies/brackets.ts'
import { walkRuns } from '../schedules/walk-runs.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { plainState, type Machine, type Run, type State } from '../semantics/machine.ts'
import { browser } from './host.ts'
import type { Question } from './messages.ts'

/** Where the search begins, and for what it looks. */
export interface FallOptions extends Omit<Extract<Question, { readonly kind: 'fall' }>, 'kind'> {
  readonly signal: AbortSignal
  readonly onProgress: (progress: Partial<Progress> & { readonly states: number; readonly seconds: number }) => void
}

/** What was found: a run from the state, of a machine with the properties that were looked for. */
export interface Fallen {
  readonly found?: { readonly machine: Machine; readonly run: Run; readonly claim: Claim }
  /** How much was looked at. */
  readonly note: string
}

/** A violation: a search for what must be possible looks for something else. */
const isFall = ({ kind }: Claim): boolean => kinds[kind].outcome === 'violated'

/** States that a search for the nearest violation looks at. */
const MOST_STATES = 5_000_000

/** @param model with the properties that are claimed */
export function fallFrom(model: ConfiguredModel, state: State, options: FallOptions): Promise<Fallen> {
  const { property, way } = options
  const judged = property === undefined ? model : selectProperties(model, [property])
  const prepared = preparedAt(judged, state)
  return way === 'random' ? atRandom(prepared, options) : nearest(prepared, options)
}

/** The model as it is written, with a state of it as the only initial one. */
function preparedAt(model: ConfiguredModel, state: State): Prepared {
  const prepared = prepare(model, { asWritten: true })
  const { compiled, reference } = prepared
  return {
    ...prepared,
    reference: { ...reference, initial: [{ state, choices: [] }] },
    initial: [compiled.encode(plainState(reference, state))],
  }
}

async function atRandom(prepared: Prepared, options: FallOptions): Promise<Fallen> {
  const { runs, maxSteps, seed, signal, onProgress } = options
  const { firsts, ...walked } = await walkRuns(prepared, walks(walkSetup(prepared, { counts: false })), {
    runs,
    maxSteps,
    seed,
    strategy: brackets,
    isEnough: isFall,
    signal,
    onProgress,
  })
  const note = plural(walked.runs, 'random walk')
  const [first] = [...firsts.values()].filter(({ claim }) => isFall(claim)).toSorted((a, b) => a.run - b.run)
  if (first === undefined) return { note: `${note}, and no violation` }
  const { claim } = first
  const run = reduce(prepared.reference, confirm(prepared, first.finding), { ...claim, outcome: 'violated' })
  return { found: { machine: prepared.reference, run, claim }, note }
}

async function nearest(prepared: Prepared, { signal, onProgress }: FallOptions): Promise<Fallen> {
  const { compiled, reference } = prepared
  const settings = { signal, onProgress, maxStates: MOST_STATES, stopAtFirst: true }
  const { search } = await explore(browser, prepared, settings, searchLimits(browser, settings))
  try {
    const note = `${showCount(search.states)} states`
    const [first] = search.found
      .filter(({ watch }) => isViolation(compiled.watched[watch]))
      .toSorted((a, b) => a.level - b.level)
    if (first === undefined)
      return {
        note: `${note}${search.incomplete === undefined ? ': all' : ''}, and no violation that one run can show`,
      }
    const run = replayPacked(
      player(compiled, search.oracle(), reference),
      await packedScheduleOf(compiled, search, first),
    )
    const claim = compiled.watched[first.watch]?.claim
    return claim === undefined ? { note } : { found: { machine: reference, run, claim }, note }
  } finally {
    search.close()
  }
}

/** A violation of a property, and not a fact that only a warning needs. */
const isViolation = (watched: Prepared['compiled']['watched'][number] | undefined): boolean =>
  watched !== undefined && ['itself', 'standstill'].includes(watched.by) && isFall(watched.claim)
