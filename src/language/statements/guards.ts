/** Guards, and what is claimed where control comes by. */
import type { Expression, Property, ShownEvent } from '../ast.ts'
import { pairName } from '../collected.ts'
import { yes } from '../expressions.ts'
import { taking } from '../calls.ts'
import { conditionOf, mustBeFunction, mustBeName, refused } from '../given.ts'
import { declare, kept, type Result } from '../results.ts'
import { modelError } from '../errors.ts'
import { fresh, present, recordStatement, recorded, use, valueBlock, type Block, type Recorded } from '../recorder.ts'
import type { Bool } from '../types/bool.ts'
import type { OneOfType } from '../types/enum.ts'
import { Thread, type Id } from '../types/id.ts'
import type { SetOf } from '../types/set.ts'
import type { Handle } from '../types/handle.ts'

/**
 * One transition made of several statements: all of them or none. The only label written by hand.
 *
 * It is worth what its block returns, as it is at the end of the transition: `const page = Step('take a page', () =>
 * { ...; return free.head })`.
 */
export function Step(label: string, body: Block): Recorded
export function Step<R extends Handle | boolean>(label: string, body: () => R): Result<R>
export function Step(label: string, body: () => unknown): Handle | Recorded {
  mustBeName(label, 'Step')
  mustBeFunction(body, 'Step', 2)
  const shown: { is?: ShownEvent } = {}
  const { statements, value } = valueBlock(() => kept(body()), {
    inStep: true,
    ...(present().inStep ? {} : { shown }),
  })
  recordStatement({
    kind: 'step',
    label,
    body: statements,
    ...(shown.is === undefined ? {} : { shows: shown.is }),
  })
  if (value !== undefined) declare(value)
  return value ?? recorded
}

/** A value that a step shows: an expression of the model, or what is always the same. */
export type ShownValue = Handle | boolean | number | string

/**
 * Says for which event of a recording the step stands, and which values the recording must show: those at the end of
 * the step. Only `hmmcheck conform` reads it, so it changes nothing in a check.
 */
export function Shows(event: string, values: Readonly<Record<string, ShownValue>> = {}): Recorded {
  mustBeName(event, 'Shows')
  const { shown } = present()
  if (shown === undefined || shown.is !== undefined) throw modelError('HMM054', `Shows('${event}') stands here`)
  const nodes = Object.entries(values).map(([name, value]): readonly [string, Expression] => {
    const node = shownNode(value)
    use(node)
    return [name, node]
  })
  shown.is = { event, values: Object.fromEntries(nodes) }
  return recorded
}

function shownNode(value: ShownValue): Expression {
  switch (typeof value) {
    case 'boolean':
      return { kind: 'literal', value, type: { kind: 'bool' } }
    case 'number':
      return { kind: 'literal', value, type: { kind: 'int', low: value, high: value, overflow: 'error' } }
    case 'string':
      return { kind: 'literal', value, type: { kind: 'enum', members: [value] } }
    default:
      return value.node
  }
}

/** Waits until the condition holds. In a Step it guards the whole Step, and stands before every effect. */
export const Await = (condition: Bool): Recorded =>
  recordStatement({ kind: 'await', condition: conditionOf(condition, 'Await') })

/**
 * Waits for a lock. While the condition does not hold, this thread waits for every thread for which `blocks` holds,
 * and for each of them:
 * `Acquire(lock.owner.isNone, (thread) => lock.owner.eq(thread))`.
 */
export function Acquire(condition: Bool, blocks: (thread: Id<'Thread'>) => Bool): Recorded {
  const free = conditionOf(condition, 'Acquire')
  mustBeFunction(blocks, 'Acquire', 2, 'a test of a thread, (thread) => ...,')
  const bound = fresh()
  const blockers = { bound, condition: conditionOf(blocks(Thread.expr({ kind: 'bound', id: bound })), 'Acquire', 2) }
  return recordStatement({ kind: 'await', condition: free, blockers })
}

/** A property by its name, or itself. */
export type PropertyName = string | Property
function nameOf(property: PropertyName, call: string): string {
  if (typeof property === 'string') return property
  if (typeof property === 'object' && 'kind' in property) return property.name
  taking(call)
  throw refused(property, 'a property or its name')
}

/**
 * A step assertion: where the condition is false, `property` is violated. It goes with the statement that follows, or
 * with its Step.
 */
export const Assert = (property: PropertyName, condition: Bool, message?: string): Recorded =>
  recordStatement({
    kind: 'assert',
    property: nameOf(property, 'Assert'),
    message: message ?? nameOf(property, 'Assert'),
    condition: conditionOf(condition, 'Assert', 2),
    always: false,
  })

/** Wrong use of a lock or of another primitive: a violation whatever is asked for. The condition is what must hold. */
export const Misuse = (message: string, condition: Bool): Recorded =>
  recordStatement({
    kind: 'assert',
    property: `misuse: ${message}`,
    message,
    condition: conditionOf(condition, 'Misuse', 2),
    always: true,
  })

/** A witness of the `sometimes` property, when its Step is taken with the condition true. */
export const Cover = (property: PropertyName, condition: Bool = yes): Recorded =>
  recordStatement({ kind: 'cover', property: nameOf(property, 'Cover'), condition: conditionOf(condition, 'Cover', 2) })

/**
 * Adds to the relation of the `collected` property every pair of an element of `from` and `to`, when its Step is taken:
 * `Collect('P-ORDER', LockClass, held.at(current), 'mmap_sem')`.
 */
export function Collect<Member extends string>(
  property: string,
  over: OneOfType<Member>,
  from: SetOf<OneOfType<Member>>,
  to: Member,
): Recorded {
  const members = over.shape.kind === 'enum' ? (over.shape.members as readonly Member[]) : []
  return members.map((member) => Cover(pairName(property, member, to), from.has(member))).at(-1) ?? misuseOfEmpty()
}
function misuseOfEmpty(): never {
  throw new TypeError('an enumeration has at least one member')
}
