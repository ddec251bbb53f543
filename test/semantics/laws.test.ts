/** What holds of every model: laws of the interpreter, on random walks through random models. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel, Type } from '../../src/language/ast.ts'
import { machine, plainState, executions, threadOf, transitions } from '../../src/semantics/machine.ts'
import type { Machine, State } from '../../src/semantics/machine.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import { isDeadlocked, stuckThreads } from '../../src/semantics/properties.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { boundOf, valuesOf } from '../../src/semantics/values.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'

/** The states of a walk: at each, the possibility that the number says is taken. */
function walk(graph: Machine, numbers: readonly number[]): readonly State[] {
  const first = graph.initial[(numbers[0] ?? 0) % graph.initial.length]
  const states = first === undefined ? [] : [first.state]
  for (const number of numbers.slice(1)) {
    const from = states.at(-1)
    const next =
      from === undefined
        ? []
        : transitions(graph, from).flatMap(({ outcome }) => (outcome.kind === 'next' ? [outcome.state] : []))
    const to = next[number % Math.max(1, next.length)]
    if (to === undefined) break
    states.push(to)
  }
  return states
}

const numbers = fc.array(fc.nat(1_000), { minLength: 12, maxLength: 25 })

function always(check: (graph: Machine, state: State) => void): void {
  fc.assert(
    fc.property(modelArbitrary, numbers, (model, choices) => {
      const graph = machine(model)
      for (const state of walk(graph, choices)) check(graph, state)
    }),
    { numRuns: 60, seed: 1, endOnFailure: true },
  )
}

describe('in every state', { timeout: 120_000 }, () => {
  test('the same is possible each time one asks', () => {
    always((graph, state) => {
      expect(transitions(graph, state)).toEqual(transitions(graph, state))
    })
  })
  test('ordinals count from 0 in each thread, and threads come in order', () => {
    always((graph, state) => {
      const all = transitions(graph, state)
      expect(all.map(({ ordinal }) => ordinal)).toEqual(
        all.map(({ thread }, n) => n - all.findIndex((one) => one.thread === thread)),
      )
      const threads = all.map(({ thread }) => thread)
      expect(threads).toEqual([...threads].sort((a, b) => a - b))
    })
  })
  test('a transition moves one thread', () => {
    always((graph, state) => {
      for (const { thread, outcome } of transitions(graph, state)) {
        if (outcome.kind !== 'next') continue
        for (const [other] of graph.runners.entries())
          if (other !== thread) expect(threadOf(outcome.state, other).equals(threadOf(state, other))).toBe(true)
      }
    })
  })
  test('a thread rests where there is something to do, or at its end', () => {
    always((graph, state) => {
      graph.runners.forEach(({ text }, thread) => {
        const { point, locals } = threadOf(state, thread)
        if (point === 'end') return
        const statement = text.sites.get(point)?.statement
        expect(['loop', 'label', 'goto', 'break', 'continue', 'return', 'reset', undefined]).not.toContain(
          statement?.kind,
        )
        if (statement?.kind === 'call') expect(statement.atomic).toBe(true)
        if (statement?.kind === 'forEach') expect(String(locals.get(statement.remaining))).not.toBe('Set {}')
      })
    })
  })
  test('every value is one of its type', () => {
    always((graph, state) => {
      const { shared, threads } = plainState(graph, state)
      for (const { name, type } of graph.model.variables)
        expect([name, isOf(graph.model, type, shared[name] ?? null)]).toEqual([name, true])
      graph.runners.forEach(({ thread }, n) => {
        for (const { id, type } of thread.locals)
          expect([id, isOf(graph.model, type, threads[n]?.locals[String(id)] ?? null)]).toEqual([id, true])
      })
    })
  })
  test('a deadlock has no transition that succeeds and moves, and stuck threads have none at all', () => {
    always((graph, state) => {
      const ends = executions(graph, state)
      const moves = transitions(graph, state).some(
        ({ outcome }) => outcome.kind === 'fails' || (outcome.kind === 'next' && !outcome.state.equals(state)),
      )
      if (isDeadlocked(graph, state)) expect(moves).toBe(false)
      for (const thread of stuckThreads(graph, state))
        expect(ends[thread]?.every(({ kind }) => kind === 'waits' || kind === 'breaks')).toBe(true)
    })
  })
})

describe('of every model', { timeout: 120_000 }, () => {
  const every = (check: (model: ConfiguredModel) => void): void => {
    fc.assert(fc.property(modelArbitrary, check), { numRuns: 25, seed: 2, endOnFailure: true })
  }
  test('states are equal when they look equal', () => {
    fc.assert(
      fc.property(modelArbitrary, numbers, numbers, (model, one, other) => {
        const graph = machine(model)
        for (const a of walk(graph, one))
          for (const b of walk(graph, other)) {
            expect(a.equals(b)).toBe(JSON.stringify(plainState(graph, a)) === JSON.stringify(plainState(graph, b)))
          }
      }),
      { numRuns: 25, seed: 3, endOnFailure: true },
    )
  })
  test('it is data: what is left after a trip through JSON means the same', () => {
    every((model) => {
      const copy = JSON.parse(JSON.stringify(model)) as ConfiguredModel
      expect(referenceCheck(copy, { maxTransitions: 500 })).toEqual(referenceCheck(model, { maxTransitions: 500 }))
    })
  })
  test('properties do not change the graph', () => {
    every((model) => {
      const { properties: _without, ...counts } = referenceCheck({ ...model, properties: [] }, { maxTransitions: 500 })
      expect(referenceCheck(model, { maxTransitions: 500 })).toMatchObject(counts)
    })
  })
  test('threads in another order have the same graph, seen otherwise', () => {
    // Nothing may tell threads apart by their numbers: without ids of threads, nothing does.
    const anonymous = modelArbitrary.filter(
      (model) => model.instances.length > 1 && !/"sort":"Thread"|"current"/.test(JSON.stringify(model)),
    )
    fc.assert(
      fc.property(anonymous, (model) => {
        const [one, other] = [model, { ...model, instances: [...model.instances].reverse() }].map((each) =>
          referenceCheck(each, { maxTransitions: 2_000 }),
        )
        if (one?.complete === true) expect(other).toEqual(one)
      }),
      { numRuns: 4, seed: 4, endOnFailure: true },
    )
  })
})

/** Whether a plain value is one of the type. */
function isOf(model: ConfiguredModel, type: Type, value: Plain): boolean {
  const listed = (of: Type): boolean => valuesOf(model.sizes, of).includes(value as string | number | boolean)
  const fields = (types: Readonly<Record<string, Type>>, of: Plain): boolean =>
    typeof of === 'object' &&
    of !== null &&
    !Array.isArray(of) &&
    Object.keys(types).join() === Object.keys(of).join() &&
    Object.entries(of as Readonly<Record<string, Plain>>).every(([name, field]) =>
      isOf(model, types[name] ?? { kind: 'bool' }, field),
    )
  const items = Array.isArray(value) ? (value as readonly Plain[]) : undefined
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
      return listed(type)
    case 'id':
      return listed(type) || (model.sizes[type.sort] === 0 && value === 0)
    case 'optional':
      return value === null || isOf(model, type.of, value)
    case 'record':
      return fields(type.fields, value)
    case 'union': {
      if (typeof value !== 'object' || value === null || !('is' in value) || !('fields' in value)) return false
      return fields(type.cases[String(value['is'])] ?? {}, value['fields'] ?? null)
    }
    case 'array':
      return (
        items?.length === valuesOf(model.sizes, type.index).length && items.every((cell) => isOf(model, type.of, cell))
      )
    case 'set':
      return (
        items !== undefined &&
        new Set(items).size === items.length &&
        items.every((element) => isOf(model, type.of, element))
      )
    case 'queue':
      return (
        items !== undefined &&
        items.length <= boundOf(type.capacity) &&
        items.every((element) => isOf(model, type.of, element))
      )
  }
}
