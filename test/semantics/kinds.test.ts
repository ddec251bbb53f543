/** Each kind of property: where a run shows it, what its schedule is, and how a report says it. */
import { expect, test } from 'vitest'
import type { PropertyKind } from '../../src/language/ast.ts'
import { propertyOfClaim } from '../../src/language/claims.ts'
import { pairName } from '../../src/language/collected.ts'
import {
  Acquire,
  assertion,
  Assert,
  Await,
  before,
  Bool,
  Collect,
  collected,
  configure,
  current,
  deadlock,
  Either,
  invariant,
  lockDeadlock,
  Misuse,
  model,
  oneOf,
  optional,
  range,
  recoverable,
  shared,
  setOf,
  sometimes,
  Step,
  Thread,
  thread,
  transition,
} from '../../src/language/index.ts'
import { isBeyondRuns, kindNames, kinds } from '../../src/semantics/kinds/index.ts'
import { lastMoment, shownBy } from '../../src/semantics/kinds/shown-by.ts'
import { failuresOf, machine, transitions, type Run } from '../../src/semantics/machine.ts'

const x = shared('x', range(0, 2))
const go = shared('go', Bool)
const owner = shared('owner', optional(Thread))
const Lock = oneOf('a', 'b')
const held = shared('held', setOf(Lock))
const relation = collected('order', Lock)

const everything = model('everything', {
  threads: [
    thread('t', () => {
      Step('begin', () => {
        x.set(0)
      })
      Either(
        () => Step('to one', () => x.set(1)),
        () =>
          Step('assert', () => {
            Assert('asserted', x.gt(0), 'x is above 0')
            x.set(2)
          }),
        () =>
          Step('unlock', () => {
            Misuse('not locked', x.gt(0))
            x.set(2)
          }),
        () => Step('below zero', () => x.decrement()),
        () =>
          Step('collect', () => {
            held.add('a')
            Collect('order', Lock, held, 'b')
          }),
        () => {
          Step('wait', () => x.set(2))
          Await(go)
        },
        () => {
          Step('lock', () => owner.set(current))
          Acquire(owner.isNone, (other) => owner.eq(other))
        },
      )
    }),
  ],
  properties: [
    invariant('never one', x.ne(1)),
    transition('stays', x.eq(before(x))),
    assertion('asserted'),
    sometimes('one', x.eq(1)),
    deadlock(),
    lockDeadlock(),
    recoverable(),
    ...relation,
  ],
})
const graph = machine(configure(everything, { sizes: {}, constants: {} }))

/** The run that takes the first transition with each of these labels. */
function runOf(...labels: readonly string[]): Run {
  const [initial] = graph.initial
  if (initial === undefined) throw new Error('an initial state')
  let { state } = initial
  const steps: Run['steps'][number][] = []
  for (const label of labels) {
    const transition = transitions(graph, state).find((one) => one.label === label)
    if (transition === undefined) throw new Error(`no transition ${label}`)
    if (transition.outcome.kind === 'next') state = transition.outcome.state
    steps.push({ transition, ...(transition.outcome.kind === 'next' ? { state } : {}) })
  }
  return { initial, steps }
}

interface Row {
  readonly name: string
  readonly judgedOn: 'state' | 'step' | 'failing step' | 'end' | 'run' | 'graph'
  readonly outcome: 'violated' | 'witnessed'
  readonly listed: 'always' | 'if violated' | 'in its relation' | 'never'
  /** The last step of a run of two that shows it with that step. */
  readonly shows?: string
  readonly sentence: string
}
const violated = { outcome: 'violated', listed: 'always' } as const

const table: Readonly<Record<PropertyKind, Row>> = {
  invariant: {
    ...violated,
    name: 'never one',
    judgedOn: 'state',
    shows: 'to one',
    sentence: 'never one is false in this state',
  },
  transition: {
    ...violated,
    name: 'stays',
    judgedOn: 'step',
    shows: 'to one',
    sentence: 'stays is false for this step',
  },
  assertion: {
    ...violated,
    name: 'asserted',
    judgedOn: 'failing step',
    shows: 'assert',
    sentence: 'asserted: x is above 0',
  },
  sometimes: {
    name: 'one',
    judgedOn: 'state',
    outcome: 'witnessed',
    listed: 'always',
    shows: 'to one',
    sentence: 'one is reached',
  },
  deadlock: {
    ...violated,
    name: 'deadlock',
    judgedOn: 'state',
    shows: 'wait',
    sentence: 'deadlock: no step changes the state any more',
  },
  'lock-deadlock': {
    ...violated,
    name: 'lock-deadlock',
    judgedOn: 'state',
    shows: 'lock',
    sentence: 'lock-deadlock: t waits for itself',
  },
  recoverable: {
    ...violated,
    name: 'recoverable',
    judgedOn: 'end',
    shows: 'wait',
    sentence: "recoverable: from here t can't reach its end",
  },
  collected: { ...violated, name: 'order', judgedOn: 'graph', sentence: 'order has a cycle' },
  pair: {
    name: pairName('order', 'a', 'b'),
    judgedOn: 'step',
    outcome: 'witnessed',
    listed: 'in its relation',
    shows: 'collect',
    sentence: 'order: a → b',
  },
  domain: {
    name: 'domain',
    judgedOn: 'failing step',
    outcome: 'violated',
    listed: 'if violated',
    shows: 'below zero',
    sentence: 'domain: x: -1 is outside 0..2',
  },
  misuse: {
    name: 'misuse: not locked',
    judgedOn: 'failing step',
    outcome: 'violated',
    listed: 'if violated',
    shows: 'unlock',
    sentence: 'misuse: not locked',
  },
  run: {
    name: 'run by hand',
    judgedOn: 'run',
    outcome: 'witnessed',
    listed: 'never',
    shows: 'to one',
    sentence: 'every step can be taken',
  },
}

test('every kind has a row', () => {
  expect(kindNames).toEqual(Object.keys(table))
})

test.each(kindNames)('%s', (kind) => {
  const { name, judgedOn, outcome, listed, shows, sentence } = table[kind]
  const said = kinds[kind]
  expect(said).toMatchObject({ judgedOn, outcome, listed })
  expect(isBeyondRuns(kind)).toBe(judgedOn === 'end' || judgedOn === 'graph')
  const property = propertyOfClaim(graph.model, { kind, name })
  if (property === undefined) throw new Error(`${name} is not declared`)

  const run = runOf('begin', ...(shows === undefined ? [] : [shows]))
  expect(shownBy(property, { machine: graph, run })).toBe(shows === undefined ? undefined : 2)
  // every run is one
  expect(shownBy(property, { machine: graph, run: runOf('begin') })).toBe(judgedOn === 'run' ? 1 : undefined)

  const last = run.steps.at(-1)?.transition
  const message = last === undefined ? '' : (failuresOf(last)[0]?.message ?? '')
  const hanging = said.hanging?.(lastMoment({ machine: graph, run })) ?? []
  const threads = hanging.map((thread) => graph.model.instances[thread]?.name ?? '')
  // a domain error says the line as well
  expect(said.sentence({ name, message, threads }).slice(0, sentence.length)).toBe(sentence)
})

test('a property of another kind is not shown', () => {
  const run = runOf('begin', 'to one')
  expect(shownBy({ kind: 'assertion', name: 'never one' }, { machine: graph, run })).toBeUndefined()
  expect(propertyOfClaim(graph.model, { kind: 'transition', name: 'never one' })).toBeUndefined()
})
