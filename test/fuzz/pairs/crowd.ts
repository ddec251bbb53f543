/** Up to 64 threads of which few move: what only waits, what waits for ever, and what goes round. */
import type { Property, Variable } from '../../../src/language/ast.ts'
import { assign, bool, label, loop, no, shared, variable, wait, yes } from '../../support/ast.ts'
import type { ThreadDraft } from '../../support/ast.ts'
import { chance, pick } from '../draw.ts'
import type { Draw } from '../draw.ts'

export interface Crowd {
  readonly before: readonly ThreadDraft[]
  readonly behind: readonly ThreadDraft[]
  readonly variables: readonly Variable[]
}

/** So many threads, before those that matter and behind them. */
export function crowd(draw: Draw, count: number): Crowd {
  if (count === 0) return { before: [], behind: [], variables: [] }
  const stuck = chance(draw, 30) ? 1 : 0
  const round = count > 4 && chance(draw, 30) ? 1 : 0
  const waiting = count - stuck - round
  const here = draw(waiting + 1)
  const before = [...idle(here), ...(stuck > 0 ? [{ body: [wait(shared('never'))] }] : [])]
  const behind = [...idle(waiting - here), ...(round > 0 ? [roundabout] : [])]
  const variables = [variable('never', bool), ...(round > 0 ? [variable('goes', bool)] : [])]
  return chance(draw, 50) ? { before, behind, variables } : { before: [...behind, ...before], behind: [], variables }
}

/** Threads that may rest where they are. */
const idle = (count: number): readonly ThreadDraft[] =>
  count === 0 ? [] : [{ count, body: [label(0, true), wait(shared('never'))] }]

const roundabout: ThreadDraft = {
  body: [loop(0, label(1, true), assign(shared('goes'), yes), assign(shared('goes'), no))],
}

/** Every model is asked for these, too. */
export const hangs: readonly Property[] = [
  { name: 'deadlock', kind: 'deadlock' },
  { name: 'lock-deadlock', kind: 'lock-deadlock' },
  { name: 'recoverable', kind: 'recoverable' },
]

export const sizeOfCrowd = (draw: Draw): number =>
  chance(draw, 88) ? 0 : pick(draw, [1, 2, 30, 51, 52, 53, 54, 61, 62])
