/**
 * Whether code can wait on what was chosen before it, or changes what is shared by it. A `choose` is done together
 * with what follows only if it can't: else the possible would be chosen, and a thread that has chosen what never
 * becomes possible would not be seen to hang.
 */
import type { Expression, Place } from '../language/ast.ts'
import { contains, indicesOf, rootOf } from '../language/walk.ts'
import type { Code, Effect } from './program.ts'

/** Things that depend on the choice: places by their roots, and whether the path here was taken because of it. */
interface Influence {
  readonly roots: ReadonlySet<string>
  readonly path: boolean
}

const rootName = (e: Expression): string => {
  const root = rootOf(e)
  return root.kind === 'local' ? `local ${root.id}` : root.kind === 'shared' ? root.name : ''
}
const isMade = ({ roots }: Influence, e: Expression): boolean =>
  contains(e, (part) => (part.kind === 'local' || part.kind === 'shared') && roots.has(rootName(part)))
const touches = (now: Influence, e: Expression): boolean => now.path || isMade(now, e)

/** The influence where two paths meet. */
const either = (a: Influence, b: Influence): Influence => ({
  roots: new Set([...a.roots, ...b.roots]),
  path: a.path || b.path,
})

/** @param local what was chosen */
export function seesChoice(code: Code, local: number): boolean {
  const met = new Map<Code, Influence>()
  const go = (c: Code, now: Influence): boolean => {
    const old = met.get(c)
    if (old !== undefined && (old.path || !now.path) && [...now.roots].every((root) => old.roots.has(root)))
      return false
    const all = old === undefined ? now : either(old, now)
    met.set(c, all)
    switch (c.op) {
      case 'goto':
        return false
      case 'effect':
        return entersShared(c.effect, all) || go(c.next, after(c.effect, all))
      case 'guard':
        return (
          touches(all, c.condition) ||
          (c.blockers !== undefined && touches(all, c.blockers.condition)) ||
          go(c.next, all)
        )
      case 'branch': {
        const behind = { ...all, path: touches(all, c.condition) }
        return go(c.then, behind) || go(c.otherwise, behind)
      }
      case 'either':
        return c.branches.some((b) => go(b, all))
      case 'choose':
        return (c.where !== undefined && touches(all, c.where)) || go(c.next, all)
      case 'pick':
      case 'block':
        return go(c.next, all)
    }
  }
  return go(code, { roots: new Set([`local ${local}`]), path: false })
}

/** Whether the effect stores in shared state the value chosen, or something made of it, or has that in an index. */
function entersShared(effect: Effect, now: Influence): boolean {
  const shared = (target: Place, ...made: readonly Expression[]): boolean =>
    rootOf(target).kind === 'shared' && [...indicesOf(target), ...made].some((e) => isMade(now, e))
  switch (effect.op) {
    case 'assert':
    case 'cover':
    case 'arm':
      return false
    case 'pop':
      return shared(effect.target)
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return shared(effect.target, effect.value)
    case 'test': {
      const behind: Influence = { ...now, path: touches(now, effect.condition) }
      return [effect.then, effect.otherwise].some((list) => oneEntersShared(list, behind))
    }
  }
}

/** Whether one of these effects, done one after the other, does. */
function oneEntersShared(list: readonly Effect[], begin: Influence): boolean {
  let now = begin
  return list.some((one) => {
    const enters = entersShared(one, now)
    now = after(one, now)
    return enters
  })
}

function after(effect: Effect, before: Influence): Influence {
  const change = (target: Place, ...made: readonly Expression[]): Influence =>
    [target, ...made].some((e) => touches(before, e))
      ? { ...before, roots: new Set([...before.roots, rootName(target)]) }
      : before
  switch (effect.op) {
    case 'assert':
    case 'cover':
    case 'arm':
      return before
    case 'pop':
      return change(effect.target)
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'discard':
      return change(effect.target, effect.value)
    case 'test': {
      const behind: Influence = { ...before, path: touches(before, effect.condition) }
      const through = (list: readonly Effect[]): Influence => list.reduce((now, e) => after(e, now), behind)
      return either(through(effect.then), through(effect.otherwise))
    }
  }
}
