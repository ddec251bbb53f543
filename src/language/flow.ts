/** The flow of control in the text of a thread: what follows each statement, seen as a graph. */
import type { Statement } from './ast.ts'
import { blocksOf } from './walk.ts'

export type FlowTarget = Statement | 'end'

export interface Flow {
  /** The first statement of the text. */
  readonly start: FlowTarget
  /** The target of control when the statement is done. */
  next(s: Statement): FlowTarget
  /** The target of the statement if it is pure control; undefined if it is not. */
  pureControl(s: Statement): FlowTarget | undefined
  /** The first statement of a block inside the statement, or what comes after the block. */
  into(s: Statement, body: readonly Statement[]): FlowTarget
  /** Whether control that comes from a statement to a loop or `forEach` comes round: from inside. */
  isRound(from: Statement, to: FlowTarget): boolean
}

export function flowOf(body: readonly Statement[]): Flow {
  const follows = new Map<Statement, FlowTarget>()
  const leaves = new Map<Statement, FlowTarget>()
  const outer = new Map<Statement, Statement>()
  const labels = new Map<number, Statement>()
  const loops = new Map<number, Statement>()

  /** `after`: where the end of the block leads; `leave`: where `return` does. */
  const link = (block: readonly Statement[], after: FlowTarget, leave: FlowTarget): void =>
    block.forEach((s, i) => {
      const next = block[i + 1] ?? after
      follows.set(s, next)
      if (s.kind === 'return') leaves.set(s, leave)
      if (s.kind === 'label') labels.set(s.id, s)
      if (s.kind === 'loop') loops.set(s.id, s)
      const isRepeated = s.kind === 'loop' || s.kind === 'forEach'
      for (const inner of blocksOf(s)) for (const part of inner.body) outer.set(part, s)
      for (const inner of blocksOf(s)) link(inner.body, isRepeated ? s : next, s.kind === 'call' ? next : leave)
    })
  link(body, 'end', 'end')

  const next = (s: Statement): FlowTarget => follows.get(s) ?? 'end'
  const into = (s: Statement, block: readonly Statement[]): FlowTarget =>
    block[0] ?? (s.kind === 'loop' || s.kind === 'forEach' ? s : next(s))
  return {
    start: body[0] ?? 'end',
    next,
    into,
    isRound(from, to) {
      if (to === 'end' || (to.kind !== 'loop' && to.kind !== 'forEach')) return false
      for (let s: Statement | undefined = from; s !== undefined; s = outer.get(s)) if (s === to) return true
      return false
    },
    pureControl(s) {
      switch (s.kind) {
        case 'label':
        case 'reset':
          return next(s)
        case 'call':
          return s.atomic ? undefined : into(s, s.body)
        case 'loop':
          return into(s, s.body)
        case 'goto':
          return labels.get(s.id) ?? 'end'
        case 'break': {
          const loop = loops.get(s.loop)
          return loop === undefined ? 'end' : next(loop)
        }
        case 'continue':
          return loops.get(s.loop) ?? 'end'
        case 'return':
          return leaves.get(s) ?? 'end'
        default:
          return undefined
      }
    },
  }
}
