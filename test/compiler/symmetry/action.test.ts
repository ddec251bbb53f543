/**
 * Permutations of packed states against the same permutation of states as JSON, on random models: the action, the
 * forms of orbits, and that a model leads from images to images.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { act } from '../../../src/compiler/symmetry/action.ts'
import { permuteState } from '../../../src/compiler/symmetry/permute-state.ts'
import { exchangeOf, imageOfThread } from '../../../src/compiler/symmetry/scalarset.ts'
import { oracle } from '../../../src/engine/oracle.ts'
import { packed, unpacked } from '../../../src/engine/states.ts'
import { prepare, type Prepared } from '../../../src/explorer/prepare.ts'
import { isValid, modelArbitrary } from '../../fuzz/model-arbitrary.ts'
import { engineSpace } from '../../fuzz/space.ts'
import { nameless } from '../../support/nameless.ts'
import type { PlainState } from '../../../src/semantics/machine.ts'
import { configure } from '../../../src/language/configure.ts'
import { array, Bool, Choose, model, not, shared, sort, Step, thread } from '../../../src/index.ts'

const models = (numRuns: number, seed: number): readonly Prepared[] =>
  fc
    .sample(modelArbitrary.map(nameless).filter(isValid), { numRuns, seed })
    .map((model, n) => prepare(model, { symmetry: true, keepDeadLocals: n % 4 === 0, wholeTypes: n % 3 === 0 }))
    .filter(({ symmetry }) => symmetry.scalarsets.length > 0)

/** Some states of a model, breadth first. */
function statesOf(prepared: Prepared, most: number): readonly PlainState[] {
  const space = engineSpace(prepared)
  const states = [...space.initial]
  const seen = new Set(states.map((state) => JSON.stringify(state)))
  for (const state of states) {
    if (states.length >= most) break
    for (const next of space.expand(state).successors) {
      const key = JSON.stringify(next)
      if (!seen.has(key)) states.push(next)
      seen.add(key)
    }
  }
  return states.slice(0, most)
}

test('an exchange of two elements moves bits as it moves values', () => {
  let compared = 0
  for (const prepared of models(60, 1)) {
    const { compiled } = prepared
    for (const state of statesOf(prepared, 40))
      for (const { scalarset, exchanges } of compiled.symmetry.scalarsets)
        exchanges.forEach((action, first) => {
          const image = permuteState(compiled.model, exchangeOf(compiled.model, scalarset, first), state)
          expect(act(action, compiled.encode(state))).toEqual(compiled.encode(image))
          compared++
        })
  }
  expect(compared).toBeGreaterThan(1_000)
})

/** All images of a state. */
function orbitOf(
  { compiled: { model, symmetry, encode, decode } }: Prepared,
  state: PlainState,
): readonly PlainState[] {
  const canonical = (one: PlainState): PlainState => decode(encode(one))
  const orbit = [canonical(state)]
  const seen = new Set([JSON.stringify(orbit[0])])
  for (const one of orbit)
    for (const { scalarset, exchanges } of symmetry.scalarsets)
      for (const first of exchanges.keys()) {
        const image = canonical(permuteState(model, exchangeOf(model, scalarset, first), one))
        if (seen.has(JSON.stringify(image))) continue
        seen.add(JSON.stringify(image))
        orbit.push(image)
      }
  return orbit
}

test('all images of a state have one form, which is one of them, and is as far as its orbit is large', () => {
  let shared = 0
  for (const prepared of models(60, 2)) {
    const { compiled } = prepared
    const { orbits } = oracle(compiled)
    for (const state of statesOf(prepared, 12)) {
      const orbit = orbitOf(prepared, state)
      const forms = orbit.map((one) => orbits.formOf(packed(compiled.encode(one))))
      const [first] = forms
      expect(new Set(forms.map((form) => unpacked(form.state).join())).size).toBe(1)
      expect(orbit.map((one) => compiled.encode(one).join())).toContain(
        unpacked(first?.state ?? new Uint8Array()).join(),
      )
      expect(forms.map(({ size }) => size)).toEqual(orbit.map(() => orbit.length))
      // each thread stands in the form where the permutation leads it
      forms.forEach(({ state: form, threads }, n) => {
        const decoded = compiled.decode(unpacked(form))
        expect(threads.map((to) => decoded.threads[to]?.point)).toEqual(orbit[n]?.threads.map(({ point }) => point))
      })
      if (orbit.length > 1) shared++
    }
  }
  expect(shared).toBeGreaterThan(200)
})

test('the successors of an image are the images of the successors, and show the same', () => {
  let compared = 0
  for (const prepared of models(60, 3)) {
    const { compiled } = prepared
    const space = engineSpace(prepared)
    const keys = (states: readonly PlainState[]): readonly string[] =>
      states.map((state) => compiled.encode(state).join()).sort()
    for (const state of statesOf(prepared, 20))
      for (const { scalarset, exchanges } of compiled.symmetry.scalarsets)
        for (const first of exchanges.keys()) {
          const exchange = exchangeOf(compiled.model, scalarset, first)
          const [one, image] = [state, permuteState(compiled.model, exchange, state)].map(space.expand)
          expect(image?.fails).toBe(one?.fails)
          expect(Object.keys(image?.shows ?? {})).toEqual(Object.keys(one?.shows ?? {}))
          expect(keys(image?.successors ?? [])).toEqual(
            keys((one?.successors ?? []).map((next) => permuteState(compiled.model, exchange, next))),
          )
          expect(imageOfThread(exchange, imageOfThread(exchange, 0))).toBe(0)
          compared++
        }
  }
  expect(compared).toBeGreaterThan(500)
})

test('a local that is held behind many control points alone is permuted there', () => {
  const Page = sort('Page')
  const [busy, marked] = [shared('busy', Bool), shared('marked', array(Page, Bool))]
  const long = thread('long', () => {
    for (let n = 0; n < 70; n++) Step(`step ${n}`, () => busy.set(not(busy)))
    const page = Choose('page', Page)
    Step('mark', () => marked.at(page).set(true))
    Step('unmark', () => marked.at(page).set(false))
  })
  const configured = configure(model('long', { threads: [long], properties: [] }), {
    sizes: { Page: 3 },
    constants: {},
  })
  const prepared = prepare(configured, { symmetry: true, asWritten: true })
  expect(prepared.compiled.threads[0]?.points.length).toBeGreaterThan(64)
  const { orbits } = oracle(prepared.compiled)
  const sizes = statesOf(prepared, 200).map((state) => {
    const forms = orbitOf(prepared, state).map((one) => orbits.formOf(packed(prepared.compiled.encode(one))))
    expect(new Set(forms.map(({ state: form }) => unpacked(form).join())).size).toBe(1)
    return forms.length
  })
  expect(new Set(sizes)).toEqual(new Set([1, 3]))
})
