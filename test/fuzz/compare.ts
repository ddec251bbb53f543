/**
 * Whether the compiled engine and the reference interpreter say the same of a model: state by state, and as a whole.
 */
import { checkPrepared } from '../../src/explorer/check.ts'
import { oracle } from '../../src/engine/oracle.ts'
import { ownerMask } from '../../src/explorer/threads/owner-mask.ts'
import { prepare, type Prepared } from '../../src/explorer/prepare.ts'
import type { CheckSettings, CheckResult, PropertyResult } from '../../src/explorer/result.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import type { PlainState } from '../../src/semantics/machine.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import type { ReferenceResult } from '../../src/semantics/toy.ts'
import { asCode } from './paste.ts'
import { shrink } from './shrink.ts'
import { engineSpace, referenceSpace } from './space.ts'
import type { StateSpace } from './space.ts'
import { extentOf } from './two-partitions.ts'

export interface CompareOptions {
  /** Where the toy search gives up; what is larger is compared state by state only. */
  readonly maxTransitions?: number
  /** States that are compared one by one. */
  readonly maxStates?: number
  /** Of the engine. */
  readonly engine?: CheckSettings
}

/** The first difference found, and what the reference search said of the model as it is. */
export interface Comparison {
  readonly difference?: string
  readonly reference: ReferenceResult
}

export async function compare(
  model: ConfiguredModel,
  { maxTransitions = 5_000, maxStates = 150, engine = {} }: CompareOptions = {},
): Promise<Comparison> {
  const reference = referenceCheck(model, { maxTransitions })
  try {
    return { reference, ...(await differenceOf(model, reference, { maxTransitions, maxStates, engine })) }
  } catch (error) {
    return { reference, difference: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/**
 * One form of a model only, which is enough where models are many: its graph state by state and as a whole, in one
 * share and in two.
 */
export async function compareForm(
  model: ConfiguredModel,
  form: Form,
  { maxTransitions = 6_000, maxStates = 25, engine = {} }: CompareOptions = {},
): Promise<Comparison> {
  const prepared = preparedAs(model, form)
  const reference = referenceCheck(prepared.model, { maxTransitions })
  try {
    const apart = compareSpaces(referenceSpace(prepared.reference), engineSpace(prepared), maxStates)
    if (apart !== undefined) return { reference, difference: apart }
    if (!reference.complete) return { reference }
    const written = prepared.whole ? reference : referenceCheck(model, { maxTransitions })
    if (!written.complete) return { reference }
    const [one, two] = [
      extentOf(prepared, 1),
      extentOf(prepared, 2, ownerMask(oracle(prepared.compiled), prepared.initial, 2)),
    ]
    const problems = [
      ...judged('the engine', await checkPrepared(model, prepared, { ...engine, ...form }), reference, written),
      ...(equal(one, two) ? [] : [differ('what was found', 'two shares', one, two)]),
    ]
    return { reference, ...(problems[0] !== undefined && { difference: problems[0] }) }
  } catch (error) {
    return { reference, difference: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}

/** The forms in which a model is searched: as `check` does, and as nothing is left out of it. */
export type Form = Pick<CheckSettings, 'keepDeadLocals' | 'wholeTypes' | 'noCopies'>
export const forms: readonly [Form, Form] = [{}, { keepDeadLocals: true, wholeTypes: true, noCopies: true }]

/** A model in a form, compiled once for all that is asked of it. */
const preparedAs = (model: ConfiguredModel, form: Form): Prepared => prepare(model, { ...form, warnings: true })

/** A model that differs, made small, as code that can be pasted into found.ts, and how it differs. */
export async function report(model: ConfiguredModel, options: CompareOptions = {}): Promise<string> {
  const small = await shrink(
    model,
    async (candidate) => (await compare(candidate, { ...options, maxTransitions: 1_000 })).difference !== undefined,
  )
  const { difference } = await compare(small, options)
  return `${asCode(small)}\n/* ${difference ?? 'it does not differ any more'} */`
}

async function differenceOf(
  model: ConfiguredModel,
  reference: ReferenceResult,
  options: Required<CompareOptions>,
): Promise<{ readonly difference?: string }> {
  const { maxTransitions, maxStates, engine } = options
  const [searched, kept] = [preparedAs(model, forms[0]), preparedAs(model, forms[1])]
  for (const [form, prepared] of [[forms[0], searched] as const, [forms[1], kept] as const]) {
    const apart = compareSpaces(referenceSpace(prepared.reference), engineSpace(prepared), maxStates)
    if (apart !== undefined) return { difference: `${JSON.stringify(form)}: ${apart}` }
  }
  if (!reference.complete) return {}
  const slimmed = kept.dropped.length === 0 ? reference : referenceCheck(kept.model, { maxTransitions })
  const live = searched.whole ? reference : referenceCheck(searched.model, { maxTransitions })
  if (!slimmed.complete || !live.complete) return {}
  const problems = [
    ...verdicts('without what nothing reads', withoutDeadlock(slimmed), withoutDeadlock(reference)),
    ...verdicts('with dead locals reset', withoutDeadlock(live), withoutDeadlock(slimmed)),
    ...judged(
      'the engine, dead locals kept',
      await checkPrepared(model, kept, { ...engine, ...forms[1] }),
      slimmed,
      reference,
    ),
    ...judged('the engine', await checkPrepared(model, searched, engine), live, reference),
    ...(await withSymmetry(model, engine, live, reference)),
  ]
  return problems[0] === undefined ? {} : { difference: problems[0] }
}

/** The differences of a search of one state for each orbit, if the model treats anything alike. */
async function withSymmetry(
  model: ConfiguredModel,
  engine: CheckSettings,
  live: ReferenceResult,
  reference: ReferenceResult,
): Promise<readonly string[]> {
  const prepared = prepare(model, { symmetry: true, warnings: true })
  if (prepared.symmetry.scalarsets.length === 0) return []
  return judged('the engine with symmetry', await checkPrepared(model, prepared, engine), live, reference)
}

/** Walks both graphs together, in the order of the first. */
export function compareSpaces(reference: StateSpace, other: StateSpace, maxStates: number): string | undefined {
  const states: PlainState[] = []
  const seen = new Set<string>()
  const reach = (found: readonly PlainState[]): void => {
    for (const state of found) {
      const key = JSON.stringify(state)
      if (!seen.has(key) && states.length < maxStates) states.push(state)
      seen.add(key)
    }
  }
  if (!equal(reference.initial, other.initial))
    return differ('initial states', 'the model', reference.initial, other.initial)
  reach(reference.initial)
  for (const state of states) {
    const [mine, theirs] = [reference.expand(state), other.expand(state)]
    for (const part of ['fails', 'shows', 'successors'] as const)
      if (!equal(mine[part], theirs[part])) return differ(part, JSON.stringify(state), mine[part], theirs[part])
    reach(mine.successors)
  }
  return undefined
}

/**
 * Whether a step changes the state is a question about all of the state: of a model without a part of it, the answer
 * may be another.
 */
const withoutDeadlock = ({ properties }: Judged): Judged => ({
  properties: properties.filter(({ kind }) => kind !== 'deadlock'),
})

/** The counts are those of the model that is searched, the verdicts those of the model as it is written. */
function judged(
  who: string,
  result: CheckResult,
  searched: ReferenceResult,
  reference: ReferenceResult,
): readonly string[] {
  const counts = ({ states, transitions, depth, levelSizes }: CheckResult | ReferenceResult): unknown => ({
    states,
    transitions,
    depth,
    // with symmetry, a level has the states that are stored
    ...(result.stored === result.states ? { levelSizes } : {}),
  })
  const inLevels = result.levelSizes.reduce((sum, size) => sum + size, 0)
  if (inLevels !== result.stored) return [differ('the states of all levels', who, result.stored, inLevels)]
  const [mine, other] = [counts(searched), counts(result)]
  if (!equal(mine, other)) return [differ('counts', who, mine, other)]
  return verdicts(who, result, reference)
}

interface Judged {
  readonly properties: readonly (Pick<PropertyResult, 'name' | 'kind' | 'verdict'> & { readonly steps?: number })[]
}

function verdicts(who: string, result: Judged, reference: Judged): readonly string[] {
  const plain = ({ properties }: Judged): readonly string[] =>
    properties
      .map(
        ({ name, kind, verdict, steps }) => `${name} (${kind}) ${verdict}${steps === undefined ? '' : ` in ${steps}`}`,
      )
      .sort()
  return equal(plain(reference), plain(result)) ? [] : [differ('verdicts', who, plain(reference), plain(result))]
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

function differ(what: string, where: string, reference: unknown, other: unknown): string {
  return `${what} of ${where}: the reference has ${JSON.stringify(reference)}, the other ${JSON.stringify(other)}`
}
