/** The claims about a model. */
import type { Property, PropertyOf } from './ast.ts'
import { pairName } from './collected.ts'
import { position } from './position.ts'
import { or } from './expressions.ts'
import { taking } from './calls.ts'
import { conditionOf, mustBeName, refused } from './given.ts'
import { bool, type Bool } from './types/bool.ts'
import type { OneOfType } from './types/enum.ts'

export interface PropertyOptions {
  /** The source of the claim: a sentence of the kernel, with its version. */
  readonly claim?: string
}
type Declare = (name: string, condition: Bool, options?: PropertyOptions) => Property

/** The parts of a property that has a condition. */
function conditioned(
  kind: 'invariant' | 'transition',
  name: string,
  condition: Bool,
  options: PropertyOptions = {},
): Omit<PropertyOf<'invariant'>, 'kind' | 'name'> {
  mustBeName(name, kind)
  return { condition: conditionOf(condition, kind, 2), ...options, at: position() }
}

/** Holds in every reachable state. */
export const invariant: Declare = (name, condition, options) => ({
  name,
  kind: 'invariant',
  ...conditioned('invariant', name, condition, options),
})

/** Holds over every transition; `before(x)` is the value of `x` before it. */
export const transition: Declare = (name, condition, options) => ({
  name,
  kind: 'transition',
  ...conditioned('transition', name, condition, options),
})

/** No `Assert` of this name fails. One that is not declared is an assertion too, without a claim. */
export const assertion = (name: string, options: PropertyOptions = {}): Property => ({
  name,
  kind: 'assertion',
  ...options,
  at: position(),
})

/** Must be possible: the condition holds in some reachable state, or a `Cover` of this name is witnessed. */
export const sometimes = (name: string, condition?: Bool, options: PropertyOptions = {}): Property => ({
  name,
  kind: 'sometimes',
  ...(condition === undefined ? {} : { condition: conditionOf(condition, 'sometimes', 2) }),
  ...options,
  at: position(),
})

/**
 * A witness that is not required where `excused` holds, for parts that a scenario leaves out.
 *
 *     unless(not(device_takes_part), sometimes('the device maps a page', ...))
 *
 * @throws ModelError HMM036 if it is not a `sometimes`
 */
export function unless(excused: Bool, witness: Property): Property {
  if (witness.kind !== 'sometimes') {
    taking('unless', 2)
    throw refused(witness, 'a sometimes property')
  }
  const { condition } = witness
  return {
    ...witness,
    condition: conditionOf(condition === undefined ? excused : or(excused, bool(condition)), 'unless'),
  }
}

/** No state is left by no transition while a thread is not at an allowed end. */
export const deadlock = (): PropertyOf<'deadlock'> => ({ name: 'deadlock', kind: 'deadlock', at: position() })

/** In no state do threads wait for each other's locks, whatever others still do. */
export const lockDeadlock = (): PropertyOf<'lock-deadlock'> => ({
  name: 'lock-deadlock',
  kind: 'lock-deadlock',
  at: position(),
})

/** From every reachable state every thread that is not a daemon can still reach an allowed end. */
export const recoverable = (): PropertyOf<'recoverable'> => ({
  name: 'recoverable',
  kind: 'recoverable',
  at: position(),
})

/**
 * A relation gathered by `Collect` over all transitions of all schedules, judged at the end: it has no cycle.
 * Lockdep does the same for the order of locks, but not for every schedule. In a cycle, each of the pairs has a
 * shortest schedule of its own.
 *
 *     properties: [...collected('P-ORDER', LockClass)]
 */
export function collected<Member extends string>(
  name: string,
  over: OneOfType<Member>,
  options: PropertyOptions = {},
): readonly Property[] {
  const members = over.shape.kind === 'enum' ? over.shape.members : []
  return [
    { name, kind: 'collected', ...options, at: position() },
    ...members.flatMap((from) =>
      members.map(
        (to): Property => ({ name: pairName(name, from, to), kind: 'pair', relates: { property: name, from, to } }),
      ),
    ),
  ]
}
