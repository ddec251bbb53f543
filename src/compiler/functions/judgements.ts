/** The watches that a condition on the state alone decides, and the code that decides them. */
import type { Expression } from '../../language/ast.ts'
import type { W } from '../../wasm/expression.ts'
import type { TransitionSystem } from '../transition-system.ts'
import type { Watch } from '../watch.ts'
import { emitCondition } from './expression.ts'
import { breaks, succeeded } from './observer.ts'
import { scopeIn } from './scope.ts'
import { fork, type PackedState } from './state.ts'
import type { Writing } from './writing.ts'

/** A watch, by its number, that is judged in each state. */
export interface StateJudgement {
  readonly watch: number
  /** `transition`: whether a transition that changes nothing would break it. */
  readonly kind: 'invariant' | 'sometimes' | 'transition'
  readonly condition: Expression
}

export const judgementsOf = ({ watched }: TransitionSystem): readonly StateJudgement[] =>
  watched.flatMap((one, watch) => {
    const condition = one.property?.condition
    const kind = judgedAs(one)
    return condition === undefined || kind === undefined ? [] : [{ watch, kind, condition }]
  })

/** The kind of property as which a watch is judged in a state, if it is. */
function judgedAs({ property, by }: Watch): StateJudgement['kind'] | undefined {
  if (by === 'premise') return 'sometimes'
  if (by !== 'itself') return undefined
  switch (property?.kind) {
    case 'invariant':
    case 'sometimes':
    case 'transition':
      return property.kind
    default:
      return undefined
  }
}

/** Whether the state breaks an invariant, witnesses a `sometimes`, or alone would break a property of transitions. */
export function emitShows(w: Writing, { kind, condition }: StateJudgement, before: PackedState): W {
  const state = fork(before)
  const scope = { ...scopeIn(undefined, state), ...(kind === 'transition' ? { before: state } : {}) }
  const truth = emitCondition(w, condition, scope)
  return kind === 'sometimes' ? succeeded(w.f, truth) : breaks(w.f, truth)
}
