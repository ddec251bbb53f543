/** A model's graph seen state by state, so that two semantics can be laid beside each other. */
import type { Prepared } from '../../src/explorer/prepare.ts'
import { oracle } from '../../src/engine/oracle.ts'
import { packed, unpacked } from '../../src/engine/states.ts'
import { claimKey } from '../../src/language/claims.ts'
import { failuresOf, plainState, executions, transitions } from '../../src/semantics/machine.ts'
import type { Machine, PlainState, State } from '../../src/semantics/machine.ts'
import { isDeadlocked, stateHolds, stuckThreads, transitionHolds } from '../../src/semantics/properties.ts'

export interface Expansion {
  /** In the order of the possibilities, without the failing ones. */
  readonly successors: readonly PlainState[]
  /** How many possibilities fail. */
  readonly fails: number
  /**
   * What the state shows violated or witnessed: by itself, or in a transition, the first that does, as `(those that
   * succeed before it)+(those that fail)`.
   */
  readonly shows: Readonly<Record<string, string>>
}

export interface StateSpace {
  readonly initial: readonly PlainState[]
  expand(state: PlainState): Expansion
}

/** The graph by the compiled engine. */
export function engineSpace({ compiled, initial }: Prepared): StateSpace {
  const asked = oracle(compiled)
  return {
    initial: initial.map((state) => compiled.decode(state)),
    expand(state) {
      asked.watches.lookForAll()
      const { count, states, fails, findings } = asked.successorsOfAll(packed(compiled.encode(state)))
      const size = count === 0 ? 0 : states.length / count
      const shows = findings.flatMap(({ watch, successors, fails: failed }): [string, string][] => {
        const watched = compiled.watched[watch]
        if (watched === undefined) throw new RangeError(`no watch ${watch}`)
        const { claim, by } = watched
        // what warnings are made of is no claim
        if (by === 'premise' || by === 'rest') return []
        const own = by !== 'covers' && ['invariant', 'sometimes', 'deadlock', 'lock-deadlock'].includes(claim.kind)
        return [[by === 'covers' ? coverOf(claim.name) : claimKey(claim), own ? 'state' : `${successors}+${failed}`]]
      })
      return {
        successors: Array.from({ length: count }, (_, n) =>
          compiled.decode(unpacked(states.subarray(n * size, (n + 1) * size))),
        ),
        fails,
        shows: Object.fromEntries(shows.sort()),
      }
    },
  }
}

/** The graph by the reference interpreter. It can only be asked for states it has shown. */
export function referenceSpace(graph: Machine): StateSpace {
  const { model } = graph
  const known = new Map<string, State>()
  const shown = (state: State): PlainState => {
    const plain = plainState(graph, state)
    known.set(JSON.stringify(plain), state)
    return plain
  }
  return {
    initial: graph.initial.map(({ state }) => shown(state)),
    expand(plain) {
      const state = known.get(JSON.stringify(plain))
      if (state === undefined) throw new RangeError('a state that was not shown')
      const ends = executions(graph, state)
      const all = transitions(graph, state, ends)
      const shows = new Map<string, string>()
      const show = (name: string, where: string): void => {
        if (!shows.has(name)) shows.set(name, where)
      }
      for (const { name, kind, condition } of model.properties) {
        if (kind === 'invariant' && condition && !stateHolds(graph, state, condition))
          show(claimKey({ kind, name }), 'state')
        if (kind === 'sometimes' && condition && stateHolds(graph, state, condition))
          show(claimKey({ kind, name }), 'state')
        if (kind === 'deadlock' && isDeadlocked(graph, state, all)) show(claimKey({ kind, name }), 'state')
        if (kind === 'lock-deadlock' && stuckThreads(graph, state, ends).length > 0)
          show(claimKey({ kind, name }), 'state')
      }
      const successors: PlainState[] = []
      let fails = 0
      for (const transition of all) {
        const { outcome, covers } = transition
        const where = `${successors.length}+${fails}`
        for (const { claim } of failuresOf(transition)) show(claimKey(claim), where)
        if (outcome.kind === 'fails') fails++
        if (outcome.kind !== 'next') continue
        for (const name of covers) show(coverOf(name), where)
        for (const { name, kind, condition } of model.properties) {
          if (kind === 'transition' && condition && !transitionHolds(graph, state, outcome.state, condition))
            show(claimKey({ kind, name }), where)
        }
        successors.push(shown(outcome.state))
      }
      return { successors, fails, shows: Object.fromEntries([...shows].sort()) }
    },
  }
}

const coverOf = (property: string): string => `covers of ${property}`
