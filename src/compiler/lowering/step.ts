/** The inside of a step: one transition, whatever is in it. */
import type { Statement, StatementOf } from '../../language/ast.ts'
import { internal } from '../encoding.ts'
import type { Code } from '../program.ts'
import { bindings, branchBetween, type Branching } from './branches.ts'
import { allAllowed, effectOf, effectsOf, prefix, resets, rounds } from './effects.ts'
import { armTaken, type Lowering } from './lowering.ts'
import type { TextPlace } from './text.ts'

/** The code that follows. */
export interface Exits {
  /** The end. */
  readonly end: () => Code
  /** A jump out of the step. */
  readonly jump: (to: TextPlace) => Code
  /** A `return`. */
  readonly back: () => Code
}

export function insideStep(l: Lowering, [s, ...others]: readonly Statement[], exits: Exits): Code {
  if (s === undefined) return exits.end()
  const following = once(() => insideStep(l, others, exits))
  const then: Exits = { ...exits, end: following }
  switch (s.kind) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard':
    case 'assert':
    case 'cover':
      return { op: 'effect', effect: effectOf(l, s), next: following() }
    case 'await':
      return guardOf(s, following())
    case 'choose':
      return chooseOf(l, s, following())
    case 'step':
      return insideStep(l, s.body, then)
    case 'call':
      return insideStep(l, s.body, { ...then, back: following })
    case 'either':
      return {
        op: 'either',
        branches: s.branches.map((b, n) => prefix(armTaken(l, s, `or-${n}`, b), insideStep(l, b, then))),
      }
    case 'if':
    case 'match': {
      const simple = effectsOf(l, s, allAllowed)
      return simple === undefined ? insideBranches(l, s, then) : prefix(simple, following())
    }
    case 'forEach':
      return rounds(l, s).reduceRight(
        (on, head) => once(() => prefix(head, insideStep(l, s.body, { ...exits, end: on }))),
        following,
      )()
    case 'goto':
      return exits.jump(l.targets.label(s.id))
    case 'break':
      return exits.jump(l.targets.behindLoop(s.loop))
    case 'continue':
      return exits.jump(l.targets.loop(s.loop))
    case 'return':
      return exits.back()
    case 'reset':
      return prefix(resets(l, s.locals), following())
    case 'loop':
    case 'label':
      return internal(`a ${s.kind} inside a step`)
  }
}

const insideBranches = (l: Lowering, s: Branching, then: Exits): Code =>
  branchBetween(s, ({ arm, name }) =>
    prefix([...armTaken(l, s, name, arm.body), ...bindings(arm)], insideStep(l, arm.body, then)),
  )

/** Code that is made when it is asked for first, and is the same for all that ask. */
function once(make: () => Code): () => Code {
  let made: Code | undefined
  return () => (made ??= make())
}

export const guardOf = (s: StatementOf<'await'>, next: Code): Code => ({
  op: 'guard',
  condition: s.condition,
  ...(s.blockers === undefined ? {} : { blockers: s.blockers }),
  next,
})
export const chooseOf = ({ typeOf }: Lowering, s: StatementOf<'choose'>, next: Code): Code => ({
  op: 'choose',
  local: s.local,
  over: typeOf(s.local),
  ...(s.where === undefined ? {} : { where: s.where }),
  next,
})
