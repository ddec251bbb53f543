/** Loops, and C's labels. The language does not have While: a condition with calls would call once. */
import { modelError } from '../errors.ts'
import { taking } from '../calls.ts'
import { mustBeFunction, mustBeType, refused } from '../given.ts'
import {
  block,
  fresh,
  newLocal,
  present,
  recordStatement,
  recorded,
  type Block,
  type Nothing,
  type Recorded,
} from '../recorder.ts'
import type { AnyType, ValueOf } from '../types/type.ts'

/** An endless loop: `for (;;)`. Leave it by Break, Goto or Return. */
export function Loop(body: Block): Recorded {
  mustBeFunction(body, 'Loop', 1)
  const id = fresh()
  return recordStatement({ kind: 'loop', id, body: block(body, { loop: id }) })
}

const innermost = (word: string): number => {
  const { loop, frame } = present()
  if (loop === undefined) throw modelError('HMM004', `${word} stands in no loop of ${frame.name}`)
  return loop
}
/** Leaves the innermost Loop. */
export const Break = (): Recorded => recordStatement({ kind: 'break', loop: innermost('Break') })
/** Begins the next round of the innermost Loop. */
export const Continue = (): Recorded => recordStatement({ kind: 'continue', loop: innermost('Continue') })

/** For every element of a type, in no particular order. In a Step it must not matter which. */
export function ForEach<T extends AnyType>(over: T, body: (x: ValueOf<T>) => Nothing): Recorded {
  mustBeType(over, 'ForEach', 1)
  mustBeFunction(body, 'ForEach', 2)
  const local = newLocal(over.name, over.shape)
  const remaining = newLocal(`${over.name} to do`, { kind: 'set', of: over.shape })
  return recordStatement({
    kind: 'forEach',
    local: local.id,
    remaining: remaining.id,
    over: over.shape,
    body: block(() => body(over.expr(local) as ValueOf<T>), { locals: [local.id] }),
  })
}

/** A place that Goto returns to or, when declared with `Ahead`, leaves for: `again:`. */
export interface Label extends Recorded {
  readonly label: string
  readonly id: number
}

/** `again:` in C. */
export function Label(name: string): Label {
  const label = Ahead(name)
  Here(label)
  return label
}
/** Declares a label further on, to be placed with `Here`: `goto out;` before `out:`. */
export function Ahead(name: string): Label {
  present()
  return { ...recorded, label: name, id: fresh() }
}
/** Places a label declared with `Ahead`. */
export function Here(place: Label): Recorded {
  const { id, label } = labelOf(place, 'Here')
  return recordStatement({ kind: 'label', id, name: label, idle: false })
}

/** `goto again;`: backwards, forwards or out of blocks, never into one. */
export function Goto(place: Label): Recorded {
  const { id, label } = labelOf(place, 'Goto')
  return recordStatement({ kind: 'goto', id, name: label })
}

function labelOf(given: Label, call: string): Label {
  if (typeof given === 'object' && 'label' in given) return given
  taking(call)
  throw refused(given, 'a label, made by Label or Ahead,')
}

/** A place to rest for ever: a thread that waits here is at an allowed end. */
export function Idle(name = 'idle'): Label {
  const label = Ahead(name)
  recordStatement({ kind: 'label', id: label.id, name, idle: true })
  return label
}
