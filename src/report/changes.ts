/** The changes of one transition in the state, cell by cell. */
import type { ConfiguredModel, Statement, ModelThread, Type } from '../language/ast.ts'
import { blocksOf } from '../language/walk.ts'
import type { PlainState } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { elementsOf, fieldOf, showIndex, showValue } from './values.ts'

/** One cell that changed. */
export interface CellChange {
  /** As C would write it: `mm.pte[1]`. */
  readonly place: string
  /** The same without indices, and the type: what the cell is whichever element it belongs to. */
  readonly field: string
  readonly type: Type
  readonly before: Plain
  readonly after: Plain
}

interface Cell {
  readonly place: string
  readonly field: string
  readonly type: Type
}

const same = (a: Plain, b: Plain): boolean => a === b || JSON.stringify(a) === JSON.stringify(b)

/** The smallest cells in which two values of a type differ. */
function changesIn(
  model: ConfiguredModel,
  { place, field, type }: Cell,
  before: Plain,
  after: Plain,
): readonly CellChange[] {
  if (same(before, after)) return []
  const inField = (name: string, of: Type, a: Plain, b: Plain): readonly CellChange[] =>
    changesIn(model, { place: `${place}.${name}`, field: `${field}.${name}`, type: of }, a, b)
  if (type.kind === 'record') {
    return Object.entries(type.fields).flatMap(([name, of]) =>
      inField(name, of, fieldOf(before, name), fieldOf(after, name)),
    )
  }
  if (type.kind === 'array') {
    const [old, now] = [elementsOf(before), elementsOf(after)]
    return now.flatMap((element, at) =>
      changesIn(
        model,
        { place: `${place}[${showIndex(model, type.index, at)}]`, field: `${field}[]`, type: type.of },
        old[at] ?? null,
        element,
      ),
    )
  }
  if (type.kind === 'optional' && before !== null && after !== null)
    return changesIn(model, { place, field, type: type.of }, before, after)
  return [{ place, field, type, before, after }]
}

/** The shared variables' cells that differ between two states. */
export function sharedChanges(model: ConfiguredModel, before: PlainState, after: PlainState): readonly CellChange[] {
  return model.variables.flatMap(({ name, type }) =>
    changesIn(model, { place: name, field: name, type }, before.shared[name] ?? null, after.shared[name] ?? null),
  )
}

/**
 * The cells of a thread's own locals that differ. The bookkeeping of a `forEach` is left out: its remaining elements,
 * and the last element of one inside a step.
 *
 * @param shown a local whose value is shown elsewhere
 */
export function localChanges(
  model: ConfiguredModel,
  thread: number,
  before: PlainState,
  after: PlainState,
  shown?: number,
): readonly CellChange[] {
  const text = model.threads[model.instances[thread]?.thread ?? -1]
  const ran = text === undefined ? new Set<number>() : runningInSteps(text)
  const [old, now] = [before.threads[thread]?.locals, after.threads[thread]?.locals]
  return (text?.locals ?? [])
    .filter(({ id, type }) => type.kind !== 'set' && !ran.has(id) && id !== shown)
    .flatMap(({ id, name, type }) =>
      changesIn(model, { place: name, field: name, type }, old?.[String(id)] ?? null, now?.[String(id)] ?? null),
    )
}

const known = new WeakMap<ModelThread, ReadonlySet<number>>()
/** The locals of `forEach` loops inside steps. */
function runningInSteps(thread: ModelThread): ReadonlySet<number> {
  const found = known.get(thread) ?? new Set<number>(thread.body.flatMap((s) => runningIn(s, false)))
  known.set(thread, found)
  return found
}
function runningIn(s: Statement, inStep: boolean): readonly number[] {
  const inner = inStep || s.kind === 'step' || (s.kind === 'call' && s.atomic)
  const own = inStep && s.kind === 'forEach' ? [s.local] : []
  return [...own, ...blocksOf(s).flatMap(({ body }) => body.flatMap((one) => runningIn(one, inner)))]
}

/** `mm.pte[0]: none → page 1`, `readers += cpu[0]`. */
export function showChange(model: ConfiguredModel, { place, type, before, after }: CellChange): string {
  if (type.kind === 'set') {
    const [old, now] = [elementsOf(before), elementsOf(after)]
    const show = (elements: readonly Plain[]): string =>
      elements.map((element) => showValue(model, type.of, element)).join(', ')
    const added = now.filter((element) => !old.some((other) => same(element, other)))
    const removed = old.filter((element) => !now.some((other) => same(element, other)))
    const parts = [
      ...(added.length > 0 ? [`+= ${show(added)}`] : []),
      ...(removed.length > 0 ? [`-= ${show(removed)}`] : []),
    ]
    return `${place} ${parts.join(' ')}`
  }
  return `${place}: ${showValue(model, type, before)} → ${showValue(model, type, after)}`
}
