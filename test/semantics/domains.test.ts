/** Every way to leave a domain, and that its message names what left it and the statement in which it did. */
import { expect, test } from 'vitest'
import {
  array,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  configure,
  If,
  Let,
  Local,
  model,
  optional,
  queueOf,
  range,
  shared,
  sort,
  Step,
  struct,
  thread,
  threadPer,
  union,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import type { Expression } from '../../src/language/ast.ts'
import { Bool as BoolType } from '../../src/language/types/bool.ts'
import { range as rangeType } from '../../src/language/types/int.ts'
import { typeOf } from '../../src/language/types/type.ts'
import type { Handle } from '../../src/language/types/handle.ts'
import { failuresOf, machine, transitions } from '../../src/semantics/machine.ts'

const Page = sort('Page')
const small = range(0, 3)
const c = shared('c', small)
const seven = shared('seven', range(0, 7), 7)
const cells = shared('cells', array(small, small))
const owner = shared('owner', optional(Page))
const level = shared('level', optional(small))
const waiters = shared('waiters', queueOf(small, 1))
const full = shared('full', queueOf(Bool, 0))
const entry = shared('entry', union('pte', { none: {}, present: { page: Page } }))
const box = struct('box', { n: small })
const boxed = shared('boxed', box)
const boxes = shared('boxes', array(Page, box))

/** What the language binds where it tests, read without the test. */
const unchecked = (of: Handle, more: Extract<Expression, { readonly kind: 'value' | 'payload' }>): Handle =>
  typeOf(of).expr(more)
const present = (): Expression => ({ kind: 'payload', of: entry.node, tag: 'present', name: 'page' })

const t = (write: () => undefined): ThreadDefinition => thread('t', write)

const left: readonly (readonly [what: string, message: string, thread: ThreadDefinition])[] = [
  [
    'a variable',
    'c: -1 is outside 0..3, in c--',
    t(() => {
      c.decrement()
    }),
  ],
  [
    'a variable in a step',
    'c: -1 is outside 0..3, in c--',
    t(() => {
      Step('both', () => {
        seven.decrement()
        c.decrement()
      })
    }),
  ],
  [
    'a variable in an atomic procedure',
    'c: 7 is outside 0..3, in c = seven',
    t(() => {
      atomic('f', [], () => {
        c.set(seven)
      })()
    }),
  ],
  [
    'a cell',
    'cells[c]: 7 is outside 0..3, in cells[c] = seven',
    t(() => {
      cells.at(c).set(seven)
    }),
  ],
  [
    'a field',
    'boxed.n: 7 is outside 0..3, in boxed.n = seven',
    t(() => {
      boxed.n.set(seven)
    }),
  ],
  [
    'a field of a cell',
    'boxes[page].n: 7 is outside 0..3, in boxes[page].n = seven',
    threadPer(Page, 't', (page) => {
      boxes.at(page).n.set(seven)
    }),
  ],
  [
    'an optional',
    'seven: 7 is outside 0..3, in level = seven',
    t(() => {
      level.set(seven)
    }),
  ],
  [
    'a part of a struct',
    'seven: 7 is outside 0..3, in boxed = { n: seven }',
    t(() => {
      boxed.set(box.value({ n: seven }))
    }),
  ],
  [
    'a local',
    'mine: 7 is outside 0..3, in mine = seen',
    t(() => {
      const seen = Let('seen', seven)
      Local('mine', small, seen)
    }),
  ],
  [
    'an index that is read',
    'cells[seven]: the index 7 is outside the array, in await (cells[seven] == 0)',
    t(() => {
      Await(cells.at(seven).eq(0))
    }),
  ],
  [
    'an index that is assigned',
    'cells[seven]: the index 7 is outside the array, in cells[seven] = 1',
    t(() => {
      cells.at(seven).set(1)
    }),
  ],
  [
    'an index in an assertion',
    'cells[seven]: the index 7 is outside the array, in assert A',
    t(() => {
      Step('s', () => {
        Assert('A', cells.at(seven).eq(0))
      })
    }),
  ],
  [
    'an index in a test',
    'cells[seven]: the index 7 is outside the array, in if (cells[seven] == 0)',
    t(() => {
      If(cells.at(seven).eq(0), () => c.set(1))
    }),
  ],
  [
    'an index in a choice',
    'cells[n + 1]: the index 4 is outside the array, in choose n',
    t(() => {
      Choose('n', small, (n) => cells.at(n.plus(1)).eq(1))
      c.set(1)
    }),
  ],
  [
    'the value of none',
    'level: none has no value, in c = level',
    t(() => {
      c.set(rangeType(0, 3).expr(unchecked(level, { kind: 'value', of: level.node }).node))
    }),
  ],
  [
    'a field of another case',
    'entry: none is not present, in owner = entry.page',
    t(() => {
      owner.set(Page.expr(present()))
    }),
  ],
  [
    'a push to a full queue',
    'full: the queue is full: 0 elements, in full.push(true)',
    t(() => {
      full.push(BoolType.expr(BoolType.lift(true)))
    }),
  ],
  [
    'an element outside its type',
    'seven: 7 is outside 0..3, in waiters.push(seven)',
    t(() => {
      waiters.push(seven)
    }),
  ],
  [
    'a pop of an empty queue',
    'waiters: the queue is empty, in waiters.pop()',
    t(() => {
      waiters.pop()
    }),
  ],
  [
    'the head of an empty queue',
    'waiters: an empty queue has no head, in c = waiters.head',
    t(() => {
      c.set(waiters.head)
    }),
  ],
]

test.each(left)('%s', (_, message, definition) => {
  const symbolic = model('m', { threads: [definition] })
  const made = machine(
    configure(symbolic, { sizes: symbolic.sorts.includes('Page') ? { Page: 1 } : {}, constants: {} }),
  )
  let states = made.initial.map(({ state }) => state)
  const seen: string[] = []
  for (let depth = 0; depth < 4; depth += 1) {
    const all = states.flatMap((state) => transitions(made, state))
    seen.push(...all.flatMap((one) => failuresOf(one).map((failure) => failure.message)))
    states = all.flatMap(({ outcome }) => (outcome.kind === 'next' ? [outcome.state] : []))
  }
  const file = / \(test\/semantics\/domains\.test\.ts:\d+\)$/
  expect(seen.map((one) => one.replace(file, ''))).toContain(message)
  expect(seen.every((one) => file.test(one))).toBe(true)
})
