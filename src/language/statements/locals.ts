/** Local variables. */
import { declareLocal, record } from '../recorder.ts'
import type { Bool } from '../types/bool.ts'
import { typeOf, type AnyType, type Given, type Handle, type PlaceOf, type ValueOf } from '../types/type.ts'

/** A local variable of the procedure or thread, zero until first set: `pte_t pte;`. `initial` assigns it, each time control comes by. */
export function Local<T extends AnyType>(name: string, type: T, initial?: Given<T>): PlaceOf<T> {
  const local = declareLocal(name, type.shape)
  if (initial !== undefined) record({ kind: 'assign', target: local, value: type.lift(initial) })
  return type.place(local) as PlaceOf<T>
}

/** Reads a value once, into a new local: `pte_t pte = READ_ONCE(*ptep);`. One transition, if it reads shared state. */
export function Let<H extends Handle>(name: string, value: H): H {
  const type = typeOf(value)
  const local = declareLocal(name, type.shape)
  record({ kind: 'assign', target: local, value: value.node })
  // The local has the type of the value, whose handle H is.
  return type.place(local) as H
}

/** Any value of a type for which `where` holds, in a new local. None: not enabled. One transition. */
export function Choose<T extends AnyType>(name: string, type: T, where?: (x: ValueOf<T>) => Bool): ValueOf<T> {
  const local = declareLocal(name, type.shape)
  const x = type.expr(local) as ValueOf<T>
  record({ kind: 'choose', local: local.id, ...(where === undefined ? {} : { where: where(x).node }) })
  return x
}
