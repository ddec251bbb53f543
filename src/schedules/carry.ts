/**
 * Finds the steps of a schedule in a model whose text has changed since: statements were inserted, moved or renamed.
 *
 * Only the steps are known, not the old text. The search looks for runs that take all steps in their order, with as few
 * new steps between them as possible. A step is recognised by its thread, label and choices, wherever its statement
 * stands now; or by its place, if its label has changed. New steps belong to the thread that acts next, just before its
 * step. If that leads nowhere, any thread with steps to come may take new steps, anywhere between. Only after that may
 * a step be the statement at its place although its label still exists elsewhere.
 *
 * A schedule is carried over if there is exactly one run of this kind; runs in which each thread does the same count as
 * one. The reference interpreter plays the run, which shows the property after its last step, not before.
 */
import { Map as ByState, Set as States } from 'immutable'
import type { Statement } from '../language/ast.ts'
import { isSameClaim } from '../language/claims.ts'
import { statementLabel } from '../language/labels.ts'
import { failuresOf, isEnabled, transitionsOf } from '../semantics/machine.ts'
import type { Choice, Initial, Machine, Run, Runner, State, Transition } from '../semantics/machine.ts'
import { canonicalJson } from '../language/canonical-json.ts'
import { firstShown } from './judge.ts'
import type { Schedule, ScheduleStep } from './schedule.ts'
import { sameChoices } from '../semantics/choices.ts'
import { agree, startsOf } from './steps.ts'

/** The outcome for the steps of a schedule. */
export type Carried =
  | { readonly kind: 'carried'; readonly run: Run }
  /** There are several ways to take them, none of which has fewer new steps. */
  | { readonly kind: 'ambiguous' }
  /** There is none. */
  | { readonly kind: 'impossible' }
  /** A limit was met first. */
  | { readonly kind: 'open' }

/** States to look at before giving up, besides one for each step. */
export const CARRY_LIMIT = 20_000

/** The initial state of a path, then what each thread did on it: paths that differ only in their order have one key. */
type PathKey = readonly number[]

/** A state that was reached, after `position` steps of the schedule. */
interface Node {
  readonly state: State
  readonly initial: Initial
  readonly position: number
  readonly before?: { readonly node: Node; readonly transition: Transition }
  /** The shortest paths to here, by the text of their key; at most two of them. */
  readonly paths: Map<string, PathKey>
}

/** Nodes that cost as much, by position and state: one for each new step, and for each in doubt. */
type Level = Map<number, ByState<State, Node>>

/** A run with all steps of the schedule. */
interface Found {
  readonly run: Run
  readonly paths: ReadonlyMap<string, PathKey>
}

/** The same steps in the machine's model, if there is exactly one way to take them. */
export function carry(machine: Machine, schedule: Schedule, limit: number = CARRY_LIMIT): Carried {
  const acts = schedule.steps.map(({ thread }) => machine.model.instances.findIndex(({ name }) => name === thread))
  if (acts.includes(-1)) return { kind: 'impossible' }
  const last = new Map(acts.map((thread, n) => [thread, n]))
  const next: Adders = (position) => acts.slice(position, position + 1)
  const anyone: Adders = (position) => [...last].flatMap(([thread, n]) => (n >= position ? [thread] : []))
  for (const [adders, doubts] of [
    [next, false],
    [anyone, false],
    [next, true],
  ] as const) {
    const carried = search(machine, schedule, adders, doubts, limit)
    if (carried.kind !== 'impossible') return carried
  }
  return { kind: 'impossible' }
}

/** The threads that may do something new before the step at a position. */
type Adders = (position: number) => readonly number[]

/**
 * @param doubts whether a statement at the place of a step may be that step although its thread has the label
 * elsewhere
 */
function search(machine: Machine, schedule: Schedule, adders: Adders, doubts: boolean, limit: number): Carried {
  const { steps, property } = schedule
  const [find, longer] = [finderOf(machine), namer()]
  const known: States<State>[] = []
  let looked = 0
  /** By cost. */
  const levels: Level[] = [new Map()]
  const levelAt = (cost: number): Level => (levels[cost] ??= new Map())
  for (const [n, initial] of startsOf(machine, schedule.initial).entries()) {
    const path = [n, ...machine.model.instances.map(() => 0)]
    reach(levelAt(0), { state: initial.state, initial, position: 0, paths: new Map([[path.join(), path]]) })
  }
  for (let cost = 0; cost < levels.length; cost += 1) {
    const level = levelAt(cost)
    const found: Found[] = []
    const go = (node: Node, transition: Transition, more: number, position: number): void => {
      const isBroken = failuresOf(transition).some(({ claim }) => isSameClaim(claim, property))
      if (isBroken && (position < steps.length || position === node.position || more > 0)) return
      const { initial, paths: before } = node
      const paths = new Map(
        [...before.values()].map((path) => longer(path, transition)).map((path) => [path.join(), path]),
      )
      if (transition.outcome.kind === 'next') {
        const { state } = transition.outcome
        reach(levelAt(cost + more), { state, initial, position, before: { node, transition }, paths })
      } else if (isBroken) found.push({ run: { initial, steps: [...runTo(node).steps, { transition }] }, paths })
    }
    for (const from of [...level.keys()].sort((a, b) => a - b)) {
      // a step of the schedule leads to the next position, so all nodes of a position are there when its turn comes
      for (let position = from; level.has(position); position += 1) {
        const nodes = [...(level.get(position)?.values() ?? [])]
        level.delete(position)
        const seen = (known[position] ??= States<State>().asMutable())
        for (const node of nodes.filter(({ state }) => !seen.has(state))) {
          seen.add(node.state)
          looked += 1
          if (looked > limit + steps.length) return { kind: 'open' }
          const step = steps[position]
          if (step === undefined) {
            found.push({ run: runTo(node), paths: node.paths })
            continue
          }
          for (const { transition, isDoubtful } of find(node.state, step)) {
            if (!isDoubtful || doubts) go(node, transition, isDoubtful ? 1 : 0, position + 1)
          }
          for (const transition of adders(position).flatMap((thread) => transitionsOf(machine, node.state, thread))) {
            go(node, transition, 1, position)
          }
        }
      }
    }
    const showing = found.filter(({ run }) => firstShown(machine, run, property) === run.steps.length)
    const [one] = showing
    const paths = new Set(showing.flatMap((each) => [...each.paths.keys()]))
    if (one !== undefined) return paths.size > 1 ? { kind: 'ambiguous' } : { kind: 'carried', run: one.run }
  }
  return { kind: 'impossible' }
}

/** Adds a node. If its state was reached with the same steps before, adds only its paths. */
function reach(level: Level, node: Node): void {
  const nodes = level.get(node.position) ?? ByState<State, Node>().asMutable()
  level.set(node.position, nodes)
  const other = nodes.get(node.state)
  if (other === undefined) nodes.set(node.state, node)
  else for (const [text, path] of node.paths) if (other.paths.size < 2) other.paths.set(text, path)
}

function runTo(node: Node): Run {
  const steps: Run['steps'][number][] = []
  for (let at = node; at.before !== undefined; at = at.before.node) {
    steps.push({ transition: at.before.transition, state: at.state })
  }
  return { initial: node.initial, steps: steps.reverse() }
}

/** Extends a path by a transition: what a thread did, with one thing more, has a number. */
function namer(): (before: PathKey, transition: Transition) => PathKey {
  const numbers = new Map<string, number>()
  return (before, { thread, path, choices, outcome }) => {
    const after = outcome.kind === 'next' ? outcome.state.threads.get(thread)?.hashCode() : undefined
    const key = canonicalJson([thread, before[thread + 1] ?? 0, path, choices, after ?? outcome.kind])
    const number = numbers.get(key) ?? numbers.size + 1
    numbers.set(key, number)
    return before.with(thread + 1, number)
  }
}

/** A transition that may be a step of the schedule. */
interface Candidate {
  readonly transition: Transition
  readonly isDoubtful: boolean
}

/**
 * The candidates for a step in a state: transitions with its label, at its place or elsewhere. If the thread does not
 * have that label any more: the transition at its place, or any with its choices. If it has: the transition at its
 * place, in doubt.
 */
function finderOf(machine: Machine): (state: State, step: ScheduleStep) => readonly Candidate[] {
  const labels = new Map<number, ReadonlySet<string>>()
  const isGone = (thread: number, label: string): boolean => {
    const known = labels.get(thread) ?? labelsOf(machine.runners[thread])
    labels.set(thread, known)
    return !known.has(label)
  }
  return (state, { thread: name, path, label, choices, branch = 0 }) => {
    const thread = machine.model.instances.findIndex((instance) => instance.name === name)
    const all = transitionsOf(machine, state, thread).toSorted((a, b) => Number(isEnabled(b)) - Number(isEnabled(a)))
    const [called, there] = [all.filter((one) => one.label === label), all.filter((one) => one.path === path)]
    const exact = called
      .filter((one) => one.path === path && sameChoices(one.choices, choices))
      .slice(branch, branch + 1)
    const renamed = isGone(thread, label) ? [alike(there, choices), alike(all, choices)] : []
    const certain = [exact, alike(called, choices), ...renamed].find((some) => some.length > 0)
    return (certain ?? alike(there, choices)).map((transition) => ({ transition, isDoubtful: certain === undefined }))
  }
}

/**
 * The transitions with the same choices; else with the same values under other names; else with these and further
 * choices.
 */
function alike(all: readonly Transition[], choices: readonly Choice[]): readonly Transition[] {
  const values = (of: readonly Choice[]): string => canonicalJson(of.map(({ value }) => value))
  const tests: readonly ((one: Transition) => boolean)[] = [
    (one) => sameChoices(one.choices, choices),
    (one) => values(one.choices) === values(choices),
    (one) =>
      choices.every(({ name }) => one.choices.some((other) => other.name === name)) && agree(one.choices, choices),
  ]
  return tests.map((test) => all.filter(test)).find((some) => some.length > 0) ?? []
}

/** The labels that transitions of a thread can have. */
function labelsOf(runner: Runner | undefined): ReadonlySet<string> {
  if (runner === undefined) return new Set()
  const arms = (statement: Statement): readonly (string | undefined)[] =>
    statement.kind === 'if'
      ? ['then', 'else']
      : statement.kind === 'match'
        ? [...Object.keys(statement.arms).map((tag) => `case-${tag}`), 'rest']
        : [undefined]
  const statements = [...runner.text.sites.values()].map(({ statement }) => statement)
  return new Set(statements.flatMap((one) => arms(one).map((arm) => statementLabel(one, runner.thread, arm))))
}
