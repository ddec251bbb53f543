/**
 * The transition system that a model is compiled to, and from which a back end writes functions over packed states.
 *
 * A **state** is `layout.words` words of 64 bits. `layout` says where in them each variable, and each instance's
 * control point and locals stand, and `packing.ts` how a value becomes bits: a value is known by its *code*
 * (`encoding.ts`), and what stands in the word may be that code less a base, in fewer bits. The layout has further
 * words, `passing`, for locals that hold something only inside a transition: they are zero when one begins, and are
 * not stored.
 *
 * The **transitions** of an instance in a state begin at its control point: `thread.points[n].code`, where `n` is
 * what stands in its `point`. The code is a tree whose leaves are `goto`s (`program.ts`), and each path from the root
 * to a leaf is one transition:
 *
 * - `guard` and `branch` are **guards**: a path is one of the state if each condition on it is true there.
 * - `either`, `choose` and `pick` have several paths. `block` is code that several paths reach.
 * - `effect` is an **effect**: it changes the state that the path ends in. The code behind it reads the changed state.
 * - `goto` completes the transition: the instance's control point becomes `point`.
 *
 * Conditions and values are expressions of the language, over the state as the effects before them have left it.
 *
 * **Failures.** An expression can fail: a value of none, a payload of another case, an index outside, the head of an
 * empty queue, a number stored that its type does not have. A failure in a guard, in an effect, or in the `where` of
 * a choice makes its transition fail, and so does an `assert` that is `always` asserted and false: it has no
 * successor, and the violated property is `domain`, or the misuse. A failure in a property breaks the property.
 *
 * **Properties** are judged as `watched` says, in the order in which findings are numbered: invariants and `sometimes`
 * on each state, properties of transitions on each transition, with the state before it; assertions and `cover`s where
 * they stand in the code.
 *
 * **Initial states** are packed by `encode` of `compile.ts`.
 *
 * `functions/` writes the functions of instances once, through the interface of an assembler. Behind it stand
 * WebAssembly (src/wasm), around which src/engine writes the search, and C (src/c), which brings a search of its own.
 */
import type { ConfiguredModel, Property } from '../language/ast.ts'
import type { Layout } from './layout.ts'
import type { Edge } from './program.ts'
import type { CompiledThread } from './threads.ts'
import type { Watch } from './watch.ts'

export interface TransitionSystem {
  readonly model: ConfiguredModel
  /** The position of everything in a state; with the instances. */
  readonly layout: Layout
  /** In the order of the model's threads. */
  readonly threads: readonly CompiledThread[]
  /** In the order of the table of violations: the model's properties, then `domain` and the misuses. */
  readonly watched: readonly Watch[]
  /** Every kind of transition, thread by thread: a thread's own begin at its `firstEdge`. */
  readonly edges: readonly (Edge & { readonly thread: number })[]
  /** Every branch that is not itself a transition: a thread's own begin at its `firstArm`. */
  readonly arms: readonly (Edge & { readonly thread: number })[]
  /** The most successors that a state can have; at least 1. */
  readonly fanOut: number
}

/** The properties of transitions that are judged. */
export const transitionsJudged = ({ watched }: Pick<TransitionSystem, 'watched'>): readonly Property[] =>
  watched.flatMap(({ property, by }) => (property?.kind === 'transition' && by === 'itself' ? [property] : []))
