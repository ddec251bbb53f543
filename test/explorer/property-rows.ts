/** Models with a property of each kind, by hand: the verdict and the length that is said of each beforehand. */
import type { Expression, Property, Statement } from '../../src/language/ast.ts'
import { collected, oneOf } from '../../src/language/index.ts'
import type { ThreadDraft } from '../support/ast.ts'
import {
  assert,
  assign,
  at,
  array,
  binary,
  bool,
  bound,
  call,
  choose,
  configured,
  cover,
  current,
  either,
  goto,
  id,
  int,
  label,
  leave,
  literal,
  local,
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
  when,
  yes,
  zero,
} from '../support/ast.ts'

const owner = optional(id('Thread'))
const holder = (lock: string): Expression => ({ kind: 'value', of: shared(lock) })
const blocking = (lock: string) => ({
  bound: 9,
  condition: binary({ kind: 'isSome', of: shared(lock) }, 'and', binary(holder(lock), '==', bound(9))),
})
const free = (lock: string): Expression => not({ kind: 'isSome', of: shared(lock) })
const acquire = (lock: string): Statement =>
  step(wait(free(lock), blocking(lock)), assign(shared(lock), some(current, owner)))
const release = (lock: string): Statement => step(assign(shared(lock), zero(owner)))
const locks = [variable('a', owner), variable('b', owner)]

const deadlock: Property = { name: 'deadlock', kind: 'deadlock' }
const stuck: Property = { name: 'lock-deadlock', kind: 'lock-deadlock' }
const recoverable: Property = { name: 'recoverable', kind: 'recoverable' }
const invariant = (condition: Expression): Property => ({ name: 'invariant', kind: 'invariant', condition })
const transition = (condition: Expression): Property => ({ name: 'transition', kind: 'transition', condition })
const sometimes = (condition?: Expression): Property => ({
  name: 'sometimes',
  kind: 'sometimes',
  ...(condition && { condition }),
})
const before = (of: Expression): Expression => ({ kind: 'before', of })
const crossed: readonly ThreadDraft[] = [
  { body: [acquire('a'), acquire('b'), release('b'), release('a')] },
  { body: [acquire('b'), acquire('a'), release('a'), release('b')] },
]
const spinner: ThreadDraft = { daemon: true, body: [loop(1, skip)] }
const increment = (name: string): Statement => assign(shared(name), binary(shared(name), '+', num(1)))

export interface Row {
  readonly what: string
  readonly threads: readonly ThreadDraft[]
  readonly variables?: Parameters<typeof configured>[0]['variables']
  readonly properties: readonly Property[]
  readonly expected: Readonly<Record<string, string>>
}

/** Locks by name, as lockdep sees them: what is held is collected before what is taken. */
const relation = collected('order', oneOf('a', 'b', 'c'))
const lockNames = setOf({ kind: 'enum', members: ['a', 'b', 'c'] })
const named = (name: string): Expression => literal(name, { kind: 'enum', members: ['a', 'b', 'c'] })
const takes = (name: string): Statement =>
  step(
    ...['a', 'b', 'c'].map((other) => cover(`order: ${other} → ${name}`, binary(shared('held'), 'has', named(other)))),
    statement({ kind: 'insert', target: shared('held'), value: named(name) }),
  )
const drops = step(assign(shared('held'), zero(lockNames)))

export const rows: readonly Row[] = [
  // collected
  {
    what: 'two orders one after the other',
    variables: [variable('held', lockNames)],
    threads: [{ body: [takes('a'), takes('b'), drops, takes('b'), takes('a')] }],
    properties: relation,
    expected: { order: 'violated in 5' },
  },
  {
    what: 'one order again and again',
    variables: [variable('held', lockNames)],
    threads: [{ body: [takes('a'), takes('b'), takes('c'), drops, takes('a'), takes('c')] }],
    properties: relation,
    expected: { order: 'holds' },
  },
  {
    what: 'a lock inside itself',
    variables: [variable('held', lockNames)],
    threads: [{ body: [takes('a'), takes('b'), takes('a')] }],
    properties: relation,
    expected: { order: 'violated in 3' },
  },
  {
    what: 'three orders that lead round',
    variables: [variable('held', lockNames)],
    threads: [{ body: [either([takes('a'), takes('b')], [takes('b'), takes('c')], [takes('c'), takes('a')])] }],
    properties: relation,
    expected: { order: 'violated in 2' },
  },
  // lock deadlock
  {
    what: 'two locks taken crosswise',
    variables: locks,
    threads: crossed,
    properties: [deadlock, stuck],
    expected: { deadlock: 'violated in 2', 'lock-deadlock': 'violated in 2' },
  },
  {
    what: 'two locks taken crosswise beside a thread that goes on for ever',
    variables: locks,
    threads: [...crossed, spinner],
    properties: [deadlock, stuck],
    expected: { deadlock: 'violated in 2', 'lock-deadlock': 'violated in 2' },
  },
  {
    what: 'two locks taken crosswise beside a thread that changes something for ever',
    variables: [...locks, variable('x', bool)],
    threads: [...crossed, { daemon: true, body: [loop(1, assign(shared('x'), not(shared('x'))))] }],
    properties: [deadlock, stuck, sometimes(shared('x'))],
    expected: { deadlock: 'holds', 'lock-deadlock': 'violated in 2', sometimes: 'holds in 1' },
  },
  {
    what: 'locks taken in order',
    variables: locks,
    threads: [0, 1].map(() => ({ body: [acquire('a'), acquire('b'), release('b'), release('a')] })),
    properties: [deadlock, stuck, recoverable],
    expected: { deadlock: 'holds', 'lock-deadlock': 'holds', recoverable: 'holds' },
  },
  {
    what: 'a lock taken twice by one thread',
    variables: locks,
    threads: [{ body: [acquire('a'), acquire('a')] }, { body: [skip] }],
    properties: [stuck],
    expected: { 'lock-deadlock': 'violated in 1' },
  },
  {
    what: 'alternatives, one of which a free thread will open',
    variables: locks,
    threads: [{ body: [acquire('a'), either([acquire('a')], [acquire('b')])] }, { body: [acquire('b'), release('b')] }],
    properties: [stuck],
    expected: { 'lock-deadlock': 'holds' },
  },
  {
    what: 'alternatives that are all stuck',
    variables: locks,
    threads: [{ body: [acquire('a'), either([acquire('a')], [acquire('b')])] }, { body: [acquire('b'), acquire('a')] }],
    properties: [stuck],
    expected: { 'lock-deadlock': 'violated in 2' },
  },
  {
    what: 'an alternative that is no acquisition',
    variables: [...locks, variable('x', bool)],
    threads: [{ body: [acquire('a'), either([acquire('a')], [wait(shared('x'))])] }],
    properties: [deadlock, stuck],
    expected: { deadlock: 'violated in 1', 'lock-deadlock': 'holds' },
  },
  {
    what: 'a lock whose holder has gone',
    variables: locks,
    threads: [{ body: [acquire('a')] }, { body: [acquire('a')] }],
    properties: [deadlock, stuck],
    expected: { deadlock: 'violated in 1', 'lock-deadlock': 'holds' },
  },
  {
    what: 'three in a ring, all blocked on any of two',
    variables: [...locks, variable('c', owner)],
    threads: ['a', 'b', 'c'].map((mine, i, all) => ({ body: [acquire(mine), acquire(all[(i + 1) % 3] ?? 'a')] })),
    properties: [stuck],
    expected: { 'lock-deadlock': 'violated in 3' },
  },
  // deadlock
  {
    what: 'nothing but rounds that change nothing',
    threads: [{ body: [loop(1, skip)] }],
    properties: [deadlock],
    expected: { deadlock: 'violated in 0' },
  },
  {
    what: 'rounds at an idle label',
    threads: [{ body: [loop(1, label(2, true), skip)] }],
    properties: [deadlock],
    expected: { deadlock: 'holds' },
  },
  {
    what: 'a daemon may stay anywhere',
    threads: [{ daemon: true, body: [wait(no)] }],
    properties: [deadlock],
    expected: { deadlock: 'holds' },
  },
  {
    what: 'a thread that waits in vain',
    variables: [variable('x', bool)],
    threads: [{ body: [wait(shared('x'))] }, { body: [skip] }],
    properties: [deadlock],
    expected: { deadlock: 'violated in 1' },
  },
  {
    what: 'a step that fails is no deadlock',
    threads: [{ body: [step(assert('assertion', no))] }],
    properties: [deadlock, { name: 'assertion', kind: 'assertion' }],
    expected: { deadlock: 'holds', assertion: 'violated in 1' },
  },
  // recoverable
  {
    what: 'a round without a way out',
    threads: [{ body: [skip, either([skip], [loop(1, skip)])] }],
    properties: [recoverable],
    expected: { recoverable: 'violated in 2' },
  },
  {
    what: 'a round with a way out',
    threads: [{ body: [loop(1, either([skip], [step(), leave('break', 1)]))] }],
    properties: [recoverable],
    expected: { recoverable: 'holds' },
  },
  {
    what: 'a way out that leads back first',
    threads: [{ body: [label(2), either([skip, skip, goto(2)], [skip])] }],
    properties: [recoverable],
    expected: { recoverable: 'holds' },
  },
  {
    what: 'a round that comes by an idle label',
    threads: [{ body: [label(2, true), skip, skip, goto(2)] }],
    properties: [recoverable],
    expected: { recoverable: 'holds' },
  },
  {
    what: 'a daemon need not come back',
    threads: [{ daemon: true, body: [loop(1, skip)] }],
    properties: [recoverable],
    expected: { recoverable: 'holds' },
  },
  {
    what: 'a thread that another may shut out',
    variables: [variable('x', bool)],
    threads: [{ body: [wait(not(shared('x'))), skip] }, { body: [assign(shared('x'), yes)] }],
    properties: [recoverable],
    expected: { recoverable: 'violated in 1' },
  },
  // sometimes
  {
    what: 'sometimes, by condition',
    variables: [variable('x', int(0, 3))],
    threads: [{ body: [increment('x'), increment('x'), increment('x')] }],
    properties: [sometimes(binary(shared('x'), '==', num(2)))],
    expected: { sometimes: 'holds in 2' },
  },
  {
    what: 'sometimes, of an initial state',
    variables: [variable('x', int(0, 3))],
    threads: [],
    properties: [sometimes(binary(shared('x'), '==', num(0)))],
    expected: { sometimes: 'holds in 0' },
  },
  {
    what: 'sometimes, by cover',
    threads: [{ body: [skip, step(cover('sometimes', yes))] }],
    properties: [sometimes()],
    expected: { sometimes: 'holds in 2' },
  },
  {
    what: 'sometimes, by cover or condition, whichever is sooner',
    variables: [variable('x', int(0, 3))],
    threads: [{ body: [increment('x'), increment('x'), step(cover('sometimes', yes))] }],
    properties: [sometimes(binary(shared('x'), '==', num(2)))],
    expected: { sometimes: 'holds in 2' },
  },
  {
    what: 'sometimes, never',
    variables: [variable('x', int(0, 3))],
    threads: [{ body: [increment('x'), step(cover('sometimes', binary(shared('x'), '==', num(0))))] }],
    properties: [sometimes()],
    expected: { sometimes: 'violated' },
  },
  {
    what: 'a cover in a step that fails is none',
    threads: [{ body: [step(cover('sometimes', yes), assert('misused', no, true))] }],
    properties: [sometimes()],
    expected: { sometimes: 'undecided', misused: 'violated in 1' },
  },
  {
    what: 'a cover in a step with an assertion that fails',
    threads: [{ body: [step(cover('sometimes', yes), assert('assertion', no))] }],
    properties: [sometimes(), { name: 'assertion', kind: 'assertion' }],
    expected: { sometimes: 'holds in 1', assertion: 'violated in 1' },
  },
  {
    what: 'a cover on the side not taken',
    variables: [variable('x', bool)],
    threads: [{ body: [step(when(shared('x'), [cover('sometimes', yes)], [assign(shared('x'), yes)]))] }],
    properties: [sometimes()],
    expected: { sometimes: 'violated' },
  },
  {
    what: 'a cover outside its domain is none',
    variables: [variable('x', optional(bool))],
    threads: [{ body: [step(cover('sometimes', { kind: 'value', of: shared('x') }))] }],
    properties: [sometimes()],
    expected: { sometimes: 'violated' },
  },
  // invariants, transitions, assertions
  {
    what: 'an invariant broken on the way, and gone on from',
    variables: [variable('x', int(0, 3))],
    threads: [{ body: [increment('x'), increment('x'), increment('x')] }],
    properties: [invariant(binary(shared('x'), '!=', num(1))), sometimes(binary(shared('x'), '==', num(3)))],
    expected: { invariant: 'violated in 1', sometimes: 'holds in 3' },
  },
  {
    what: 'an invariant outside its domain',
    variables: [variable('x', optional(bool))],
    threads: [{ body: [skip] }],
    properties: [invariant({ kind: 'value', of: shared('x') })],
    expected: { invariant: 'violated in 0' },
  },
  {
    what: 'a transition into a known state',
    variables: [variable('x', int(0, 2, 'wrap'))],
    threads: [{ body: [loop(1, increment('x'))] }],
    properties: [transition(binary(shared('x'), '>=', before(shared('x'))))],
    expected: { transition: 'violated in 3' },
  },
  {
    what: 'a transition that changes nothing',
    variables: [variable('x', bool), variable('y', bool)],
    threads: [{ body: [assign(shared('x'), yes), skip] }],
    properties: [transition(binary(shared('x'), '!=', before(shared('x'))))],
    expected: { transition: 'violated in 2' },
  },
  {
    what: 'a transition property outside its domain',
    variables: [variable('x', optional(bool), some(yes, optional(bool)))],
    threads: [{ body: [skip, assign(shared('x'), zero(optional(bool)))] }],
    properties: [transition({ kind: 'value', of: shared('x') })],
    expected: { transition: 'violated in 2' },
  },
  {
    what: 'assertions that fail end nothing, a domain error does',
    variables: [variable('x', int(0, 1))],
    threads: [
      { body: [step(assert('one', no), assert('two', no)), skip] },
      { body: [step(assign(shared('x'), num(2)), assert('two', no))] },
    ],
    properties: [
      { name: 'one', kind: 'assertion' },
      { name: 'two', kind: 'assertion' },
      sometimes(binary(shared('x'), '==', num(0))),
    ],
    expected: { one: 'violated in 1', two: 'violated in 1', domain: 'violated in 1', sometimes: 'holds in 0' },
  },
  {
    what: 'misuse is always on',
    variables: [variable('x', bool)],
    threads: [{ body: [assign(shared('x'), yes), call(true, assert('misuse: not held', not(shared('x')), true))] }],
    properties: [],
    expected: { 'misuse: not held': 'violated in 2' },
  },
  {
    what: 'one choice of many fails',
    variables: [variable('cells', array(int(0, 99), bool))],
    threads: [{ locals: [int(0, 100)], body: [step(choose(0), assign(at(shared('cells'), local(0)), yes))] }],
    properties: [invariant(not(at(shared('cells'), num(99))))],
    expected: { invariant: 'violated in 1', domain: 'violated in 1' },
  },
  {
    what: 'a set of all threads',
    variables: [variable('s', setOf(id('Thread')))],
    threads: [0, 1, 2].map(() => ({ body: [statement({ kind: 'insert', target: shared('s'), value: current })] })),
    properties: [sometimes(binary({ kind: 'size', of: shared('s') }, '==', num(3)))],
    expected: { sometimes: 'holds in 3' },
  },
  {
    what: 'a number below what is stored',
    variables: [variable('x', int(-3, 3), literal(-3, int(-3, 3)))],
    threads: [{ body: [assign(shared('x'), binary(shared('x'), '-', num(1)))] }],
    properties: [invariant(binary(shared('x'), '<', num(0)))],
    expected: { invariant: 'undecided', domain: 'violated in 1' },
  },
]
