/** Ids that are said to be held: an assertion stands before each later use, that what they name is still allocated. */
import type { Expression, Lifetime, LocalDeclaration, Model, Statement, Type } from './ast.ts'
import type { Body } from './carried-ids.ts'
import { oldUses } from './old-uses.ts'
import { mapParts, mapStatement } from './walk.ts'

/** The model with an assertion before each later use of what is `held`: that it is still allocated. */
export function assertHeld(model: Model): Model {
  const lifetimes = model.lifetimes ?? []
  const asserted = <T extends Omit<Body, 'inStep'>>(text: T, inStep: boolean): T => {
    if (text.locals.every(({ held }) => held === undefined)) return text
    const before = new Map<string, readonly Statement[]>()
    for (const lifetime of lifetimes)
      for (const { statement: s, local } of oldUses(model, { ...text, inStep }, lifetime)) {
        const others = before.get(s.path) ?? []
        const path = `${s.path}.held-${local.id}`
        // A statement may be met twice: what is in a loop.
        if (others.some((other) => other.path.startsWith(path))) continue
        const message = `use after free: ${local.name}, said to be held by ${local.held ?? ''}`
        const asserts = heldClaims(local, lifetime).map(
          (condition, n): Statement => ({
            kind: 'assert',
            property: `misuse: ${message}`,
            message,
            condition,
            always: true,
            path: n === 0 ? path : `${path}.${n}`,
            at: s.at,
            // It stands where the use stands.
            ...(s.source === undefined ? {} : { source: s.source }),
          }),
        )
        before.set(s.path, [...others, ...asserts])
      }
    const change = (body: readonly Statement[]): readonly Statement[] =>
      body.flatMap((s) => [...(before.get(s.path) ?? []), mapStatement(s, { block: change })])
    return { ...text, body: change(text.body) }
  }
  return {
    ...model,
    threads: model.threads.map((thread) => asserted(thread, false)),
    ...(model.initially === undefined ? {} : { initially: asserted(model.initially, true) }),
  }
}

/** That all that a value names is allocated, as far as its type has a fixed number of ids. */
function claimOf(e: Expression, type: Type, lifetime: Lifetime): readonly Expression[] {
  const { sort, bound, allocated } = lifetime
  const when = (condition: Expression, of: Expression, inner: Type): readonly Expression[] =>
    claimOf(of, inner, lifetime).map((claim) => ({
      kind: 'binary',
      operator: 'or',
      left: { kind: 'not', of: condition },
      right: claim,
    }))
  switch (type.kind) {
    case 'id':
      return type.sort === sort ? [put(allocated, bound, e)] : []
    case 'optional':
      return when({ kind: 'isSome', of: e }, { kind: 'value', of: e }, type.of)
    case 'record':
      return Object.entries(type.fields).flatMap(([name, field]) =>
        claimOf({ kind: 'field', of: e, name }, field, lifetime),
      )
    case 'union':
      return Object.entries(type.cases).flatMap(([tag, fields]) =>
        Object.entries(fields).flatMap(([name, field]) =>
          when({ kind: 'isCase', of: e, tag }, { kind: 'payload', of: e, tag, name }, field),
        ),
      )
    case 'bool':
    case 'int':
    case 'enum':
    case 'set':
    case 'array':
    case 'queue':
      return []
  }
}

/** The assertions about a local that is held; none where its type has more ids than can be named. */
export const heldClaims = (local: LocalDeclaration, lifetime: Lifetime): readonly Expression[] =>
  local.held === undefined ? [] : claimOf({ kind: 'local', id: local.id }, local.type, lifetime)

/** The expression with an element in the place of a bound variable. */
const put = (e: Expression, bound: number, element: Expression): Expression =>
  e.kind === 'bound' && e.id === bound ? element : mapParts(e, (part) => put(part, bound, element))
