/** Local variables. */
import type { Expression, LocalDeclaration as LocalVariable } from '../ast.ts'
import { taking } from '../calls.ts'
import { modelError } from '../errors.ts'
import { conditionOf, handleOf, mustBeFunction, mustBeName, mustBeType } from '../given.ts'
import { declareLocal, present, recordStatement, recorded, type Recorded } from '../recorder.ts'
import type { Bool } from '../types/bool.ts'
import { typeOf, type AnyType, type Given, type PlaceOf, type ValueOf } from '../types/type.ts'
import type { Handle } from '../types/handle.ts'

/**
 * A local variable of the procedure or thread, zero until first set: `pte_t pte;`. `initial` assigns it, each time
 * control comes by.
 */
export function Local<T extends AnyType>(name: string, type: T, initial?: Given<T>): PlaceOf<T> {
  mustBeName(name, 'Local')
  mustBeType(type, 'Local', 2)
  const local = declareLocal(name, type.shape)
  taking('Local', 3)
  if (initial !== undefined) recordStatement({ kind: 'assign', target: local, value: type.lift(initial) })
  return type.place(local) as PlaceOf<T>
}

/** Reads a value once, into a new local: `pte_t pte = READ_ONCE(*ptep);`. One transition, if it reads shared state. */
export function Let<H extends Handle>(name: string, value: H): H {
  mustBeName(name, 'Let')
  const type = typeOf(handleOf(value, 'Let', 2, 'a value of the model'))
  const local = declareLocal(name, type.shape)
  recordStatement({ kind: 'assign', target: local, value: value.node })
  // The local has the type of the value, whose handle H is.
  return type.place(local) as H
}

/**
 * Any value of a type for which `where` holds, in a new local. None: not enabled. It goes with the statement that
 * follows, unless that can wait on the value: then, and where `where` reads shared state, it is one transition.
 */
export function Choose<T extends AnyType>(name: string, type: T, where?: (x: ValueOf<T>) => Bool): ValueOf<T> {
  mustBeName(name, 'Choose')
  mustBeType(type, 'Choose', 2)
  if (where !== undefined) mustBeFunction(where, 'Choose', 3, 'a test of the value, (x) => ...,')
  const local = declareLocal(name, type.shape)
  const x = type.expr(local) as ValueOf<T>
  recordStatement({
    kind: 'choose',
    local: local.id,
    ...(where === undefined ? {} : { where: conditionOf(where(x), 'Choose', 3) }),
  })
  return x
}

/** The local that a value is, or is part of. */
const partOf = (e: Expression): Expression =>
  e.kind === 'field' || e.kind === 'value' || e.kind === 'payload' ? partOf(e.of) : e

/** Says something of a local of the recording, for its whole life. */
function mark(id: Handle, says: Pick<LocalVariable, 'held' | 'reused'>): Recorded {
  const { locals } = present().frame.recording
  const root = partOf(id.node)
  const local = root.kind === 'local' ? locals.get(root.id) : undefined
  if (local === undefined)
    throw modelError('HMM052', `${'held' in says ? 'Held' : 'Reused'}() names something that is no local`)
  locals.set(local.id, { ...local, ...says })
  return recorded
}

/**
 * Says that what a local, a parameter or a bound value names is not freed as long as the local is used, and what
 * keeps it: a reference, a lock. Each use in a later transition asserts it: where the element is not allocated any
 * more, that is a use after free, as misuse of a lock is whatever is asked for.
 * Not a statement: it holds for the whole life of the local: `Held(page, 'the reference that alloc_page() gave')`.
 */
export const Held = (id: Handle, by: string): Recorded => mark(id, { held: by })

/**
 * Says that what it names may be freed and reused while it is kept, and why that does no harm: the code that uses it
 * copes with whatever it finds there, as `get_page_unless_zero()` and a second look at the entry do. Nothing checks
 * it, so `Held` is better where it can be said.
 */
export const Reused = (id: Handle, why: string): Recorded => mark(id, { reused: why })
