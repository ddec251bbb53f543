/** From what a search found to the verdict of every property, with its schedule. */
import type { Property } from '../language/ast.ts'
import { isAlwaysJudged, type Claim } from '../language/claims.ts'
import { cycleOf } from '../language/collected.ts'
import type { Compiled } from '../compiler/compile.ts'
import { watchOf } from '../compiler/watch.ts'
import { isOfState } from './ask.ts'
import type { Goal } from './fewest-switches.ts'
import { defaultRecoveryLimit, recoveryLimit, type Unrecoverable } from './recovery.ts'
import type { PropertyResult, Verdict } from './result.ts'
import type { FoundAt, Search } from './search.ts'
import { kinds } from '../semantics/kinds/index.ts'
import type { RunSize } from '../semantics/size.ts'

/** A property that was found violated or witnessed, or a pair of a relation that makes it so. */
export interface Shown {
  /** Its number among the watched. */
  readonly watch: number
  readonly goal: Goal
  /** The finding that showed it first. */
  readonly found: FoundAt
  /** That it is shown is what the property wants. */
  readonly witness: boolean
}

/** The schedules that show properties, by the number of the property among the watched. */
export type Schedules = ReadonlyMap<number, RunSize & Pick<PropertyResult, 'minimal' | 'counterexample' | 'witness'>>

const stepsOf = (compiled: Compiled, f: FoundAt): number => (isOfState(compiled, f.watch) ? f.level - 1 : f.level)

/**
 * The properties that were shown, by their number among the watched.
 *
 * @param whole whether a state has all that the model has: then a deadlock is also a state that no step changes
 */
export function shownIn(
  compiled: Compiled,
  search: Search,
  unrecoverable: Unrecoverable | undefined,
  whole: boolean,
): ReadonlyMap<number, Shown> {
  const { watched, model } = compiled
  const all = new Map<number, Shown>()
  for (const [watch, { claim, by }] of watched.entries()) {
    if (by !== 'itself') continue
    const { judgedOn, outcome, listed } = kinds[claim.kind]
    if (judgedOn === 'end') {
      if (unrecoverable === undefined) continue
      const { level, states, first } = unrecoverable
      all.set(watch, {
        watch,
        witness: false,
        goal: { watches: [watch], steps: level - 1, states },
        found: { watch, state: first, successors: 0, fails: 0, level },
      })
      continue
    }
    const others = [watchOf(watched, claim, 'covers'), ...(whole ? [watchOf(watched, claim, 'standstill')] : [])]
    const watches = [watch, ...others.filter((other) => other >= 0)]
    const [found] = search.found
      .filter((f) => watches.includes(f.watch))
      .sort((a, b) => stepsOf(compiled, a) - stepsOf(compiled, b))
    if (found !== undefined)
      all.set(watch, {
        watch,
        // a pair that was collected is a part of a violation
        witness: outcome === 'witnessed' && listed === 'always',
        goal: { watches, steps: stepsOf(compiled, found) },
        found,
      })
  }
  const closing = new Set(
    model.properties
      .filter(({ kind }) => kinds[kind].judgedOn === 'graph')
      .flatMap(({ name }) => cycleIn(compiled, name, all) ?? [])
      .map(({ name }) => name),
  )
  for (const [watch, { claim }] of watched.entries())
    if (kinds[claim.kind].listed === 'in its relation' && !closing.has(claim.name)) all.delete(watch)
  return all
}

/**
 * The deadlock that only the model as it is written can decide: there is a state of which the engine keeps too little
 * to know whether a step changes it, and none, as near to the start, in which nothing is possible.
 */
export function unsureDeadlock({ watched }: Compiled, { found }: Search): Claim | undefined {
  const levelBy = (by: 'itself' | 'standstill'): number =>
    Math.min(
      ...found.flatMap(({ watch, level }) =>
        watched[watch]?.claim.kind === 'deadlock' && watched[watch].by === by ? [level] : [],
      ),
    )
  return levelBy('standstill') <= levelBy('itself') && levelBy('standstill') < Infinity
    ? watched.find(({ claim }) => claim.kind === 'deadlock')?.claim
    : undefined
}

/** The first level in which a transition fails, by a domain error or lock misuse: behind it the search has stopped. */
export function failingLevel({ watched }: Compiled, { found }: Pick<Search, 'found'>): number | undefined {
  const levels = found.flatMap(({ watch, level }) =>
    isAlwaysJudged(watched[watch]?.claim.kind ?? 'domain') ? [level] : [],
  )
  return levels.length === 0 ? undefined : Math.min(...levels)
}

/** Whether the search has stopped behind a transition that fails. */
export const isCut = (compiled: Compiled, search: Pick<Search, 'found'>): boolean =>
  failingLevel(compiled, search) !== undefined

/** The verdict on a property of which it is not known whether it would be found. */
export type OpenVerdict = Exclude<Verdict, 'holds' | 'violated'>

/** Whether there is a way back is a question about all states. */
const noStates = 'not judged: it needs every state, and only fingerprints were stored'

/** Why nobody has looked for ways back in a graph, where nobody has asked for them, and where the model has. */
function tooLarge(isAsked: boolean): string {
  const [unasked, asked] = [defaultRecoveryLimit, recoveryLimit].map((limit) => limit.toLocaleString('en-US'))
  return isAsked
    ? `not judged: more than ${asked} states are stored, or more than one table has room for`
    : `not judged: more than ${unasked} states; if declared, recoverable() is judged up to ${asked} stored ones`
}

function cycleIn(
  { model, watched }: Compiled,
  name: string,
  shown: ReadonlyMap<number, Shown>,
): readonly Property[] | undefined {
  return cycleOf(model.properties, name, (pair) => shown.has(watchOf(watched, pair)))
}

/** What a search leaves open. */
export interface LeftOpen extends Pick<Search, 'unjudged'> {
  /** The verdict on a property that was not found; undefined if that it was not found decides it. */
  readonly open: OpenVerdict | undefined
  /** Whether the search for paths back has covered every state. */
  readonly recovered: boolean
}

/** Every property's verdict. */
export function verdictsOf(
  compiled: Compiled,
  schedules: Schedules,
  shown: ReadonlyMap<number, Shown>,
  { open, recovered, unjudged = () => undefined }: LeftOpen,
): readonly PropertyResult[] {
  const unless = (verdict: Verdict): Verdict => open ?? verdict
  return compiled.watched.flatMap(({ claim: { kind, name }, property, by }, watch): readonly PropertyResult[] => {
    const { judgedOn, outcome, listed } = kinds[kind]
    if (by !== 'itself' || listed === 'in its relation') return []
    const schedule = schedules.get(watch)
    if (judgedOn === 'graph') {
      // A pair that has not been seen yet can close a cycle, but it cannot open one.
      const cycle = cycleIn(compiled, name, shown)?.map(
        (pair): PropertyResult => ({
          name: pair.name,
          kind: 'pair',
          verdict: 'holds',
          ...schedules.get(watchOf(compiled.watched, pair)),
        }),
      )
      return [
        cycle === undefined
          ? { name, kind, verdict: unless('holds') }
          : { name, kind, verdict: 'violated', steps: Math.max(...cycle.map(({ steps }) => steps ?? 0)), cycle },
      ]
    }
    const why = schedule === undefined ? unjudged(watch) : undefined
    if (why !== undefined)
      return [
        { name, kind, verdict: open === undefined && property?.byDefault === true ? 'undecided' : 'incomplete', why },
      ]
    if (outcome === 'witnessed')
      return [{ name, kind, verdict: schedule !== undefined ? 'holds' : unless('violated'), ...schedule }]
    if (schedule !== undefined) return [{ name, kind, verdict: 'violated', ...schedule }]
    if (listed === 'if violated') return []
    if (judgedOn !== 'end' || recovered) return [{ name, kind, verdict: unless('holds') }]
    if (open === 'not-found') return [{ name, kind, verdict: 'undecided', why: noStates }]
    if (open !== undefined) return [{ name, kind, verdict: 'incomplete' }]
    const isAsked = property?.byDefault !== true
    return [{ name, kind, verdict: isAsked ? 'incomplete' : 'undecided', why: tooLarge(isAsked) }]
  })
}
