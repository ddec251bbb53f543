/**
 * A walk of the engine is one of the interpreter: the same possibilities of the same threads, the same steps taken,
 * and what it sights is there.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bracketsOf } from '../../../src/compiler/brackets.ts'
import { check } from '../../../src/explorer/check.ts'
import { neverTaken } from '../../../src/explorer/never-taken.ts'
import { prepare } from '../../../src/explorer/prepare.ts'
import type { Prepared } from '../../../src/explorer/prepare.ts'
import { Disagreement } from '../../../src/explorer/disagreement.ts'
import { confirm } from '../../../src/explorer/walks/confirm.ts'
import { walkSetup } from '../../../src/explorer/walks/setup.ts'
import { walks } from '../../../src/explorer/walks/walk.ts'
import type { Chooser, WalkFinding } from '../../../src/explorer/walks/walk.ts'
import type { ConfiguredModel } from '../../../src/language/ast.ts'
import { configure } from '../../../src/language/configure.ts'
import { settingOf } from '../../../src/catalogue/setting.ts'
import { chance } from '../../../src/schedules/random.ts'
import { threadOf, transitions } from '../../../src/semantics/machine.ts'
import { atAllowedEnd } from '../../../src/semantics/properties.ts'
import { modelArbitrary } from '../../fuzz/model-arbitrary.ts'
import { notifier } from '../../support/notifier.ts'

const modelOf = (variant: string, scenario = 'core'): ConfiguredModel =>
  configure(notifier.model, settingOf(notifier, { variant, scenario }).configuration)

/** Walks, and plays the same on the interpreter; compares what a strategy sees. */
function walkBoth(prepared: Prepared, seed: number, maxSteps: number): void {
  const { reference: graph, compiled } = prepared
  const walker = walks(walkSetup(prepared))
  const draw = chance(seed, 1)
  const start = draw(graph.initial.length)
  const inside = compiled.threads.map(
    (program) => new Set([...bracketsOf(program)].map((point) => program.points[point]?.name)),
  )
  const paths = new Set<string>()
  const states = new Set<string>()
  let state = graph.initial[start]?.state
  const threads = graph.runners.map((_, thread) => thread)
  const choose: Chooser = (scene) => {
    if (state === undefined) throw new Error('no state')
    const here = state
    states.add(JSON.stringify(here))
    const possible = transitions(graph, here).filter(({ outcome }) => outcome.kind === 'next')
    expect(Array.from({ length: scene.count }, (_, n) => scene.threadOf(n))).toEqual(
      possible.map(({ thread }) => thread),
    )
    expect(threads.map(scene.isIdle)).toEqual(threads.map((thread) => atAllowedEnd(graph, here, thread)))
    expect(threads.map(scene.isInside)).toEqual(
      threads.map(
        (thread) => inside[graph.runners[thread]?.instance.thread ?? -1]?.has(threadOf(here, thread).point) === true,
      ),
    )
    const choice = draw(scene.count)
    const taken = possible[choice]
    if (taken?.outcome.kind !== 'next') throw new Error('no transition')
    paths.add(`${graph.runners[taken.thread]?.thread.name} ${taken.path}`)
    state = taken.outcome.state
    return choice
  }
  const { steps } = walker.walk(choose, start, maxSteps)
  states.add(JSON.stringify(state))
  const coverage = walker.coverage()
  expect(coverage.states).toBe(states.size)
  expect(coverage.transitions).toBeLessThanOrEqual(steps)
  const taken = compiled.edges.flatMap(({ thread, path }, edge) =>
    coverage.taken[edge] === 1 ? [`${compiled.model.threads[thread]?.name} ${path}`] : [],
  )
  expect(new Set(taken)).toEqual(paths)
}

test('of the small protocol', () => {
  for (let seed = 0; seed < 20; seed++) walkBoth(prepare(modelOf('without-lock_order', 'wide'), {}), seed, 60)
})

test('of random models', () => {
  fc.assert(
    fc.property(modelArbitrary, fc.nat(), (model, seed) => {
      walkBoth(prepare(model, {}), seed, 30)
    }),
    { numRuns: 40, seed: 1 },
  )
}, 120_000)

const uniformly = (seed: number): Chooser => {
  const draw = chance(seed, 1)
  return ({ count }) => draw(count)
}

test('many walks of a small graph come by every state and transition', async () => {
  const model = modelOf('fixed')
  const prepared = prepare(model, {})
  const walker = walks(walkSetup(prepared))
  for (let seed = 0; seed < 300; seed++) walker.walk(uniformly(seed), 0, 60)
  const { states, transitions: all, neverTaken: untaken } = await check(model)
  const coverage = walker.coverage()
  expect({ states: coverage.states, transitions: coverage.transitions }).toEqual({ states, transitions: all })
  expect(neverTaken(prepared.compiled, coverage.taken)).toEqual(untaken)
})

describe('what is sighted', () => {
  const sighted = (
    model: ConfiguredModel,
  ): { readonly prepared: Prepared; readonly found: ReadonlyMap<string, WalkFinding> } => {
    const prepared = prepare(model, {})
    const walker = walks(walkSetup(prepared, { counts: false }))
    const found = new Map<string, WalkFinding>()
    for (let seed = 0; seed < 300; seed++) {
      for (const one of walker.walk(uniformly(seed), 0, 60).findings) {
        const name = prepared.compiled.watched[one.watch]?.claim.name ?? ''
        expect(found.has(name)).toBe(false)
        found.set(name, one)
      }
    }
    return { prepared, found }
  }

  test.each([
    ['as-posted', ['P-NOUAF', 'P-NOUAF-possible']],
    ['without-lock_order', ['P-NOUAF-possible', 'deadlock', 'lock-deadlock']],
    ['fixed', ['P-NOUAF-possible']],
  ])('of %s, once each, and the interpreter confirms it', (variant, names) => {
    const { prepared, found } = sighted(modelOf(variant))
    expect([...found.keys()].toSorted()).toEqual(names)
    for (const one of found.values()) {
      const run = confirm(prepared, one)
      expect(run.steps.length - one.ordinals.length).toBeLessThanOrEqual(1)
    }
  })

  test('a walk that is not one of the model, or does not show it, is a disagreement', () => {
    const { prepared, found } = sighted(modelOf('as-posted'))
    const finding = found.get('P-NOUAF')
    if (finding === undefined) throw new Error('nothing was sighted')
    expect(() => confirm(prepared, { ...finding, ordinals: [...finding.ordinals.slice(0, -1), 99] })).toThrow(
      Disagreement,
    )
    expect(() => confirm(prepared, { ...finding, ordinals: [] })).toThrow(Disagreement)
  })

  test('again, once it is forgotten', () => {
    const walker = walks(walkSetup(prepare(modelOf('as-posted'), {}), { counts: false }))
    const all = (): readonly WalkFinding[] =>
      Array.from({ length: 100 }, (_, seed) => walker.walk(uniformly(seed), 0, 60).findings).flat()
    const once = all()
    expect(once.length).toBeGreaterThan(0)
    expect(all()).toEqual([])
    walker.forget()
    expect(all()).toEqual(once)
  })
})
