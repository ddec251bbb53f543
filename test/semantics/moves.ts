/** Transitions as short lines: `thread path (choices) -> point` or `thread path !property`. */
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { machine, plainState, transitions } from '../../src/semantics/machine.ts'
import type { Machine, PlainState, State, Transition } from '../../src/semantics/machine.ts'

/** The state after taking the transitions of these ordinals from the first initial state. */
export function after(model: ConfiguredModel, ordinals: readonly number[] = []): { readonly graph: Machine; readonly state: State } {
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

function line({ thread, path, choices, covers, outcome }: Transition): string {
  const chosen = choices.map(({ name, value }) => ` ${name}=${JSON.stringify(value)}`).join('') + covers.map((name) => ` +${name}`).join('')
  return `${thread} ${path}${chosen} ${outcome.kind === 'fails' ? `!${outcome.property}` : `-> ${outcome.state.threads.get(thread)?.point}`}`
}
