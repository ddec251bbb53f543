/** What is never taken inside steps: on small models by hand, and on random ones against covers that say the same. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { branchesTaken } from '../../src/explorer/never-taken.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import { searchInThisThread } from '../../src/explorer/search.ts'
import type { ConfiguredModel, Statement } from '../../src/language/ast.ts'
import {
  Assert,
  assertion,
  atomic,
  Await,
  Bool,
  Choose,
  configure,
  constant,
  Either,
  fix,
  If,
  IfSome,
  invariant,
  Let,
  Local,
  Loop,
  Match,
  model,
  no,
  not,
  optional,
  or,
  procedure,
  range,
  ref,
  setOf,
  shared,
  sort,
  Step,
  thread,
  union,
  type Property,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { blocksOf, mapStatement } from '../../src/language/walk.ts'
import { begunBy } from '../../src/semantics/machine.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { small } from '../support/engine.ts'

interface Made {
  readonly threads: readonly ThreadDefinition[]
  readonly properties?: readonly Property[]
  readonly only?: readonly string[]
  readonly constants?: Readonly<Record<string, boolean>>
  readonly sizes?: Readonly<Record<string, number>>
}

/** What a check says is never taken. */
async function untaken({
  threads,
  properties = [reads],
  only,
  constants = {},
  sizes = {},
}: Made): Promise<readonly string[]> {
  const configured = configure(model('m', { threads, properties }), {
    sizes,
    constants,
    ...(only === undefined ? {} : { threads: only }),
  })
  const { warnings } = await check(configured, small)
  return warnings
    .filter(({ code }) => code === 'HMM063')
    .map(({ what, at }) => {
      expect(at).toMatch(/^test\/analysis\/untaken\.test\.ts:\d+$/)
      return what
    })
}

const Page = sort('Page')
const pages = shared('pages', setOf(Page))
const x = shared('x', range(0, 3))
const y = shared('y', Bool)
/** What nothing reads is left out, and so is a branch that does nothing else. */
const reads = invariant('reads', or(x.le(3), y))

describe('branches inside steps and atomic procedures', () => {
  test('an If whose condition is never true; not the else that has no text', async () => {
    expect(
      await untaken({
        threads: [
          thread('t', () =>
            Step('s', () => {
              x.increment()
              If(x.eq(3), () => {
                Assert('A', no)
              })
              If(x.eq(1), () => y.set(true))
            }),
          ),
        ],
        properties: [assertion('A')],
      }),
    ).toEqual(['`if (x == 3)` of t is never taken'])
  })

  test('a branch of an Either, a case of a Match, an Else, in an atomic procedure', async () => {
    const Pte = union('pte', { none: {}, present: {} })
    const pte = shared('pte', Pte)
    const f = atomic('f', [], () => {
      Either(
        () => {
          Await(not(y))
          x.set(1)
        },
        () => {
          Await(y)
          x.set(2)
        },
      )
      Match(pte, { none: () => x.set(0), present: () => x.set(3) })
      If(y, () => x.set(0)).Else(() => x.set(1))
    })
    expect(
      await untaken({
        threads: [
          thread('t', () => {
            f()
          }),
        ],
      }),
    ).toEqual([
      '`either: or 1` of t is never taken',
      '`case present of pte` of t is never taken',
      '`if (y)` of t is never taken',
    ])
  })

  test('what is taken in another call, or by another thread, is taken', async () => {
    const f = atomic('f', [ref(Bool)], (flag) => {
      If(flag, () => x.set(1)).Else(() => x.set(2))
    })
    const z = shared('z', Bool, true)
    expect(
      await untaken({
        threads: [
          thread('t', () => {
            f(y)
            f(z)
          }),
        ],
      }),
    ).toEqual([])
    expect(
      await untaken({
        threads: [
          thread('t', () => {
            f(y)
          }),
          thread('u', () => {
            f(z)
          }),
        ],
      }),
    ).toEqual([])
    expect(
      await untaken({
        threads: [
          thread('t', () => {
            f(y)
          }),
        ],
      }),
    ).toEqual(['`if (y)` of t is never taken'])
  })

  test('of a branch inside a branch, only the outer is named', async () => {
    expect(
      await untaken({
        threads: [
          thread('t', () =>
            Step('s', () => {
              If(y, () => {
                If(x.eq(0), () => x.set(1))
              })
            }),
          ),
        ],
      }),
    ).toEqual(['`if (y)` of t is never taken'])
  })

  test('a branch that ends at a guard that is false is not taken', async () => {
    expect(
      await untaken({
        threads: [
          thread('t', () =>
            Step('s', () => {
              Either(
                () => {
                  x.set(1)
                },
                () => {
                  If(x.eq(0), () => {
                    Await(y)
                    x.set(2)
                  }).Else(() => x.set(3))
                },
              )
            }),
          ),
        ],
      }),
    ).toEqual(['`either: or 1` of t is never taken'])
  })
})

describe('tests of locals outside steps', () => {
  test('an If on a local that is always the same', async () => {
    expect(
      await untaken({
        threads: [
          thread('t', () => {
            const n = Local('n', range(0, 2), 1)
            If(n.eq(2), () => n.set(0))
            If(n.eq(1), () => x.set(1)).Else(() => x.set(2))
          }),
        ],
      }),
    ).toEqual(['`if (n == 2)` of t is never taken', '`else of if (n == 1)` of t is never taken'])
  })
})

test('an else without text, in which a local is forgotten', async () => {
  expect(
    await untaken({
      threads: [
        thread('t', () => {
          const was = Local('was', optional(Page))
          Step('s', () => {
            was.set(Choose('page', Page))
          })
          IfSome(was, (page) => {
            pages.add(page)
          })
        }),
      ],
      sizes: { Page: 2 },
    }),
  ).toEqual([])
})

describe('what fails, and what the configuration leaves out', () => {
  test('a failing step is no step that is never taken', async () => {
    const { neverTaken, warnings } = await check(
      configure(
        model('m', {
          threads: [
            thread('t', () =>
              Step('s', () => {
                If(x.eq(0), () => x.set(x.plus(-1 + 5)))
              }),
            ),
          ],
          properties: [],
        }),
        { sizes: {}, constants: {} },
      ),
      small,
    )
    expect(neverTaken).toEqual([])
    expect(warnings.filter(({ code }) => code === 'HMM063')).toEqual([])
  })

  test('a test of what only a thread changes that takes no part; with it, there is nothing to say; where nobody changes it, there is', async () => {
    const tests = thread('tests', () => {
      const seen = Let('seen', y)
      Step('s', () => {
        If(seen, () => x.set(1))
        If(y, () => x.set(2))
      })
    })
    const sets = thread('sets', () => y.set(true))
    expect(await untaken({ threads: [tests, sets], only: ['tests'] })).toEqual([])
    expect(await untaken({ threads: [tests, sets] })).toEqual([])
    expect(await untaken({ threads: [tests] })).toEqual([
      '`if (seen)` of tests is never taken',
      '`if (y)` of tests is never taken',
    ])
  })

  test('a constant argument that leaves an arm dead is folded', async () => {
    const f = procedure('f', [Bool], (block) => {
      If(block, () => x.set(1)).Else(() => x.set(2))
    })
    const c = constant('c', Bool)
    const threads = [
      thread('t', () => {
        f(false)
        If(c, () => x.set(3))
        Step('s', () => {
          If(fix('d'), () => x.set(0))
        })
      }),
    ]
    expect(await untaken({ threads, constants: { c: false, d: false } })).toEqual([])
  })

  test('a step that a constant forbids', async () => {
    expect(
      await untaken({
        threads: [
          thread('t', () =>
            Loop(() => {
              Either(
                () => y.set(not(y)),
                () => Step('no more', () => Await(no)),
              )
            }),
          ),
        ],
      }),
    ).toEqual([])
  })
})

/** The model with a witness in every branch inside a step. */
function covered(model: ConfiguredModel): {
  readonly model: ConfiguredModel
  readonly arms: ReadonlyMap<string, string>
} {
  const arms = new Map<string, string>()
  const within = (thread: number, body: readonly Statement[], inStep: boolean): readonly Statement[] =>
    body.map((s) => {
      const inner = inStep || s.kind === 'step' || (s.kind === 'call' && s.atomic)
      const branches = s.kind === 'if' || s.kind === 'match' || s.kind === 'either'
      return mapStatement(s, {
        block: (list, suffix) => {
          const block = within(thread, list, inner)
          if (!inStep || !branches || list.length === 0) return block
          const name = `arm ${thread} ${s.path}${suffix}`
          arms.set(`${thread} ${s.path}${suffix}`, name)
          return [
            {
              kind: 'cover',
              property: name,
              condition: { kind: 'literal', value: true, type: { kind: 'bool' } },
              path: `${s.path}${suffix}/cover`,
              at: '',
            },
            ...block,
          ]
        },
      })
    })
  const threads = model.threads.map((one, n) => ({ ...one, body: within(n, one.body, false) }))
  return {
    model: { ...model, threads, properties: [...arms.values()].map((name): Property => ({ name, kind: 'sometimes' })) },
    arms,
  }
}

test('on random models a branch is taken if and only if a cover in it is witnessed, or a step fails in it', {
  timeout: 300_000,
}, async () => {
  let compared = 0,
    never = 0
  await fc.assert(
    fc.asyncProperty(modelArbitrary, async (whole) => {
      const { model: witnessing, arms } = covered(whole)
      if (arms.size === 0) return
      const { compiled, initial, reference } = prepare({ ...whole, properties: [] }, {})
      const { taken, incomplete } = await searchInThisThread(compiled, initial, {
        workers: 1,
        ...small,
        startBytes: 2 ** 12,
        stop: ({ states }) => (states > 20_000 ? 'max-states' : undefined),
        enough: () => false,
      })
      if (incomplete !== undefined) return
      const result = await check(witnessing, { ...small, maxStates: 50_000 })
      const fails = result.properties.some(({ kind }) => kind === 'domain' || kind === 'misuse')
      const witnessed = new Map(result.properties.map(({ name, verdict }) => [name, verdict === 'holds']))
      for (const way of branchesTaken(compiled, taken, begunBy(reference))) {
        const name = arms.get(`${way.thread} ${way.path}`)
        if (name === undefined || blocksOf(way.statement).length === 0) continue
        compared++
        if (!way.taken) never++
        if (witnessed.get(name) === true) expect(way.taken, name).toBe(true)
        else if (!fails) expect(way.taken, name).toBe(false)
      }
    }),
    { numRuns: 100, seed: 11, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(100)
  expect(never).toBeGreaterThan(10)
})
