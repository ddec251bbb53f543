/**
 * Typical mistakes, each refused by the compiler. Behind the arrow stands what its message must say:
 * `mistakes.test.ts` takes the directives away and looks.
 *
 * This module is compiled, never run.
 */
import {
  array,
  atomic,
  Bool,
  Choose,
  If,
  IfIs,
  IfSome,
  Let,
  Local,
  Match,
  none,
  oneOf,
  optional,
  procedure,
  range,
  ref,
  setOf,
  shared,
  sort,
  Step,
  struct,
  threadPer,
  union,
} from '../../../src/language/index.ts'
import { down_read, Mutex, mutex_lock } from '../excerpts/locks.ts'
import { free_page, mm, Page, Pte, Va } from '../excerpts/mm.ts'

const Device = sort('Device')
const hmm = shared('hmm', struct('hmm', { sequence: range(0, 3), dead: Bool }))
const driver = shared('driver', array(Device, struct('driver', { update: Mutex, pte: array(Va, Pte) })))
const state = shared('state', oneOf('working', 'prepared'))
const Entry = union('pte', { none: {}, present: { page: Page, write: Bool }, migration: { page: Page } })
const entry = shared('entry', Entry)
const registered = shared('registered', setOf(Device))
const sync = procedure('sync_cpu_device_pagetables', [Device, Va], (device, va) => {
  driver.at(device).pte.at(va).set(none)
})
const put = atomic('put', [ref(range(0, 3))], (counter) => counter.decrement())

export const mistakes = threadPer(Device, 'mistakes', (device) => {
  const va = Choose('va', Va)
  const page = Choose('page', Page)
  // @ts-expect-error an index of the wrong sort -> Type '"Va"' is not assignable to type '"Device"'.
  driver.at(va)
  // @ts-expect-error arguments swapped -> Type '"Va"' is not assignable to type '"Device"'.
  sync(va, device)
  // @ts-expect-error an argument missing -> Expected 2 arguments, but got 1.
  sync(device)
  // @ts-expect-error a wrong value -> Argument of type 'boolean' is not assignable to parameter of type
  mm.pte.at(va).set(true)
  // @ts-expect-error a condition that is none -> Argument of type 'OptionalPlace<SortType<"Page">>' is not assignable to parameter of type 'Bool'.
  If(mm.pte.at(va), () => {})
  // @ts-expect-error JavaScript's === -> Argument of type 'boolean' is not assignable to parameter of type 'Bool'.
  If(hmm.sequence === hmm.sequence, () => {})
  // @ts-expect-error JavaScript's < -> Argument of type 'boolean' is not assignable to parameter of type 'Bool'.
  If(hmm.sequence < 3, () => {})
  // @ts-expect-error JavaScript's ! -> Argument of type 'boolean' is not assignable to parameter of type 'Bool'.
  If(!hmm.dead, () => {})
  // @ts-expect-error JavaScript's if -> This condition will always return true since this function is always defined. Did you mean to call it instead?
  if (hmm.dead) free_page(page)
  // @ts-expect-error JavaScript's && -> This condition will always return true since this function is always defined. Did you mean to call it instead?
  If(hmm.dead && state.eq('working'), () => {})
  // @ts-expect-error JavaScript's ?: -> This condition will always return true since this function is always defined. Did you mean to call it instead?
  If(hmm.dead ? state.eq('working') : state.eq('prepared'), () => {})
  // @ts-expect-error a chosen value assigned -> Property 'set' does not exist on type 'Id<"Va">'.
  va.set(va)
  // @ts-expect-error an optional taken for a value -> Property 'sort' is missing in type 'OptionalPlace<SortType<"Page">>' but required in type 'Id<"Page">'.
  free_page(mm.pte.at(va))
  // @ts-expect-error a return out of an If -> Type 'Id<"Page">' is not assignable to type 'Nothing'.
  If(hmm.dead, () => {
    return page
  })
  // @ts-expect-error an asynchronous block -> Type 'Promise<void>' is not assignable to type 'Nothing'.
  If(hmm.dead, async () => {})
  // @ts-expect-error a member misspelt -> Argument of type '"prepare"' is not assignable to parameter of type '"working" | "prepared" | OneOf<"working" | "prepared">'.
  state.set('prepare')
  // @ts-expect-error a case left out -> Property 'migration' is missing in type
  Match(entry, { none: () => {}, present: () => {} })
  // @ts-expect-error a field of another case -> Property 'write' does not exist on type 'Payload<
  IfIs(entry, 'migration', ({ write }) => free_page(write))
  // @ts-expect-error the struct, not its lock -> Type '"driver"' is not assignable to type '"mutex"'.
  mutex_lock(driver.at(device))
  // @ts-expect-error a part of the lock -> Property 'struct' is missing in type 'OptionalPlace<SortType<"Thread">>' but required in type 'StructReference<"rw_semaphore">'.
  down_read(mm.mmap_sem.writer)
  // @ts-expect-error a value for a place -> Argument of type 'Int' is not assignable to parameter of type 'IntPlace'.
  put(hmm.sequence.plus(1))
  // @ts-expect-error JavaScript's = -> Cannot assign to 'sequence' because it is a read-only property.
  hmm.sequence = 3
  // @ts-expect-error JavaScript's + -> Operator '+' cannot be applied to types 'IntPlace' and 'number'.
  Let('next', hmm.sequence + 1)
  // @ts-expect-error C's index -> Type 'Id<"Va">' cannot be used as an index type.
  IfSome(mm.pte[va], () => {})
  // @ts-expect-error an element of the wrong sort -> Type '"Page"' is not assignable to type '"Device"'.
  registered.add(page)
  // @ts-expect-error a statement as a condition -> Argument of type 'Recorded' is not assignable to parameter of type 'Bool'.
  If(registered.remove(device), () => {})
  // @ts-expect-error a step that returns a number -> Type 'number' is not assignable to type 'Nothing'.
  Step('sequence + 1', () => 3)
  If(
    // @ts-expect-error a step without a result as a condition -> Argument of type 'Recorded' is not assignable to parameter of type 'Bool'.
    Step('clear', () => mm.pte.at(va).set(none)),
    () => {},
  )
  // @ts-expect-error an initial value of the wrong type -> Argument of type 'true' is not assignable to parameter of type
  Local('owner', optional(Device), true)
})
