/**
 * The transitions from a control point, each as one guard over the state before it and a list of Promela statements.
 */
import type { ConfiguredModel, Expression, Type } from '../../../src/language/ast.ts'
import { bitsOf, codesOf, internal } from '../../../src/compiler/encoding.ts'
import type { Code, Effect } from '../../../src/compiler/program.ts'
import { changes, localName, placeOf, truth, valueOf, writes, type Scope } from './expression.ts'
import { after, keyOf, standing, type Fixed, type Memory, type Write } from './store.ts'
import { and, bare, cell, isNo, isYes, not, num, yes, type Cell, type Text } from './text.ts'

/** A statement inside a transition. `target`: the cell it stores to, as text. */
export type Line =
  | { readonly kind: 'line'; readonly text: string; readonly target?: string }
  | {
      readonly kind: 'if'
      readonly condition: Text
      readonly then: readonly Line[]
      readonly otherwise: readonly Line[]
    }

export interface GuardedPath {
  readonly guard: Text
  readonly statements: readonly Line[]
  readonly written: readonly Cell[]
  /** The known values of the variables at its end. */
  readonly known: ReadonlyMap<string, number>
  readonly point: number
}

/** A path so far: its writes, over the state before; the known values; the text. */
interface Path {
  readonly guard: Text
  readonly past: readonly Write[]
  readonly known: ReadonlyMap<string, number>
  readonly statements: readonly Line[]
  readonly written: readonly Cell[]
}

const stored = (w: Write): Line => {
  const target = cell(w.name, w.index).text
  return { kind: 'line', text: `${target} = ${bare(w.value)}`, target }
}
const cellOf = (w: Write): Cell => ({
  name: w.name,
  ...(w.index?.constant === undefined ? {} : { index: w.index.constant }),
})

export function guardedPaths(
  model: ConfiguredModel,
  instance: number,
  code: Code,
  fixed: Fixed,
  start: ReadonlyMap<string, number> = new Map(),
): readonly GuardedPath[] {
  const scopeOf = (memory: Memory): Scope => ({ model, memory, bound: new Map(), instance })
  const test = (p: Path, e: Expression): Text => {
    // with a known start the state before does not matter
    return truth(e, scopeOf(p.past.length === 0 || start.size > 0 ? standing(p.known, fixed) : after(p.past, fixed)))
  }
  const perform = (p: Path, effect: Effect, condition?: Text): Path => {
    switch (effect.op) {
      case 'cover':
        return p
      case 'assert': {
        const text = truth(effect.condition, scopeOf(standing(p.known, fixed)))
        return isYes(text)
          ? p
          : { ...p, statements: [...p.statements, { kind: 'line', text: `assert(${bare(text)})` }] }
      }
      case 'test': {
        const now = truth(effect.condition, scopeOf(standing(p.known, fixed)))
        if (isYes(now)) return effect.then.reduce<Path>((q, e) => perform(q, e, condition), p)
        if (isNo(now)) return effect.otherwise.reduce<Path>((q, e) => perform(q, e, condition), p)
        const then = test(p, effect.condition)
        const side = (list: readonly Effect[], outcome: Text): Path =>
          list.reduce<Path>((q, e) => perform(q, e, condition === undefined ? outcome : and(condition, outcome)), {
            ...p,
            statements: [],
            written: [],
          })
        const a = side(effect.then, then),
          b = side(effect.otherwise, not(then))
        if (a.statements.length + b.statements.length === 0) return p
        const forgotten = new Map(p.known)
        for (const w of [...a.written, ...b.written]) forget(forgotten, w)
        return {
          ...p,
          known: forgotten,
          // each side was put behind the same past
          past: [...a.past, ...b.past.slice(p.past.length)],
          statements: [
            ...p.statements,
            a.statements.length === 0
              ? { kind: 'if', condition: not(now), then: b.statements, otherwise: [] }
              : { kind: 'if', condition: now, then: a.statements, otherwise: b.statements },
          ],
          written: [...p.written, ...a.written, ...b.written],
        }
      }
      case 'arm':
        return p
      default: {
        const list = (scope: Scope): readonly Write[] =>
          effect.op === 'assign'
            ? writes(placeOf(effect.target, scope), valueOf(effect.value, scope), scope)
            : changes(effect.op, effect.target, effect.op === 'pop' ? undefined : effect.value, scope)
        const printed = list(scopeOf(standing(p.known, fixed))).filter(
          (w) => !fixed.has(w.name) && w.value.text !== cell(w.name, w.index).text,
        )
        printed.forEach((w, i) => {
          if (printed.slice(0, i).some((x) => w.value.reads.some((r) => r.name === x.name)))
            internal('an assignment whose parts read each other')
        })
        const known = new Map(p.known)
        for (const w of printed) {
          const c = cellOf(w)
          forget(known, c)
          if (w.value.constant !== undefined && (w.index === undefined || w.index.constant !== undefined))
            known.set(keyOf(c), w.value.constant)
        }
        const past =
          start.size > 0
            ? []
            : list(scopeOf(after(p.past, fixed))).map((w) => (condition === undefined ? w : { ...w, condition }))
        return {
          ...p,
          known,
          past: [...p.past, ...past],
          statements: [...p.statements, ...printed.map((w) => stored(w))],
          written: [...p.written, ...printed.map(cellOf)],
        }
      }
    }
  }
  const forget = (known: Map<string, number>, c: Cell): void => {
    if (c.index !== undefined || known.has(c.name)) known.delete(keyOf(c))
    else for (const k of [...known.keys()]) if (k.startsWith(`${c.name}[`)) known.delete(k)
  }
  const store = (p: Path, id: number, type: Type, code: number): Path => {
    const { name } = localName(model, instance, id)
    if (bitsOf(type, model.sizes) === 0) return p
    return {
      ...p,
      known: new Map(p.known).set(name, code),
      past: [...p.past, { name, value: num(code) }],
      statements: [...p.statements, stored({ name, value: num(code) })],
      written: [...p.written, { name }],
    }
  }
  const guarded = (p: Path, t: Text): readonly Path[] => (isNo(t) ? [] : [{ ...p, guard: and(p.guard, t) }])
  const go = (c: Code, p: Path): readonly GuardedPath[] => {
    switch (c.op) {
      case 'goto':
        return [{ guard: p.guard, statements: p.statements, written: p.written, known: p.known, point: c.point }]
      case 'block':
        return go(c.next, p)
      case 'effect':
        return go(c.next, perform(p, c.effect))
      case 'guard':
        return guarded(p, test(p, c.condition)).flatMap((q) => go(c.next, q))
      case 'branch': {
        const t = test(p, c.condition)
        return [
          ...guarded(p, t).flatMap((q) => go(c.then, q)),
          ...guarded(p, not(t)).flatMap((q) => go(c.otherwise, q)),
        ]
      }
      case 'either':
        return c.branches.flatMap((b) => go(b, p))
      case 'choose': {
        const { type } = localName(model, instance, c.local)
        return codesOf(type, model.sizes).flatMap((v) => {
          const chosen = store(p, c.local, type, Number(v))
          return c.where === undefined
            ? go(c.next, chosen)
            : guarded(chosen, test(chosen, c.where)).flatMap((q) => go(c.next, q))
        })
      }
      case 'pick': {
        const remaining = localName(model, instance, c.remaining)
        const bits = bitsOf(remaining.type, model.sizes)
        const memory = p.past.length === 0 ? standing(p.known, fixed) : after(p.past, fixed)
        const set = memory.read(remaining, bits)
        return codesOf(c.over, model.sizes).flatMap((v) => {
          const mask = 2 ** Number(v)
          const there =
            set.constant === undefined
              ? { text: `((${set.text} & ${mask}) != 0)`, reads: set.reads }
              : num(Number((set.constant & mask) !== 0))
          return guarded(p, there).flatMap((q) => {
            const taken = store(q, c.local, c.over, Number(v))
            const left: Effect = {
              op: 'remove',
              target: { kind: 'local', id: c.remaining },
              value: { kind: 'local', id: c.local },
            }
            return go(c.next, perform(taken, left))
          })
        })
      }
    }
  }
  return go(code, { guard: yes, past: [], known: start, statements: [], written: [] })
}
