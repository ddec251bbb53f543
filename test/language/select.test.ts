/** Selecting properties takes what the others assert for true, takes out what they witness, and moves nothing. */
import { expect, test } from 'vitest'
import type { Model, Statement } from '../../src/language/ast.ts'
import {
  Assert,
  assertion,
  Bool,
  Choose,
  configure,
  Cover,
  Either,
  ForEach,
  If,
  invariant,
  Loop,
  Misuse,
  model,
  none,
  optional,
  range,
  shared,
  sometimes,
  sort,
  Step,
  thread,
  union,
  Match,
} from '../../src/language/index.ts'
import { selectProperties, withoutProperties } from '../../src/language/select.ts'
import { machine, transitions } from '../../src/semantics/machine.ts'
import { visitStatements } from '../../src/language/walk.ts'

const flag = shared('flag', Bool)
const Page = sort('Page')
const Pte = union('pte', { none: {}, present: { page: Page } })
const pte = shared('pte', Pte)
const spare = shared('spare', optional(Page))

const claims = (): void => {
  Assert('A', flag)
  Assert('B', flag)
  Misuse('never', flag)
  Cover('C', flag)
  Cover('D', flag)
}

const everywhere: Model = model('everywhere', {
  threads: [
    thread('t', () => {
      Step('step', () => {
        claims()
        If(flag, () => {
          claims()
        }).Else(() => {
          claims()
        })
        Match(
          pte,
          {
            none: () => {
              claims()
            },
          },
          () => {
            claims()
          },
        )
        Either(
          () => {
            claims()
          },
          () => {
            claims()
          },
        )
        ForEach(Page, () => {
          claims()
        })
        flag.set(false)
      })
      Loop(() => {
        spare.set(none)
        Step('inner', () => {
          claims()
          flag.set(true)
        })
      })
    }),
  ],
  initially: () => {
    claims()
    const n = Choose('n', range(0, 1))
    flag.set(n.eq(1))
  },
  properties: [
    assertion('A'),
    assertion('B'),
    sometimes('C'),
    sometimes('D'),
    invariant('E', flag),
    invariant('F', flag),
  ],
})

function claimsOf({ threads, initially }: Model): readonly string[] {
  const found: string[] = []
  for (const body of [...threads.map((one) => one.body), initially?.body ?? []]) {
    visitStatements(body, (statement) => {
      if ((statement.kind === 'assert' || statement.kind === 'cover') && statement.condition.kind !== 'literal')
        found.push(statement.property)
    })
  }
  return found
}

/** Everything but claims, with its path. */
function skeleton({ threads }: Model): readonly string[] {
  const found: string[] = []
  const see = (statement: Statement): void => {
    if (statement.kind !== 'cover') found.push(`${statement.kind} ${statement.path}`)
  }
  for (const { body } of threads) visitStatements(body, see)
  return found
}

test('what is kept, in every kind of block', () => {
  const all = claimsOf(everywhere)
  const count = (claims: readonly string[], name: string): number => claims.filter((one) => one === name).length
  const kept = claimsOf(selectProperties(everywhere, ['A', 'D', 'E']))
  expect(count(all, 'B')).toBe(10)
  for (const name of ['A', 'D', 'misuse: never']) expect(count(kept, name), name).toBe(count(all, name))
  for (const name of ['B', 'C']) expect(count(kept, name), name).toBe(0)
})

test('nothing moves', () => {
  const selected = selectProperties(everywhere, [])
  expect(skeleton(selected)).toEqual(skeleton(everywhere))
  expect(skeleton(selected).length).toBe(37)
})

test('an assertion before a loop goes with the first step of it, selected or not', () => {
  const looping = configure(
    model('looping', {
      threads: [
        thread('t', () => {
          Assert('A', flag)
          Loop(() => {
            Step('step', () => {
              flag.set(true)
            })
          })
        }),
      ],
      properties: [assertion('A'), invariant('E', flag)],
    }),
    { sizes: {}, constants: {} },
  )
  const points = (names: readonly string[]): unknown => {
    const graph = machine(selectProperties(looping, names))
    return transitions(graph, graph.initial[0]?.state ?? expect.fail()).map(({ path, outcome }) => [path, outcome.kind])
  }
  expect(points(['A'])).toEqual([['1/0', 'next']])
  expect(points(['E'])).toEqual([['1/0', 'next']])
})

test('without properties nothing is claimed, and lock misuse is still misuse', () => {
  expect(new Set(claimsOf(withoutProperties(everywhere)))).toEqual(new Set(['misuse: never']))
  expect(withoutProperties(everywhere).properties).toEqual([])
})

test('properties keep their order', () => {
  expect(selectProperties(everywhere, ['F', 'A', 'unknown']).properties.map(({ name }) => name)).toEqual(['A', 'F'])
})

test('the model itself is not touched, and selecting all changes nothing', () => {
  const before = JSON.stringify(everywhere)
  expect(
    selectProperties(
      everywhere,
      everywhere.properties.map(({ name }) => name),
    ),
  ).toEqual(everywhere)
  expect(JSON.stringify(everywhere)).toBe(before)
})
