/**
 * The hypothetical outcome of a run if one of its reads had found another value.
 *
 * The step of the read is taken in the state as it was, with another value in that one cell. If the step writes the
 * cell, its value stays; otherwise the cell gets its own value back. Then come the same steps of the same threads, as
 * far as they exist. The order of the threads is the same; only the value differs.
 */
import type { ConfiguredModel, Property, Type } from '../language/ast.ts'
import { isSameClaim } from '../language/claims.ts'
import { sameChoices } from '../semantics/choices.ts'
import { isShownAfter } from '../semantics/kinds/shown-by.ts'
import { failuresOf, transitionsOf, type Machine, type State, type Transition } from '../semantics/machine.ts'
import { equal, valuesOf } from '../semantics/values.ts'
import type { Value } from '../semantics/values.ts'
import type { FirstViolation } from './first-violations.ts'
import type { CellName } from './footprint.ts'
import type { AnnotatedRun } from './annotated-run.ts'
import { showIndex } from './values.ts'

/** A cell of the state: where it is in the values of the variables. */
export interface StateCell {
  readonly keys: readonly Value[]
  readonly type: Type
  readonly ghost: boolean
}

/** The slot of a shared cell: `driver[0].pte[1]`. For a cell inside an optional, the slot of the optional. */
export function slotOf(model: ConfiguredModel, cell: CellName): StateCell | undefined {
  const name = /^[^.[]+/.exec(cell)?.[0] ?? cell
  const variable = model.variables.find((one) => one.name === name)
  if (variable === undefined) return undefined
  let rest = cell.slice(name.length),
    type = variable.type
  const keys: Value[] = [name]
  while (rest !== '' && type.kind !== 'optional') {
    const parts: readonly { readonly text: string; readonly key: Value; readonly of: Type }[] =
      type.kind === 'record'
        ? Object.entries(type.fields).map(([key, of]) => ({ text: `.${key}`, key, of }))
        : type.kind === 'array'
          ? cellsOf(model, type.index, type.of)
          : []
    const part = parts.find(({ text }) => rest.startsWith(text) && /^(?:$|[.[])/.test(rest.slice(text.length)))
    if (part === undefined) return undefined
    keys.push(part.key)
    rest = rest.slice(part.text.length)
    type = part.of
  }
  return { keys, type, ghost: variable.ghost }
}

const cellsOf = (
  model: ConfiguredModel,
  index: Type,
  of: Type,
): readonly { readonly text: string; readonly key: Value; readonly of: Type }[] =>
  valuesOf(model.sizes, index).map((key, at) => ({ text: `[${showIndex(model, index, at)}]`, key, of }))

const valueAt = ({ shared }: State, { keys }: StateCell): Value => shared.getIn(keys) as Value
const withValue = (state: State, { keys }: StateCell, value: Value): State =>
  state.set('shared', state.shared.setIn(keys, value))

/** Steps that may be taken again for one drawing. */
export interface Budget {
  left: number
}

/**
 * Whether the property would still be violated if the step had found, in one cell, the value that the cell has after a
 * later step.
 *
 * @param read index of the step that reads
 * @param write index of the step after which the cell has the value
 * @param property that is violated, if the model declares it
 * @returns undefined if the budget does not reach
 */
export function isStillViolated(
  annotated: AnnotatedRun,
  violation: FirstViolation,
  slot: StateCell,
  { read, write }: { readonly read: number; readonly write: number },
  property: Property | undefined,
  budget: Budget,
): boolean | undefined {
  const { machine, run, states } = annotated
  const [before, after] = [states[read]?.state, states[write + 1]?.state]
  if (before === undefined || after === undefined) return undefined
  const [own, other] = [valueAt(before, slot), valueAt(after, slot)]
  const back = (state: State): State => (equal(valueAt(state, slot), other) ? withValue(state, slot, own) : state)
  let here: readonly State[] = [before]
  for (let n = read; n < violation.step; n += 1) {
    const step = run.steps[n]?.transition
    if (step === undefined) return false
    budget.left -= here.length
    if (budget.left < 0) return undefined
    const taken = here.flatMap((state) =>
      sameSteps(machine, n === read ? withValue(state, slot, other) : state, step).map((transition) => ({
        state,
        transition,
      })),
    )
    if (
      taken.some(({ transition }) =>
        failuresOf(transition).some(({ claim }) =>
          isSameClaim(claim, { name: violation.property, kind: violation.kind }),
        ),
      )
    )
      return true
    const next = taken.flatMap(({ state, transition, transition: { outcome } }) =>
      outcome.kind === 'next'
        ? [{ step: { before: state, transition }, to: n === read ? back(outcome.state) : outcome.state }]
        : [],
    )
    if (property !== undefined && next.some(({ step, to }) => isShownAfter(property, { machine, ...step, after: to })))
      return true
    here = next.map(({ to }) => to)
  }
  return false
}

/** The path of a statement, from that of one of its arms: without `.then`, `.case-present`. */
export const withoutArm = (path: string): string => path.replace(/\.(?:then|else|rest|or-\d+|case-[^/]*)$/, '')

/**
 * The transitions that are the same step: of that thread and statement, with the same choices. It is the same step even
 * if its test takes the other branch.
 */
function sameSteps(machine: Machine, state: State, { thread, path, choices }: Transition): readonly Transition[] {
  const all = transitionsOf(machine, state, thread).filter((one) => sameChoices(one.choices, choices))
  const same = all.filter((one) => one.path === path)
  return same.length > 0 ? same : all.filter((one) => withoutArm(one.path) === withoutArm(path))
}

/** Whether values of the type say which threads there are: who holds something, who waits. */
export function namesThreads(type: Type): boolean {
  switch (type.kind) {
    case 'id':
      return type.sort === 'Thread'
    case 'optional':
    case 'set':
    case 'queue':
      return namesThreads(type.of)
    case 'array':
      return (type.index.kind === 'id' && type.index.sort === 'Thread') || namesThreads(type.of)
    case 'record':
      return Object.values(type.fields).some(namesThreads)
    case 'bool':
    case 'int':
    case 'enum':
    case 'union':
      return false
  }
}
