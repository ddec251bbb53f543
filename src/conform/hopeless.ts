/**
 * States that can come to nothing: what a thread knows by itself says already that it can't show its next event. Its
 * locals change by its own steps alone, so nothing that others do can help it.
 */
import type { Expression, StatementOf } from '../language/ast.ts'
import { contains } from '../language/walk.ts'
import { readsShared } from '../semantics/control.ts'
import type { Scope } from '../semantics/evaluate.ts'
import { DomainError, type Value } from '../semantics/values.ts'
import type { Comparison } from './matching.ts'
import type { Meaning } from './meaning.ts'
import { accessesAlone, type Beginnings } from './points.ts'
import type { RecordedEvent } from './recording.ts'

type Step = StatementOf<'step'>

/** The conditions of a step that its thread can judge before it begins, once the choices are made. */
interface Foreseen {
  readonly conditions: readonly Expression[]
  /** The fields that it shows of what it knew before. */
  readonly fields: ReadonlySet<string>
}

const foreseen = new WeakMap<Step, Foreseen>()

function foreseenOf(step: Step): Foreseen {
  const known = foreseen.get(step)
  if (known !== undefined) return known
  const conditions: Expression[] = []
  for (const s of step.body) {
    if (s.kind === 'await') conditions.push(...conjuncts(s.condition).filter((one) => !readsShared(one)))
    if (s.kind !== 'choose' && s.kind !== 'await') break
  }
  const { sets } = accessesAlone(step)
  const isOld = (e: Expression): boolean =>
    !readsShared(e) && !contains(e, (part) => part.kind === 'local' && sets.has(part.id))
  const fields = new Set(Object.entries(step.shows?.values ?? {}).flatMap(([name, of]) => (isOld(of) ? [name] : [])))
  const found = { conditions, fields }
  foreseen.set(step, found)
  return found
}

const conjuncts = (e: Expression): readonly Expression[] =>
  e.kind === 'binary' && e.operator === 'and' ? [...conjuncts(e.left), ...conjuncts(e.right)] : [e]

type Evaluate = Meaning['evaluate']

/** False where the condition is false whatever the choices are that are not known. */
function mayHold(evaluate: Evaluate, scope: Scope, condition: Expression, unknown: ReadonlySet<number>): boolean {
  if (contains(condition, (part) => part.kind === 'local' && unknown.has(part.id))) return true
  try {
    return evaluate(scope, condition) !== false
  } catch (error) {
    if (error instanceof DomainError) return false
    throw error
  }
}

/** Whether the step can begin, as far as its thread knows. */
function mayBegin(evaluate: Evaluate, step: Step, scope: Scope, bound: ReadonlyMap<number, readonly Value[]>): boolean {
  const unknown = new Set<number>()
  let { locals } = scope
  for (const s of step.body) {
    if (s.kind === 'choose') {
      const values = bound.get(s.local)
      if (values?.length === 1) locals = locals.set(s.local, values[0] ?? null)
      else unknown.add(s.local)
    }
  }
  const now = { ...scope, locals }
  return foreseenOf(step).conditions.every((condition) => mayHold(evaluate, now, condition, unknown))
}

const NO_CHOICE: ReadonlyMap<number, readonly Value[]> = new Map()

/** Whether a thread, with the locals of the scope, can't come to its next event. */
export function isHopeless(
  { showing, hidden, moves }: Beginnings,
  { comparisons, evaluate }: { readonly comparisons: ReadonlyMap<string, Comparison>; readonly evaluate: Evaluate },
  scope: Scope,
  awaited: RecordedEvent,
): boolean {
  if (moves || hidden.some((step) => mayBegin(evaluate, step, scope, NO_CHOICE))) return false
  return !showing(awaited.kind).some((step) => {
    const comparison = comparisons.get(step.path)
    if (comparison === undefined || !comparison.mayBe(awaited)) return false
    const bound = comparison.bound(awaited)
    if (bound === undefined || !mayBegin(evaluate, step, scope, bound)) return false
    return comparison.difference(awaited, scope, foreseenOf(step).fields) === undefined
  })
}
