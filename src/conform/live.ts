/**
 * The locals that can still matter where a thread stands: those that it may read before it sets them again. Two states
 * that differ in others are the same to all that comes. Found by the usual analysis of liveness, from the end of each
 * way back to its beginning.
 */
import type { Expression } from '../language/ast.ts'
import { armsOf, expressionsOf, shownValues, visit } from '../language/walk.ts'
import { enter, type Site, type Target, type ThreadText } from '../semantics/control.ts'

/** @returns the locals that matter at a point */
export function liveIn(text: ThreadText): (point: string) => readonly number[] {
  const nodes = nodesOf(text)
  const before = waysInto(nodes)
  const live = new Map<string, number[]>([...nodes.keys()].map((path) => [path, []]))
  for (const [local, reads] of readersIn(nodes)) {
    const seen = new Set<string>()
    /** It matters behind this statement. */
    const todo: string[] = []
    const matters = (path: string): void => {
      if (seen.has(path)) return
      seen.add(path)
      live.get(path)?.push(local)
      for (const { from, binds } of before.get(path) ?? []) if (!binds.includes(local)) todo.push(from)
    }
    for (const path of reads.first) matters(path)
    todo.push(...reads.last)
    for (let path = todo.pop(); path !== undefined; path = todo.pop())
      if (nodes.get(path)?.sets.includes(local) !== true) matters(path)
  }
  return (point) => live.get(point) ?? []
}

/** By the statement that it leads to. */
function waysInto(nodes: Nodes): ReadonlyMap<string, readonly { readonly from: string; readonly binds: Locals }[]> {
  const ways = new Map<string, { readonly from: string; readonly binds: Locals }[]>()
  for (const [from, { exits }] of nodes)
    for (const { to, binds } of exits) {
      const known = ways.get(to)
      if (known === undefined) ways.set(to, [{ from, binds }])
      else known.push({ from, binds })
    }
  return ways
}

/** Statements that read a local: at first, or, where it is shown, behind their own work. */
interface Readers {
  readonly first: string[]
  readonly last: string[]
}

function readersIn(nodes: Nodes): ReadonlyMap<number, Readers> {
  const readers = new Map<number, Readers>()
  const of = (local: number): Readers => {
    const known = readers.get(local) ?? { first: [], last: [] }
    readers.set(local, known)
    return known
  }
  for (const [path, { reads, exits }] of nodes) {
    for (const local of reads) of(local).first.push(path)
    for (const { leaves } of exits)
      if (leaves !== undefined) for (const local of nodes.get(leaves)?.shows ?? []) of(local).last.push(path)
  }
  return readers
}

type Locals = readonly number[]
type Nodes = ReadonlyMap<string, Node>

/** A statement: the locals that it reads, those that it sets as a whole behind that, and where control goes on. */
interface Node {
  readonly reads: Locals
  readonly sets: Locals
  /** What a step shows is read where it ends. */
  readonly shows: Locals
  readonly exits: readonly Exit[]
}

/** A way on from a statement: out of which step it leads, and the locals that are set on it. */
interface Exit {
  readonly to: string
  readonly leaves: string | undefined
  readonly binds: Locals
}

function nodesOf(text: ThreadText): Nodes {
  const insideOf = (target: Target): string | undefined =>
    target === 'end' ? undefined : text.sites.get(target.path)?.inside
  return new Map(
    [...text.sites].map(([path, site]): [string, Node] => {
      const { statement } = site
      const own = statement.kind === 'step' || (statement.kind === 'call' && statement.atomic) ? path : undefined
      const step = site.inside ?? own
      const exits = exitsOf(text, site).map(
        ({ target, binds }): Exit => ({
          to: target === 'end' ? target : target.path,
          leaves: step !== undefined && insideOf(target) !== step ? step : undefined,
          binds,
        }),
      )
      return [path, { ...mentionsOf(site), shows: shownValues(statement).flatMap(localsOf), exits }]
    }),
  )
}

/** Where control can be behind a statement, and what is set on the way there. */
function exitsOf(
  text: ThreadText,
  { statement, next }: Site,
): readonly { readonly target: Target; readonly binds: Locals }[] {
  const on = { target: next, binds: [] }
  const hop = text.hops.get(statement.path)
  if (hop !== undefined) return [{ target: hop, binds: [] }]
  switch (statement.kind) {
    case 'if':
    case 'match': {
      const arms = armsOf(statement).map(({ binds, body }) => ({
        target: enter(body, next),
        binds: binds.map(({ local }) => local),
      }))
      return statement.kind === 'match' ? [...arms, on] : arms
    }
    case 'either':
      return statement.branches.map((body) => ({ target: enter(body, next), binds: [] }))
    case 'forEach':
      return [{ target: enter(statement.body, next), binds: [statement.local] }, on]
    case 'step':
    case 'call':
      return [{ target: enter(statement.body, next), binds: [] }]
    default:
      return [on]
  }
}

const localsOf = (e: Expression): Locals => {
  const found: number[] = []
  visit(e, (part) => {
    if (part.kind === 'local') found.push(part.id)
  })
  return found
}

/** What a statement itself reads, and what it sets as a whole. */
function mentionsOf({ statement: s, inside }: Site): Pick<Node, 'reads' | 'sets'> {
  if (s.kind === 'reset') return { reads: [], sets: s.locals }
  if (s.kind === 'choose')
    return {
      reads: expressionsOf(s)
        .flatMap(localsOf)
        .filter((local) => local !== s.local),
      sets: [s.local],
    }
  if (s.kind === 'assign' && s.target.kind === 'local') return { reads: localsOf(s.value), sets: [s.target.id] }
  // in a step, what a loop has still to do is no local
  const remaining = s.kind === 'forEach' && inside === undefined ? [s.remaining] : []
  return { reads: [...expressionsOf(s).flatMap(localsOf), ...remaining], sets: [] }
}
