/** The Promela that SPIN is given: what is committed is what is written today. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { promela } from '../../bench/peers/promela/promela.ts'
import { promelaOf } from '../../bench/ready.ts'
import { shown } from '../../bench/scenarios.ts'
import { anyOf, configure, invariant, model, range, shared, thread } from '../../src/language/index.ts'

describe('the Promela of a model', () => {
  test.each(shown)('$name is the committed file (if the model changed: npm run bench:peers)', (scenario) => {
    const committed = readFileSync(new URL(`../../bench/peers/${scenario.name}.pml`, import.meta.url), 'utf8')
    expect(promelaOf(scenario).text).toBe(committed)
  })

  test('of one initial state needs no process that chooses it; of several it does, which SPIN counts as a state', () => {
    const [first] = shown
    expect(first === undefined ? undefined : promelaOf(first).extraStates).toBe(0)

    const x = shared('x', range(0, 3), anyOf(1, 2))
    const two = model('two beginnings', {
      threads: [
        thread('t', () => {
          x.set(3)
        }),
      ],
      properties: [invariant('x is set', x.ne(0))],
    })
    const { text, extraStates } = promela(configure(two, { sizes: {}, constants: {} }), 'two beginnings')
    expect(extraStates).toBe(1)
    expect(text).toContain('init {')
    expect(text.match(/^ {4}:: d_step/gm)).toHaveLength(2)
  })
})
