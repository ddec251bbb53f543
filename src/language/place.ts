/**
 * Gives every statement its path, and numbers locals, loops, labels and bound variables from 0: a model says the same
 * however it was built.
 */
import type { Arm, Expression, Lifetime, LocalDeclaration, Statement } from './ast.ts'
import { expressionsOf, mapParts, mapStatement, shownValues, visit, visitStatements } from './walk.ts'

/** New numbers for old ones, in the order in which they are first asked for. */
function numbering(): (old: number) => number {
  const numbers = new Map<number, number>()
  return (old) => {
    const known = numbers.get(old)
    if (known !== undefined) return known
    numbers.set(old, numbers.size)
    return numbers.size - 1
  }
}

interface Numbers {
  readonly local: (id: number) => number
  readonly bound: (id: number) => number
}

function renumber(e: Expression, numbers: Numbers): Expression {
  const change = (part: Expression): Expression => renumber(part, numbers)
  switch (e.kind) {
    case 'local':
      return { kind: 'local', id: numbers.local(e.id) }
    case 'bound':
      return { kind: 'bound', id: numbers.bound(e.id) }
    // The binder first: ids ascend from the outside in.
    case 'quantified':
      return mapParts({ ...e, bound: numbers.bound(e.bound) }, change)
    case 'elements':
      return mapParts({ ...e, bound: numbers.bound(e.bound) }, change)
    default:
      return mapParts(e, change)
  }
}

/** The condition of a property, with its bound variables numbered. */
export const placeExpression = (e: Expression): Expression => renumber(e, { local: (id) => id, bound: numbering() })

/** When an element of a sort is allocated, with its bound variables numbered. */
export function placeLifetime({ sort, bound, allocated }: Lifetime): Lifetime {
  const numbers: Numbers = { local: (id) => id, bound: numbering() }
  return { sort, bound: numbers.bound(bound), allocated: renumber(allocated, numbers) }
}

/** The text of a thread or of `initially`, in its final form. */
export function placeBody(recorded: {
  readonly locals: readonly LocalDeclaration[]
  readonly body: readonly Statement[]
}): typeof recorded {
  const mentioned = localsOf(recorded.body)
  const locals = recorded.locals.filter(({ id }) => mentioned.has(id))
  const local = numbering()
  for (const { id } of locals) local(id)
  const numbers: Numbers = { local, bound: numbering() }
  const label = numbering()
  const loop = numbering()

  const expression = (e: Expression): Expression => renumber(e, numbers)
  const arm = (a: Arm): Arm => ({ ...a, binds: a.binds.map((bind) => ({ ...bind, local: local(bind.local) })) })
  const own = (s: Statement): Statement => {
    switch (s.kind) {
      case 'loop':
        return { ...s, id: loop(s.id) }
      case 'break':
      case 'continue':
        return { ...s, loop: loop(s.loop) }
      case 'label':
      case 'goto':
        return { ...s, id: label(s.id) }
      case 'choose':
        return { ...s, local: local(s.local) }
      case 'call': {
        const { returns, ...rest } = s
        return returns === undefined || !mentioned.has(returns) ? rest : { ...rest, returns: local(returns) }
      }
      case 'forEach':
        return { ...s, local: local(s.local), remaining: local(s.remaining) }
      case 'await':
        return s.blockers === undefined
          ? s
          : { ...s, blockers: { ...s.blockers, bound: numbers.bound(s.blockers.bound) } }
      case 'if':
        return { ...s, then: arm(s.then), otherwise: arm(s.otherwise) }
      case 'match':
        return {
          ...s,
          arms: Object.fromEntries(Object.entries(s.arms).map(([tag, a]) => [tag, arm(a)])),
          ...(s.otherwise === undefined ? {} : { otherwise: arm(s.otherwise) }),
        }
      default:
        return s
    }
  }
  const place = (body: readonly Statement[], prefix: string): readonly Statement[] =>
    body.map((s, index) => {
      const path = `${prefix}${index}${s.kind === 'call' ? `:${s.procedure}` : ''}`
      return mapStatement(
        { ...own(s), path },
        { expression, block: (inner, suffix) => place(inner, `${path}${suffix}/`) },
      )
    })
  return { locals: locals.map((l) => ({ ...l, id: local(l.id) })), body: place(recorded.body, '') }
}

/** The locals that statements mention, read, written or bound. */
function localsOf(body: readonly Statement[]): ReadonlySet<number> {
  const found = new Set<number>()
  visitStatements(body, (s) => {
    if (s.kind === 'choose') found.add(s.local)
    if (s.kind === 'forEach') found.add(s.local).add(s.remaining)
    if (s.kind === 'if') for (const { local } of [...s.then.binds, ...s.otherwise.binds]) found.add(local)
    if (s.kind === 'match')
      for (const { binds } of [...Object.values(s.arms), ...(s.otherwise === undefined ? [] : [s.otherwise])])
        for (const { local } of binds) found.add(local)
    for (const e of [...expressionsOf(s), ...shownValues(s)])
      visit(e, (part) => {
        if (part.kind === 'local') found.add(part.id)
      })
  })
  return found
}
