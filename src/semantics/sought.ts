/** Transitions that are sought: those of which a search for an explanation knows beforehand what they must show. */
import type { Statement } from '../language/ast.ts'
import { siteAt } from './control.ts'
import type { Scope } from './evaluate.ts'
import type { Seeking } from './execute.ts'
import { executionsOf, transitionLabel, stateAfter, type Machine, type State, type Transition } from './machine.ts'
import { illTyped } from './values.ts'

/** What a search for an explanation asks of a transition: what was chosen in it, its event says. */
export type SoughtTransition = Pick<Transition, 'thread' | 'label' | 'at' | 'broken' | 'outcome'>

/** A transition that was sought. */
export interface Sought {
  /** The statement that it is named after. */
  readonly statement: Statement
  /** What its last statement could see. */
  readonly scope: Scope
  /** The transition itself, with its outcome. `known`: what its last statement could see, with what is known by now. */
  readonly transition: (known?: Scope) => SoughtTransition
}

/** The transitions of one thread that have an outcome, as far as they are sought. */
export function sought(machine: Machine, state: State, thread: number, seeking: Seeking): readonly Sought[] {
  const runner = machine.runners[thread] ?? illTyped('an instance', thread)
  return executionsOf(machine, state, thread, false, seeking).flatMap((end): readonly Sought[] => {
    if (end.kind !== 'done' && end.kind !== 'fails') return []
    const { last, execution } = end
    const { statement } = siteAt(runner.text, last.path)
    return [
      {
        statement,
        scope: execution.scope,
        transition: (known = execution.scope) => ({
          thread,
          label: transitionLabel(runner, statement, last),
          at: statement.at,
          broken: execution.broken.toArray(),
          outcome:
            end.kind === 'fails'
              ? { kind: 'fails', failure: end.failure }
              : { kind: 'next', state: stateAfter(machine, state, thread, { scope: known, target: end.target }) },
        }),
      },
    ]
  })
}
