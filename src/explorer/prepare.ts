/** The steps before a search: the passes over the model, its initial states, and its compiled form. */
import { premisesOf } from '../analysis/premises.ts'
import { restsOf } from '../analysis/rests.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'
import { compile, describe, type WarningFacts, type Compiled, type LayoutDescription } from '../compiler/compile.ts'
import { resetDeadLocals } from '../compiler/passes/dead-locals.ts'
import { dropUnread } from '../compiler/passes/unread.ts'
import type { Scalarset } from '../compiler/symmetry/scalarset.ts'
import { noSymmetry, symmetryOf, type ModelSymmetry } from '../compiler/symmetry/symmetry.ts'
import type { CompiledThread } from '../compiler/threads.ts'
import { rangesOfStates, type VariableRanges } from '../compiler/value-ranges/initial.ts'
import { assertAddressable } from '../engine/memory.ts'
import { machine, plainState, type Machine } from '../semantics/machine.ts'
import type { CheckSettings } from './result.ts'
import { withinStack } from '../compiler/stack.ts'

export interface Prepared {
  /** The model as it is searched. */
  readonly model: ConfiguredModel
  /** The watches besides its properties. */
  readonly besides: WarningFacts
  readonly compiled: Compiled
  readonly reference: Machine
  /** The ranges of the variables in the initial states. */
  readonly initialRanges: VariableRanges
  /** The initial states, packed. */
  readonly initial: readonly (readonly bigint[])[]
  /** Variables left out, since nothing reads them. */
  readonly dropped: readonly string[]
  /** Whether a state has all that the model has. */
  readonly whole: boolean
  readonly symmetry: ModelSymmetry
}

export interface PrepareOptions extends Pick<CheckSettings, 'keepDeadLocals' | 'wholeTypes' | 'noCopies'> {
  /** Leaves nothing out. */
  readonly asWritten?: boolean
  /** Whether to look for the facts that warnings need. */
  readonly warnings?: boolean
  /** Takes states for one that a permutation of ids and threads leads to each other; only if it is true. */
  readonly symmetry?: boolean
  /** A transition is known to fail: what is alike only as long as none does is not permuted. */
  readonly fails?: boolean
}

/** @throws ModelError HMM035 if the model is too large for the engine */
export function prepare(selected: ConfiguredModel, options: PrepareOptions): Prepared {
  return withinStack(selected, () => prepared(selected, options))
}

function prepared(selected: ConfiguredModel, options: PrepareOptions): Prepared {
  const slim = options.asWritten === true ? { model: selected, dropped: [] } : dropUnread(selected)
  const model = options.keepDeadLocals === true || options.asWritten === true ? slim.model : resetDeadLocals(slim.model)
  const reference = machine(model)
  const states = reference.initial.map(({ state }) => plainState(reference, state))
  const initialRanges: VariableRanges = options.wholeTypes === true ? new Map() : rangesOfStates(model, states)
  const besides: WarningFacts =
    options.warnings === true ? { premises: premisesOf(model), rests: restsOf(model) } : { premises: [], rests: [] }
  let symmetry = noSymmetry
  const permuted = (threads: readonly CompiledThread[]): readonly Scalarset[] => {
    if (options.symmetry === true) symmetry = symmetryOf(model, threads, states, options.fails === true)
    return symmetry.scalarsets
  }
  const compiled = compile(model, initialRanges, besides, options.noCopies === true ? 0 : undefined, permuted)
  assertAddressable(compiled)
  return {
    model,
    besides,
    compiled,
    reference,
    initialRanges,
    initial: states.map((s) => compiled.encode(s)),
    dropped: slim.dropped,
    whole: slim.dropped.length === 0 && !resets(model),
    symmetry,
  }
}

/** Whether there is a local that is forgotten somewhere. */
function resets({ threads }: ConfiguredModel): boolean {
  let found = false
  for (const { body } of threads)
    visitStatements(body, ({ kind }) => {
      found ||= kind === 'reset'
    })
  return found
}

/** Bits per state, threads and variables of the model as it would be searched. */
export function describeModel(
  model: ConfiguredModel,
  { symmetry = true, ...options }: Pick<CheckSettings, 'keepDeadLocals' | 'wholeTypes' | 'symmetry'> = {},
): LayoutDescription & { readonly dropped: readonly string[] } {
  const { compiled, dropped } = prepare(model, { ...options, symmetry })
  return { ...describe(compiled), dropped }
}
