/** A configured model to everything the explorer needs: programs, layout, and the functions that a back end writes. */
import type { Premise } from '../analysis/premises.ts'
import type { Rest } from '../analysis/rests.ts'
import type { ConfiguredModel, Type } from '../language/ast.ts'
import { domainClaim, type Claim } from '../language/claims.ts'
import type { PlainState } from '../semantics/machine.ts'
import { bitsOf, internal, zeroCode } from './encoding.ts'
import { localSlots, type LocalSlots } from './local-slots.ts'
import { decodeState, encodeState, layOut, type Layout, type Slot } from './layout.ts'
import { lowerThread, type Edge, type Program } from './program.ts'
import { valueRanges, type ValueRange } from './value-ranges.ts'
import { tooManySuccessors } from './too-many.ts'
import { fanOut } from './transition.ts'
import type { Watch } from './watch.ts'

export interface Compiled {
  readonly model: ConfiguredModel
  readonly layout: Layout
  readonly programs: readonly Program[]
  readonly frames: readonly LocalSlots[]
  /** In the order of the table of violations: the model's properties, then `domain` and the misuses. */
  readonly watched: readonly Watch[]
  /** Every kind of transition, in the order of their bytes. */
  readonly edges: readonly (Edge & { readonly thread: number })[]
  /** Every branch that is no transition of its own; their bytes stand behind those of the edges. */
  readonly arms: readonly (Edge & { readonly thread: number })[]
  /** The most successors that a state can have; at least 1. */
  readonly fanOut: number
  decode(words: readonly bigint[]): PlainState
  encode(state: PlainState): readonly bigint[]
}

/** What warnings are made of. */
export interface Besides {
  readonly premises: readonly Premise[]
  readonly rests: readonly Rest[]
}
const nothing: Besides = { premises: [], rests: [] }
/** What a rest says something of, whether the model claims it or not. */
const locksClaim: Claim = { kind: 'lock-deadlock', name: 'lock-deadlock' }

/** The most successors a state may have. */
const fanOutLimit = 1 << 20

/** What is judged whatever is selected: domain errors, and assertions of lock misuse. */
function implicit(programs: readonly Program[]): readonly Claim[] {
  const names = new Set<string>()
  const seen = new Set<unknown>()
  const visit = (x: unknown): void => {
    if (typeof x !== 'object' || x === null || seen.has(x)) return
    seen.add(x)
    if ('op' in x && x.op === 'assert' && 'always' in x && x.always === true && 'property' in x)
      names.add(String(x.property))
    for (const y of Object.values(x)) visit(y)
  }
  visit(programs.map((p) => p.code))
  return [domainClaim, ...[...names].map((name): Claim => ({ kind: 'misuse', name }))]
}

/**
 * @param initial what the variables hold in the initial states: `rangesOfStates`. Without it every variable gets all
 *   the bits of its type.
 * @param besides what is looked for besides: premises of invariants, and threads that rest with locks
 * @param copies nodes of code that may be written again for another way: `withBlocks`
 */
export function compile(
  model: ConfiguredModel,
  initial: ReadonlyMap<string, ValueRange> = new Map(),
  { premises, rests }: Besides = nothing,
  copies?: number,
): Compiled {
  if (model.instances.length > 64) internal(`${model.instances.length} threads; at most 64 are supported`)
  const frames = model.threads.map((t) =>
    localSlots(lowerThread(model, t, copies), t.locals, (type) => zeroCode(type, model.sizes) === 0n),
  )
  const programs = frames.map((f) => f.program)
  const ranges = valueRanges(model, programs, initial)
  const layout = layOut(model, frames, ranges.variables)
  const declared = (by: Watch['by'], watches: (claim: Claim) => boolean): readonly Watch[] =>
    model.properties
      .filter(watches)
      .map((property) => ({ claim: { kind: property.kind, name: property.name }, property, by }))
  const watched: Watch[] = [
    ...declared('itself', () => true),
    ...declared('covers', ({ kind }) => kind === 'sometimes' || kind === 'pair'),
    ...declared('standstill', ({ kind }) => kind === 'deadlock'),
    ...implicit(programs).map((claim): Watch => ({ claim, by: 'itself' })),
    ...premises.map(
      ({ property: name, condition }): Watch => ({
        claim: { kind: 'invariant', name },
        property: { kind: 'invariant', name, condition },
        by: 'premise',
      }),
    ),
    ...rests.map((rest): Watch => ({ claim: locksClaim, by: 'rest', rest })),
  ]
  const edges = programs.flatMap((p, thread) => p.edges.map((e) => ({ ...e, thread })))
  const arms = programs.flatMap((p, thread) => p.arms.map((e) => ({ ...e, thread })))
  const most = model.instances.reduce((sum, { thread }) => {
    const types = new Map<number, Type>((model.threads[thread]?.locals ?? []).map((l) => [l.id, l.type]))
    return sum + Math.max(0, ...(programs[thread]?.code ?? []).map((c) => fanOut(model, types, c)))
  }, 0)
  if (most > fanOutLimit) throw tooManySuccessors(model, programs, most, fanOutLimit)
  return {
    model,
    layout,
    programs,
    frames,
    watched,
    edges,
    arms,
    fanOut: Math.max(1, most),
    decode: (words) => decodeState(model, layout, frames, words),
    encode: (state) => encodeState(model, layout, frames, state),
  }
}

export interface LayoutDescription {
  readonly stateBits: number
  readonly words: number
  readonly variables: readonly { readonly name: string; readonly bits: number }[]
  readonly threads: readonly { readonly name: string; readonly points: number; readonly bits: number }[]
}

/** Where the bits of a state go. */
export function describe({ model, layout, programs, frames }: Compiled): LayoutDescription {
  const bits = (slot: Slot): number =>
    slot.kind === 'packed' ? slot.packing.bits : Object.values(slot.parts).reduce((sum, part) => sum + bits(part), 0)
  return {
    stateBits: layout.bits,
    words: layout.words,
    variables: model.variables.map((v) => ({ name: v.name, bits: bits(layout.shared[v.name] ?? internal('no slot')) })),
    threads: model.instances.map(({ name, thread }, i) => {
      const locals = (frames[thread]?.shared ?? []).map((together) =>
        Math.max(0, ...together.map((l) => bitsOf(l.type, model.sizes))),
      )
      return {
        name,
        points: programs[thread]?.names.length ?? 0,
        bits: locals.reduce((sum, n) => sum + n, layout.points[i]?.packing.bits ?? 0),
      }
    }),
  }
}

/** Bits a state, with all the bits that the types have. */
export const describeLayout = (model: ConfiguredModel): LayoutDescription => describe(compile(model))
