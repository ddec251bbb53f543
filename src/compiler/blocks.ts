/**
 * Code that several paths reach: it is written once if a copy for each would be too much, so that code grows with the
 * text.
 *
 * The lowering makes a graph: the code behind a branch is one object, whichever path leads to it. Small parts of it are
 * copied for each path that leads there, which is the fastest code: the copy knows what its path has tested and chosen.
 * A large part becomes a block, in which all paths go on.
 */
import { codeBehind, mapBehind, type Code, type CodeOf, type Effect, type Program } from './program.ts'
import { variablesWritten } from './reads.ts'

/** The most nodes of copies, not counting the first. */
const copiesLimit = 300

/** Number of times that the code behind a choice is written: once for each value, or once for all. */
type Copies = (choice: CodeOf<'choose' | 'pick'>) => number

/**
 * The program with what is too much to be copied in blocks.
 *
 * @param limit nodes that may be written again
 */
export function withBlocks(program: Program, copies: Copies, limit: number = copiesLimit): Program {
  const shared = tooMuchToCopy(
    program.points.flatMap(({ code }) => code ?? []),
    copies,
    limit,
  )
  if (shared.size === 0) return program
  const blocks = new Map<Code, Code>()
  const written = (c: Code): Code => {
    if (!shared.has(c)) return mapBehind(c, written)
    const known = blocks.get(c)
    if (known !== undefined) return known
    const block: Code = { op: 'block', next: mapBehind(c, written) }
    blocks.set(c, block)
    return block
  }
  return {
    ...program,
    points: program.points.map((point) => ({
      ...point,
      code: point.code === undefined ? undefined : written(point.code),
    })),
  }
}

/** The nodes whose copies, not counting the first, would exceed the limit. */
function tooMuchToCopy(roots: readonly Code[], copies: Copies, limit: number): ReadonlySet<Code> {
  const times = (c: Code): number => (c.op === 'choose' || c.op === 'pick' ? copies(c) : 1)
  // each node after all that it leads to
  const order: Code[] = []
  /** Number of paths that lead to each node. */
  const paths = new Map<Code, number>()
  const visit = (c: Code): void => {
    if (paths.has(c)) return
    paths.set(c, 0)
    const behind = codeBehind(c)
    behind.forEach(visit)
    for (const next of behind) paths.set(next, (paths.get(next) ?? 0) + times(c))
    order.push(c)
  }
  roots.forEach(visit)
  for (const root of roots) paths.set(root, (paths.get(root) ?? 0) + 1)

  const sizes = new Map<Code, number>()
  const shared = new Set<Code>()
  for (const c of order) {
    const size = codeBehind(c).reduce(
      (sum, next) => sum + times(c) * (shared.has(next) ? 1 : (sizes.get(next) ?? 1)),
      1,
    )
    sizes.set(c, size)
    if (c.op !== 'goto' && ((paths.get(c) ?? 0) - 1) * size > limit) shared.add(c)
  }
  return shared
}

export type CodeBlock = CodeOf<'block'>

/** Writes and `cover`s that may have been done before control reaches a block, on some path. */
export interface BeforeBlock {
  readonly written: ReadonlySet<string>
  readonly covers: ReadonlySet<string>
}

const coversIn = (effect: Effect): readonly string[] =>
  effect.op === 'cover'
    ? [effect.property]
    : effect.op === 'test'
      ? [...effect.then, ...effect.otherwise].flatMap(coversIn)
      : []

/** By block: what may have been done before, from these pieces of code on. */
export function beforeBlocks(roots: readonly Code[]): ReadonlyMap<CodeBlock, BeforeBlock> {
  const known = new Map<CodeBlock, BeforeBlock>()
  const both = (a: BeforeBlock, b: BeforeBlock): BeforeBlock => ({
    written: new Set([...a.written, ...b.written]),
    covers: new Set([...a.covers, ...b.covers]),
  })
  const go = (c: Code, before: BeforeBlock): void => {
    if (c.op === 'effect') {
      go(c.next, both(before, { written: new Set(variablesWritten(c.effect)), covers: new Set(coversIn(c.effect)) }))
      return
    }
    if (c.op !== 'block') {
      for (const part of codeBehind(c)) go(part, before)
      return
    }
    const old = known.get(c),
      all = old === undefined ? before : both(old, before)
    if (old?.written.size === all.written.size && old.covers.size === all.covers.size) return
    known.set(c, all)
    go(c.next, all)
  }
  for (const code of roots) go(code, { written: new Set(), covers: new Set() })
  return known
}
