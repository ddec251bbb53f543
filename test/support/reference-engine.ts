/** A slow engine that answers `check` on the reference semantics: for tests of what stands above an engine. */
import { replayOnWhole } from '../../src/explorer/whole.ts'
import { asExample, exampleOf, type Example } from '../../src/semantics/counterexample.ts'
import { Map as ImmutableMap } from 'immutable'
import { staticWarnings } from '../../src/analysis/statics.ts'
import type { CheckOptions, CheckResult, PropertyResult, Verdict } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { isAlwaysJudged, type Claim } from '../../src/language/claims.ts'
import { selectProperties } from '../../src/language/select.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { firstShown } from '../../src/schedules/judge.ts'
import { failuresOf, machine, transitions } from '../../src/semantics/machine.ts'
import type { Run, State } from '../../src/semantics/machine.ts'
import { isDeadlocked, stateHolds, stuckThreads, transitionHolds } from '../../src/semantics/properties.ts'

/**
 * Explores breadth first; each property with its first schedule. `--max-states` and an abort make it incomplete,
 * nothing else does.
 */
export async function referenceEngine(
  whole: ConfiguredModel,
  {
    properties: names,
    maxStates = Infinity,
    signal,
    stopAtFirst = false,
    keepDeadLocals = false,
    workers = 1,
  }: CheckOptions,
): Promise<CheckResult> {
  await Promise.resolve()
  const model = names === undefined ? whole : selectProperties(whole, names)
  const graph = machine(model)
  const runs = new Map<string, Run>()
  const implicit = new Map<string, Claim>()
  let known = ImmutableMap<State, Run>()
  const taken = new Set<string>()
  let counted = 0
  let incomplete: CheckResult['incomplete']
  const add = (run: Run, state: State): void => {
    if (known.has(state)) return
    known = known.set(state, run)
    queue.push({ run, state })
  }
  const show = (name: string, run: Run): void => {
    if (!runs.has(name)) runs.set(name, run)
  }
  const queue: { run: Run; state: State }[] = []
  for (const initial of graph.initial) add({ initial, steps: [] }, initial.state)
  let depth = 0
  for (const { run, state } of queue) {
    if (signal?.aborted === true) incomplete = 'interrupted'
    else if (known.size > maxStates) incomplete = 'max-states'
    else if (
      stopAtFirst &&
      run.steps.length >= depth &&
      [...runs].some(([name]) => model.properties.find((one) => one.name === name)?.kind !== 'sometimes')
    )
      incomplete = 'first-violation'
    if (incomplete !== undefined) break
    depth = run.steps.length + 1
    const all = transitions(graph, state)
    for (const { name, kind, condition } of model.properties) {
      if (kind === 'invariant' && condition !== undefined && !stateHolds(graph, state, condition)) show(name, run)
      if (kind === 'sometimes' && condition !== undefined && stateHolds(graph, state, condition)) show(name, run)
      if (kind === 'deadlock' && isDeadlocked(graph, state, all)) show(name, run)
      if (kind === 'lock-deadlock' && stuckThreads(graph, state).length > 0) show(name, run)
    }
    for (const transition of all) {
      const { outcome } = transition
      taken.add(`${model.instances[transition.thread]?.thread ?? ''} ${transition.path}`)
      const next: Run = {
        ...run,
        steps: [...run.steps, { transition, ...(outcome.kind === 'next' ? { state: outcome.state } : {}) }],
      }
      for (const { claim } of failuresOf(transition)) {
        show(claim.name, next)
        if (isAlwaysJudged(claim.kind)) implicit.set(claim.name, claim)
      }
      if (outcome.kind !== 'next') continue
      counted += 1
      for (const name of transition.covers) show(name, next)
      for (const { name, kind, condition } of model.properties) {
        if (
          kind === 'transition' &&
          condition !== undefined &&
          !transitionHolds(graph, state, outcome.state, condition)
        )
          show(name, next)
      }
      add(next, outcome.state)
    }
  }
  const verdictOf = (kind: string, shown: boolean): Verdict =>
    kind === 'sometimes'
      ? shown
        ? 'holds'
        : incomplete === undefined
          ? 'violated'
          : 'incomplete'
      : shown
        ? 'violated'
        : incomplete === undefined
          ? 'holds'
          : 'incomplete'
  const wholeOf = replayOnWhole(whole, model)
  const exampleFor = (name: string, kind: PropertyResult['kind'], run: Run): Example =>
    asExample(wholeOf({ name, kind, outcome: kind === 'sometimes' ? 'witnessed' : 'violated' }, run))
  const resultOf = (name: string, kind: PropertyResult['kind']): PropertyResult => {
    const run = runs.get(name)
    return {
      name,
      kind,
      verdict: verdictOf(kind, run !== undefined),
      ...(run === undefined ? {} : { steps: run.steps.length, ...exampleFor(name, kind, run) }),
    }
  }
  const properties = [
    ...model.properties.map(({ name, kind }) => resultOf(name, kind)),
    ...[...implicit.values()].map(({ name, kind }) => resultOf(name, kind)),
  ]
  for (const one of properties) {
    const example = exampleOf(one)
    if (example === undefined) continue
    const { run, property } = example
    if (firstShown(machine(selectProperties(model, [one.name])), run, property) !== run.steps.length)
      throw new Error(`the run of ${one.name} does not show it`)
  }
  const neverTaken =
    incomplete !== undefined
      ? []
      : model.threads.flatMap(({ name: thread, body }, at) => {
          const steps: { thread: string; path: string; label: string }[] = []
          visitStatements(body, (statement) => {
            if (
              (statement.kind === 'step' || (statement.kind === 'call' && statement.atomic)) &&
              !taken.has(`${at} ${statement.path}`)
            )
              steps.push({ thread, path: statement.path, label: statement.label })
          })
          return steps
        })
  return {
    verdict: properties.some(({ verdict }) => verdict === 'violated')
      ? 'violated'
      : incomplete === undefined
        ? 'holds'
        : 'incomplete',
    ...(incomplete === undefined ? {} : { incomplete }),
    states: known.size,
    stored: known.size,
    symmetry: { scalarsets: [], refused: [] },
    transitions: counted,
    depth: incomplete === undefined ? depth : depth - 1,
    levelSizes: [],
    seconds: 0.5,
    searchSeconds: 0.5,
    bytesPerState: 0,
    stateBits: 12,
    workers,
    deadLocalReset: !keepDeadLocals,
    minimize: 'steps',
    droppedGhosts: [],
    neverTaken,
    warnings: staticWarnings(whole),
    properties,
  }
}
