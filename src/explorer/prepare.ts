/** What comes before a search: the passes over the model, its initial states, and its compiled form. */
import type { ConfiguredModel } from '../language/ast.ts'
import { compile, describe, type Compiled, type LayoutDescription } from '../compiler/compile.ts'
import { resetDeadLocals } from '../compiler/passes/dead-locals.ts'
import { dropUnread } from '../compiler/passes/unread.ts'
import { reachOfStates, type Reach } from '../compiler/reach.ts'
import { machine, plainState, type Machine } from '../semantics/machine.ts'
import type { CheckOptions } from './result.ts'

export interface Prepared {
  /** The model as it is searched. */
  readonly model: ConfiguredModel
  readonly compiled: Compiled
  readonly reference: Machine
  /** What the variables hold in the initial states. */
  readonly reach: ReadonlyMap<string, Reach>
  /** The initial states, packed. */
  readonly initial: readonly (readonly bigint[])[]
  /** Variables left out, since nothing reads them. */
  readonly dropped: readonly string[]
}

export function prepare(selected: ConfiguredModel, options: Pick<CheckOptions, 'keepDeadLocals' | 'wholeTypes'>): Prepared {
  const slim = dropUnread(selected)
  const model = options.keepDeadLocals === true ? slim.model : resetDeadLocals(slim.model)
  const reference = machine(model)
  const states = reference.initial.map(({ state }) => plainState(reference, state))
  const reach = options.wholeTypes === true ? new Map<string, Reach>() : reachOfStates(model, states)
  const compiled = compile(model, reach)
  return { model, compiled, reference, reach, initial: states.map((s) => compiled.encode(s)), dropped: slim.dropped }
}

/** Bits a state, threads and variables of the model as it would be searched. */
export function describeModel(model: ConfiguredModel,
  options: Pick<CheckOptions, 'keepDeadLocals' | 'wholeTypes'> = {}): LayoutDescription & { readonly dropped: readonly string[] } {
  const { compiled, dropped } = prepare(model, options)
  return { ...describe(compiled), dropped }
}
