/** Jumps that can be made, and no way round a loop that does nothing. */
import type { Model, Statement } from '../ast.ts'
import { flowOf, type Flow } from '../flow.ts'
import { blocksOf, visitStatements } from '../walk.ts'
import { mistakeIn, textsOf, type ModelText } from './texts.ts'

/** @param sizes of the sorts, where they are known: a `forEach` over nothing is passed like a label */
export function checkControl(model: Model, sizes: Readonly<Record<string, number>> = {}): void {
  for (const text of textsOf(model)) {
    checkJumps(text)
    const flow = flowOf(text.body)
    visitStatements(text.body, (s) => {
      if (s.kind === 'loop' || s.kind === 'label') checkRound(s, flow, text, sizes)
    })
  }
}

/** Pure control has one continuation, so it either reaches a statement or comes back to where it began. */
function checkRound(start: Statement, flow: Flow, text: ModelText, sizes: Readonly<Record<string, number>>): void {
  const passed = new Set<Statement>()
  for (let at: Statement | 'end' = start; at !== 'end'; ) {
    if (passed.has(at))
      throw mistakeIn(
        text,
        start,
        'HMM019',
        `control can go round ${start.kind === 'label' ? `the label ${start.name}` : 'this loop'} and do nothing`,
      )
    passed.add(at)
    const isPassed: boolean = at.kind === 'forEach' && at.over.kind === 'id' && sizes[at.over.sort] === 0
    const next: Statement | 'end' | undefined = isPassed ? flow.next(at) : flow.pureControl(at)
    if (next === undefined) return
    at = next
  }
}

function checkJumps(text: ModelText): void {
  const placed = new Map<number, string>()
  visitStatements(text.body, (s) => {
    if (s.kind !== 'label') return
    const other = placed.get(s.id)
    if (other !== undefined)
      throw mistakeIn(text, s, 'HMM023', `the label ${s.name} is placed twice, the other time at ${other}`)
    placed.set(s.id, s.at)
  })
  checkBlock(text.body, new Set(), new Set())

  /** `labels`, `loops`: those of the blocks around, in the same call. */
  function checkBlock(body: readonly Statement[], labels: ReadonlySet<number>, loops: ReadonlySet<number>): void {
    const here = new Set([...labels, ...body.flatMap((s) => (s.kind === 'label' ? [s.id] : []))])
    for (const s of body) {
      if (s.kind === 'goto' && !here.has(s.id)) {
        const where = placed.get(s.id)
        throw mistakeIn(
          text,
          s,
          'HMM023',
          where === undefined
            ? `the label ${s.name} is placed nowhere`
            : `the label ${s.name} at ${where} cannot be reached from here`,
        )
      }
      if ((s.kind === 'break' || s.kind === 'continue') && !loops.has(s.loop))
        throw mistakeIn(text, s, 'HMM004', `this ${s.kind} is in no loop`)
      const inner = s.kind === 'loop' ? new Set([...loops, s.id]) : loops
      for (const block of blocksOf(s)) {
        if (s.kind === 'call') checkBlock(block.body, new Set(), new Set())
        else checkBlock(block.body, here, inner)
      }
    }
  }
}
