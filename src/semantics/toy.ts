/** A breadth-first search of the whole graph in its plainest form: what the compiled engine is measured against. */
import { Map } from 'immutable'
import { match } from 'ts-pattern'
import type { ConfiguredModel, Property } from '../language/ast.ts'
import { claimKey, isAlwaysJudged } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { cycleOf } from '../language/collected.ts'
import { failuresOf, machine, possibilities, transitions } from './machine.ts'
import type { Machine, State } from './machine.ts'
import { atAllowedEnd, isDeadlocked, stateHolds, stuckThreads, transitionHolds } from './properties.ts'

/** `domain` and `misuse` are the implicit ones; they appear only if violated. */
export interface ReferenceProperty extends Claim {
  readonly verdict: 'holds' | 'violated' | 'incomplete' | 'undecided'
  /** Transitions of the shortest counterexample or witness. */
  readonly steps?: number
}

export interface ReferenceResult {
  readonly complete: boolean
  readonly states: number
  readonly transitions: number
  readonly depth: number
  readonly properties: readonly ReferenceProperty[]
}

/** Explores a model until it is exhausted, or until it has met more than `maxTransitions` transitions. */
export function referenceCheck(
  model: ConfiguredModel,
  { maxTransitions = Infinity }: { readonly maxTransitions?: number } = {},
): ReferenceResult {
  const graph = machine(model)
  const states: State[] = []
  const levels: number[] = []
  const predecessors: number[][] = []
  /** The states from which something leads on that fails. */
  const cut = new Set<number>()
  const index = Map<State, number>().asMutable()
  /** What is shown violated, or witnessed, by its key, and the fewest transitions that show it. */
  const shown: Shown = new globalThis.Map()
  let counted = 0

  const isShown = (claim: Claim, steps: number): boolean => (shown.get(claimKey(claim))?.steps ?? Infinity) <= steps
  const show = ({ kind, name }: Claim, steps: number): void => {
    if (!isShown({ kind, name }, steps)) shown.set(claimKey({ kind, name }), { kind, name, steps })
  }
  const witnesses = new globalThis.Map(
    model.properties.flatMap((one) =>
      one.kind === 'sometimes' || one.kind === 'pair' ? [[one.name, one] as const] : [],
    ),
  )
  const reach = (state: State, level: number): number => {
    const known = index.get(state)
    if (known !== undefined) return known
    index.set(state, states.length)
    levels.push(level)
    predecessors.push([])
    return states.push(state) - 1
  }

  for (const { state } of graph.initial) reach(state, 1)
  let complete = true
  for (let from = 0; from < states.length; from++) {
    const [state, level] = [states[from], levels[from]]
    if (state === undefined || level === undefined) break
    if (counted > maxTransitions) {
      complete = false
      break
    }
    const ends = possibilities(graph, state)
    const all = transitions(graph, state, ends)
    for (const property of model.properties) {
      if (isShown(property, level - 1)) continue
      const [deadlocked, stuck] = [
        () => isDeadlocked(graph, state, all),
        () => stuckThreads(graph, state, ends).length > 0,
      ]
      if (isShownBy(graph, state, property, deadlocked, stuck)) show(property, level - 1)
    }
    for (const transition of all) {
      const { outcome, covers } = transition
      for (const { claim } of failuresOf(transition)) show(claim, level)
      if (outcome.kind === 'fails') cut.add(from)
      if (outcome.kind !== 'next') continue
      counted++
      predecessors[reach(outcome.state, level + 1)]?.push(from)
      for (const name of covers) {
        const witnessed = witnesses.get(name)
        if (witnessed !== undefined) show(witnessed, level)
      }
      for (const property of model.properties) {
        if (property.kind !== 'transition' || property.condition === undefined || isShown(property, level)) continue
        if (!transitionHolds(graph, state, outcome.state, property.condition)) show(property, level)
      }
    }
  }
  if (complete && model.properties.some(({ kind }) => kind === 'recoverable')) {
    const lost = firstLost(graph, states, predecessors, cut)
    for (const property of model.properties)
      if (property.kind === 'recoverable' && lost !== undefined) show(property, (levels[lost] ?? 0) - 1)
  }
  return {
    complete,
    states: states.length,
    transitions: counted,
    depth: levels.at(-1) ?? 0,
    properties: verdicts(model, shown, !complete ? 'incomplete' : cut.size > 0 ? 'undecided' : undefined),
  }
}

/** Whether a state by itself decides a property: as its counterexample, or as its witness. */
function isShownBy(
  graph: Machine,
  state: State,
  { kind, condition }: Property,
  deadlocked: () => boolean,
  stuck: () => boolean,
): boolean {
  return match(kind)
    .with('invariant', () => condition !== undefined && !stateHolds(graph, state, condition))
    .with('sometimes', () => condition !== undefined && stateHolds(graph, state, condition))
    .with('deadlock', deadlocked)
    .with('lock-deadlock', stuck)
    .with('transition', 'assertion', 'recoverable', 'collected', 'pair', () => false)
    .exhaustive()
}

/**
 * The first state from which some thread that is no daemon cannot come to an allowed end any more, as far as what
 * fails lets that be known.
 */
function firstLost(
  graph: Machine,
  states: readonly State[],
  predecessors: readonly (readonly number[])[],
  cut: ReadonlySet<number>,
): number | undefined {
  const lost = graph.runners.flatMap((_, thread) => {
    const saved = new Set(states.flatMap((state, n) => (cut.has(n) || atAllowedEnd(graph, state, thread) ? [n] : [])))
    for (const n of saved) for (const before of predecessors[n] ?? []) saved.add(before)
    const first = states.findIndex((_state, n) => !saved.has(n))
    return first < 0 ? [] : [first]
  })
  return lost.length === 0 ? undefined : Math.min(...lost)
}

type Shown = globalThis.Map<string, Claim & { readonly steps: number }>

/** @param open why what was not shown is not known to hold */
function verdicts(
  model: ConfiguredModel,
  shown: Shown,
  open: 'incomplete' | 'undecided' | undefined,
): readonly ReferenceProperty[] {
  const declared = model.properties
    .filter(({ kind }) => kind !== 'pair')
    .map(({ name, kind }): ReferenceProperty => {
      if (kind === 'collected') return collectedVerdict(model, name, shown, open)
      const steps = shown.get(claimKey({ kind, name }))?.steps
      const [ifShown, ifNot] =
        kind === 'sometimes' ? (['holds', 'violated'] as const) : (['violated', 'holds'] as const)
      return steps === undefined ? { name, kind, verdict: open ?? ifNot } : { name, kind, verdict: ifShown, steps }
    })
  const implicit = [...shown.values()].filter(({ kind }) => isAlwaysJudged(kind))
  return [...declared, ...implicit.map((one): ReferenceProperty => ({ ...one, verdict: 'violated' }))]
}

function collectedVerdict(
  { properties }: ConfiguredModel,
  name: string,
  shown: Shown,
  open: 'incomplete' | 'undecided' | undefined,
): ReferenceProperty {
  const cycle = cycleOf(properties, name, (pair) => shown.has(claimKey(pair)))
  if (cycle === undefined) return { name, kind: 'collected', verdict: open ?? 'holds' }
  return {
    name,
    kind: 'collected',
    verdict: 'violated',
    steps: Math.max(...cycle.map((pair) => shown.get(claimKey(pair))?.steps ?? 0)),
  }
}
