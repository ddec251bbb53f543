/** Resetting dead locals: fewer states, and nothing else that anyone could see. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { resetDeadLocals } from '../../../src/compiler/passes/dead-locals.ts'
import type { ConfiguredModel, Statement } from '../../../src/language/ast.ts'
import { configure } from '../../../src/language/index.ts'
import { visitStatements } from '../../../src/language/walk.ts'
import { referenceCheck } from '../../../src/semantics/toy.ts'
import { modelArbitrary } from '../../fuzz/model-arbitrary.ts'
import { oracles } from '../../oracles/table.ts'
import {
  arm,
  assert,
  assign,
  back,
  binary,
  bool,
  call,
  choose,
  configured,
  either,
  forEach,
  goto,
  id,
  int,
  label,
  leave,
  local,
  loop,
  not,
  num,
  optional,
  setOf,
  shared,
  skip,
  statement,
  step,
  variable,
  wait,
  when,
} from '../../support/ast.ts'

vi.setConfig({ testTimeout: 300_000 })

const resets = (model: ConfiguredModel): readonly string[] => {
  const found: string[] = []
  for (const { body } of resetDeadLocals(model).threads)
    visitStatements(body, (s) => {
      if (s.kind === 'reset') found.push(`${s.path} ${s.locals.join()}`)
    })
  return found
}
/** Verdicts and shortest lengths are the same; states are no more. */
function expectSame(
  model: ConfiguredModel,
  maxTransitions = 20_000,
): { readonly before: number; readonly after: number } | undefined {
  const verdicts = (one: ConfiguredModel) => referenceCheck(one, { maxTransitions })
  const [raw, passed] = [verdicts(model), verdicts(resetDeadLocals(model))]
  if (!raw.complete || !passed.complete) return undefined
  expect(passed.properties).toEqual(raw.properties)
  expect(passed.depth).toBeLessThanOrEqual(raw.depth)
  expect(passed.states).toBeLessThanOrEqual(raw.states)
  return { before: raw.states, after: passed.states }
}
const A = id('A')

const sized = (x: number) => ({ kind: 'size', of: local(x) }) as const

interface Row {
  readonly what: string
  readonly body: readonly Statement[]
  readonly before: number
  readonly after: number
}
/**
 * Locals: 0 and 1 are numbers from 0 to 2; 2 is an element, 3 a set of elements; 4 a number or none. `y` is shared, a
 * number. The counts are of this thread alone.
 */
const rows: readonly Row[] = [
  // 1 + 3 chosen + 3 stored + 3 when it is overwritten; what was chosen is forgotten when it is stored
  {
    what: 'after its last use',
    body: [choose(0), assign(shared('y'), local(0)), assign(shared('y'), num(0))],
    before: 10,
    after: 8,
  },
  { what: 'never used', body: [choose(0), skip], before: 4, after: 2 },
  {
    what: 'used in an assertion, and not before',
    body: [choose(0), skip, step(assert('assertion', binary(local(0), '<', num(2)))), skip],
    before: 10,
    after: 6,
  },
  {
    what: 'used in one branch only',
    body: [choose(0), when(binary(shared('y'), '==', num(0)), [skip, skip], [assign(shared('y'), local(0))])],
    before: 10,
    after: 4,
  },
  {
    what: 'used in one alternative only',
    body: [choose(0), either([skip, skip], [assign(shared('y'), local(0)), assign(shared('y'), num(0))])],
    before: 13,
    after: 9,
  },
  {
    what: 'overwritten whole',
    body: [choose(0), skip, choose(0), assign(shared('y'), local(0))],
    before: 10,
    after: 8,
  },
  { what: 'used in the next round', body: [loop(9, assign(shared('y'), local(0)), choose(0))], before: 12, after: 12 },
  {
    what: 'used after a jump',
    body: [label(9), assign(shared('y'), local(0)), choose(0), goto(9)],
    before: 12,
    after: 12,
  },
  {
    what: 'left by a jump out of a step',
    body: [
      step(choose(0), when(binary(local(0), '==', num(1)), [goto(9)]), assign(shared('y'), local(0))),
      label(9),
      skip,
    ],
    before: 7,
    after: 5,
  },
  {
    what: 'left by a return out of a step',
    body: [
      call(false, step(choose(0), when(binary(local(0), '==', num(1)), [back]), assign(shared('y'), local(0)))),
      skip,
    ],
    before: 7,
    after: 5,
  },
  {
    what: 'left by a break',
    body: [
      loop(9, choose(0), when(binary(local(0), '==', num(1)), [leave('break', 9)]), assign(shared('y'), local(0))),
      skip,
    ],
    before: 10,
    after: 10,
  },
  {
    what: 'the element of a round',
    body: [forEach(2, 3, A, skip, assign(shared('y'), num(1))), skip],
    before: 11,
    after: 8,
  },
  {
    what: 'the elements that were still to come',
    body: [forEach(2, 3, A, skip, goto(9)), label(9), skip],
    before: 5,
    after: 3,
  },
  {
    what: 'bound by a branch and not used in it',
    body: [
      choose(4),
      step(wait({ kind: 'isSome', of: local(4) })),
      statement({
        kind: 'if',
        condition: binary(shared('y'), '==', num(0)),
        then: { binds: [{ local: 0, value: num(2) }], body: [skip] },
        otherwise: arm(),
      }),
    ],
    before: 10,
    after: 7,
  },
]

describe('a local is forgotten', () => {
  const model = (body: readonly Statement[]): ConfiguredModel =>
    configured({
      sizes: { A: 2 },
      variables: [variable('y', int(0, 2))],
      threads: [{ body, locals: [int(0, 2), int(0, 2), A, setOf(A), optional(bool)] }],
      properties: [
        { name: 'assertion', kind: 'assertion' },
        { name: 'y', kind: 'sometimes', condition: binary(shared('y'), '==', num(2)) },
        { name: 'deadlock', kind: 'deadlock' },
      ],
    })
  test.each(rows)('$what', ({ body, before, after }) => {
    expect(expectSame(model(body))).toEqual({ before, after })
  })
})

describe('a local that is live is left alone', () => {
  test.each<readonly [string, readonly Statement[]]>([
    ['read by an assertion', [choose(0), skip, step(assert('assertion', binary(local(0), '==', num(0))))]],
    [
      'read by what another waits for',
      [choose(0), skip, wait(binary(local(0), '==', num(1)), { bound: 5, condition: binary(local(0), '==', num(2)) })],
    ],
    [
      'read by an index it is assigned through',
      [
        choose(0),
        skip,
        assign({ kind: 'index', of: local(6), index: local(0) }, num(1)),
        skip,
        assign(shared('y'), { kind: 'index', of: local(6), index: num(2) }),
      ],
    ],
    [
      'read by the condition under which it is chosen anew',
      [choose(0), skip, choose(1, binary(local(0), '==', local(1))), assign(shared('y'), local(1))],
    ],
    [
      'read by its own value',
      [choose(0), skip, assign(local(0), binary(num(2), '-', local(0))), assign(shared('y'), local(0))],
    ],
    [
      'changed in part',
      [
        statement({ kind: 'insert', target: local(3), value: num(1) }),
        skip,
        statement({ kind: 'remove', target: local(3), value: num(0) }),
        assign(shared('y'), sized(3)),
      ],
    ],
    [
      'read after a round that may be skipped',
      [choose(0), forEach(2, 3, A, assign(shared('y'), num(1))), assign(shared('y'), local(0))],
    ],
    [
      'read behind a step that a jump leaves',
      [
        choose(0),
        step(choose(1), when(binary(local(1), '==', num(1)), [goto(9)])),
        skip,
        label(9),
        assign(shared('y'), local(0)),
      ],
    ],
  ])('%s', (_, body) => {
    const model = configured({
      sizes: { A: 2 },
      variables: [variable('y', int(0, 2))],
      threads: [
        {
          body,
          locals: [
            int(0, 2),
            int(0, 2),
            A,
            setOf(A),
            optional(bool),
            bool,
            { kind: 'array', index: int(0, 2), of: int(0, 2) },
          ],
        },
      ],
      properties: [
        { name: 'assertion', kind: 'assertion' },
        { name: 'y', kind: 'sometimes', condition: binary(shared('y'), '==', num(2)) },
        { name: 'y is 1', kind: 'sometimes', condition: binary(shared('y'), '==', num(1)) },
        { name: 'deadlock', kind: 'deadlock' },
        { name: 'lock-deadlock', kind: 'lock-deadlock' },
      ],
    })
    expect(expectSame(model)).toBeDefined()
  })
})

test('a thread without locals is left as it is', () => {
  const model = configured({
    variables: [variable('x', bool)],
    threads: [{ body: [loop(1, assign(shared('x'), not(shared('x'))))] }],
  })
  expect(resetDeadLocals(model)).toEqual(model)
  expect(resets(model)).toEqual([])
})

test('resets are pure control: where a thread rests, and the names of these places, stay', () => {
  const model = configured({
    variables: [variable('y', int(0, 2))],
    threads: [{ locals: [int(0, 2)], body: [choose(0), assign(shared('y'), local(0)), skip] }],
  })
  expect(resets(model)).toEqual(['1.reset 0'])
})

describe('verdicts and shortest lengths are the same with and without', () => {
  const small = oracles.filter(({ states = 0, transitions = 10 * states }) => transitions <= 20_000)
  test.each(small)('$name', ({ model, configuration }) => {
    expect(expectSame(configure(model, configuration))).toBeDefined()
  })
  // the verdicts of a thousand more are compared in test/fuzz
  test('on random models', () => {
    let fewer = 0,
      compared = 0
    fc.assert(
      fc.property(modelArbitrary, (model) => {
        const counts = expectSame(model, 2_000)
        if (counts === undefined) return
        compared++
        if (counts.after < counts.before) fewer++
      }),
      { numRuns: 60, seed: 7, endOnFailure: true },
    )
    expect(compared).toBeGreaterThan(30)
    // and the pass is not idle
    expect(fewer).toBeGreaterThan(5)
  })
})
