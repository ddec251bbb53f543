/**
 * The symmetry of a model: the scalarsets whose elements it treats alike, and for all others the reason why not.
 * docs/decisions/0010-symmetry.md says what that is good for, and why it keeps every verdict.
 */
import type { ConfiguredModel, Type } from '../../language/ast.ts'
import type { PlainState } from '../../semantics/machine.ts'
import { isLeaf } from '../encoding.ts'
import type { CompiledThread } from '../threads.ts'
import type { VariableRanges } from '../value-ranges/initial.ts'
import { anything, canBe, partRange, type ValueRange } from '../value-ranges/range.ts'
import { asymmetriesOf } from './asymmetries.ts'
import { permuteState } from './permute-state.ts'
import { exchangeOf, scalarsetsOf, idSortsIn, sortsMoved, type Scalarset } from './scalarset.ts'

export interface ModelSymmetry {
  readonly scalarsets: readonly Scalarset[]
  readonly refused: readonly RefusedScalarset[]
  /** Some of them are permuted only as long as no transition of any state fails. */
  readonly isProvisional?: true
}
export interface RefusedScalarset {
  readonly name: string
  readonly why: string
}

/** The permutations of more elements are too many to try for each state. */
const mostElements = 8
/** A state has at most so many images. */
const mostPermutations = 2 ** 24

export const noSymmetry: ModelSymmetry = { scalarsets: [], refused: [] }

/**
 * @param initial the initial states: their images must be initial states
 * @param fails whether a transition is known to fail
 */
export function symmetryOf(
  model: ConfiguredModel,
  threads: readonly CompiledThread[],
  initial: readonly PlainState[],
  fails: boolean,
): ModelSymmetry {
  const scalarsets = scalarsetsOf(model)
  if (scalarsets.length === 0) return noSymmetry
  const asymmetries = asymmetriesOf(model, threads)
  const isInitial = initialTest(threads, initial, model)
  const refused: RefusedScalarset[] = []
  const accepted: Scalarset[] = []
  let isProvisional = false
  for (const scalarset of scalarsets) {
    const { name, size } = scalarset
    const sorts = sortsMoved(model, scalarset)
    const own = asymmetries.filter(({ sort }) => sorts.has(sort))
    const closed = (): boolean =>
      Array.from({ length: size - 1 }, (_, first) => exchangeOf(model, scalarset, first)).every((exchange) =>
        initial.every((state) => isInitial(permuteState(model, exchange, state))),
      )
    const why =
      size > mostElements
        ? `there are more than ${mostElements}`
        : permutationsOf([...accepted, scalarset]) > mostPermutations
          ? 'there would be too many permutations'
          : (own.find(({ onlyIfFails = false }) => fails || !onlyIfFails)?.why ??
            (closed() ? undefined : 'the initial states tell them apart'))
    if (why !== undefined) refused.push({ name, why })
    else {
      accepted.push(scalarset)
      isProvisional ||= own.length > 0
    }
  }
  return { scalarsets: accepted, refused, ...(isProvisional && { isProvisional }) }
}

/** The number of permutations of all of them together. */
export const permutationsOf = (scalarsets: readonly Scalarset[]): number =>
  scalarsets.reduce((product, { size }) => product * factorial(size), 1)
const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

/** Whether a state is an initial one; of locals that hold nothing where their thread stands, nothing counts. */
function initialTest(
  threads: readonly CompiledThread[],
  initial: readonly PlainState[],
  { instances }: ConfiguredModel,
): (state: PlainState) => boolean {
  const occupied = threads.map(({ points }) => new Map(points.map((point) => [point.name, point.occupied])))
  const keyOf = ({ shared, threads: own }: PlainState): string =>
    JSON.stringify([
      shared,
      own.map(({ point, locals }, n) => {
        const held = occupied[instances[n]?.thread ?? -1]?.get(point)
        return [point, Object.entries(locals).filter(([id]) => held?.has(Number(id)) === true)]
      }),
    ])
  const keys = new Set(initial.map(keyOf))
  return (state) => keys.has(keyOf(state))
}

/**
 * The ranges of variables whose states are permuted. What holds an id can hold each id of its sort.
 */
export function closedRanges(
  model: ConfiguredModel,
  ranges: VariableRanges,
  scalarsets: readonly Scalarset[],
): VariableRanges {
  const sorts = new Set(scalarsets.flatMap((one) => [...sortsMoved(model, one)]))
  if (sorts.size === 0) return ranges
  const types = new Map(model.variables.map(({ name, type }) => [name, type]))
  return new Map(
    [...ranges].map(([name, range]) => {
      const type = types.get(name)
      return [name, type === undefined ? range : closed(type, range, model, sorts)]
    }),
  )
}

function closed(type: Type, range: ValueRange, model: ConfiguredModel, sorts: ReadonlySet<string>): ValueRange {
  if (range.kind === 'any' || ![...idSortsIn(type)].some((sort) => sorts.has(sort))) return range
  if (isLeaf(type, model.sizes)) {
    // none, or the set of none, is its own image
    const values = range.kind === 'leaf' ? [...range.values] : undefined
    const isFixed = values?.length === 0 || (type.kind !== 'id' && values?.every((code) => code === 0) === true)
    return isFixed ? range : anything
  }
  switch (type.kind) {
    case 'array':
    case 'queue':
      return range.kind === 'each' ? { ...range, of: closed(type.of, range.of, model, sorts) } : anything
    case 'optional':
      return parts(range, { value: type.of }, model, sorts)
    case 'record':
      return parts(range, type.fields, model, sorts)
    case 'union':
      return parts(
        range,
        Object.fromEntries(
          Object.entries(type.cases).flatMap(([name, fields], tag) =>
            Object.entries(canBe(partRange(range, 'tag'), tag) ? fields : {}).map(([key, field]) => [
              `${name}.${key}`,
              field,
            ]),
          ),
        ),
        model,
        sorts,
      )
    default:
      return anything
  }
}

function parts(
  range: ValueRange,
  types: Readonly<Record<string, Type>>,
  model: ConfiguredModel,
  sorts: ReadonlySet<string>,
): ValueRange {
  if (range.kind !== 'parts') return anything
  const inside = Object.entries(types).map(
    ([key, type]) => [key, closed(type, partRange(range, key), model, sorts)] as const,
  )
  return { kind: 'parts', parts: { ...range.parts, ...Object.fromEntries(inside) } }
}
