/** What the compiler knows of a model's text: the types an editor shows. */
import { expect, expectTypeOf, test } from 'vitest'
import {
  and,
  array,
  atomic,
  Bool,
  Choose,
  cond,
  constant,
  count,
  current,
  every,
  ghost,
  Let,
  Local,
  model,
  oneOf,
  optional,
  procedure,
  queueOf,
  range,
  ref,
  setOf,
  shared,
  sort,
  Step,
  struct,
  thread,
  Thread,
  union,
  whenIs,
  type ArrayPlace,
  type Bool as BoolValue,
  type BoolPlace,
  type Given,
  type Id,
  type IdPlace,
  type Int,
  type IntPlace,
  type None,
  type OneOf,
  type OneOfPlace,
  type Optional,
  type OptionalPlace,
  type PlaceOf,
  type QueuePlace,
  type Recorded,
  type SetPlace,
  type SortType,
  type StructReference,
  type ValueOf,
} from '../../src/language/index.ts'

const Page = sort('Page')
const Pte = union('pte', { none: {}, present: { page: Page, write: Bool } })
const Small = range(0, 3)
const Entry = struct('entry', { pte: Pte, count: Small, holder: optional(Page) })
const entries = shared('entries', array(Page, Entry))

test('a variable is a place of its type', () => {
  expectTypeOf(shared('b', Bool)).toEqualTypeOf<BoolPlace>()
  expectTypeOf(shared('i', Small, 2)).toEqualTypeOf<IntPlace>()
  expectTypeOf(shared('e', oneOf('a', 'b'), 'b')).toEqualTypeOf<OneOfPlace<'a' | 'b'>>()
  expectTypeOf(ghost('p', Page)).toEqualTypeOf<IdPlace<'Page'>>()
  expectTypeOf(shared('o', optional(Page))).toEqualTypeOf<OptionalPlace<SortType<'Page'>>>()
  expectTypeOf(shared('s', setOf(Page))).toEqualTypeOf<SetPlace<SortType<'Page'>>>()
  expectTypeOf(shared('q', queueOf(Thread, 2))).toEqualTypeOf<QueuePlace<SortType<'Thread'>>>()
  expectTypeOf(shared('a', array(Page, Bool))).toEqualTypeOf<ArrayPlace<SortType<'Page'>, typeof Bool>>()
  expectTypeOf(entries.at).returns.toHaveProperty('count').toEqualTypeOf<IntPlace>()
})

test('what is computed is no place', () => {
  expectTypeOf(shared('i', Small).plus(1)).toEqualTypeOf<Int>()
  expectTypeOf(constant('c', oneOf('a', 'b'))).toEqualTypeOf<OneOf<'a' | 'b'>>()
  expectTypeOf(count(Page, () => and(shared('b', Bool)))).toEqualTypeOf<Int>()
  expectTypeOf(current).toEqualTypeOf<Id<'Thread'>>()
  expectTypeOf(cond(shared('b', Bool), shared('i', Small), 1)).toEqualTypeOf<Int>()
  expectTypeOf<ValueOf<typeof Entry>>().not.toHaveProperty('set')
  expectTypeOf<ValueOf<typeof Entry>>().toHaveProperty('holder').toEqualTypeOf<Optional<SortType<'Page'>>>()
})

test('where a value is expected its plain form may stand', () => {
  expectTypeOf<Given<typeof Bool>>().toEqualTypeOf<boolean | BoolValue>()
  expectTypeOf<Given<typeof Small>>().toEqualTypeOf<number | Int>()
  expectTypeOf<Given<ReturnType<typeof optional<typeof Page>>>>().toEqualTypeOf<
    Id<'Page'> | None | Optional<SortType<'Page'>>
  >()
  expectTypeOf<Given<typeof Page>>().toEqualTypeOf<Id<'Page'>>()
})

test('a union makes its cases, and its tests know their fields', () => {
  expectTypeOf(Pte.present)
    .parameter(0)
    .toEqualTypeOf<{ readonly page: Id<'Page'>; readonly write: boolean | BoolValue }>()
  expectTypeOf(Pte.none).toExtend<ValueOf<typeof Pte>>()
  expectTypeOf<PlaceOf<typeof Pte>>().toHaveProperty('union').toEqualTypeOf<'pte'>()
  whenIs(shared('pte', Pte), 'present', (fields) => {
    expectTypeOf(fields.page).toEqualTypeOf<Id<'Page'>>()
    return fields.write
  })
})

test('a procedure is called with what its types take, under the names of its body', () => {
  const f = procedure('f', [ref(Entry), ref(Small), Page, Bool], (entry, counter, page, flag) => {
    expectTypeOf(entry.count).toEqualTypeOf<IntPlace>()
    expectTypeOf(counter).toEqualTypeOf<IntPlace>()
    expectTypeOf(page).toEqualTypeOf<Id<'Page'>>()
    expectTypeOf(flag).toEqualTypeOf<BoolValue>()
  })
  expectTypeOf(f).parameters.toEqualTypeOf<[StructReference<'entry'>, IntPlace, Id<'Page'>, boolean | BoolValue]>()
  expectTypeOf(f).returns.toEqualTypeOf<Recorded>()
  const ignoring = procedure('g', [Page, Bool], (page) => entries.at(page).count.increment())
  expectTypeOf(ignoring).parameters.toExtend<readonly [Id<'Page'>, boolean | BoolValue]>()
  expectTypeOf(ignoring).parameters.toHaveProperty('length').toEqualTypeOf<2>()
})

test('a call is worth what the body returns', () => {
  const take = atomic('take', [], () =>
    Let(
      'taken',
      every(Page, (page) => entries.at(page).holder.isNone),
    ),
  )
  expectTypeOf(take).returns.toEqualTypeOf<BoolValue>()
  const find = atomic('find', [], () => Local('page', Page))
  expectTypeOf(find).returns.toEqualTypeOf<IdPlace<'Page'>>()
  const both = atomic('both', [Page], (page) => and(entries.at(page).holder.isNone, entries.at(page).count.eq(0)))
  expectTypeOf(both).returns.toEqualTypeOf<BoolValue>()
  const truth = procedure('truth', [], () => true)
  expectTypeOf(truth).returns.toEqualTypeOf<BoolValue>()
  const nothing = atomic('nothing', [Page], (page) => entries.at(page).count.set(0))
  expectTypeOf(nothing).returns.toEqualTypeOf<Recorded>()
  const empty = procedure('empty', [], () => undefined)
  expectTypeOf(empty).returns.toEqualTypeOf<Recorded>()
})

test('a step is worth what its block returns', () => {
  const steps = procedure('steps', [Page], (page) => {
    const entry = entries.at(page)
    expectTypeOf(Step('a place', () => Local('mine', Page))).toEqualTypeOf<IdPlace<'Page'>>()
    expectTypeOf(Step('a value', () => entry.count.plus(1))).toEqualTypeOf<Int>()
    expectTypeOf(Step('a condition', () => entry.holder.isSome)).toEqualTypeOf<BoolValue>()
    expectTypeOf(Step('the truth of JavaScript', () => true)).toEqualTypeOf<BoolValue>()
    expectTypeOf(Step('a statement', () => entry.count.set(0))).toEqualTypeOf<Recorded>()
    expectTypeOf(Step('nothing', () => {})).toEqualTypeOf<Recorded>()
    // @ts-expect-error a number of JavaScript has no type of the model
    expect(() => Step('a number', () => 3)).toThrow('HMM036')
  })
  expect(() =>
    model('m', {
      threads: [
        thread('t', () => {
          steps(Choose('page', Page))
        }),
      ],
    }),
  ).not.toThrow()
})
