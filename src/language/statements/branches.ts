/**
 * Branches. A branch that binds a value copies it in the transition of the test, so that it cannot change under the
 * block.
 */
import type { Arm, Expression } from '../ast.ts'
import { conditionOf, handleOf, mustBeFunction } from '../given.ts'
import { payload, type Payload } from '../expressions.ts'
import {
  amend,
  append,
  block,
  newLocal,
  recordStatement,
  recorded,
  type Block,
  type Nothing,
  type Recorded,
} from '../recorder.ts'
import type { Bool } from '../types/bool.ts'
import type { Optional } from '../types/optional.ts'
import type { AnyType, Fields, ValueOf } from '../types/type.ts'
import type { Cases, Union } from '../types/union.ts'

const arm = (write: Block): Arm => ({ binds: [], body: block(write) })
const nothing: Arm = { binds: [], body: [] }

/** The result of an If: `.Else` must follow at once. */
export interface Else extends Recorded {
  Else(otherwise: Block): Recorded
}

function conditional(condition: Expression, then: Arm): Else {
  const made = append({ kind: 'if', condition, then, otherwise: nothing })
  return {
    ...recorded,
    Else: (write) => {
      mustBeFunction(write, 'Else', 1)
      return amend(made, { ...made, otherwise: arm(write) })
    },
  }
}

/** A test. One transition if the condition reads shared state; else it goes with the statement that follows. */
export function If(condition: Bool, then: Block): Else {
  const test = conditionOf(condition, 'If')
  mustBeFunction(then, 'If', 2)
  return conditional(test, arm(then))
}

/** If there is a value in the optional: `if (page)`. */
export function IfSome<T extends AnyType>(optional: Optional<T>, then: (value: ValueOf<T>) => Nothing): Else {
  const { element, node } = handleOf(optional, 'IfSome', 1, 'an optional', 'optional')
  mustBeFunction(then, 'IfSome', 2)
  const local = newLocal(element.name, element.shape)
  // `element` makes a ValueOf<T>
  const body = block(() => then(element.expr(local) as ValueOf<T>), { locals: [local.id] })
  const binds = then.length === 0 ? [] : [{ local: local.id, value: { kind: 'value', of: node } } as const]
  return conditional({ kind: 'isSome', of: node }, { binds, body })
}

/** An arm that binds those fields of the case that its block names. */
function caseArm<N extends string, C extends Cases, Tag extends keyof C & string>(
  of: Union<N, C>,
  tag: Tag,
  write: (fields: Payload<C, Tag>) => Nothing,
): Arm {
  const fields: Fields = of.cases[tag] ?? {}
  const locals = new Map(Object.entries(fields).map(([name, type]) => [name, newLocal(name, type.shape)]))
  const named = new Set<string>()
  const body = block(
    () =>
      write(
        payload(of.cases, tag, (name, type) => {
          named.add(name)
          return type.expr(locals.get(name) ?? newLocal(name, type.shape))
        }),
      ),
    { locals: [...locals.values()].map(({ id }) => id) },
  )
  const binds = [...locals].flatMap(([name, { id }]) =>
    named.has(name) ? [{ local: id, value: { kind: 'payload', of: of.node, tag, name } as const }] : [],
  )
  return { binds, body }
}

/** One case of a union: `if (is_migration_entry(pte)) { page = ... }`. */
export const IfIs = <N extends string, C extends Cases, Tag extends keyof C & string>(
  of: Union<N, C>,
  tag: Tag,
  then: (fields: Payload<C, Tag>) => Nothing,
): Else => {
  handleOf(of, 'IfIs', 1, 'a union', 'union')
  mustBeFunction(then, 'IfIs', 3)
  return conditional({ kind: 'isCase', of: of.node, tag }, caseArm(of, tag, then))
}

export type Arms<C extends Cases> = { readonly [Tag in keyof C]: (fields: Payload<C, Tag>) => Nothing }

/** A switch over the cases of a union: every case must be there, or a block for the rest. */
export function Match<N extends string, C extends Cases>(of: Union<N, C>, arms: Arms<C>): Recorded
export function Match<N extends string, C extends Cases>(
  of: Union<N, C>,
  arms: Partial<Arms<C>>,
  otherwise: Block,
): Recorded
export function Match<N extends string, C extends Cases>(
  of: Union<N, C>,
  arms: Partial<Arms<C>>,
  otherwise?: Block,
): Recorded {
  handleOf(of, 'Match', 1, 'a union', 'union')
  if (typeof arms !== 'object') mustBeFunction(arms, 'Match', 2, 'an object with a block for each case')
  const made: Record<string, Arm> = {}
  for (const tag in of.cases) {
    const write = arms[tag]
    if (write !== undefined) mustBeFunction(write, 'Match', 2, `a block for the case ${tag}`)
    if (write !== undefined) made[tag] = caseArm(of, tag, write)
  }
  return recordStatement({
    kind: 'match',
    of: of.node,
    arms: made,
    ...(otherwise === undefined ? {} : { otherwise: arm(otherwise) }),
  })
}

/** A nondeterministic branch: any one whose first transition can run. Not a transition of its own. */
export function Either(...branches: readonly [Block, Block, ...Block[]]): Recorded {
  branches.forEach((write, n) => {
    mustBeFunction(write, 'Either', n + 1)
  })
  return recordStatement({ kind: 'either', branches: branches.map((write) => block(write)) })
}
