/** The slow search for explanations: every hidden step of every thread is tried everywhere. */
import { Map as Persistent } from 'immutable'
import { configure } from '../../src/language/configure.ts'
import type { ConformanceModel } from '../../src/conform/conformance.ts'
import { declaredIn, objectNames } from '../../src/conform/declared.ts'
import { comparisonOf, type Comparison } from '../../src/conform/matching.ts'
import { known } from '../../src/conform/meaning.ts'
import type { RecordedEvent, Recording } from '../../src/conform/recording.ts'
import { machine as machineOf, type Machine, type State } from '../../src/semantics/machine.ts'
import { sought, type SoughtTransition } from '../../src/semantics/sought.ts'
import { stateHolds, transitionHolds } from '../../src/semantics/properties.ts'

export interface ByTrying {
  /** The number of events that some run explains. */
  readonly explained: number
  /** What falls in each run to the last of these events in which fewest properties fall, by `fallsText`. */
  readonly fewest: ReadonlySet<string>
}

/** What falls, as text in which the order makes no difference. */
export const fallsText = (falls: readonly { readonly property: string; readonly event: RecordedEvent }[]): string =>
  JSON.stringify(falls.map(({ property, event }) => `${property}@${event.order}`).sort())

/** Runs to one state: how many properties fall in those with fewest, and what falls, as JSON. */
interface Runs {
  readonly falls: number
  readonly lists: ReadonlySet<string>
}
type Set_ = Persistent<State, Runs>

const withFalls = ({ falls, lists }: Runs, more: readonly string[]): Runs => ({
  falls: falls + more.length,
  lists: new Set([...lists].map((list) => JSON.stringify([...(JSON.parse(list) as string[]), ...more].sort()))),
})

/** The better of two, or both together. */
function better(one: Runs | undefined, other: Runs): Runs {
  if (one === undefined || other.falls < one.falls) return other
  return one.falls < other.falls ? one : { falls: one.falls, lists: new Set([...one.lists, ...other.lists]) }
}

const isBetter = (one: Runs | undefined, now: Runs): boolean =>
  one === undefined || now.falls < one.falls || now.lists.size > one.lists.size

/** As `conform` does, without an order of hidden steps, and without leaving out what comes to nothing. */
export function byTrying({ model, variants }: ConformanceModel, { events, besides }: Recording): ByTrying {
  const text = model()
  const declared = declaredIn(text)
  const names = objectNames(declared, { events, besides })
  const threads = [...new Set(events.map((event) => event.thread))]
  const sizes = Object.fromEntries(
    text.sorts
      .filter((sort) => sort !== 'Thread')
      .map((sort) => [sort, sort === 'Task' ? threads.length : Math.max(1, names.size(sort))]),
  )
  const machine = machineOf(configure(text, { sizes, constants: variants[0]?.constants ?? {} }, { keepsShown: true }))
  const steps = new Map(
    [...declared.values()].flat().flatMap((one): [string, Comparison][] => {
      const site = machine.runners[0]?.text.sites.get(one.path)
      return site?.statement.kind === 'step'
        ? [[one.path, comparisonOf(site.statement, one, { names, meaning: known })]]
        : []
    }),
  )
  let set: Set_ = Persistent(machine.initial.map(({ state }) => [state, { falls: 0, lists: new Set(['[]']) }]))
  for (const [n, event] of events.entries()) {
    const found = behind(machine, steps, closed(machine, steps, set, event), event, threads.indexOf(event.thread))
    if (found.isEmpty()) return { explained: n, fewest: fewestOf(set) }
    set = found
  }
  return { explained: events.length, fewest: fewestOf(set) }
}

const fewestOf = (set: Set_): ReadonlySet<string> =>
  set.reduce<Runs | undefined>((best, runs) => better(best, runs), undefined)?.lists ?? new Set()

const brokenIn = ({ broken }: SoughtTransition, { order }: RecordedEvent): readonly string[] =>
  broken.map(({ claim }) => `${claim.name}@${order}`)

type Steps = ReadonlyMap<string, Comparison>

/** All states that hidden steps lead to. */
function closed(machine: Machine, steps: Steps, set: Set_, event: RecordedEvent): Set_ {
  let reached = set
  const todo = [...set.keys()]
  for (const state of todo) {
    const runs = reached.get(state)
    if (runs === undefined) continue
    for (const thread of machine.runners.keys())
      for (const one of sought(machine, state, thread, {
        enters: ({ path }) => !steps.has(path),
        choices: () => undefined,
      })) {
        const transition = one.transition()
        if (transition.outcome.kind !== 'next') continue
        const after = transition.outcome.state
        const old = reached.get(after)
        const now = better(old, withFalls(runs, brokenIn(transition, event)))
        if (!isBetter(old, now)) continue
        reached = reached.set(after, now)
        todo.push(after)
      }
  }
  return reached
}

/** The states behind the event. */
function behind(machine: Machine, steps: Steps, set: Set_, event: RecordedEvent, thread: number): Set_ {
  let found: Set_ = Persistent()
  for (const [state, runs] of set)
    for (const one of sought(machine, state, thread, {
      enters: ({ path }) => steps.has(path),
      choices: () => undefined,
    })) {
      const comparison = steps.get(one.statement.path)
      if (comparison?.mayBe(event) !== true || comparison.difference(event, one.scope) !== undefined) continue
      const transition = one.transition()
      if (transition.outcome.kind !== 'next') continue
      const after = transition.outcome.state
      const judged = machine.model.properties.flatMap((one) => {
        const holds =
          (one.kind !== 'invariant' || stateHolds(machine, after, one.condition)) &&
          (one.kind !== 'transition' || transitionHolds(machine, state, after, one.condition))
        return holds ? [] : [`${one.name}@${event.order}`]
      })
      const now = withFalls(runs, [...brokenIn(transition, event), ...judged])
      found = found.set(after, better(found.get(after), now))
    }
  return found
}
