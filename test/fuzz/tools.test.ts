/** The fuzzer's own tools: differences are seen, failures are made small, and what is printed is the model. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { visitStatements } from '../../src/language/walk.ts'
import { machine } from '../../src/semantics/machine.ts'
import { compareSpaces } from './compare.ts'
import { isValid, modelArbitrary } from './model-arbitrary.ts'
import { asCode } from './paste.ts'
import { shrink } from './shrink.ts'
import { referenceSpace } from './space.ts'
import type { Expansion, StateSpace } from './space.ts'

const models = fc.sample(modelArbitrary, { numRuns: 12, seed: 11 })

/** A model whose graph has at least one state with two transitions that lead to different states. */
const branching = models.find((model) => {
  const { initial, expand } = referenceSpace(machine(model))
  const successors = initial.flatMap((state) => expand(state).successors)
  return new Set(successors.map((state) => JSON.stringify(state))).size > 1
})

describe('the comparer', () => {
  const changed = (change: (expansion: Expansion) => Partial<Expansion>): StateSpace => {
    if (branching === undefined) throw new Error('no model that branches')
    const space = referenceSpace(machine(branching))
    return {
      initial: space.initial,
      expand: (state) => {
        const right = space.expand(state)
        return { ...right, ...change(right) }
      },
    }
  }
  const difference = (other: StateSpace) => branching && compareSpaces(referenceSpace(machine(branching)), other, 20)

  test('sees no difference where there is none', () => {
    expect(difference(changed(() => ({})))).toBeUndefined()
  })
  test.each<readonly [string, (expansion: Expansion) => Partial<Expansion>]>([
    ['a successor too few', ({ successors }) => ({ successors: successors.slice(1) })],
    ['a successor twice', ({ successors }) => ({ successors: [...successors, ...successors.slice(0, 1)] })],
    ['successors in another order', ({ successors }) => ({ successors: [...successors].reverse() })],
    ['a failure that is not counted', ({ fails }) => ({ fails: fails + 1 })],
    ['a finding that is not there', ({ shows }) => ({ shows: { ...shows, p: 'state' } })],
    [
      'a wrong value',
      ({ successors }) => ({
        successors: successors.map((state) => ({ ...state, shared: { ...state.shared, v0: 'wrong' } })),
      }),
    ],
  ])('sees %s', (_name, change) => {
    expect(difference(changed(change))).toBeDefined()
  })
  test('sees other initial states', () => {
    const right = changed(() => ({}))
    expect(difference({ ...right, initial: [] })).toMatch(/initial states/)
  })
})

describe('shrinking', () => {
  const hasForEach = ({ threads }: ConfiguredModel): boolean => {
    let found = false
    for (const { body } of threads)
      visitStatements(body, ({ kind }) => {
        found ||= kind === 'forEach'
      })
    return found
  }
  test('leaves hardly more than what it is about', { timeout: 60_000 }, async () => {
    const model = models.find(hasForEach)
    if (model === undefined) throw new Error('no model with a forEach')
    const small = await shrink(model, (candidate) => Promise.resolve(hasForEach(candidate)))
    expect(isValid(small)).toBe(true)
    expect(small).toMatchObject({ variables: [], properties: [], threads: [{ body: [{ kind: 'forEach', body: [] }] }] })
  })
  test('gives back a model that cannot be smaller, or does not fail', async () => {
    const [model] = models
    if (model !== undefined) expect(await shrink(model, () => Promise.resolve(false), 300)).toBe(model)
  })
})

describe('the code that is printed', () => {
  test.each(models.map((model, n) => [n, model] as const))('is the model %i', (_n, model) => {
    const expression = asCode(model).replace('const model: ConfiguredModel = ', '')
    expect(new Function(`return ${expression}`)()).toEqual(JSON.parse(JSON.stringify(model)))
    expect(Math.max(...expression.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(160)
  })
})
