/** A state that is compared part by part with the one before says what it says as a whole. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agreedAfter, agreedStart, type Agreed } from '../../src/explorer/agreed.ts'
import { Disagreement } from '../../src/explorer/disagreement.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import { oracle } from '../../src/engine/oracle.ts'
import { packed } from '../../src/engine/states.ts'
import { plainState, transitionsOf, type State } from '../../src/semantics/machine.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'

test('along random runs, both semantics are as they are when all of a state is read', () => {
  let compared = 0
  let refused = 0
  fc.assert(
    fc.property(modelArbitrary, fc.array(fc.nat(1000), { minLength: 20, maxLength: 20 }), (model, choices) => {
      const { compiled, reference } = prepare(model, {})
      const engine = oracle(compiled)
      const [first] = reference.initial
      if (first === undefined) return
      let at: Agreed = agreedStart(compiled, reference, first.state)
      for (const choice of choices) {
        const next = reference.runners.flatMap((_, thread) => {
          const states = transitionsOf(reference, at.state, thread).flatMap(({ outcome }): readonly State[] =>
            outcome.kind === 'next' ? [outcome.state] : [],
          )
          const { states: bytes, count } = engine.successorsOfThread(at.bytes, thread)
          const size = bytes.length / Math.max(1, count)
          return states.map((state, n) => ({ state, bytes: bytes.slice(n * size, (n + 1) * size) }))
        })
        const chosen = next[choice % Math.max(1, next.length)]
        if (chosen === undefined) return
        const before = at
        at = agreedAfter(compiled, reference, before, chosen, 'a step')
        expect(at.interpreted).toEqual(plainState(reference, at.state))
        expect(at.decoded).toEqual(compiled.decode(at.words))
        compared++
        // another state of the engine than the interpreter's is seen, whatever part of it is another
        const other = next.find(({ bytes }) => Buffer.compare(bytes, chosen.bytes) !== 0)
        if (other === undefined) continue
        const wrong = { state: chosen.state, bytes: other.bytes }
        expect(() => agreedAfter(compiled, reference, before, wrong, 'a wrong step')).toThrow(Disagreement)
        expect(packed(compiled.encode(plainState(reference, other.state)))).toEqual(other.bytes)
        refused++
      }
    }),
    { numRuns: 150, seed: 1, endOnFailure: true },
  )
  expect(compared).toBeGreaterThan(500)
  expect(refused).toBeGreaterThan(100)
}, 120_000)
