/** From what a search found to the verdict of every property, with its schedule. */
import type { Property } from '../language/ast.ts'
import { cycleOf } from '../language/collected.ts'
import type { Compiled } from '../compiler/compile.ts'
import { isOfState } from './ask.ts'
import type { Goal } from './fewest-switches.ts'
import type { Lost } from './recovery.ts'
import type { PropertyResult, Verdict } from './result.ts'
import type { Found, Search } from './search.ts'
import type { RunSize } from '../semantics/size.ts'

/** A property that was found violated or witnessed, or a pair of a relation that makes it so. */
export interface Shown {
  readonly name: string
  readonly goal: Goal
  /** How it was found first. */
  readonly found: Found
  /** That it is shown is what the property wants. */
  readonly witness: boolean
}

/** How a property is shown. */
export type Schedules = ReadonlyMap<string, RunSize & Pick<PropertyResult, 'minimal' | 'run'>>

/** What was found, by the name of the property. */
export function shownIn(compiled: Compiled, search: Search, lost: Lost | undefined): ReadonlyMap<string, Shown> {
  const { watched, model } = compiled
  const stepsOf = (f: Found): number => (isOfState(compiled, f.watch) ? f.level - 1 : f.level)
  const all = new Map<string, Shown>()
  for (const [watch, { name, property, covers }] of watched.entries()) {
    if (covers !== undefined) continue
    if (property?.kind === 'recoverable') {
      if (lost === undefined) continue
      const { level, states, first } = lost
      all.set(name, { name, witness: false, goal: { watches: [watch], steps: level - 1, states }, found: { watch, state: first, successors: 0, fails: 0, level } })
      continue
    }
    const watches = watched.flatMap((one, n) => (n === watch || one.covers?.name === name ? [n] : []))
    const [found] = search.found.filter((f) => watches.includes(f.watch)).sort((a, b) => stepsOf(a) - stepsOf(b))
    if (found !== undefined) all.set(name, { name, witness: property?.kind === 'sometimes', goal: { watches, steps: stepsOf(found) }, found })
  }
  const closing = new Set(model.properties.filter(({ kind }) => kind === 'collected').flatMap(({ name }) => cycleIn(compiled, name, all) ?? []).map(({ name }) => name))
  for (const { kind, name } of model.properties) if (kind === 'pair' && !closing.has(name)) all.delete(name)
  return all
}

function cycleIn({ model }: Compiled, name: string, shown: ReadonlyMap<string, Shown>): readonly Property[] | undefined {
  return cycleOf(model.properties, name, (pair) => shown.has(pair.name))
}

/**
 * Every property's verdict.
 *
 * @param complete whether every reachable state was expanded
 * @param recovered whether every state was looked at for a way back
 */
export function verdictsOf(compiled: Compiled, schedules: Schedules, shown: ReadonlyMap<string, Shown>, complete: boolean, recovered: boolean): readonly PropertyResult[] {
  const open: Verdict = complete ? 'holds' : 'incomplete'
  return compiled.watched.flatMap(({ name, property, covers }): readonly PropertyResult[] => {
    if (covers !== undefined || property?.kind === 'pair') return []
    const kind = property?.kind ?? (name === 'domain' ? 'domain' : 'misuse')
    const schedule = schedules.get(name)
    if (kind === 'collected') {
      // A pair that has not been seen yet can close a cycle, but it cannot open one.
      const cycle = cycleIn(compiled, name, shown)?.map((pair): PropertyResult => ({ name: pair.name, kind: 'pair', verdict: 'holds', ...schedules.get(pair.name) }))
      return [cycle === undefined ? { name, kind, verdict: open } : { name, kind, verdict: 'violated', steps: Math.max(...cycle.map(({ steps }) => steps ?? 0)), cycle }]
    }
    if (kind === 'sometimes') return [{ name, kind, verdict: schedule !== undefined ? 'holds' : complete ? 'violated' : 'incomplete', ...schedule }]
    if (schedule !== undefined) return [{ name, kind, verdict: 'violated', ...schedule }]
    if (property === undefined) return []
    return [{ name, kind, verdict: kind === 'recoverable' && !recovered ? 'incomplete' : open }]
  })
}
