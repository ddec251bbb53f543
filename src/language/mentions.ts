/**
 * Parts that a model's text names and leaves: `mni.moved;` is not a statement of the model, and `pte.set` without `()`
 * sets nothing. JavaScript reports neither.
 *
 * While a body is recorded, each part of a handle and each method that is asked for is noted. A part is used if it
 * came to be in a statement, or if a part or a method of it was asked for; a method is used if it was called.
 */
import type { Expression } from './ast.ts'

/** The place where something was named, and the text; empty where places are not taken, as they are expensive. */
export interface Mention {
  readonly text: string
  /** FILE:LINE. */
  readonly at: string
}

/** The mentions of one body. */
export interface Mentions {
  readonly parts: { readonly node: Expression; readonly of: Expression; readonly mention: Mention }[]
  /** The expressions of which a part or a method was asked for. */
  readonly asked: Set<Expression>
  /** Asked for and not called, the last one last, by the node and the name. */
  readonly methods: Map<Expression, Map<string, Mention[]>>
}

export const newMentions = (): Mentions => ({ parts: [], asked: new Set(), methods: new Map() })

export function methodAsked({ asked, methods }: Mentions, node: Expression, name: string, mention: Mention): void {
  asked.add(node)
  const named = methods.get(node) ?? new Map<string, Mention[]>()
  methods.set(node, named)
  const open = named.get(name)
  if (open === undefined) named.set(name, [mention])
  else open.push(mention)
}

export function methodCalled({ methods }: Mentions, node: Expression, name: string): void {
  methods.get(node)?.get(name)?.pop()
}

/** Whether there is something that nothing used, destructured or not: what is known without places. */
export function hasUnused({ parts, asked, methods }: Mentions, used: ReadonlySet<Expression>): boolean {
  return (
    parts.some(({ node }) => !used.has(node) && !asked.has(node)) ||
    [...methods.values()].some((named) => [...named.values()].some(({ length }) => length > 0))
  )
}

/**
 * The unused mentions of a body. In `const { pte, lock } = mm.at(i)` it is enough that one is used: they are parts of
 * one handle in one line.
 */
export function unusedOf({ parts, asked, methods }: Mentions, used: ReadonlySet<Expression>): readonly Mention[] {
  const isUsed = (node: Expression): boolean => used.has(node) || asked.has(node)
  const kept = new Map<Expression, Set<string>>()
  for (const { node, of, mention } of parts)
    if (isUsed(node)) kept.set(of, (kept.get(of) ?? new Set<string>()).add(mention.at))
  // A line may be recorded often: as soon as it is of use once, it is text of the model.
  const places = new Set(parts.flatMap(({ node, mention }) => (isUsed(node) ? [`${mention.at} ${mention.text}`] : [])))
  return [
    ...parts
      .filter(
        ({ node, of, mention }) =>
          !isUsed(node) && kept.get(of)?.has(mention.at) !== true && !places.has(`${mention.at} ${mention.text}`),
      )
      .map(({ mention }) => mention),
    ...[...methods.values()].flatMap((named) => [...named.values()].flat()),
  ]
}

const all = new Map<string, Mention>()

/** Takes note of what a body named and left. */
export function left(mentions: readonly Mention[]): void {
  for (const one of mentions) all.set(`${one.at} ${one.text}`, one)
}

/** The mentions that were left in any model that was recorded in this process. */
export const leftMentions = (): readonly Mention[] => [...all.values()]
