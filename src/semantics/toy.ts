/** A breadth-first search of the whole graph in its plainest form: what the compiled engine is measured against. */
import { Map } from 'immutable'
import { match } from 'ts-pattern'
import type { ConfiguredModel, Property, PropertyKind } from '../language/ast.ts'
import { cycleOf } from '../language/collected.ts'
import { machine, possibilities, transitions } from './machine.ts'
import type { Machine, State } from './machine.ts'
import { atAllowedEnd, isDeadlocked, stateHolds, stuckThreads, transitionHolds } from './properties.ts'

export interface ReferenceProperty {
  readonly name: string
  /** `domain` and `misuse` are the implicit ones; they appear only if violated. */
  readonly kind: PropertyKind | 'domain' | 'misuse'
  readonly verdict: 'holds' | 'violated' | 'incomplete'
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
export function referenceCheck(model: ConfiguredModel, { maxTransitions = Infinity }: { readonly maxTransitions?: number } = {}): ReferenceResult {
  const graph = machine(model)
  const states: State[] = []
  const levels: number[] = []
  const predecessors: number[][] = []
  const index = Map<State, number>().asMutable()
  /** The fewest transitions that show each property violated, or witnessed. */
  const shown = new globalThis.Map<string, number>()
  let counted = 0

  const isShown = (name: string, steps: number): boolean => (shown.get(name) ?? Infinity) <= steps
  const show = (name: string, steps: number): void => {
    if (!isShown(name, steps)) shown.set(name, steps)
  }
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
      if (isShown(property.name, level - 1)) continue
      const [deadlocked, stuck] = [() => isDeadlocked(graph, state, all), () => stuckThreads(graph, state, ends).length > 0]
      if (isShownBy(graph, state, property, deadlocked, stuck)) show(property.name, level - 1)
    }
    for (const { outcome, covers } of all) {
      if (outcome.kind === 'fails') {
        show(outcome.property, level)
        continue
      }
      counted++
      predecessors[reach(outcome.state, level + 1)]?.push(from)
      for (const name of covers) show(name, level)
      for (const { kind, name, condition } of model.properties) {
        if (kind !== 'transition' || condition === undefined || isShown(name, level)) continue
        if (!transitionHolds(graph, state, outcome.state, condition)) show(name, level)
      }
    }
  }
  if (complete && model.properties.some(({ kind }) => kind === 'recoverable')) {
    const lost = firstLost(graph, states, predecessors)
    for (const { kind, name } of model.properties) if (kind === 'recoverable' && lost !== undefined) show(name, (levels[lost] ?? 0) - 1)
  }
  return { complete, states: states.length, transitions: counted, depth: levels.at(-1) ?? 0, properties: verdicts(model, shown, complete) }
}

/** Whether a state by itself decides a property: as its counterexample, or as its witness. */
function isShownBy(graph: Machine, state: State, { kind, condition }: Property, deadlocked: () => boolean, stuck: () => boolean): boolean {
  return match(kind)
    .with('invariant', () => condition !== undefined && !stateHolds(graph, state, condition))
    .with('sometimes', () => condition !== undefined && stateHolds(graph, state, condition))
    .with('deadlock', deadlocked)
    .with('lock-deadlock', stuck)
    .with('transition', 'assertion', 'recoverable', 'collected', 'pair', () => false)
    .exhaustive()
}

/** The first state from which some thread that is no daemon cannot come to an allowed end any more. */
function firstLost(graph: Machine, states: readonly State[], predecessors: readonly (readonly number[])[]): number | undefined {
  const lost = graph.runners.flatMap((_, thread) => {
    const saved = new Set(states.flatMap((state, n) => atAllowedEnd(graph, state, thread) ? [n] : []))
    for (const n of saved) for (const before of predecessors[n] ?? []) saved.add(before)
    const first = states.findIndex((_state, n) => !saved.has(n))
    return first < 0 ? [] : [first]
  })
  return lost.length === 0 ? undefined : Math.min(...lost)
}

function verdicts(model: ConfiguredModel, shown: ReadonlyMap<string, number>, complete: boolean): readonly ReferenceProperty[] {
  const declared = model.properties.filter(({ kind }) => kind !== 'pair').map(({ name, kind }): ReferenceProperty => {
    if (kind === 'collected') return collectedVerdict(model, name, shown, complete)
    const steps = shown.get(name)
    const [ifShown, ifNot] = kind === 'sometimes' ? ['holds', 'violated'] as const : ['violated', 'holds'] as const
    return steps === undefined ? { name, kind, verdict: complete ? ifNot : 'incomplete' } : { name, kind, verdict: ifShown, steps }
  })
  const implicit = [...shown].filter(([name]) => !model.properties.some((property) => property.name === name))
  const kindOf = (name: string): ReferenceProperty['kind'] => name === 'domain' ? 'domain' : 'misuse'
  return [...declared, ...implicit.map(([name, steps]): ReferenceProperty => ({ name, kind: kindOf(name), verdict: 'violated', steps }))]
}

function collectedVerdict({ properties }: ConfiguredModel, name: string, shown: ReadonlyMap<string, number>, complete: boolean): ReferenceProperty {
  const cycle = cycleOf(properties, name, (pair) => shown.has(pair.name))
  if (cycle === undefined) return { name, kind: 'collected', verdict: complete ? 'holds' : 'incomplete' }
  return { name, kind: 'collected', verdict: 'violated', steps: Math.max(...cycle.map((pair) => shown.get(pair.name) ?? 0)) }
}
