/** Judgements of a state alone: its invariants and `sometimes`. */
import { maskOf, type FieldBits } from '../../compiler/fields.ts'
import type { Layout } from '../../compiler/layout.ts'
import { readsIn } from '../../compiler/reads.ts'
import { emitShows, judgementsOf } from '../../compiler/functions/judgements.ts'
import { stateIn } from '../../compiler/functions/state.ts'
import { writing } from '../../compiler/functions/writing.ts'
import type { Expression } from '../../language/ast.ts'
import { ifFalse, when } from '../../wasm/control.ts'
import type { Func } from '../../wasm/function.ts'
import { get } from '../../wasm/expression.ts'
import { const32, const64, local64, parameter32, typed32, type I32 } from '../../wasm/typed.ts'
import { control, type MemoryPlan } from '../memory.ts'
import { emitFound, isSettled } from './observer.ts'
import type { EngineScope } from './scope.ts'
import { localWords, storeWords, wordsAt, type Words } from './words.ts'

/** Is there a condition to be judged of each state? */
export const judgesStates = ({ compiled: { watched } }: EngineScope): boolean =>
  watched.some(({ property }) => property?.condition !== undefined)

/**
 * (address of a state) Judges invariants and `sometimes`, and whether a step that changes nothing would break a
 * property of transitions.
 *
 *     (for each watch of a state
 *       (if (it is settled)
 *         (else (if (it reads a bit that differs from the state judged before)
 *           (if condition (record))))))
 *
 * During a search most states differ in a few bits from the one that was judged before. What was found of that state
 * was settled by it; so a condition that reads the same bits again finds nothing.
 */
export function emitJudge(f: Func, engine: EngineScope): void {
  const { compiled, plan } = engine
  const { model, layout } = compiled
  const w = writing(f, model, layout)
  const state = stateIn(f, layout, get(0, 'i32'))
  const differing = emitDifferences(f, plan, parameter32(0))
  for (const judgement of judgementsOf(compiled)) {
    const { watch, kind, condition } = judgement
    const settled = isSettled(plan, watch)
    const whereItDiffers = (judge: () => void): void => {
      when(f, differsIn(differing, bitsReadBy(layout, condition)), judge)
    }
    if (kind === 'transition') {
      const unchanged = plan.unchanged.cell(watch)
      when(
        f,
        settled,
        () => {
          unchanged.store(f, 0)
        },
        () => {
          whereItDiffers(() => {
            unchanged.store(f, typed32(emitShows(w, judgement, state)))
          })
        },
      )
    } else
      ifFalse(f, settled, () => {
        whereItDiffers(() => {
          emitFound(f, engine, watch, typed32(emitShows(w, judgement, state)), const32(0))
        })
      })
  }
}

/**
 * By word: the bits in which the state differs from the one that was judged before, which it becomes; all bits if there
 * was none.
 */
function emitDifferences(f: Func, { words, judged }: MemoryPlan, state: I32): Words {
  const none = local64(f)
  none.set(control.hasJudged.load().add(-1n))
  const differing = localWords(f, words)
  const before = wordsAt(words, judged.start)
  wordsAt(words, state).forEach((word, n) => {
    differing[n]?.set(word.xor(before[n] ?? const64(0n)).or(none))
  })
  storeWords(f, judged.start, wordsAt(words, state))
  control.hasJudged.store(f, control.remembers.load())
  return differing
}

/** The bits that a condition reads. It reads variables alone. */
function bitsReadBy({ shared }: Layout, condition: Expression): readonly FieldBits[] {
  const { variables, locals } = readsIn(condition)
  if (locals.size > 0) throw new Error('a property that reads a local')
  return [...variables].flatMap((name) => maskOf(shared.get(name)))
}
/** Is there a difference in these bits? A condition that reads none is judged of every state. */
const differsIn = (differing: Words, bits: readonly FieldBits[]): I32 =>
  bits.length === 0
    ? const32(1)
    : bits
        .map(({ word, mask }) => (differing[word] ?? const64(0n)).and(mask))
        .reduce((a, b) => a.or(b))
        .ne(0n)
