/** Models whose counts follow from their form. */
import type { ConfiguredModel, Expression, Property } from '../../src/language/ast.ts'
import {
  assign,
  at,
  array,
  binary,
  bool,
  configured,
  int,
  literal,
  local,
  loop,
  num,
  shared,
  step,
  variable,
  wait,
  choose,
} from './ast.ts'
import { describeLayout } from '../../src/compiler/compile.ts'

const sum = (...terms: readonly Expression[]): Expression => terms.reduce((a, b) => binary(a, '+', b))

/**
 * Each of `threads` counts a variable of its own up to `most`, one by one.
 * (most + 1)^threads states, threads * most * (most + 1)^(threads - 1) transitions, depth threads * most + 1; the
 * last state is all there is to reach in the most steps.
 */
export function cube(threads: number, most: number, properties: readonly Property[] = []): ConfiguredModel {
  const names = Array.from({ length: threads }, (_, n) => `n${n}`)
  return configured({
    variables: names.map((name) => variable(name, int(0, most))),
    threads: names.map((name) => ({
      daemon: true,
      body: [
        loop(
          1,
          step(wait(binary(shared(name), '<', num(most))), assign(shared(name), binary(shared(name), '+', num(1)))),
        ),
      ],
    })),
    properties: [
      {
        name: 'not all at their end',
        kind: 'invariant',
        condition: binary(sum(...names.map(shared)), '<', num(threads * most)),
      },
      ...properties,
    ],
  })
}
export const cubeCounts = (threads: number, most: number) => ({
  states: (most + 1) ** threads,
  transitions: threads * most * (most + 1) ** (threads - 1),
  depth: threads * most + 1,
})

/**
 * A counter that goes round by 16, marks where it has been, and turns the very last bit of the state at every step.
 * 32 states in a row, the last leading back to the 17th: 32 transitions, depth 32. The state has exactly `bits` bits.
 */
export function wide(bits: number): ConfiguredModel {
  const of = (cells: number): ConfiguredModel => {
    const last = at(shared('marks'), num(cells - 1))
    return configured({
      variables: [variable('marks', array(int(0, cells - 1), bool)), variable('n', int(0, 15, 'wrap'))],
      threads: [
        {
          daemon: true,
          body: [
            loop(
              1,
              step(
                assign(at(shared('marks'), shared('n')), literal(true, bool)),
                assign(last, { kind: 'not', of: last }),
                assign(shared('n'), binary(shared('n'), '+', num(1))),
              ),
            ),
          ],
        },
      ],
      properties: [
        {
          name: 'some mark is not set',
          kind: 'invariant',
          condition: {
            kind: 'quantified',
            quantifier: 'some',
            bound: 1,
            name: 'i',
            over: int(0, 15),
            body: { kind: 'not', of: at(shared('marks'), { kind: 'bound', id: 1 }) },
          },
        },
      ],
    })
  }
  const probe = 40
  return of(bits - (describeLayout(of(probe)).stateBits - probe))
}

/** Any of `values` numbers is chosen, then stored. 1 + 2 * values states, 2 * values transitions, depth 3. */
export function fan(values: number): ConfiguredModel {
  return configured({
    variables: [variable('y', int(-1, values - 1), num(-1))],
    threads: [{ locals: [int(0, values - 1)], body: [choose(0), assign(shared('y'), local(0))] }],
    properties: [{ name: 'not the last', kind: 'invariant', condition: binary(shared('y'), '!=', num(values - 1)) }],
  })
}
