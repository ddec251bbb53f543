/** What is too large for the engine is refused as a mistake of the model, not met as an error inside the tool. */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { check } from '../../src/explorer/check.ts'
import { assertAddressable } from '../../src/engine/memory.ts'
import type { Statement } from '../../src/language/ast.ts'
import {
  and,
  anyOf,
  array as arrayOf,
  Bool,
  Choose,
  configure,
  ForEach,
  If,
  invariant,
  model,
  ModelError,
  range,
  shared as shared_,
  sort,
  Step,
  struct,
  Loop,
  oneOf,
  optional,
  queueOf,
  setOf as setOf_,
  thread as languageThread,
  union,
  type AnyType,
  type Int,
} from '../../src/language/index.ts'
import {
  array,
  assign,
  at,
  binary,
  bool,
  choose,
  configured,
  int,
  local,
  num,
  setOf,
  shared,
  step,
  variable,
  when,
  yes,
  zero,
} from '../support/ast.ts'
import { small } from '../support/engine.ts'

test('very many successors', () => {
  const model = configured({ threads: [{ locals: [int(0, 2 ** 21)], body: [choose(0)] }] })
  expect(() => compile(model)).toThrow(/^HMM035: a state can have 2097153 successors/)
})
test('very many by choices one behind the other: which, where, and what to do', () => {
  const x = shared_('x', range(0, 3))
  const written = model('m', {
    threads: [
      languageThread('t', () => {
        const [a, b] = [Choose('a', range(0, 1023)), Choose('b', range(0, 1023))]
        const c = Choose('c', Bool)
        return Step('use', () => If(and(c, a.eq(b)), () => x.set(1)))
      }),
    ],
  })
  const closed = configure(written, { sizes: {}, constants: {} })
  const [error] = [() => compile(closed)].map((build) => {
    try {
      build()
      return undefined
    } catch (thrown) {
      return thrown
    }
  })
  expect(error).toBeInstanceOf(ModelError)
  if (!(error instanceof ModelError)) return
  expect(error.what).toBe(
    'a state can have 2097152 successors; at most 1048576 are supported; t alone has 2097152 here, by a of 1024 times b of 1024 times c of 2',
  )
  expect(error.at).toMatch(/test\/compiler\/too-large\.test\.ts:\d+, in t 0$/)
  expect(error.remedy).toMatch(/^put a step that touches shared state between them/)
})
test('between which a step stands, are few', () => {
  const x = shared_('x', range(0, 1023))
  const apart = model('m', {
    threads: [
      languageThread('t', () => {
        const a = Choose('a', range(0, 1023))
        x.set(a)
        const [b, c] = [Choose('b', range(0, 511)), Choose('c', Bool)]
        return Step('use', () => If(and(c, b.eq(x)), () => x.set(1)))
      }),
    ],
  })
  expect(() => compile(configure(apart, { sizes: {}, constants: {} }))).not.toThrow()
})
test.each<[string, AnyType, string]>([
  ['a record', struct('s', { a: Bool }), 'struct s'],
  ['an array', arrayOf(Bool, Bool), 'array over bool of bool'],
  ['a set', setOf_(Bool), 'set of bool'],
  ['a queue', queueOf(Bool, 2), 'queue of at most 2 bool'],
  ['a union', union('u', { a: {}, b: {} }), 'union u'],
  ['an optional of one', optional(struct('s', { a: Bool })), 'optional struct s'],
])('a choice among the values of %s', (_, type, said) => {
  const text = (): unknown =>
    model('m', {
      threads: [
        languageThread('t', () => {
          Choose('c', type)
        }),
      ],
    })
  expect(text).toThrow(
    `HMM009: Choose('c'): the values of ${said} cannot be listed\n  at: test/compiler/too-large.test.ts:`,
  )
})
test.each<[string, AnyType, string]>([
  // TypeScript wants a member; JavaScript does not
  ['an enum of no member', oneOf(...([] as unknown as readonly ['one'])), 'no member'],
  ['a union of no case', union('u', {}), 'no case'],
])('%s has no value to begin with', (_, type, said) => {
  const v = shared_('v', struct('s', { of: type, x: range(0, 3) }))
  expect(() =>
    model('m', {
      threads: [
        languageThread('t', () => {
          v.x.set(1)
        }),
      ],
    }),
  ).toThrow(new RegExp(`^HMM009: .*: ${said}\n  at: `))
})
test('a round that does nothing where a sort has no element', () => {
  const [T, x] = [sort('T'), shared_('x', range(0, 3))]
  const written = model('m', {
    threads: [
      languageThread('t', () => {
        Loop(() => {
          ForEach(T, () => {
            x.set(1)
          })
        })
      }),
    ],
  })
  expect(() => configure(written, { sizes: { T: 0 }, constants: {} })).toThrow(
    /^HMM019: control can go round this loop and do nothing\n {2}at: test\/compiler\/too-large\.test\.ts:\d+/,
  )
  expect(() => compile(configure(written, { sizes: { T: 1 }, constants: {} }))).not.toThrow()
})
test('a set of more than 64 elements', () => {
  expect(() => compile(configured({ variables: [variable('s', setOf(int(0, 64)))] }))).toThrow(
    /^HMM009: a set of 65 bits/,
  )
})
/** The message of the error that a model ends in. */
async function mistake(
  text: () => Parameters<typeof model>[1],
  sizes: Readonly<Record<string, number>> = {},
): Promise<string> {
  try {
    const built = model('large', text())
    const known = Object.fromEntries(built.sorts.flatMap((name) => (name in sizes ? [[name, sizes[name] ?? 0]] : [])))
    const { verdict } = await check(configure(built, { sizes: known, constants: {} }), { ...small, maxStates: 1_000 })
    return verdict
  } catch (error) {
    return error instanceof ModelError ? error.message : `not of the model: ${String(error)}`
  }
}

const S = sort('S')
const [x, holds] = [shared_('x', range(0, 10)), (): ReturnType<typeof invariant> => invariant('P', x.ge(0))]
const times = <T>(n: number, make: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => make(i))

describe('what nothing could walk through is refused before anything does, with its numbers', () => {
  /** One variable, of a type that has another in it so many times. */
  const nested =
    (n: number, outer: (inner: AnyType) => AnyType): (() => Parameters<typeof model>[1]) =>
    () => {
      let type: AnyType = Bool
      for (let i = 0; i < n; i += 1) type = outer(type)
      const v = shared_('v', struct('whole', { is: type, x: range(0, 3) }))
      return {
        threads: [
          languageThread('t', () => {
            v.x.set(1)
          }),
        ],
        properties: [invariant('P', v.x.le(3))],
      }
    }
  /** A sum of itself with itself, again and again: short to write, and a tree of very many parts. */
  const doubled =
    (n: number): (() => Parameters<typeof model>[1]) =>
    () => {
      let sum: Int = x
      for (let i = 0; i < n; i += 1) sum = sum.plus(sum)
      return {
        threads: [
          languageThread('t', () => {
            If(sum.gt(5), () => x.set(1))
          }),
        ],
        properties: [holds()],
      }
    }
  const inARow =
    (n: number): (() => Parameters<typeof model>[1]) =>
    () => ({
      threads: [
        languageThread('t', () => {
          Step('s', () => {
            for (let i = 0; i < n; i += 1) x.set(i % 10)
          })
        }),
      ],
      properties: [holds()],
    })

  test.each<[string, () => Parameters<typeof model>[1], string]>([
    [
      'arrays in arrays',
      nested(40, (inner) => arrayOf(range(0, 1), inner)),
      'HMM009: the variable v has 1,099,511,627,777 cells; at most 262144',
    ],
    [
      'a record of the same twice',
      nested(40, (inner) => struct('s', { a: inner, b: inner })),
      'HMM009: the variable v has 1,099,511,627,777 cells; at most 262144',
    ],
    [
      'queues of queues in a record',
      nested(6, (inner) => struct('s', { q: arrayOf(range(0, 9), struct('one', { inner })) })),
      'HMM009: the variable v has 1,000,001 cells; at most 262144',
    ],
    ['sums of sums', doubled(490), 'HMM041: an expression has '],
    [
      'sums of sums, fewer',
      doubled(20),
      'HMM041: an expression has 2,097,153 parts; 50000 is the most\n  at: test/compiler/too-large.test.ts:',
    ],
    [
      'a step of very many statements',
      inARow(30_000),
      'HMM035: thread t: 30001 statements, in blocks up to 2 deep, are more than can be followed in one go',
    ],
    [
      'loops in loops',
      () => ({
        threads: [
          languageThread('t', () => {
            const go = (n: number): void => {
              if (n === 0) x.set(1)
              else
                ForEach(S, () => {
                  go(n - 1)
                })
            }
            go(150)
          }),
        ],
        properties: [holds()],
      }),
      'HMM035: thread t: 151 statements, in blocks up to 151 deep',
    ],
    [
      'initial values',
      () => {
        const many = times(30, (i) => shared_(`a${i}`, range(0, 1), anyOf(0, 1)))
        return {
          threads: [
            languageThread('t', () => {
              x.set(1)
            }),
          ],
          properties: many.map((one, i) => invariant(`P${i}`, one.ge(0))),
        }
      },
      'HMM035: there are 1073741824 executions that lead to an initial state; 500000 are the most\n  at: test/compiler/too-large.test.ts:',
    ],
    [
      'choices of an initially',
      () => {
        const many = times(4, (i) => shared_(`a${i}`, range(0, 63)))
        return {
          threads: [
            languageThread('t', () => {
              x.set(1)
            }),
          ],
          properties: many.map((one, i) => invariant(`P${i}`, one.ge(0))),
          initially: () => {
            for (const [i, one] of many.entries()) one.set(Choose(`c${i}`, range(0, 63)))
          },
        }
      },
      'HMM035: there are more than 500000 executions that lead to an initial state; 500000 are the most\n  at: test/compiler/too-large.test.ts:',
    ],
  ])(
    '%s',
    async (_, text, message) => {
      expect((await mistake(text, { S: 2 })).slice(0, message.length)).toBe(message)
    },
    60_000,
  )

  test('sizes of sorts count when they are known', async () => {
    const text = (): Parameters<typeof model>[1] => {
      const v = shared_('v', arrayOf(S, arrayOf(S, arrayOf(S, arrayOf(S, Bool)))))
      return {
        threads: [
          languageThread('t', () => {
            v.set(v)
          }),
        ],
        properties: [holds()],
      }
    }
    expect(await mistake(text, { S: 2 })).toBe('holds')
    expect(await mistake(text, { S: 64 })).toMatch(
      /^HMM009: the variable v has 16,777,216 cells; at most 262144 can be looked at one by one\n {2}at: test\/compiler\/too-large\.test\.ts:\d+/,
    )
  })
})

test('a state that no table could hold', () => {
  const model = configured({
    variables: [variable('all', array(int(0, 1_999), int(0, 2 ** 20)))],
    threads: [{ locals: [int(0, 1_000_000)], body: [choose(0)] }],
  })
  expect(() => assertAddressable(compile(model))).toThrow(/^HMM035: a state has \d+ bits/)
})
test('a step with very many ways through it is not: what follows each branch is written once', async () => {
  const either = (n: number): Statement =>
    when(at(shared('x'), num(n)), [choose(0), assign(at(shared('x'), num(n + 16)), binary(local(0), '==', num(1)))])
  const model = configured({
    variables: [
      variable('x', array(int(0, 31), bool), zero(array(int(0, 31), bool)), {
        kind: 'fill',
        of: yes,
        type: array(int(0, 31), bool),
      }),
    ],
    threads: [{ locals: [int(0, 2)], body: [step(...Array.from({ length: 9 }, (_, n) => either(n)))] }],
    properties: [{ name: 'x', kind: 'sometimes', condition: at(shared('x'), num(3)) }],
  })
  // from all unset one way; from all set 3 ways nine times, which differ in 9 bits
  expect(await check(model, small)).toMatchObject({ verdict: 'holds', states: 2 + 1 + 2 ** 9, transitions: 1 + 3 ** 9 })
})
