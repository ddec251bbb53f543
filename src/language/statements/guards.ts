/** Guards, and what is claimed where control comes by. */
import type { Property } from '../ast.ts'
import { pairName } from '../collected.ts'
import { yes } from '../expressions.ts'
import { block, fresh, record, type Block, type Recorded } from '../recorder.ts'
import type { Bool } from '../types/bool.ts'
import type { OneOfType } from '../types/enum.ts'
import { Thread, type Id } from '../types/id.ts'
import type { SetOf } from '../types/set.ts'

/** One transition made of several statements: all of them or none. The only label written by hand. */
export const Step = (label: string, body: Block): Recorded => record({ kind: 'step', label, body: block(body, { inStep: true }) })

/** Waits until the condition holds. In a Step it guards the whole Step, and stands before every effect. */
export const Await = (condition: Bool): Recorded => record({ kind: 'await', condition: condition.node })

/**
 * Waits for a lock. While the condition does not hold, this thread waits for every thread for which `blocks` holds, and for each of them:
 * `Acquire(lock.owner.isNone, (thread) => lock.owner.eq(thread))`.
 */
export function Acquire(condition: Bool, blocks: (thread: Id<'Thread'>) => Bool): Recorded {
  const bound = fresh()
  const blockers = { bound, condition: blocks(Thread.expr({ kind: 'bound', id: bound })).node }
  return record({ kind: 'await', condition: condition.node, blockers })
}

/** A property by its name, or itself. */
export type PropertyName = string | Property
const nameOf = (property: PropertyName): string => (typeof property === 'string' ? property : property.name)

/** A step assertion: where the condition is false, `property` is violated. It goes with the statement that follows, or with its Step. */
export const Assert = (property: PropertyName, condition: Bool, message?: string): Recorded =>
  record({ kind: 'assert', property: nameOf(property), message: message ?? nameOf(property), condition: condition.node, always: false })

/** Wrong use of a lock or of another primitive: a violation whatever is asked for. The condition is what must hold. */
export const Misuse = (message: string, condition: Bool): Recorded =>
  record({ kind: 'assert', property: `misuse: ${message}`, message, condition: condition.node, always: true })

/** A witness of the `sometimes` property, when its Step is taken with the condition true. */
export const Cover = (property: PropertyName, condition: Bool = yes): Recorded =>
  record({ kind: 'cover', property: nameOf(property), condition: condition.node })

/**
 * Adds to the relation of the `collected` property every pair of an element of `from` and `to`, when its Step is taken:
 * `Collect('P-ORDER', LockClass, held.at(current), 'mmap_sem')`.
 */
export function Collect<Member extends string>(property: string, over: OneOfType<Member>, from: SetOf<OneOfType<Member>>, to: Member): Recorded {
  const members = over.shape.kind === 'enum' ? over.shape.members as readonly Member[] : []
  return members.map((member) => Cover(pairName(property, member, to), from.has(member))).at(-1) ?? misuseOfEmpty()
}
function misuseOfEmpty(): never { throw new TypeError('an enumeration has at least one member') }
