/** Local variables. */
import { taking } from '../calls.ts'
import { conditionOf, handleOf, mustBeFunction, mustBeName, mustBeType } from '../given.ts'
import { declareLocal, record } from '../recorder.ts'
import type { Bool } from '../types/bool.ts'
import { typeOf, type AnyType, type Given, type Handle, type PlaceOf, type ValueOf } from '../types/type.ts'

/** A local variable of the procedure or thread, zero until first set: `pte_t pte;`. `initial` assigns it, each time control comes by. */
export function Local<T extends AnyType>(name: string, type: T, initial?: Given<T>): PlaceOf<T> {
  mustBeName(name, 'Local')
  mustBeType(type, 'Local', 2)
  const local = declareLocal(name, type.shape)
  taking('Local', 3)
  if (initial !== undefined) record({ kind: 'assign', target: local, value: type.lift(initial) })
  return type.place(local) as PlaceOf<T>
}

/** Reads a value once, into a new local: `pte_t pte = READ_ONCE(*ptep);`. One transition, if it reads shared state. */
export function Let<H extends Handle>(name: string, value: H): H {
  mustBeName(name, 'Let')
  const type = typeOf(handleOf(value, 'Let', 2, 'a value of the model'))
  const local = declareLocal(name, type.shape)
  record({ kind: 'assign', target: local, value: value.node })
  // The local has the type of the value, whose handle H is.
  return type.place(local) as H
}

/** Any value of a type for which `where` holds, in a new local. None: not enabled. One transition. */
export function Choose<T extends AnyType>(name: string, type: T, where?: (x: ValueOf<T>) => Bool): ValueOf<T> {
  mustBeName(name, 'Choose')
  mustBeType(type, 'Choose', 2)
  if (where !== undefined) mustBeFunction(where, 'Choose', 3, 'a test of the value, (x) => ...,')
  const local = declareLocal(name, type.shape)
  const x = type.expr(local) as ValueOf<T>
  record({ kind: 'choose', local: local.id, ...(where === undefined ? {} : { where: conditionOf(where(x), 'Choose', 3) }) })
  return x
}
