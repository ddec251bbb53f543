/** A breadth-first search of the whole graph in its plainest form: what the compiled engine is measured against. */
import { Map } from 'immutable'
import type { ConfiguredModel } from '../language/ast.ts'
import { claimKey, isAlwaysJudged } from '../language/claims.ts'
import type { Claim } from '../language/claims.ts'
import { cycleOf } from '../language/collected.ts'
import { kinds } from './kinds/index.ts'
import { failuresOf, machine, executions, transitions } from './machine.ts'
import type { Machine, State } from './machine.ts'
import { atAllowedEnd } from './properties.ts'

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
  /** States of each level, from the first. */
  readonly levelSizes: readonly number[]
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
  /** The claims shown violated, or witnessed, by their keys, and the fewest transitions that show each. */
  const shown: Shown = new globalThis.Map()
  let counted = 0

  const isShown = (claim: Claim, steps: number): boolean => (shown.get(claimKey(claim))?.steps ?? Infinity) <= steps
  const show = ({ kind, name }: Claim, steps: number): void => {
    if (!isShown({ kind, name }, steps)) shown.set(claimKey({ kind, name }), { kind, name, steps })
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
    const ends = executions(graph, state)
    const all = transitions(graph, state, ends)
    for (const property of model.properties) {
      if (isShown(property, level - 1)) continue
      const moment = { machine: graph, state, ends: () => ends, unrecoverable: () => undefined }
      if (kinds[property.kind].shownInState?.(property, moment) === true) show(property, level - 1)
    }
    for (const transition of all) {
      const { outcome } = transition
      for (const { claim } of failuresOf(transition)) show(claim, level)
      if (outcome.kind === 'fails') cut.add(from)
      if (outcome.kind !== 'next') continue
      counted++
      predecessors[reach(outcome.state, level + 1)]?.push(from)
      const step = { machine: graph, before: state, transition, after: outcome.state }
      for (const property of model.properties) {
        const { judgedOn, shownInStep } = kinds[property.kind]
        if (judgedOn === 'failing step' || isShown(property, level)) continue
        if (shownInStep?.(property, step) === true) show(property, level)
      }
    }
  }
  if (complete && model.properties.some(({ kind }) => kinds[kind].judgedOn === 'end')) {
    const unrecoverable = firstUnrecoverable(graph, states, predecessors, cut)
    for (const property of model.properties)
      if (kinds[property.kind].judgedOn === 'end' && unrecoverable !== undefined)
        show(property, (levels[unrecoverable] ?? 0) - 1)
  }
  return {
    complete,
    states: states.length,
    transitions: counted,
    depth: levels.at(-1) ?? 0,
    levelSizes: sizesOf(levels),
    properties: verdicts(model, shown, !complete ? 'incomplete' : cut.size > 0 ? 'undecided' : undefined),
  }
}

/** How many states have each level, from level 1. */
function sizesOf(levels: readonly number[]): readonly number[] {
  const sizes: number[] = []
  for (const level of levels) sizes[level - 1] = (sizes[level - 1] ?? 0) + 1
  return sizes
}

/**
 * The first state from which some thread other than a daemon can no longer reach an allowed end. States with a failing
 * transition ahead do not count.
 */
function firstUnrecoverable(
  graph: Machine,
  states: readonly State[],
  predecessors: readonly (readonly number[])[],
  cut: ReadonlySet<number>,
): number | undefined {
  const unrecoverable = graph.runners.flatMap((_, thread) => {
    const saved = new Set(states.flatMap((state, n) => (cut.has(n) || atAllowedEnd(graph, state, thread) ? [n] : [])))
    for (const n of saved) for (const before of predecessors[n] ?? []) saved.add(before)
    const first = states.findIndex((_state, n) => !saved.has(n))
    return first < 0 ? [] : [first]
  })
  return unrecoverable.length === 0 ? undefined : Math.min(...unrecoverable)
}

type Shown = globalThis.Map<string, Claim & { readonly steps: number }>

/** @param open why what was not shown is not known to hold */
function verdicts(
  model: ConfiguredModel,
  shown: Shown,
  open: 'incomplete' | 'undecided' | undefined,
): readonly ReferenceProperty[] {
  const declared = model.properties
    .filter(({ kind }) => kinds[kind].listed === 'always')
    .map(({ name, kind }): ReferenceProperty => {
      if (kinds[kind].judgedOn === 'graph') return collectedVerdict(model, name, shown, open)
      const steps = shown.get(claimKey({ kind, name }))?.steps
      const [ifShown, ifNot] =
        kinds[kind].outcome === 'witnessed' ? (['holds', 'violated'] as const) : (['violated', 'holds'] as const)
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
