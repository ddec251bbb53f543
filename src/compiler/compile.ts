/** A configured model to its transition system, and states of it to their packed form and back. */
import type { Premise } from '../analysis/premises.ts'
import type { RestingPlace } from '../analysis/rests.ts'
import type { ConfiguredModel } from '../language/ast.ts'
import { domainClaim, type Claim } from '../language/claims.ts'
import type { PlainState } from '../semantics/machine.ts'
import { bitsOf, internal } from './encoding.ts'
import { fanOut } from './fan-out.ts'
import { layOut, type Slot } from './layout.ts'
import { decodeState, encodeState, type DecodedState } from './packed-state.ts'
import { codeBehind, type Code, type Effect } from './program.ts'
import { compileSymmetry, type CompiledSymmetry } from './symmetry/compiled-symmetry.ts'
import type { Scalarset } from './symmetry/scalarset.ts'
import { closedRanges } from './symmetry/symmetry.ts'
import { compileThreads, type CompiledThread } from './threads.ts'
import { tooManySuccessors } from './too-many.ts'
import type { TransitionSystem } from './transition-system.ts'
import { valueRanges } from './value-ranges/analysis.ts'
import type { VariableRanges } from './value-ranges/initial.ts'
import type { Watch } from './watch.ts'

export interface Compiled extends TransitionSystem {
  /** A packed state as JSON. */
  decode(words: readonly bigint[], before?: DecodedState): PlainState
  /** The packed form of a state given as JSON. */
  encode(state: PlainState): readonly bigint[]
  /** The permutations under which a search takes states for one. */
  readonly symmetry: CompiledSymmetry
}

/** Facts that warnings need. */
export interface WarningFacts {
  readonly premises: readonly Premise[]
  readonly rests: readonly RestingPlace[]
}
const nothing: WarningFacts = { premises: [], rests: [] }
/** The claim that a resting place with a lock belongs to, whether the model claims it or not. */
const locksClaim: Claim = { kind: 'lock-deadlock', name: 'lock-deadlock' }

/** The most successors a state may have. */
const fanOutLimit = 1 << 20

/** The misuses that the code asserts against, in its order. */
function misusesIn(threads: readonly CompiledThread[]): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<Code>()
  const ofEffect = (effect: Effect): void => {
    if (effect.op === 'assert' && effect.always) names.add(effect.property)
    if (effect.op === 'test') [...effect.then, ...effect.otherwise].forEach(ofEffect)
  }
  const ofCode = (code: Code): void => {
    if (seen.has(code)) return
    seen.add(code)
    if (code.op === 'effect') ofEffect(code.effect)
    codeBehind(code).forEach(ofCode)
  }
  for (const { points } of threads) for (const { code } of points) if (code !== undefined) ofCode(code)
  return names
}

/** The watches, in the order in which findings are numbered. */
function watchedIn(
  model: ConfiguredModel,
  threads: readonly CompiledThread[],
  { premises, rests }: WarningFacts,
): readonly Watch[] {
  const declared = (by: Watch['by'], watches: (claim: Claim) => boolean): readonly Watch[] =>
    model.properties
      .filter(watches)
      .map((property) => ({ claim: { kind: property.kind, name: property.name }, property, by }))
  return [
    ...declared('itself', () => true),
    ...declared('covers', ({ kind }) => kind === 'sometimes' || kind === 'pair'),
    ...declared('standstill', ({ kind }) => kind === 'deadlock'),
    { claim: domainClaim, by: 'itself' },
    ...[...misusesIn(threads)].map((name): Watch => ({ claim: { kind: 'misuse', name }, by: 'itself' })),
    ...premises.map(
      ({ property: name, condition }): Watch => ({
        claim: { kind: 'invariant', name },
        property: { kind: 'invariant', name, condition },
        by: 'premise',
      }),
    ),
    ...rests.map((rest): Watch => ({ claim: locksClaim, by: 'rest', rest })),
  ]
}

/**
 * @param initial what the variables hold in the initial states: `rangesOfStates`. Without it every variable gets all
 *   the bits of its type.
 * @param besides what is looked for besides: premises of invariants, and threads that rest with locks
 * @param copies nodes of code that may be written again for another path: `withBlocks`
 * @param permuted what may be permuted, by the lowered threads: nothing if it is left out
 */
export function compile(
  model: ConfiguredModel,
  initial: VariableRanges = new Map(),
  besides: WarningFacts = nothing,
  copies?: number,
  permuted: (threads: readonly CompiledThread[]) => readonly Scalarset[] = () => [],
): Compiled {
  if (model.instances.length > 64) internal(`${model.instances.length} threads; at most 64 are supported`)
  const threads = compileThreads(model, copies)
  const scalarsets = permuted(threads)
  const ranges = valueRanges(model, threads, initial).variables
  const layout = layOut(model, threads, closedRanges(model, ranges, scalarsets))
  const most = layout.instances.reduce(
    (sum, { thread }) => sum + Math.max(0, ...thread.points.map(({ code }) => fanOut(code, model.sizes))),
    0,
  )
  if (most > fanOutLimit) throw tooManySuccessors(model, threads, most, fanOutLimit)
  return {
    model,
    layout,
    threads,
    watched: watchedIn(model, threads, besides),
    edges: threads.flatMap(({ edges }, thread) => edges.map((edge) => ({ ...edge, thread }))),
    arms: threads.flatMap(({ arms }, thread) => arms.map((arm) => ({ ...arm, thread }))),
    fanOut: Math.max(1, most),
    decode: (words, before) => decodeState(model, layout, words, before),
    encode: (state) => encodeState(model, layout, state),
    symmetry: compileSymmetry(model, layout, scalarsets),
  }
}

export interface LayoutDescription {
  readonly stateBits: number
  readonly words: number
  readonly variables: readonly { readonly name: string; readonly bits: number }[]
  readonly threads: readonly { readonly name: string; readonly points: number; readonly bits: number }[]
}

/** The use of the bits of a state. */
export function describe({ model: { sizes }, layout }: TransitionSystem): LayoutDescription {
  const bits = (slot: Slot): number =>
    slot.kind === 'packed' ? slot.packing.bits : Object.values(slot.parts).reduce((sum, part) => sum + bits(part), 0)
  return {
    stateBits: layout.bits,
    words: layout.words,
    variables: [...layout.shared].map(([name, slot]) => ({ name, bits: bits(slot) })),
    threads: layout.instances.map(({ name, thread, point }) => ({
      name,
      points: thread.points.length,
      bits: thread.sharing.reduce(
        (sum, group) => sum + Math.max(0, ...group.map((l) => bitsOf(l.type, sizes))),
        point.packing.bits,
      ),
    })),
  }
}

/** Bits per state, with all the bits that the types have. */
export const describeLayout = (model: ConfiguredModel): LayoutDescription => describe(compile(model))
