/**
 * The limit of nesting in a text: everything that walks a model goes a level deeper with each expression in an
 * expression, and each block in a block.
 */
import type { Expression, Property, Statement } from './ast.ts'
import { modelError } from './errors.ts'
import { blocksOf, expressionsOf, parts } from './walk.ts'

/** Levels of expressions in expressions. */
export const expressionDepth = 500
/** Parts of an expression; one that stands in several places counts for each of them. */
export const expressionSize = 50_000
/** Levels of blocks in blocks: of an If, a loop, a step, a call. */
export const blockDepth = 200

/** @throws ModelError HMM041 where a text goes deeper */
export function checkDepth(
  bodies: readonly { readonly body: readonly Statement[] }[],
  properties: readonly Property[],
  at: string,
): void {
  for (const { body } of bodies) checkBlocks(body)
  for (const { name, condition } of properties)
    if (condition !== undefined) checkExpression(condition, `the condition of ${name}`, at)
}

/** Without recursion: the text may be deeper than any stack. */
function checkBlocks(body: readonly Statement[]): void {
  const open: { readonly statement: Statement; readonly depth: number }[] = body.map((statement) => ({
    statement,
    depth: 1,
  }))
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { statement, depth } = one
    if (depth > blockDepth) throw modelError('HMM041', `blocks are nested more than ${blockDepth} deep`, statement.at)
    for (const e of expressionsOf(statement)) checkExpression(e, 'an expression', statement.at)
    for (const { body: inner } of blocksOf(statement))
      for (const next of inner) open.push({ statement: next, depth: depth + 1 })
  }
}

const sizes = new WeakMap<Expression, number>()

/** The number of parts of an expression that is not too deep. A part counts once per place, but is looked at once. */
function partsIn(e: Expression): number {
  const size = sizes.get(e) ?? parts(e).reduce((sum, part) => sum + partsIn(part), 1)
  sizes.set(e, size)
  return size
}

/** @throws ModelError HMM041 where it goes deeper, or has more parts, than anything could walk */
export function checkExpression(e: Expression, what: string, at: string): void {
  const seen = new Map<Expression, number>()
  const open: { readonly part: Expression; readonly depth: number }[] = [{ part: e, depth: 1 }]
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { part, depth } = one
    if (depth > expressionDepth) throw modelError('HMM041', `${what} is nested more than ${expressionDepth} deep`, at)
    if ((seen.get(part) ?? 0) >= depth) continue
    seen.set(part, depth)
    for (const inner of parts(part)) open.push({ part: inner, depth: depth + 1 })
  }
  const size = partsIn(e)
  if (size > expressionSize) {
    throw modelError('HMM041', `${what} has ${size.toLocaleString('en-US')} parts; ${expressionSize} is the most`, at)
  }
}

/** Whether an error is that of a text too deep for the stack, before the text could be looked at. */
export const isOverflow = (error: unknown): boolean => error instanceof RangeError && /call stack/i.test(error.message)
