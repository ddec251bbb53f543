/** Transitions that stand for no event. */
import type { Statement } from '../language/ast.ts'
import type { Machine, State } from '../semantics/machine.ts'
import { sought, type SoughtTransition } from '../semantics/sought.ts'
import type { Meaning } from './meaning.ts'

/** A transition that stands for no event. */
export interface Hidden {
  readonly state: State
  readonly transition: SoughtTransition
  readonly statement: Statement
}

/** The hidden transitions of a thread. */
export function hiddenSteps(
  { machine, meaning: { instead } }: { readonly machine: Machine; readonly meaning: Meaning },
  state: State,
  thread: number,
): readonly Hidden[] {
  return sought(machine, state, thread, {
    instead,
    enters: ({ shows }) => shows === undefined,
    choices: () => undefined,
  }).flatMap((one): readonly Hidden[] => {
    const transition = one.transition()
    if (transition.outcome.kind !== 'next') return []
    return [{ state: transition.outcome.state, transition, statement: one.statement }]
  })
}
