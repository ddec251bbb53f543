/**
 * Chance in emitted code: xoshiro128** of Blackman and Vigna (2018), as `src/schedules/random.ts` has it, over a state
 * in memory.
 */
import { binaryOp, i32 } from '../../../wasm/expression.ts'
import type { Func } from '../../../wasm/function.ts'
import { local32, parameter32, typed32, type I32 } from '../../../wasm/typed.ts'
import type { WalkPlan } from '../memory.ts'

const xor = (left: I32, right: I32): I32 => typed32(binaryOp('xor32', left.w, right.w))
const shiftedUp = (word: I32, by: number): I32 => typed32(binaryOp('shl32', word.w, i32(by)))
const rotated = (word: I32, by: number): I32 => typed32(binaryOp('or32', shiftedUp(word, by).w, word.shr(32 - by).w))

/**
 * (below) -> a whole number from 0 on, below that, each as likely: the high bits of a word of chance times the bound.
 *
 *     drawn := rotl(b * 5, 7) * 9
 *     (the state of the generator goes on)
 *     (drawn * below) >> 32
 */
export function emitDraw(f: Func, { chance }: WalkPlan): void {
  const locals = [local32(f), local32(f), local32(f), local32(f)] as const
  const [a, b, c, d] = locals
  const drawn = local32(f),
    shifted = local32(f)
  locals.forEach((word, n) => {
    const held = chance[n]
    if (held !== undefined) word.set(held.load())
  })
  drawn.set(rotated(b.mul(5), 7).mul(9))
  shifted.set(shiftedUp(b, 9))
  c.set(xor(c, a))
  d.set(xor(d, b))
  b.set(xor(b, c))
  a.set(xor(a, d))
  c.set(xor(c, shifted))
  d.set(rotated(d, 11))
  locals.forEach((word, n) => {
    chance[n]?.store(f, word)
  })
  f.result(drawn.extend().mul(parameter32(0).extend()).shr(32n).wrap().w)
}
