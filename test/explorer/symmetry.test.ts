/**
 * A search of one state for each orbit says the same as a search of all: on random models, every verdict, count,
 * length and step of a schedule.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import type { CheckResult, CheckSettings } from '../../src/explorer/result.ts'
import type { ConfiguredModel, Expression, Property } from '../../src/language/ast.ts'
import {
  array,
  assert,
  assign,
  at,
  binary,
  bool,
  bound,
  choose,
  configured,
  current,
  field,
  forEach,
  id,
  int,
  literal,
  local,
  localsOf,
  loop,
  no,
  not,
  num,
  optional,
  queueOf,
  record,
  self,
  setOf,
  shared,
  some,
  statement,
  step,
  variable,
  wait,
  when,
  yes,
  zero,
} from '../support/ast.ts'
import { small } from '../support/engine.ts'
import { nameless } from '../support/nameless.ts'
import { told } from '../support/told.ts'
import { isValid, modelArbitrary } from '../fuzz/model-arbitrary.ts'

/** The search with symmetry says what the one without it says; it is the result. */
async function agrees(model: ConfiguredModel, settings: CheckSettings = {}): Promise<CheckResult> {
  const options = { ...small, ...settings }
  const [all, orbits] = [
    await check(model, { ...options, symmetry: false }),
    await check(model, { ...options, symmetry: true }),
  ]
  if (all.incomplete === undefined) expect(told(orbits)).toEqual(told(all))
  return orbits
}

const randomModels: fc.Arbitrary<ConfiguredModel> = modelArbitrary.map(nameless).filter(isValid)
const settings: readonly CheckSettings[] = [
  {},
  { witnesses: true },
  { keepDeadLocals: true },
  { partitionBytes: 2 ** 16 },
  { hashBits: 4 },
  { minimize: 'threads' },
  { minimize: 'switches', witnesses: true },
]

describe('random models', () => {
  test.each([...settings.entries()])('searched as %i', { timeout: 1_200_000 }, async (seed, options) => {
    let reduced = 0
    const property = fc.asyncProperty(randomModels, async (model) => {
      const { stored, states } = await agrees(model, { ...options, maxStates: 5_000 })
      if (stored < states) reduced++
    })
    await fc.assert(property, { numRuns: 12, seed, endOnFailure: true })
    expect(reduced).toBeGreaterThan(0)
  })
  test('searched by two and three workers', { timeout: 1_200_000 }, async () => {
    for (const model of fc.sample(randomModels, { seed: 99, numRuns: 6 })) {
      const one = await agrees(model)
      for (const workers of [2, 3])
        expect(told(await check(model, { ...small, symmetry: true, workers }))).toEqual(told(one))
    }
  })
})

const [Page, Cpu, Thread] = [id('Page'), id('Cpu'), id('Thread')]
const overPages = (body: Expression): Expression => ({
  kind: 'quantified',
  quantifier: 'some',
  bound: 99,
  name: 'page',
  over: Page,
  body,
})
const someTrue = overPages(at(shared('a'), bound(99)))
/** What nothing reads is left out, and its ids with it. */
const reads: Property = {
  name: 'reads',
  kind: 'sometimes',
  condition: binary(someTrue, 'or', overPages(binary(at(shared('b'), bound(99)), '==', num(2)))),
}

describe('what is permuted', () => {
  test('ids in every kind of value, with the threads that run for them', async () => {
    const own: Expression = { kind: 'value', of: at(shared('table'), bound(98)) }
    const page: Expression = { kind: 'value', of: field(own, 'page') }
    const mapped: Expression = {
      kind: 'quantified',
      quantifier: 'some',
      bound: 98,
      name: 'cpu',
      over: Cpu,
      body: binary(
        { kind: 'isSome', of: at(shared('table'), bound(98)) },
        'and',
        binary(
          { kind: 'isSome', of: field(own, 'page') },
          'and',
          binary(
            binary(at(shared('count'), page), '==', num(1)),
            'and',
            binary(field(own, 'by'), '!=', field(own, 'by')),
          ),
        ),
      ),
    }
    const entry = record('entry', { page: optional(Page), by: Thread })
    const model = configured({
      sizes: { Page: 3, Cpu: 2 },
      variables: [
        variable('table', array(Cpu, optional(entry))),
        variable('free', setOf(Page), { kind: 'all', type: setOf(Page) }),
        variable('count', array(Page, int(0, 3))),
      ],
      threads: [
        {
          per: 'Cpu',
          name: 'cpu',
          locals: localsOf([Page]),
          body: [
            choose(0, binary(shared('free'), 'has', local(0))),
            step(
              statement({ kind: 'remove', target: shared('free'), value: local(0) }),
              assign(
                at(shared('table'), self),
                some(
                  { kind: 'record', fields: { page: some(local(0), optional(Page)), by: current }, type: entry },
                  optional(entry),
                ),
              ),
              assign(at(shared('count'), local(0)), num(1)),
            ),
            statement({ kind: 'insert', target: shared('free'), value: local(0) }),
          ],
        },
      ],
      properties: [
        { name: 'recoverable', kind: 'recoverable' },
        { name: 'mapped', kind: 'sometimes', condition: mapped },
      ],
    })
    const { symmetry, states, stored } = await agrees(model)
    expect(symmetry).toEqual({
      scalarsets: [
        { kind: 'ids', name: 'Page', size: 3 },
        { kind: 'ids', name: 'Cpu', size: 2 },
      ],
      refused: [],
    })
    expect(states / stored).toBeGreaterThan(5)
  })

  test('a table of two sorts: a cell belongs to an element of each', async () => {
    const seen = (cpu: Expression, page: Expression): Expression => binary(at(shared('seen'), cpu), 'has', page)
    const model = configured({
      sizes: { Page: 3, Cpu: 3 },
      variables: [variable('seen', array(Cpu, setOf(Page)))],
      threads: [
        {
          name: 'any',
          locals: localsOf([Cpu, Page]),
          body: [
            loop(
              0,
              step(
                choose(0),
                choose(1),
                statement({ kind: 'insert', target: at(shared('seen'), local(0)), value: local(1) }),
              ),
            ),
          ],
        },
      ],
      properties: [
        {
          name: 'both',
          kind: 'sometimes',
          condition: {
            kind: 'quantified',
            quantifier: 'some',
            bound: 97,
            name: 'cpu',
            over: Cpu,
            body: overPages(seen(bound(97), bound(99))),
          },
        },
      ],
    })
    // of tables of three rows and columns there are 36, when the order of both does not count
    const { states, stored } = await agrees(model)
    expect({ states, stored }).toEqual({ states: 512, stored: 36 })
  })

  test('a queue of ids, up to its last cell', async () => {
    const model = configured({
      sizes: { Page: 3 },
      variables: [variable('lru', queueOf(Page, 3))],
      threads: [
        {
          name: 'any',
          locals: localsOf([Page]),
          body: [
            loop(
              0,
              step(
                choose(0, not(binary(shared('lru'), 'has', local(0)))),
                statement({ kind: 'push', target: shared('lru'), value: local(0) }),
              ),
            ),
          ],
        },
      ],
      properties: [{ name: 'full', kind: 'sometimes', condition: overPages(binary(shared('lru'), 'has', bound(99))) }],
    })
    // the orders of none, one, two and three of them
    const { states, stored } = await agrees(model)
    expect({ states, stored }).toEqual({ states: 1 + 3 + 6 + 6, stored: 4 })
  })

  test('copies of a thread: lost updates', async () => {
    const model = configured({
      variables: [variable('n', int(0, 9))],
      threads: [
        {
          count: 5,
          name: 'increment',
          locals: localsOf([int(0, 9)]),
          body: [assign(local(0), shared('n')), assign(shared('n'), binary(local(0), '+', num(1)))],
        },
      ],
      properties: [{ name: 'lost', kind: 'invariant', condition: not(binary(shared('n'), '==', num(5))) }],
    })
    // 8,638 states and 184 orbits are published for the model that keeps what was read
    const kept = await agrees(model, { keepDeadLocals: true })
    expect({ states: kept.states, stored: kept.stored }).toEqual({ states: 8_638, stored: 184 })
    await agrees(model)
  })

  test('a thread that cannot come back is told from its like', async () => {
    const model = configured({
      sizes: { Cpu: 3 },
      variables: [variable('owner', optional(Cpu))],
      threads: [
        {
          per: 'Cpu',
          name: 'cpu',
          body: [
            step(
              wait(not({ kind: 'isSome', of: shared('owner') })),
              assign(shared('owner'), some(self, optional(Cpu))),
            ),
            wait(not(binary(shared('owner'), '==', some(self, optional(Cpu))))),
          ],
        },
      ],
      properties: [{ name: 'recoverable', kind: 'recoverable' }],
    })
    const { stored, states } = await agrees(model)
    expect(stored).toBeLessThan(states)
  })
})

describe('what is refused, and why', () => {
  const refusedOf = async (model: ConfiguredModel): Promise<readonly string[]> =>
    (await agrees(model)).symmetry.refused.map(({ name, why }) => `${name}: ${why}`)
  const pages = (...body: Parameters<typeof step>): ConfiguredModel =>
    configured({
      sizes: { Page: 2 },
      variables: [variable('a', array(Page, bool)), variable('b', array(Page, int(0, 3)))],
      threads: [{ name: 'cpu', locals: localsOf([Page, setOf(Page), Page]), body: [...body] }],
      properties: [reads],
    })

  test('a literal', async () => {
    expect(await refusedOf(pages(assign(at(shared('a'), literal(1, Page)), yes)))).toEqual([
      'Page: cpu 0 names an element',
    ])
  })
  test('the zero of an id', async () => {
    expect(await refusedOf(pages(assign(at(shared('a'), zero(Page)), yes)))).toEqual([
      'Page: cpu 0 takes the first element as zero',
    ])
  })
  test('a local that is read before it is assigned', async () => {
    const model = pages(loop(0, when(at(shared('a'), local(0)), [choose(0)]), assign(at(shared('a'), local(0)), yes)))
    expect(await refusedOf(model)).toEqual(['Page: local x0 of cpu may be read before it is assigned'])
  })
  test('an initial state that is not alike', async () => {
    const model = configured({
      sizes: { Page: 2 },
      variables: [variable('first', Page), variable('a', array(Page, bool))],
      threads: [{ name: 'cpu', body: [assign(at(shared('a'), shared('first')), yes)] }],
      properties: [{ ...reads, condition: someTrue }],
    })
    expect(await refusedOf(model)).toEqual(['Page: the initial states tell them apart'])
  })
  test('a quantifier that may fail behind the element where it stops', async () => {
    const model = configured({
      sizes: { Page: 2 },
      variables: [variable('a', array(Page, optional(int(0, 3))))],
      threads: [
        {
          name: 'cpu',
          locals: localsOf([Page]),
          body: [
            choose(0),
            assign(at(shared('a'), local(0)), some(num(1), optional(int(0, 3)))),
            wait({
              kind: 'quantified',
              quantifier: 'some',
              bound: 7,
              name: 'page',
              over: Page,
              body: binary({ kind: 'value', of: at(shared('a'), bound(7)) }, '==', num(1)),
            }),
          ],
        },
      ],
    })
    expect(await refusedOf(model)).toEqual(['Page: cpu 2 stops at an element and may fail at another'])
  })
  /** Each round may break the one claim or the other: the first of them that fails is the one that is said. */
  const rounds = step(
    forEach(
      2,
      1,
      Page,
      assert('misuse', not(at(shared('a'), local(2))), true),
      assign(at(shared('b'), local(2)), binary(at(shared('b'), local(2)), '+', num(2))),
    ),
  )
  const failing = pages(
    choose(0),
    assign(at(shared('a'), local(0)), yes),
    choose(0, not(at(shared('a'), local(0)))),
    assign(at(shared('b'), local(0)), num(2)),
    rounds,
  )
  test('rounds in a step that may end in several ways, if a step fails', async () => {
    expect(await refusedOf(failing)).toEqual(['Page: a round of the ForEach cpu 4/0 may end in several ways'])
    const { properties } = await agrees(failing)
    expect(properties.filter(({ verdict }) => verdict === 'violated').map(({ kind }) => kind)).toEqual([
      'domain',
      'misuse',
    ])
  })
  test('a failure is told by a run that ends before it can show it', async () => {
    const codes: (readonly string[])[] = []
    for (let questions = 1; codes.length === questions - 1; questions++) {
      let asked = 0
      const signal: AbortSignal = Object.create(AbortSignal.prototype, { aborted: { get: () => ++asked > questions } })
      const { verdict, warnings } = await check(failing, { ...small, signal })
      if (verdict === 'incomplete') codes.push(warnings.map(({ code }) => code))
    }
    expect(codes[0]).not.toContain('HMM070')
    expect(codes.flat()).toContain('HMM070')
    expect((await check(failing, small)).warnings.map(({ code }) => code)).not.toContain('HMM070')
  })
  test('but not if no step fails', async () => {
    const { symmetry, states, stored } = await agrees(
      pages(choose(0), assign(at(shared('b'), local(0)), num(1)), rounds),
    )
    expect(symmetry).toMatchObject({ scalarsets: [{ name: 'Page' }], refused: [] })
    expect(stored).toBeLessThan(states)
  })
  test('the last element of such rounds, where it is read', async () => {
    const model = pages(
      step(forEach(0, 1, Page, assign(at(shared('a'), local(0)), yes)), assign(at(shared('a'), local(0)), no)),
    )
    expect(await refusedOf(model)).toContain('Page: cpu reads the element behind the ForEach 0/0')
  })
  test('more elements than are tried', async () => {
    const model = configured({
      sizes: { Page: 9 },
      variables: [variable('a', setOf(Page))],
      threads: [
        {
          name: 'cpu',
          locals: localsOf([Page]),
          body: [choose(0), statement({ kind: 'insert', target: shared('a'), value: local(0) })],
        },
      ],
    })
    expect(await refusedOf(model)).toEqual(['Page: there are more than 8'])
  })
})
