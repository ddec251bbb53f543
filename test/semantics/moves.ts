/**
 * Transitions as short lines: `thread path (choices) -> point`, `thread path !property -> point` if it breaks an
 * assertion, or `thread path !property` if it leads nowhere.
 */
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { failuresOf, machine, plainState, transitions } from '../../src/semantics/machine.ts'
import type { Machine, PlainState, State, Transition } from '../../src/semantics/machine.ts'

/** The state after taking the transitions of these ordinals from the first initial state. */
export function after(
  model: ConfiguredModel,
  ordinals: readonly number[] = [],
): { readonly graph: Machine; readonly state: State } {
  const graph = machine(model)
  const first = graph.initial[0]
  if (first === undefined) throw new Error('no initial state')
  const state = ordinals.reduce((from, ordinal) => {
    const taken = transitions(graph, from)[ordinal]
    if (taken?.outcome.kind !== 'next') throw new Error(`transition ${ordinal} leads nowhere`)
    return taken.outcome.state
  }, first.state)
  return { graph, state }
}

export function plainAfter(model: ConfiguredModel, ordinals: readonly number[] = []): PlainState {
  const { graph, state } = after(model, ordinals)
  return plainState(graph, state)
}

export function moves(model: ConfiguredModel, ordinals: readonly number[] = []): readonly string[] {
  const { graph, state } = after(model, ordinals)
  return transitions(graph, state).map(line)
}

function line(transition: Transition): string {
  const { thread, path, choices, covers, outcome } = transition
  const wrong = failuresOf(transition)
    .map(({ claim }) => ` !${claim.name}`)
    .join('')
  const chosen =
    choices.map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).join('') +
    covers.map((name) => ` +${name}`).join('')
  return `${thread} ${path}${chosen}${wrong}${outcome.kind === 'next' ? ` -> ${outcome.state.threads.get(thread)?.point}` : ''}`
}
