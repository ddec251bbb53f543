/** Initial states, counting and the kinds of properties: docs/semantics.md from "Initial states" on. */
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel, Expression, HangKind, Property, PropertyKind } from '../../src/language/ast.ts'
import { isHangKind } from '../../src/language/hangs.ts'
import { machine, plainState } from '../../src/semantics/machine.ts'
import { isDeadlocked, stuckThreads } from '../../src/semantics/properties.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import {
  assert,
  assign,
  binary,
  bool,
  bound,
  choose,
  configured,
  cover,
  either,
  forEach,
  goto,
  id,
  int,
  label,
  local,
  localsOf,
  loop,
  no,
  not,
  num,
  optional,
  setOf,
  shared,
  skip,
  some,
  statement,
  step,
  variable,
  wait,
  yes,
  zero,
} from '../support/ast.ts'
import type { ModelDraft, ThreadDraft } from '../support/ast.ts'
import { after } from './moves.ts'

const small = int(0, 3)
const x = shared('x')
const increment = assign(x, binary(x, '+', num(1)))
function declare(kind: 'invariant' | 'transition', condition: Expression): Property
function declare(kind: 'sometimes', condition?: Expression): Property
function declare(kind: 'assertion' | HangKind): Property
function declare(kind: PropertyKind, condition = no): Property {
  if (kind === 'invariant') return { name: 'p', kind, condition }
  if (kind === 'transition') return { name: 'p', kind, condition }
  if (kind === 'sometimes') return { name: 'p', kind, condition }
  return { name: 'p', kind: isHangKind(kind) ? kind : 'assertion' }
}

/** The verdict on one property of a model with a variable x in 0..3, and the steps. */
function verdict(property: Property, ...threads: ThreadDraft[]): string {
  return verdictOf(configured({ variables: [variable('x', small)], threads, properties: [property] }))
}
function verdictOf(model: ConfiguredModel): string {
  return referenceCheck(model)
    .properties.map(
      ({ name, kind, verdict, steps }) =>
        `${name === 'p' ? '' : `${name} (${kind}) `}${verdict}${steps === undefined ? '' : ` ${steps}`}`,
    )
    .join(', ')
}

describe('initial states', () => {
  const initial = (draft: ModelDraft) => {
    const graph = machine(configured(draft))
    return graph.initial.map(({ state, choices }) => ({
      ...plainState(graph, state).shared,
      choices: choices.map(({ value }) => value),
    }))
  }
  test('are the product of the initial sets, the first variable slowest', () => {
    expect(
      initial({
        variables: [variable('a', bool, yes, no), variable('z', small), variable('b', small, num(1), num(3))],
      }),
    ).toEqual([
      { a: true, z: 0, b: 1, choices: [] },
      { a: true, z: 0, b: 3, choices: [] },
      { a: false, z: 0, b: 1, choices: [] },
      { a: false, z: 0, b: 3, choices: [] },
    ])
  })
  test('are then the outcomes of initially, each once', () => {
    const body = [choose(0), wait(binary(local(0), '!=', num(1))), either([assign(x, local(0))], [increment])]
    const draft = { variables: [variable('x', small)], initially: { locals: localsOf([int(0, 2)]), body } }
    expect(initial(draft)).toEqual([
      { x: 0, choices: [0] },
      { x: 1, choices: [0] },
      { x: 2, choices: [2] },
    ])
    expect(referenceCheck(configured(draft))).toEqual({
      complete: true,
      states: 3,
      transitions: 0,
      depth: 1,
      levelSizes: [3],
      properties: [],
    })
  })
  test('of which there must be one', () => {
    const initially = (body: ThreadDraft['body']) => () =>
      machine(configured({ variables: [variable('x', small, num(0), num(1))], initially: { locals: [], body } }))
    expect(initially([wait(binary(x, '==', num(1)))])().initial).toHaveLength(1)
    expect(initially([wait(no)])).toThrow(/no outcome/)
    expect(initially([wait(binary(x, '==', num(1))), assert('q', no)])).toThrow(/fails/)
  })
  test('a thread without statements is at its end', () => {
    expect(verdict(declare('deadlock'), { body: [] })).toBe('holds')
  })
  test('a model without threads has its initial states', () => {
    expect(referenceCheck(configured({}))).toEqual({
      complete: true,
      states: 1,
      transitions: 0,
      depth: 1,
      levelSizes: [1],
      properties: [],
    })
  })
})

describe('counting', () => {
  test('self-loops and equal results count each, failing transitions do not', () => {
    const body = [loop(0, either([wait(yes)], [skip], [assign(x, num(0))], [assign(x, num(4))], [wait(no)]))]
    expect(referenceCheck(configured({ variables: [variable('x', small)], threads: [{ body }] }))).toEqual({
      complete: true,
      states: 1,
      transitions: 3,
      depth: 1,
      levelSizes: [1],
      properties: [{ name: 'domain', kind: 'domain', verdict: 'violated', steps: 1 }],
    })
  })
  test('two threads of two steps make a square', () => {
    expect(referenceCheck(configured({ threads: [{ body: [skip, skip] }, { body: [skip, skip] }] }))).toMatchObject({
      states: 9,
      transitions: 12,
      depth: 5,
    })
  })
  test('a limit ends in incomplete, and what was shown stays shown', () => {
    const model = configured({
      variables: [variable('x', small)],
      threads: [{ body: [increment, increment, increment] }],
      properties: [
        { name: 'low', kind: 'invariant', condition: binary(x, '<', num(1)) },
        { name: 'high', kind: 'sometimes', condition: binary(x, '==', num(3)) },
        { name: 'stops', kind: 'recoverable' },
      ],
    })
    expect(referenceCheck(model, { maxTransitions: 1 })).toMatchObject({
      complete: false,
      properties: [
        { name: 'low', verdict: 'violated', steps: 1 },
        { name: 'high', verdict: 'incomplete' },
        { name: 'stops', verdict: 'incomplete' },
      ],
    })
    expect(verdictOf(model)).toBe('low (invariant) violated 1, high (sometimes) holds 3, stops (recoverable) holds')
  })
})

describe('invariant, transition, assertion, sometimes', () => {
  const up: ThreadDraft = { body: [increment, increment] }
  const isX = (value: number): Expression => binary(x, '==', num(value))
  const outside = binary({ kind: 'value', of: zero(optional(small)) }, '==', num(0))
  const rises = binary(x, '>', { kind: 'before', of: x })
  test.each<readonly [string, Property, string]>([
    ['invariant', declare('invariant', binary(x, '<', num(2))), 'violated 2'],
    ['invariant of an initial state', declare('invariant', binary(x, '>', num(0))), 'violated 0'],
    ['invariant that holds', declare('invariant', binary(x, '<', num(3))), 'holds'],
    ['invariant outside its domain', declare('invariant', outside), 'violated 0'],
    ['transition', declare('transition', rises), 'holds'],
    ['transition violated by the second', declare('transition', binary(x, '==', num(1))), 'violated 2'],
    ['transition outside its domain', declare('transition', outside), 'violated 1'],
    ['sometimes', declare('sometimes', isX(2)), 'holds 2'],
    ['sometimes, never', declare('sometimes', isX(3)), 'violated'],
    ['sometimes outside its domain', declare('sometimes', outside), 'violated'],
    ['an assertion that nothing asserts', declare('assertion'), 'holds'],
  ])('%s', (_name, property, expected) => {
    expect(verdict(property, up)).toBe(expected)
  })
  test('a state that breaks an invariant is expanded', () => {
    const model = configured({
      variables: [variable('x', small)],
      threads: [up],
      properties: [declare('invariant', isX(0))],
    })
    expect(referenceCheck(model)).toMatchObject({ states: 3, transitions: 2, depth: 3 })
  })
  test('a transition property is asked of transitions into known states', () => {
    expect(
      verdict(declare('transition', binary(x, '>=', { kind: 'before', of: x })), {
        body: [loop(0, either([wait(isX(0)), increment], [wait(isX(1)), assign(x, num(0))]))],
      }),
    ).toBe('violated 4')
    expect(verdict(declare('transition', rises), { body: [loop(0, skip)] })).toBe('violated 1')
  })
  test('an assertion is shown by the failing transition, at the shortest', () => {
    expect(
      verdict(declare('assertion'), { body: [either([skip, assert('p', no)], [skip, skip, assert('p', no)])] }),
    ).toBe('violated 2')
    expect(verdict(declare('assertion'), { body: [increment, assert('p', isX(1))] })).toBe('holds')
  })
  test('misuse and domain errors are always on', () => {
    const model = (body: ThreadDraft['body']) => configured({ variables: [variable('x', small)], threads: [{ body }] })
    expect(verdictOf(model([skip, assert('misuse: unlock', no, true)]))).toBe('misuse: unlock (misuse) violated 2')
    expect(verdictOf(model([assign(x, num(9))]))).toBe('domain (domain) violated 1')
  })
  test('a cover witnesses a sometimes in the transition it is part of', () => {
    expect(verdict(declare('sometimes'), { body: [skip, step(cover('p', isX(0)))] })).toBe('holds 2')
    expect(verdict(declare('sometimes'), { body: [step(cover('p', yes), assert('q', no, true))] })).toBe(
      'undecided, q (misuse) violated 1',
    )
    // The state after the second branch shows it sooner than the transition behind the first.
    expect(verdict(declare('sometimes', isX(1)), { body: [either([skip, step(cover('p', yes))], [increment])] })).toBe(
      'holds 1',
    )
  })
})

describe('deadlock', () => {
  const stop = wait(no)
  test.each<readonly [string, ThreadDraft[], string]>([
    ['all at their ends', [{ body: [skip] }, { body: [] }], 'holds'],
    ['one waits for ever', [{ body: [skip] }, { body: [skip, stop] }], 'violated 2'],
    ['only self-loops are left', [{ body: [loop(0, skip)] }], 'violated 0'],
    [
      'a thread may end while another changes the state for ever',
      [{ body: [stop] }, { body: [loop(0, skip, skip)] }],
      'holds',
    ],
    ['a daemon may stay anywhere', [{ body: [skip, stop], daemon: true }], 'holds'],
    ['a thread rests at an idle label', [{ body: [skip, label(0, true), stop] }], 'holds'],
    ['but not at another', [{ body: [skip, label(0), stop] }], 'violated 1'],
    ['nor behind the idle one', [{ body: [label(0, true), skip, stop] }], 'violated 1'],
    ['an idle label leads through pure control', [{ body: [skip, loop(0, label(0, true), loop(1, stop))] }], 'holds'],
    [
      'to a forEach and to what is behind it',
      [{ body: [forEach(0, 1, bool, skip, label(0, true)), stop], locals: [bool, setOf(bool)] }],
      'holds',
    ],
    [
      'and through a forEach that has nothing to do',
      [{ body: [label(0, true), forEach(0, 1, int(1, 0), skip), stop], locals: [bool, setOf(bool)] }],
      'holds',
    ],
    [
      'a failing transition is not a standstill',
      [{ body: [assert('misuse: q', no, true), skip] }],
      'undecided, misuse: q (misuse) violated 1',
    ],
  ])('%s', (_name, threads, expected) => {
    expect(verdict(declare('deadlock'), ...threads)).toBe(expected)
  })
})

describe('lock deadlock', () => {
  const Thread = id('Thread')
  const owner = optional(Thread)
  const isMine = (lock: string): Expression => binary(shared(lock), '==', some(bound(0), owner))
  const take = (lock: string) =>
    step(
      wait(not({ kind: 'isSome', of: shared(lock) }), { bound: 0, condition: isMine(lock) }),
      assign(shared(lock), some({ kind: 'current' }, owner)),
    )
  const drop = (lock: string) => assign(shared(lock), zero(owner))
  const locks = (...threads: ThreadDraft[]) =>
    configured({
      variables: [variable('a', owner), variable('b', owner), variable('x', small)],
      threads,
      properties: [declare('lock-deadlock')],
    })
  const endless: ThreadDraft = { body: [loop(0, skip, skip)], daemon: true }

  test('two locks crossed, whatever a third thread does', () => {
    const model = locks(
      { body: [take('a'), take('b'), drop('b'), drop('a')] },
      { body: [take('b'), take('a'), drop('a'), drop('b')] },
      endless,
    )
    expect(verdictOf(model)).toBe('violated 2')
    const { graph, state } = after(model, [0, 1])
    expect(stuckThreads(graph, state)).toEqual([0, 1])
    expect(isDeadlocked(graph, state)).toBe(false)
  })
  test('one order', () => {
    const body = [take('a'), take('b'), drop('b'), drop('a')]
    expect(verdictOf(locks({ body }, { body }, endless))).toBe('holds')
  })
  test('a thread that waits for itself', () => {
    expect(verdictOf(locks({ body: [take('a'), take('a')] }, endless))).toBe('violated 1')
  })
  test('a thread behind stuck ones is stuck with them', () => {
    const model = locks({ body: [take('a'), take('a')] }, { body: [take('b'), take('a')] }, { body: [take('b')] })
    const { graph, state } = after(model, [0, 0])
    expect(stuckThreads(graph, state)).toEqual([0, 1, 2])
  })
  test('not a thread whose holder can still go on', () => {
    const model = locks({ body: [take('a'), skip, drop('a')] }, { body: [take('a'), drop('a')] })
    const { graph, state } = after(model, [0])
    expect(stuckThreads(graph, state)).toEqual([])
  })
  test('not while another branch is possible, nor if one waits for something that is no lock', () => {
    const held = [take('a')]
    expect(verdictOf(locks({ body: [...held, either([take('a')], [wait(binary(shared('x'), '==', num(0)))])] }))).toBe(
      'holds',
    )
    expect(verdictOf(locks({ body: [...held, either([take('a')], [wait(no)])] }))).toBe('holds')
    expect(verdictOf(locks({ body: [...held, either([take('a')], [take('a')])] }))).toBe('violated 1')
  })
  test('a guard that is true on the way does not count', () => {
    expect(verdictOf(locks({ body: [take('a'), step(wait(yes), take('a'))] }))).toBe('violated 1')
  })
  test('a failing possibility is a possibility', () => {
    expect(verdictOf(locks({ body: [take('a'), either([take('a')], [assert('misuse: q', no, true)])] }))).toBe(
      'undecided, misuse: q (misuse) violated 2',
    )
  })
  test('blockers that leave their domain do not block', () => {
    const nobody = wait(no, { bound: 0, condition: binary({ kind: 'value', of: zero(owner) }, '==', bound(0)) })
    expect(verdictOf(locks({ body: [nobody] }))).toBe('holds')
  })
})

describe('recoverable', () => {
  test('a thread that can always end', () => {
    expect(
      verdict(declare('recoverable'), { body: [loop(0, either([skip], [statement({ kind: 'break', loop: 0 })]))] }),
    ).toBe('holds')
  })
  test('not one that may loop for ever without a way out', () => {
    expect(verdict(declare('recoverable'), { body: [skip, either([label(0), skip, goto(0)], [skip])] })).toBe(
      'violated 2',
    )
  })
  test('each thread on its own: one ends, the other cannot', () => {
    const stuck: ThreadDraft = { body: [wait(binary(x, '==', num(1)))] }
    expect(verdict(declare('recoverable'), { body: [increment] }, stuck)).toBe('holds')
    expect(verdict(declare('recoverable'), { body: [increment, increment] }, stuck)).toBe('violated 2')
  })
  test('a daemon need not, an idle label is enough', () => {
    expect(verdict(declare('recoverable'), { body: [loop(0, skip, skip)], daemon: true })).toBe('holds')
    expect(verdict(declare('recoverable'), { body: [loop(0, label(0, true), skip, skip)] })).toBe('holds')
    expect(verdict(declare('recoverable'), { body: [loop(0, skip, skip)] })).toBe('violated 0')
  })
})
