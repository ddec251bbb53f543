/**
 * All that was done by hand, as a tree: a node is a state that was reached, with the steps that lead to it. To undo is
 * to go to the parent, to do otherwise begins a branch, and nothing is ever forgotten.
 */
import { isAlwaysJudged, isSameClaim, type Claim } from '../language/claims.ts'
import { isBeyondRuns, kinds } from '../semantics/kinds/index.ts'
import { isShownAfter, shownBy } from '../semantics/kinds/shown-by.ts'
import {
  failuresOf,
  isSameTransition,
  type Initial,
  type Machine,
  type Run,
  type State,
  type Transition,
} from '../semantics/machine.ts'

/** A state that was reached. */
export interface Node {
  /** Its number: nodes are numbered in the order in which they were reached. */
  readonly id: number
  readonly initial: Initial
  /** The step that led here, and from where; none of an initial state. */
  readonly from?: { readonly node: Node; readonly transition: Transition }
  /** None after a step that fails, which is the last. */
  readonly state?: State
  /** Steps that lead here. */
  readonly depth: number
  /** What the step, or the state, violates. */
  readonly violated: readonly Claim[]
}

/** The tree of one configured model. */
export interface History {
  readonly machine: Machine
  /** Every node, by its number. */
  readonly nodes: readonly Node[]
  /** Begins in an initial state: the node of it, made once. */
  begin(initial: Initial): Node
  /** Takes a step: the node that it leads to, made once. */
  take(node: Node, transition: Transition): Node
  /** Takes note that the steps to a node show a claim that no single step can be asked about. */
  shows(node: Node, claim: Claim): void
  childrenOf(node: Node): readonly Node[]
  /** From the initial state to a node. */
  pathTo(node: Node): readonly Node[]
  /** The same, and on from there by the steps that were taken last. */
  pathThrough(node: Node): readonly Node[]
}

/** The steps that lead to the last node of a path, as a run. */
export function runOf(path: readonly Node[]): Run {
  const [first] = path
  if (first === undefined) throw new RangeError('a path has a node')
  return {
    initial: first.initial,
    steps: path.flatMap(({ from, state }) =>
      from === undefined ? [] : [{ transition: from.transition, ...(state === undefined ? {} : { state }) }],
    ),
  }
}

/** A node as the tree keeps it: what it violates may be found out later. */
interface KeptNode extends Node {
  readonly violated: Claim[]
}

/** @param machine of the model, with the properties that are judged */
export function historyOf(machine: Machine): History {
  const nodes: KeptNode[] = []
  const children = new Map<Node, Node[]>()
  /** The child that was visited last. */
  const latest = new Map<Node, Node>()
  const add = (node: Omit<Node, 'id'>): Node => {
    const added = { ...node, id: nodes.length, violated: [...node.violated] }
    nodes.push(added)
    return added
  }
  const pathTo = (node: Node): readonly Node[] => {
    const path: Node[] = []
    for (let at: Node | undefined = node; at !== undefined; at = at.from?.node) path.push(at)
    return path.reverse()
  }
  return {
    machine,
    nodes,
    begin(initial) {
      const known = nodes.find((node) => node.from === undefined && node.initial === initial)
      return known ?? add({ initial, state: initial.state, depth: 0, violated: violatedAtFirst(machine, initial) })
    },
    take(node, transition) {
      const known = children.get(node)?.find(({ from }) => from && isSameTransition(from.transition, transition))
      const next = known ?? add(stepFrom(machine, node, transition))
      if (known === undefined) children.set(node, [...(children.get(node) ?? []), next])
      latest.set(node, next)
      return next
    },
    shows(node, claim) {
      const violated = nodes[node.id]?.violated
      if (violated?.some((one) => isSameClaim(one, claim)) === false) violated.push(claimOf(claim))
    },
    childrenOf: (node) => children.get(node) ?? [],
    pathTo,
    pathThrough(node) {
      const path = [...pathTo(node)]
      path.forEach((one, n) => {
        const next = path[n + 1]
        if (next !== undefined) latest.set(one, next)
      })
      for (let at = latest.get(node); at !== undefined; at = latest.get(at)) path.push(at)
      return path
    },
  }
}

function stepFrom(machine: Machine, node: Node, transition: Transition): Omit<Node, 'id'> {
  const { outcome } = transition
  const after = outcome.kind === 'next' ? outcome.state : undefined
  const { initial, depth, state: before } = node
  return {
    initial,
    from: { node, transition },
    depth: depth + 1,
    violated: before === undefined ? [] : violatedBy(machine, before, transition, after),
    ...(after === undefined ? {} : { state: after }),
  }
}

/** The claims that one run can violate; `recoverable` and `collected` are judged by a check. */
const judgedIn = ({ model }: Machine): Machine['model']['properties'] =>
  model.properties.filter(({ kind }) => !isBeyondRuns(kind) && kinds[kind].outcome === 'violated')

function violatedBy(
  machine: Machine,
  before: State,
  transition: Transition,
  after: State | undefined,
): readonly Claim[] {
  const shown = judgedIn(machine).filter((property) => isShownAfter(property, { machine, before, transition, after }))
  const always = failuresOf(transition).map(({ claim }) => claim)
  return [...shown.map(claimOf), ...always.filter(({ kind }) => isAlwaysJudged(kind))]
}

const violatedAtFirst = (machine: Machine, initial: Initial): readonly Claim[] =>
  judgedIn(machine)
    .filter((property) => shownBy(property, { machine, run: { initial, steps: [] } }) === 0)
    .map(claimOf)

const claimOf = ({ kind, name }: Claim): Claim => ({ kind, name })
