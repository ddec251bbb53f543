/**
 * The locals that can still matter where a thread stands. Two states that differ in others are the same to all that
 * comes: a local matters inside the smallest block that has all its mentions, and outside too unless its first mention
 * there, in the order of the text, sets it.
 */
import type { Statement } from '../language/ast.ts'
import { armsOf, expressionsOf, shownValues, visit, visitStatements } from '../language/walk.ts'

interface Mentions {
  /** The path of the smallest block with all of them. */
  block: string
  /** Whether the first one sets it as a whole. */
  readonly isSet: boolean
}

/** @returns the locals that matter at a point. The answers are remembered. */
export function liveIn(body: readonly Statement[]): (point: string) => readonly number[] {
  const found = new Map<number, Mentions>()
  visitStatements(body, (s) => {
    for (const { local, isSet } of mentionsOf(s)) {
      const known = found.get(local)
      if (known === undefined) found.set(local, { block: blockOf(s.path), isSet })
      else known.block = common(known.block, s.path)
    }
  })
  const known = new Map<string, readonly number[]>()
  return (point) => {
    const live =
      known.get(point) ??
      [...found].flatMap(([local, { block, isSet }]) => (!isSet || point.startsWith(block) ? [local] : []))
    known.set(point, live)
    return live
  }
}

/** The locals that a statement mentions: those that it reads first. */
function mentionsOf(s: Statement): readonly { readonly local: number; readonly isSet: boolean }[] {
  const read: number[] = []
  const set: number[] = []
  for (const e of [...expressionsOf(s), ...shownValues(s)])
    if (!(s.kind === 'assign' && e === s.target && s.target.kind === 'local'))
      visit(e, (part) => {
        if (part.kind === 'local') read.push(part.id)
      })
  if (s.kind === 'assign' && s.target.kind === 'local') set.push(s.target.id)
  if (s.kind === 'choose') set.push(s.local)
  if (s.kind === 'forEach') set.push(s.local, s.remaining)
  if (s.kind === 'if' || s.kind === 'match')
    for (const { binds } of armsOf(s)) for (const { local } of binds) set.push(local)
  const isChosen = (local: number): boolean => s.kind === 'choose' && s.local === local
  return [
    ...read.filter((local) => !isChosen(local)).map((local) => ({ local, isSet: false })),
    ...set.map((local) => ({ local, isSet: true })),
  ]
}

const blockOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** The longest beginning of both that ends a block. */
function common(block: string, path: string): string {
  let end = 0
  for (let n = 0; n < block.length && block[n] === path[n]; n += 1) if (block[n] === '/') end = n + 1
  return block.slice(0, end)
}
