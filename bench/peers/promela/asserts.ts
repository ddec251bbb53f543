/** Invariants and properties of transitions as asserts at the end of the transitions that write what they read. */
import type { ConfiguredModel, Expression } from '../../../src/language/ast.ts'
import { bitsOf, codesOf } from '../../../src/compiler/encoding.ts'
import { codeOf, truth, valueOf, type Scope, type Value } from './expression.ts'
import { standing, type Fixed } from './store.ts'
import { bare, meets, type Cell, type Text } from './text.ts'

/** One conjunct of a property: asserted where something is written that it reads. */
interface Claim {
  readonly text: Text
  readonly before: readonly Before[]
}
/** A value of the state before, kept in a variable that is not part of the state. */
interface Before {
  readonly name: string
  readonly value: Text
}

export interface Asserts {
  /** Statements before the writes of a transition, and after them. */
  around(written: readonly Cell[]): { readonly first: readonly string[]; readonly last: readonly string[] }
  /** Asserted of the initial states. */
  readonly initial: readonly string[]
  readonly hidden: readonly { readonly name: string; readonly bits: number }[]
}

export function assertsOf(model: ConfiguredModel, fixed: Fixed): Asserts {
  const hidden: { readonly name: string; readonly bits: number }[] = []
  const keep = new Map<string, Before>()
  const claimsOf = (condition: Expression): readonly Claim[] => {
    const memory = standing(new Map(), fixed)
    const used: Before[] = []
    const scope: Scope = {
      model,
      memory,
      bound: new Map(),
      before: (of, bound) => {
        const inner: Scope = { model, memory, bound }
        const value = valueOf(of, inner)
        const text = codeOf(value, inner)
        const b = keep.get(text.text) ?? { name: `before_${keep.size}`, value: text }
        if (!keep.has(text.text)) {
          keep.set(text.text, b)
          hidden.push({ name: b.name, bits: Math.max(2, bitsOf(value.type, model.sizes)) })
        }
        used.push(b)
        return { type: value.type, form: 'code', code: { text: b.name, reads: text.reads } }
      },
    }
    const all = (e: Expression, bound: ReadonlyMap<number, Value>): readonly Claim[] => {
      if (e.kind === 'binary' && e.operator === 'and') return [...all(e.left, bound), ...all(e.right, bound)]
      if (e.kind === 'quantified' && e.quantifier === 'every')
        return codesOf(e.over, model.sizes).flatMap((c) =>
          all(
            e.body,
            new Map(bound).set(e.bound, {
              type: e.over,
              form: 'code',
              code: { text: String(c), constant: Number(c), reads: [] },
            }),
          ),
        )
      // a or (every x: b) is every x: a or b
      if (e.kind === 'binary' && e.operator === 'or') {
        const { left, right } = e
        if (right.kind === 'quantified' && right.quantifier === 'every')
          return all({ ...right, body: { kind: 'binary', operator: 'or', left, right: right.body } }, bound)
        if (right.kind === 'binary' && right.operator === 'and')
          return [...all({ ...e, right: right.left }, bound), ...all({ ...e, right: right.right }, bound)]
      }
      used.length = 0
      const text = truth(e, { ...scope, bound })
      return text.constant === 1 ? [] : [{ text, before: [...used] }]
    }
    return all(condition, new Map())
  }
  const invariants = model.properties.flatMap((p) =>
    p.kind === 'invariant' && p.condition !== undefined ? claimsOf(p.condition) : [],
  )
  const transitions = model.properties.flatMap((p) =>
    p.kind === 'transition' && p.condition !== undefined ? claimsOf(p.condition) : [],
  )
  return {
    hidden,
    initial: invariants.map((c) => `assert(${bare(c.text)})`),
    around: (written) => {
      const hit = [...invariants, ...transitions].filter((c) =>
        c.text.reads.some((r) => written.some((w) => meets(r, w))),
      )
      const kept = new Map(hit.flatMap((c) => c.before).map((b) => [b.name, b.value]))
      return {
        first: [...kept].map(([name, value]) => `${name} = ${bare(value)}`),
        last: [...hit.map((c) => `assert(${bare(c.text)})`), ...[...kept.keys()].map((name) => `${name} = 0`)],
      }
    },
  }
}
