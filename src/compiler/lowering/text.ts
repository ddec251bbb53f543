/** Places in the text of a thread, and where pure control leads from them. */
import type { Statement, StatementOf } from '../../language/ast.ts'
import { armsOf } from '../../language/walk.ts'
import { internal } from '../encoding.ts'

/** The statement at `index` of `list`, or the end of the list. */
export interface TextPlace {
  readonly list: readonly Statement[]
  readonly index: number
  /** The construct around the list. */
  readonly up: Enclosing
}
/** `after`: what follows the statement that the list is in. */
type Enclosing =
  | { readonly kind: 'thread' }
  | { readonly kind: 'block' | 'call' | 'loop'; readonly after: TextPlace }
  | { readonly kind: 'forEach'; readonly statement: StatementOf<'forEach'>; readonly after: TextPlace }

export const beginningOf = (list: readonly Statement[]): TextPlace => ({ list, index: 0, up: { kind: 'thread' } })
export const statementAt = (w: TextPlace): Statement | undefined => w.list[w.index]
export const next = (w: TextPlace): TextPlace => ({ ...w, index: w.index + 1 })

/** The beginning of a list inside the statement at `w`. */
export const inside = (w: TextPlace, list: readonly Statement[], kind: 'block' | 'call' | 'loop'): TextPlace => ({
  list,
  index: 0,
  up: { kind, after: next(w) },
})
/** The beginning of a round of the `forEach` at `w`. */
export const roundOf = (w: TextPlace, statement: StatementOf<'forEach'>): TextPlace => ({
  list: statement.body,
  index: 0,
  up: { kind: 'forEach', statement, after: next(w) },
})

/** Behind the innermost call; nothing behind the thread. */
export function behindCall(w: TextPlace): TextPlace | undefined {
  for (let { up } = w; up.kind !== 'thread'; up = up.after.up) if (up.kind === 'call') return up.after
  return undefined
}

/** The targets of jumps. */
export interface JumpTargets {
  label(id: number): TextPlace
  /** The loop itself, where `continue` goes; and what follows it, where `break` goes. */
  loop(id: number): TextPlace
  behindLoop(id: number): TextPlace
  /** The places that follow the labels at which rest is allowed. */
  readonly idle: readonly TextPlace[]
}

export function jumpTargetsIn(body: readonly Statement[]): JumpTargets {
  const labels = new Map<number, TextPlace>()
  const loops = new Map<number, TextPlace>()
  const idle: TextPlace[] = []
  const scan = (beginning: TextPlace): void => {
    for (const [index, s] of beginning.list.entries()) {
      const w: TextPlace = { ...beginning, index }
      if (s.kind === 'label') {
        labels.set(s.id, w)
        if (s.idle) idle.push(next(w))
      }
      if (s.kind === 'loop') loops.set(s.id, w)
      listsIn(w, s).forEach(scan)
    }
  }
  scan(beginningOf(body))
  const loop = (id: number): TextPlace => loops.get(id) ?? internal('a jump to a loop that does not exist')
  return {
    label: (id) => labels.get(id) ?? internal('a goto to nowhere'),
    loop,
    behindLoop: (id) => next(loop(id)),
    idle,
  }
}

/** The lists in a statement that is more than one transition. */
function listsIn(w: TextPlace, s: Statement): readonly TextPlace[] {
  switch (s.kind) {
    case 'loop':
      return [inside(w, s.body, 'loop')]
    case 'forEach':
      return [roundOf(w, s)]
    case 'call':
      return s.atomic ? [] : [inside(w, s.body, 'call')]
    case 'if':
    case 'match':
      return armsOf(s).map(({ body }) => inside(w, body, 'block'))
    case 'either':
      return s.branches.map((body) => inside(w, body, 'block'))
    default:
      return []
  }
}
