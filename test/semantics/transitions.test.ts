/** What one transition is: docs/semantics.md, "One transition", rule by rule. */
import { describe, expect, test } from 'vitest'
import { referenceCheck } from '../../src/semantics/toy.ts'
import {
  array,
  assert,
  assign,
  at,
  back,
  binary,
  bool,
  call,
  choose,
  configured,
  cover,
  either,
  forEach,
  goto,
  id,
  int,
  label,
  leave,
  local,
  loop,
  no,
  not,
  num,
  optional,
  queueOf,
  self,
  setOf,
  shared,
  skip,
  some,
  statement,
  step,
  union,
  variable,
  wait,
  when,
  yes,
  zero,
} from '../support/ast.ts'
import type { ThreadDraft } from '../support/ast.ts'
import { moves, plainAfter } from './moves.ts'

const small = int(0, 3)
const one = (draft: ThreadDraft, ...more: ThreadDraft[]) =>
  configured({ variables: [variable('x', small), variable('b', bool)], threads: [draft, ...more] })
const x = shared('x')
const increment = assign(x, binary(x, '+', num(1)))

describe('what completes a transition', () => {
  test('an assignment to a shared variable', () => {
    expect(moves(one({ body: [increment, increment] }))).toEqual(['0 0 -> 1'])
  })
  test('a read of one into a local', () => {
    expect(moves(one({ body: [assign(local(0), x), skip], locals: [small] }))).toEqual(['0 0 -> 1'])
  })
  test('not an assignment between locals: it goes with what follows', () => {
    const model = one({
      body: [skip, assign(local(0), num(2)), assign(local(1), local(0)), increment, skip],
      locals: [small, small],
    })
    expect(plainAfter(model, [0])).toEqual({
      shared: { x: 0, b: false },
      threads: [{ point: '1', locals: { 0: 0, 1: 0 } }],
    })
    expect(moves(model, [0])).toEqual(['0 3 -> 4'])
    expect(plainAfter(model, [0, 0])).toEqual({
      shared: { x: 1, b: false },
      threads: [{ point: '4', locals: { 0: 2, 1: 2 } }],
    })
  })
  test('but a local statement before the end does', () => {
    expect(moves(one({ body: [skip, assign(local(0), num(2))], locals: [small] }), [0])).toEqual(['0 1 -> end'])
  })
  test('an index that reads shared state makes an assignment between locals visible', () => {
    const cells = array(small, bool)
    expect(moves(one({ body: [assign(at(local(0), x), yes), skip], locals: [cells] }))).toEqual(['0 0 -> 1'])
    expect(moves(one({ body: [skip, assign(at(local(0), num(1)), yes), skip], locals: [cells] }), [0])).toEqual([
      '0 2 -> end',
    ])
  })
  test.each([
    ['insert', setOf(small)],
    ['remove', setOf(small)],
    ['push', queueOf(small, 2)],
    ['discard', queueOf(small, 2)],
  ] as const)('%s on a local goes with what follows', (kind, type) => {
    const change = (target: ReturnType<typeof local | typeof shared>) => statement({ kind, target, value: num(1) })
    const model = configured({
      variables: [variable('s', type)],
      threads: [{ body: [skip, change(local(0)), change(shared('s')), skip], locals: [type] }],
    })
    expect(moves(model, [0])).toEqual(['0 2 -> 3'])
  })
  test('an await, though it is about locals only', () => {
    expect(moves(one({ body: [wait(yes), skip] }))).toEqual(['0 0 -> 1'])
    expect(moves(one({ body: [wait(no), skip] }))).toEqual([])
  })
  test('a choose whose condition reads shared state, each value in order', () => {
    expect(
      moves(one({ body: [choose(0, binary(binary(local(0), '+', x), '>=', num(2))), skip], locals: [small] })),
    ).toEqual(['0 0 x0=2 -> 1', '0 0 x0=3 -> 1'])
    expect(moves(one({ body: [choose(0, binary(x, '==', num(1))), skip], locals: [small] }))).toEqual([])
  })
  test('a step, an atomic call; an ordinary call has no transition of its own', () => {
    expect(moves(one({ body: [step(increment, increment), skip] }))).toEqual(['0 0 -> 1'])
    expect(moves(one({ body: [call(true, increment, increment), skip] }))).toEqual(['0 0:f -> 1'])
    expect(moves(one({ body: [call(false, increment, increment), skip] }))).toEqual(['0 0:f/0 -> 0:f/1'])
    expect(moves(one({ body: [call(false), skip, skip] }))).toEqual(['0 1 -> 2'])
  })
  test('an empty step is a transition that changes only the point', () => {
    expect(moves(one({ body: [skip] }))).toEqual(['0 0 -> end'])
  })
})

describe('branches', () => {
  const test1 = binary(x, '==', num(0))
  test('an if that reads shared state ends where the arm begins', () => {
    expect(moves(one({ body: [when(test1, [increment], [skip])] }))).toEqual(['0 0.then -> 0.then/0'])
    expect(moves(one({ body: [when(not(test1), [increment], [skip])] }))).toEqual(['0 0.else -> 0.else/0'])
    expect(moves(one({ body: [when(test1, []), skip] }))).toEqual(['0 0.then -> 1'])
  })
  test('an if about locals goes with what follows', () => {
    expect(moves(one({ body: [skip, when(yes, [increment], [skip]), skip] }), [0])).toEqual(['0 1.then/0 -> 2'])
    expect(moves(one({ body: [skip, when(no, [increment])] }), [0])).toEqual(['0 1.else -> end'])
  })
  test('a bind that reads shared state makes the if visible, and is done in its transition, in order', () => {
    const binds = [
      { local: 0, value: num(2) },
      { local: 1, value: binary(local(0), '+', x) },
    ]
    const body = [
      statement({ kind: 'if', condition: yes, then: { binds, body: [increment] }, otherwise: { binds: [], body: [] } }),
    ]
    const model = one({ body, locals: [small, small] })
    expect(moves(model)).toEqual(['0 0.then -> 0.then/0'])
    expect(plainAfter(model, [0]).threads[0]?.locals).toEqual({ 0: 2, 1: 2 })
  })
  test('a match takes the arm of the case, or the rest', () => {
    const type = union('u', { none: {}, page: { n: small }, swap: {} })
    const payload = { local: 0, value: { kind: 'payload', of: shared('u'), tag: 'page', name: 'n' } as const }
    const matching = statement({
      kind: 'match',
      of: shared('u'),
      arms: { page: { binds: [payload], body: [skip] } },
      otherwise: { binds: [], body: [] },
    })
    const made = (tag: string) => ({ kind: 'case', tag, fields: tag === 'page' ? { n: num(3) } : {}, type }) as const
    const model = (tag: string) =>
      configured({
        variables: [variable('u', type, made(tag))],
        threads: [{ body: [matching, skip], locals: [small] }],
      })
    expect(moves(model('page'))).toEqual(['0 0.case-page -> 0.case-page/0'])
    expect(plainAfter(model('page'), [0]).threads[0]?.locals).toEqual({ 0: 3 })
    expect(moves(model('swap'))).toEqual(['0 0.rest -> 1'])
  })
  test('either is part of the first transition of its branches; a branch is possible if that is', () => {
    const model = one({ body: [either([increment], [wait(no), skip], [wait(yes)], []), skip] })
    expect(moves(model)).toEqual(['0 0.or-0/0 -> 1', '0 0.or-2/0 -> 1', '0 1 -> end'])
    expect(moves(one({ body: [either([], [])] }))).toEqual(['0 0.or-0 -> end', '0 0.or-1 -> end'])
  })
  test('an either without a possible branch is no way', () => {
    expect(moves(one({ body: [either([wait(no)]), skip] }))).toEqual([])
  })
})

describe('loops, labels and jumps', () => {
  test('a local loop keeps one visible transition a round', () => {
    const model = one({
      body: [skip, loop(0, assign(local(0), num(1)), when(yes, [assign(local(0), num(2))]))],
      locals: [small],
    })
    expect(moves(model, [0])).toEqual(['0 1/1.then/0 -> 1/0'])
    expect(referenceCheck(model)).toMatchObject({ states: 3, transitions: 3, depth: 3 })
  })
  test('entering a loop ends none, coming round does', () => {
    expect(moves(one({ body: [skip, assign(local(0), num(1)), loop(0, increment)], locals: [small] }), [0])).toEqual([
      '0 2/0 -> 2/0',
    ])
    expect(moves(one({ body: [loop(0, loop(1, increment))] }))).toEqual(['0 0/0/0 -> 0/0/0'])
    expect(moves(one({ body: [loop(0, skip, assign(local(0), num(1)))], locals: [small] }), [0])).toEqual([
      '0 0/1 -> 0/0',
    ])
    expect(
      moves(one({ body: [loop(0, skip, assign(local(0), num(1)), leave('continue', 0))], locals: [small] }), [0]),
    ).toEqual(['0 0/1 -> 0/0'])
    expect(
      moves(
        one({ body: [loop(0, skip, assign(local(0), num(1)), leave('break', 0)), increment, skip], locals: [small] }),
        [0],
      ),
    ).toEqual(['0 1 -> 2'])
  })
  test('nor does passing a label; a goto does, and resting at an idle one', () => {
    expect(
      moves(one({ body: [skip, assign(local(0), num(1)), label(0), increment, skip], locals: [small] }), [0]),
    ).toEqual(['0 3 -> 4'])
    const jump = one({ body: [skip, assign(local(0), num(1)), goto(0), increment, label(0), skip], locals: [small] })
    expect(moves(jump, [0])).toEqual(['0 1 -> 5'])
    const idle = one({
      body: [skip, assign(local(0), num(1)), label(0, true), assign(local(0), num(2)), wait(no)],
      locals: [small],
    })
    expect(moves(idle, [0])).toEqual(['0 1 -> 3'])
    expect(plainAfter(idle, [0, 0])).toEqual({
      shared: { x: 0, b: false },
      threads: [{ point: '3', locals: { 0: 1 } }],
    })
  })
  test('return leaves the innermost call, or ends the thread', () => {
    expect(moves(one({ body: [call(false, call(false, back, increment), increment), skip] }))).toEqual(['0 0:f/1 -> 1'])
    expect(moves(one({ body: [call(false, increment, back, increment), skip] }))).toEqual(['0 0:f/0 -> 1'])
    expect(moves(one({ body: [increment, back, skip] }))).toEqual(['0 0 -> end'])
    expect(moves(one({ body: [back, skip] }))).toEqual([])
  })
})

describe('before the first state', () => {
  const set = (value: number) => assign(local(0), num(value))
  const first = (draft: ThreadDraft) => plainAfter(one(draft)).threads[0]
  test('what is local and has one way is done', () => {
    expect(first({ body: [set(1), when(yes, [set(2)]), increment], locals: [small] })).toEqual({
      point: '2',
      locals: { 0: 2 },
    })
    expect(first({ body: [set(1), loop(0, set(2), increment)], locals: [small] })).toEqual({
      point: '1/1',
      locals: { 0: 2 },
    })
    expect(first({ body: [set(3)], locals: [small] })).toEqual({ point: 'end', locals: { 0: 3 } })
    const each = configured({
      sizes: { A: 2 },
      variables: [variable('x', small)],
      threads: [{ body: [assign(local(0), self), increment], locals: [id('A')], per: 'A' }],
    })
    expect(plainAfter(each).threads.map(({ locals }) => locals)).toEqual([{ 0: 0 }, { 0: 1 }])
  })
  test('up to a way back, a jump or an idle label', () => {
    expect(first({ body: [loop(0, set(2))], locals: [small] })).toEqual({ point: '0/0', locals: { 0: 2 } })
    expect(first({ body: [set(1), goto(0), label(0), set(2), increment], locals: [small] })).toEqual({
      point: '3',
      locals: { 0: 1 },
    })
    expect(first({ body: [set(1), label(0, true), set(2), increment], locals: [small] })).toEqual({
      point: '2',
      locals: { 0: 1 },
    })
  })
  test('but nothing that is to choose, to claim or to fail', () => {
    expect(first({ body: [set(1), choose(0), increment], locals: [small] })).toEqual({ point: '1', locals: { 0: 1 } })
    expect(first({ body: [set(1), assert('p', yes), set(2), increment], locals: [small] })).toEqual({
      point: '1',
      locals: { 0: 1 },
    })
    expect(first({ body: [set(1), either([set(2), increment], [skip])], locals: [small] })).toEqual({
      point: '1',
      locals: { 0: 1 },
    })
    const fails = one({ body: [set(1), set(4), increment], locals: [small] })
    expect(plainAfter(fails).threads[0]).toEqual({ point: '1', locals: { 0: 1 } })
    expect(moves(fails)).toEqual(['0 1 !domain'])
  })
})

describe("a choose of the thread's own", () => {
  const cells = array(small, bool)
  const draft = (...body: ThreadDraft['body']) =>
    configured({
      variables: [variable('x', small), variable('b', bool), variable('lock', cells)],
      threads: [{ body: [choose(0), ...body, skip], locals: [int(0, 1), int(0, 1), bool] }],
    })
  const own = ['0 0 x0=0 -> 1', '0 0 x0=1 -> 1']
  const lock = at(shared('lock'), local(0))
  const lockOf = (n: number) => at(shared('lock'), local(n))
  test('goes with what follows, local statements and loops between', () => {
    expect(moves(draft(increment))).toEqual(['0 1 x0=0 -> 2', '0 1 x0=1 -> 2'])
    expect(moves(draft(assign(local(1), local(0)), loop(0, increment, wait(no))))).toEqual([
      '0 2/0 x0=0 -> 2/1',
      '0 2/0 x0=1 -> 2/1',
    ])
    expect(moves(draft(choose(1), increment))).toEqual([
      '0 2 x0=0 x1=0 -> 3',
      '0 2 x0=0 x1=1 -> 3',
      '0 2 x0=1 x1=0 -> 3',
      '0 2 x0=1 x1=1 -> 3',
    ])
    expect(moves(draft(wait(shared('b'))))).toEqual([])
    expect(moves(draft(step(wait(not(shared('b'))), increment)))).toEqual(['0 1 x0=0 -> 2', '0 1 x0=1 -> 2'])
    // what comes behind a test of shared state is another transition
    expect(moves(draft(when(shared('b'), [], [wait(lock)])))).toEqual([
      '0 1.else x0=0 -> 1.else/0',
      '0 1.else x0=1 -> 1.else/0',
    ])
  })
  test('is a transition where the value enters shared state, or says where something does', () => {
    expect(moves(draft(assign(x, local(0))))).toEqual(own)
    expect(moves(draft(assign(lock, yes)))).toEqual(own)
    expect(moves(draft(assign(local(1), local(0)), assign(x, local(1))))).toEqual(own)
    expect(moves(draft(choose(1), assign(x, local(0))))).toEqual(own)
    expect(moves(draft(step(wait(not(shared('b'))), assign(lock, yes))))).toEqual(own)
  })
  test('is a transition where a guard reads the value', () => {
    expect(moves(draft(wait(lock)))).toEqual(own)
    expect(moves(draft(step(wait(lock), increment)))).toEqual(own)
    expect(moves(draft(step(wait(not(shared('b')), { bound: 9, condition: lock }), increment)))).toEqual(own)
    expect(moves(draft(either([wait(lock)], [skip])))).toEqual(own)
    expect(moves(draft(call(true, when(shared('b'), [], [wait(lock)]))))).toEqual(own.map((move) => `${move}:f`))
  })
  test('or something made of it', () => {
    expect(moves(draft(assign(local(1), local(0)), wait(lockOf(1))))).toEqual(own)
    expect(moves(draft(step(assign(local(1), local(0)), wait(lockOf(1)))))).toEqual(own)
    expect(moves(draft(choose(1, binary(local(1), '!=', local(0))), increment))).toEqual(own)
    expect(
      moves(
        draft(
          statement({
            kind: 'if',
            condition: yes,
            then: { binds: [{ local: 1, value: local(0) }], body: [wait(lockOf(1))] },
            otherwise: { binds: [], body: [] },
          }),
        ),
      ),
    ).toEqual(own)
  })
  test('or stands behind a test of it', () => {
    const one = binary(local(0), '==', num(1))
    expect(moves(draft(when(one, [wait(shared('b'))])))).toEqual(own)
    expect(moves(draft(when(one, [assign(local(1), num(1))]), wait(shared('b'))))).toEqual(own)
    expect(moves(draft(when(one, [increment], [skip])))).toEqual(['0 1.else/0 x0=0 -> 2', '0 1.then/0 x0=1 -> 2'])
  })
  test('so that what was chosen and never comes is seen to hang', () => {
    const property = { name: 'deadlock', kind: 'deadlock' } as const
    const hang = { ...draft(wait(binary(local(0), '==', num(0)))), properties: [property] }
    expect(referenceCheck(hang).properties).toMatchObject([{ verdict: 'violated', steps: 1 }])
  })
})

describe('reset', () => {
  const forget = statement({ kind: 'reset', locals: [0] })
  test('makes locals zero where control comes by, and is no transition', () => {
    const model = one({ body: [assign(local(0), x), forget, loop(0, skip, forget, wait(yes))], locals: [int(1, 3)] })
    expect(moves(one({ body: [forget, increment, forget], locals: [small] }))).toEqual(['0 1 -> end'])
    expect(plainAfter(model).threads[0]?.locals).toEqual({ 0: 1 })
    const stale = one({ body: [increment, assign(local(0), x), skip, forget, skip], locals: [small] })
    expect(plainAfter(stale, [0, 0]).threads[0]).toEqual({ point: '2', locals: { 0: 1 } })
    expect(plainAfter(stale, [0, 0, 0]).threads[0]).toEqual({ point: '4', locals: { 0: 0 } })
  })
  test('on the way through a transition, too', () => {
    const model = one({
      body: [
        assign(local(0), num(3)),
        forget,
        assign(x, local(0)),
        step(assign(local(0), num(2)), forget, assign(x, local(0))),
      ],
      locals: [small],
    })
    expect(moves(model)).toEqual(['0 2 -> 3'])
    expect(plainAfter(model, [0, 0])).toEqual({
      shared: { x: 0, b: false },
      threads: [{ point: 'end', locals: { 0: 0 } }],
    })
  })
})

describe('forEach', () => {
  const each = (...body: Parameters<typeof step>) =>
    configured({
      variables: [variable('done', setOf(small)), variable('x', small)],
      threads: [{ body: [forEach(0, 1, int(0, 2), ...body), skip], locals: [small, setOf(int(0, 2))] }],
    })
  const note = statement({ kind: 'insert', target: shared('done'), value: local(0) })
  test('takes any remaining element with the first transition of the body', () => {
    const model = each(note)
    expect(plainAfter(model).threads[0]?.locals).toEqual({ 0: 0, 1: [0, 1, 2] })
    expect(moves(model)).toEqual(['0 0/0 x0=0 -> 0', '0 0/0 x0=1 -> 0', '0 0/0 x0=2 -> 0'])
    expect(moves(model, [1])).toEqual(['0 0/0 x0=0 -> 0', '0 0/0 x0=2 -> 0'])
    expect(plainAfter(model, [1])).toEqual({
      shared: { done: [1], x: 0 },
      threads: [{ point: '0', locals: { 0: 1, 1: [0, 2] } }],
    })
    expect(moves(model, [1, 0])).toEqual(['0 0/0 x0=2 -> 1'])
    // Nothing taken; one of 3; the last of each of 3 pairs; the last of all three, before and after the skip.
    expect(referenceCheck(model)).toMatchObject({ states: 1 + 3 + 6 + 3 + 3, transitions: 3 + 6 + 6 + 3, depth: 5 })
  })
  test('takes an element in a transition of its own if the body is local', () => {
    expect(moves(each())).toEqual(['0 0 x0=0 -> 0', '0 0 x0=1 -> 0', '0 0 x0=2 -> 0'])
    expect(moves(each(assert('p', yes)))[0]).toBe('0 0/0 x0=0 -> 0')
  })
  test('is full again when it is entered again', () => {
    const body = [loop(0, forEach(0, 1, bool, increment), assign(x, num(0)))]
    const model = one({ body, locals: [bool, setOf(bool)] })
    expect(plainAfter(model, [0, 0, 0]).threads[0]).toEqual({ point: '0/0', locals: { 0: true, 1: [false, true] } })
  })
  test('left in the middle keeps what remains', () => {
    const leaving = configured({
      variables: [variable('x', small)],
      threads: [{ body: [forEach(0, 1, bool, increment, goto(0)), label(0), skip], locals: [bool, setOf(bool)] }],
    })
    expect(plainAfter(leaving, [0]).threads[0]).toEqual({ point: '2', locals: { 0: false, 1: [true] } })
  })
  test('in a step goes through all elements in order, at once, and leaves the last; its set stays empty', () => {
    const push = statement({ kind: 'push', target: shared('q'), value: local(0) })
    const model = configured({
      variables: [variable('q', queueOf(small, 4))],
      threads: [{ body: [step(forEach(0, 1, int(1, 3), push)), skip], locals: [small, setOf(int(1, 3))] }],
    })
    expect(moves(model)).toEqual(['0 0 -> 1'])
    expect(plainAfter(model, [0])).toEqual({
      shared: { q: [1, 2, 3] },
      threads: [{ point: '1', locals: { 0: 3, 1: [] } }],
    })
  })
  test('in a step may be nested and be left', () => {
    const push = statement({ kind: 'push', target: shared('q'), value: local(0) })
    const inner = forEach(2, 3, bool, when(local(2), [push]))
    const model = (...outer: Parameters<typeof step>) =>
      configured({
        variables: [variable('q', queueOf(small, 4))],
        threads: [{ body: [step(...outer), label(0), skip], locals: [small, setOf(int(1, 3)), bool, setOf(bool)] }],
      })
    expect(plainAfter(model(forEach(0, 1, int(1, 3), inner)), [0]).shared).toEqual({ q: [1, 2, 3] })
    expect(plainAfter(model(forEach(0, 1, int(1, 3), push, goto(0))), [0])).toMatchObject({
      shared: { q: [1] },
      threads: [{ point: '2', locals: { 0: 1, 1: [] } }],
    })
  })
})

describe('inside a step', () => {
  test('everything is one transition, each way of its own', () => {
    const body = [step(choose(0), either([assign(x, local(0))], [increment, wait(binary(x, '==', local(0)))])), skip]
    expect(moves(one({ body, locals: [int(0, 1)] }))).toEqual(['0 0 x0=0 -> 1', '0 0 x0=1 -> 1', '0 0 x0=1 -> 1'])
  })
  test('an expression sees what the step has changed', () => {
    const model = one({ body: [step(increment, increment, when(binary(x, '==', num(2)), [increment]))] })
    expect(plainAfter(model, [0]).shared).toEqual({ x: 3, b: false })
  })
  test('a guard that is false, or a choose without a value, is no way', () => {
    expect(moves(one({ body: [step(increment, wait(no))] }))).toEqual([])
    expect(moves(one({ body: [step(increment, choose(0, no))], locals: [small] }))).toEqual([])
  })
  test('a jump or return to a place outside ends it', () => {
    const onward = loop(
      0,
      step(
        when(binary(x, '==', num(0)), [increment, leave('continue', 0)]),
        assign(x, num(3)),
        leave('break', 0),
        assign(x, num(0)),
      ),
    )
    const model = one({ body: [onward, skip] })
    expect(moves(model)).toEqual(['0 0/0 -> 0/0'])
    expect(moves(model, [0])).toEqual(['0 0/0 -> 1'])
    expect(plainAfter(model, [0, 0]).shared).toEqual({ x: 3, b: false })
    expect(moves(one({ body: [call(false, step(increment, back, increment), skip), skip] }))).toEqual(['0 0:f/0 -> 1'])
  })
  test('a return of a call inside does not', () => {
    const model = one({
      body: [step(call(true, increment, back, assign(x, num(3))), call(false, back), increment), skip],
    })
    expect(moves(model)).toEqual(['0 0 -> 1'])
    expect(plainAfter(model, [0]).shared).toEqual({ x: 2, b: false })
  })
  test('a jump forward inside it goes on', () => {
    const model = one({ body: [step(goto(0), increment, label(0), assign(shared('b'), yes)), skip] })
    expect(plainAfter(model, [0]).shared).toEqual({ x: 0, b: true })
  })
  test('a cover that is true is witnessed by the transition', () => {
    const body = [step(cover('p', binary(x, '==', num(0))), increment, cover('q', yes), cover('r', no)), skip]
    expect(moves(one({ body }))).toEqual(['0 0 +p +q -> 1'])
    expect(moves(one({ body: [step(cover('p', yes), assert('a', no))] }))).toEqual(['0 0 +p !a -> end'])
    const outside = binary({ kind: 'value', of: zero(optional(small)) }, '==', num(0))
    expect(moves(one({ body: [step(cover('p', outside)), skip] }))).toEqual(['0 0 -> 1'])
  })
})

describe('failing', () => {
  test('an assert goes with the statement that follows it', () => {
    expect(moves(one({ body: [assert('p', binary(x, '==', num(0))), increment, skip] }))).toEqual(['0 1 -> 2'])
    expect(moves(one({ body: [assert('p', binary(x, '==', num(0)))] }))).toEqual(['0 0 -> end'])
  })
  test('an assertion ends nothing, and is broken even where it goes with a guard that is false; misuse ends the way', () => {
    expect(moves(one({ body: [assert('p', no), wait(no)] }))).toEqual(['0 0 !p'])
    expect(moves(one({ body: [step(assert('p', no), assert('q', no))] }))).toEqual(['0 0 !p !q -> end'])
    expect(moves(one({ body: [step(assert('p', no), assert('q', no, true), assert('r', no))] }))).toEqual(['0 0 !p !q'])
    expect(moves(one({ body: [step(wait(no), assert('p', no))] }))).toEqual([])
    expect(moves(one({ body: [assert('p', no), choose(0)], locals: [small] }))).toEqual(
      [0, 1, 2, 3].map((n) => `0 1 x0=${n} !p -> end`),
    )
    expect(moves(one({ body: [assert('p', no), choose(0, no)], locals: [small] }))).toEqual(['0 0 !p'])
    expect(moves(one({ body: [choose(0, no), assert('p', no)], locals: [small] }))).toEqual([])
  })
  test('leaving a domain fails', () => {
    expect(moves(one({ body: [assign(x, num(4))] }))).toEqual(['0 0 !domain'])
    expect(moves(one({ body: [wait(binary({ kind: 'value', of: zero(optional(small)) }, '==', num(0)))] }))).toEqual([
      '0 0 !domain',
    ])
  })
  test('each candidate of a choose stands alone', () => {
    const cells = array(int(0, 1), bool)
    const model = configured({
      variables: [variable('a', cells)],
      threads: [{ body: [choose(0, not(at(shared('a'), local(0)))), skip], locals: [int(0, 2)] }],
    })
    expect(moves(model)).toEqual(['0 0 x0=0 -> 1', '0 0 x0=1 -> 1', '0 0 x0=2 !domain'])
  })
})

describe('order', () => {
  test('instances, then branches, elements and values', () => {
    const writer: ThreadDraft = {
      per: 'P',
      body: [either([choose(0)], [assign(x, num(0))])],
      locals: [optional(id('P'))],
    }
    const model = configured({
      variables: [variable('x', small)],
      sizes: { P: 2 },
      threads: [{ body: [choose(0)], locals: [int(-1, 1)] }, writer],
    })
    expect(moves(model)).toEqual([
      '0 0 x0=-1 -> end',
      '0 0 x0=0 -> end',
      '0 0 x0=1 -> end',
      '1 0.or-0/0 x0=null -> end',
      '1 0.or-0/0 x0=0 -> end',
      '1 0.or-0/0 x0=1 -> end',
      '1 0.or-1/0 -> end',
      '2 0.or-0/0 x0=null -> end',
      '2 0.or-0/0 x0=0 -> end',
      '2 0.or-0/0 x0=1 -> end',
      '2 0.or-1/0 -> end',
    ])
  })
  test('self and current are the element and the thread', () => {
    const thread = id('Thread')
    const model = configured({
      variables: [variable('owner', optional(thread)), variable('who', optional(id('P')))],
      sizes: { P: 2 },
      threads: [
        { body: [skip] },
        {
          per: 'P',
          body: [
            step(
              assign(shared('owner'), some({ kind: 'current' }, optional(thread))),
              assign(shared('who'), some(self, optional(id('P')))),
            ),
          ],
        },
      ],
    })
    expect(plainAfter(model, [2]).shared).toEqual({ owner: 2, who: 1 })
  })
})
