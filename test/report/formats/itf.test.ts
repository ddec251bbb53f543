/** ITF: as its specification says, and as Quint reads it. */
import { ofItf } from '@informalsystems/quint/dist/src/itf.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { itf, itfValue } from '../../../src/report/formats/itf.ts'
import type { ItfValue } from '../../../src/report/formats/itf.ts'
import { traceOf } from '../../../src/report/trace.ts'
import { interleavings } from '../../../src/schedules/interleavings.ts'
import { plainState } from '../../../src/semantics/machine.ts'
import { modelArbitrary } from '../../fuzz/model-arbitrary.ts'
import { traced } from './support.ts'

/** ADR-015 of Apalache, revision of 2023-09-14: no numbers, but `#bigint`. */
const value: z.ZodType<ItfValue> = z.lazy(() =>
  z.union([
    z.boolean(),
    z.string(),
    z.array(value),
    z.strictObject({ '#bigint': z.string().regex(/^-?\d+$/) }),
    z.strictObject({ '#tup': z.array(value) }),
    z.strictObject({ '#set': z.array(value) }),
    z.strictObject({ '#map': z.array(z.tuple([value, value])) }),
    z.record(z.string().regex(/^[^#]/), value),
  ]),
)
const specified = z
  .strictObject({
    '#meta': z.record(z.string(), z.unknown()).optional(),
    params: z.array(z.string()).optional(),
    vars: z.array(z.string()),
    states: z.array(z.looseObject({ '#meta': z.record(z.string(), z.unknown()).optional() })),
    loop: z.int().optional(),
  })
  .superRefine(({ vars, states }, context) => {
    states.forEach((state, n) => {
      const { '#meta': _, ...variables } = state
      if (Object.keys(variables).toSorted().join() !== vars.toSorted().join())
        context.addIssue(`state ${n} has other variables than vars`)
      for (const [name, one] of Object.entries(variables))
        if (!value.safeParse(one).success) context.addIssue(`state ${n}: ${name} is no expression`)
    })
  })

type Expression = ReturnType<typeof ofItf>[number]

/** The fields of a record that Quint has read; it leaves `#meta` out. */
function fieldsOf(expression: Expression | undefined): Readonly<Record<string, Expression>> {
  if (expression?.kind !== 'app' || expression.opcode !== 'Rec') throw new Error('no record')
  const { args } = expression
  return Object.fromEntries(
    args.flatMap((name, n) => {
      const field = args[n + 1]
      return n % 2 === 0 && name.kind === 'str' && field !== undefined ? [[name.value, field]] : []
    }),
  )
}

test('every state, what led to it, and what turns false', async () => {
  const { graph, run, trace } = await traced('P-NOUAF')
  const document = specified.parse(
    JSON.parse(itf(graph, run, trace, { source: 'notifier@as-posted', description: 'P-NOUAF is violated' })),
  )
  expect(document['#meta']).toMatchObject({
    format: 'ITF',
    source: 'notifier@as-posted',
    falls: [{ property: 'P-NOUAF', step: 9 }],
  })
  expect(document.vars).toEqual(['mm', 'driver', 'free', 'accesses', 'pc', 'locals'])
  expect(document.states.map((state) => state['#meta'])).toMatchObject([
    { index: 0 },
    { index: 1, thread: 'device_fault[0]', action: 'mutex_lock(&driver[self].update)' },
    ...Array.from({ length: 8 }, (_, n) => ({ index: n + 2 })),
  ])
  expect(document.states[7]).toMatchObject({
    mm: { lock: { owner: { tag: 'Some', value: 'unmap' } }, pte: { tag: 'None', value: { '#tup': [] } }, mapped: true },
    free: { '#map': [['page 0', false]] },
    accesses: { '#bigint': '0' },
  })
})

test('Quint reads what was written', async () => {
  const { graph, run, trace } = await traced('lock-deadlock')
  const states = ofItf(
    JSON.parse(itf(graph, run, trace, { source: '', description: '' })) as Parameters<typeof ofItf>[0],
  )
  expect(states).toHaveLength(6)
  expect(Object.keys(fieldsOf(states[5]))).toEqual(['mm', 'driver', 'free', 'accesses', 'pc', 'locals'])
  const pte = states.map((state) => fieldsOf(fieldsOf(state)['mm'])['pte'])
  expect(
    pte.map((one) =>
      one?.kind === 'app' && one.opcode === 'variant' && one.args[0]?.kind === 'str' ? one.args[0].value : undefined,
    ),
  ).toEqual(['Some', 'Some', 'Some', 'None', 'None', 'None'])
  const accesses = fieldsOf(states[0])['accesses']
  expect(accesses?.kind === 'int' ? accesses.value : undefined).toBe(0n)
})

test('a variable of a model may be called pc', async () => {
  const { graph, run, trace } = await traced('P-NOUAF-possible')
  const model = {
    ...graph.model,
    variables: graph.model.variables.map((one) => (one.name === 'free' ? { ...one, name: 'pc' } : one)),
  }
  const renamed = { ...graph, model }
  const rename = <T extends { readonly shared: typeof run.initial.state.shared }>(state: T): T => ({
    ...state,
    shared: state.shared.set('pc', state.shared.get('free') ?? null),
  })
  const initial = { ...run.initial, state: run.initial.state.set('shared', rename(run.initial.state).shared) }
  const { vars } = specified.parse(
    JSON.parse(itf(renamed, { initial, steps: [] }, trace, { source: '', description: '' })),
  )
  expect(vars).toEqual(['mm', 'driver', 'pc', 'accesses', 'pc_', 'locals'])
})

describe('random models', { timeout: 120_000 }, () => {
  test('every state of every kind of value', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(
        modelArbitrary.chain((any) => interleavings(any, { maxSteps: 12 })),
        (run) => {
          const { machine: graph } = run
          const { model } = graph
          const text = itf(graph, run, traceOf(graph, run), { source: 'random', description: '' })
          const document = specified.parse(JSON.parse(text))
          for (const { type } of model.variables) kinds.add(type.kind)
          const { shared } = plainState(graph, run.initial.state)
          for (const { name, type } of model.variables)
            expect(document.states[0]?.[name]).toEqual(itfValue(model, type, shared[name] ?? null))
          const read = ofItf(JSON.parse(text) as Parameters<typeof ofItf>[0])
          expect(read.map((state) => Object.keys(fieldsOf(state)).length)).toEqual(
            document.states.map(() => document.vars.length),
          )
        },
      ),
      { numRuns: 20, seed: 1, endOnFailure: true },
    )
    expect([...kinds].toSorted()).toEqual([
      'array',
      'bool',
      'enum',
      'id',
      'int',
      'optional',
      'queue',
      'record',
      'set',
      'union',
    ])
  })
})
