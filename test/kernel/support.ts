/**
 * What the tests of the kernel vocabulary ask of a small model: its counts and verdicts, the same from both
 * semantics, and how it can end.
 */
import { Set } from 'immutable'
import { expect } from 'vitest'
import { dropUnread } from '../../src/compiler/passes/unread.ts'
import { check } from '../../src/explorer/check.ts'
import type { Configuration, ConfiguredModel, Property } from '../../src/language/ast.ts'
import {
  configure,
  model,
  thread as languageThread,
  type Block,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { machine, plainState, transitions } from '../../src/semantics/machine.ts'
import type { PlainState, State } from '../../src/semantics/machine.ts'
import type { Plain } from '../../src/semantics/plain.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'

export interface Judgement {
  readonly states: number
  readonly transitions: number
  readonly depth: number
  /**
   * By property: `holds`, `violated in 3`, `holds in 2` for a witness. Those of misuse only if violated, without
   * their prefix.
   */
  readonly properties: Readonly<Record<string, string>>
}

/** A thread of which it does not matter what its body returns: mostly what its last call is worth. */
export const thread = (
  name: string,
  body: () => unknown,
  options: { readonly daemon?: boolean } = {},
): ThreadDefinition =>
  languageThread(
    name,
    () => {
      body()
      return undefined
    },
    options,
  )

/** A model of these threads, closed. */
export const closed = (
  threads: readonly ThreadDefinition[],
  properties: readonly Property[] = [],
  { sizes = {}, constants = {} }: Partial<Configuration> = {},
  initially?: Block,
): ConfiguredModel =>
  configure(model('tiny', { threads, properties, ...(initially && { initially }) }), { sizes, constants })

const engine = { partitionBytes: 2 ** 22 } as const

/** Explores the model with the reference interpreter and with the engine; they must say the same. */
export async function judge(configured: ConfiguredModel): Promise<Judgement> {
  const reference = referenceCheck(dropUnread(configured).model, { maxTransitions: 20_000 })
  expect(reference.complete).toBe(true)
  const kept = await check(configured, { ...engine, keepDeadLocals: true })
  const expected = {
    states: reference.states,
    transitions: reference.transitions,
    depth: reference.depth,
    properties: said(reference.properties),
  }
  const { states, transitions: counted, depth } = kept
  expect({ states, transitions: counted, depth, properties: said(kept.properties) }).toEqual(expected)
  expect(said((await check(configured, engine)).properties)).toEqual(expected.properties)
  return expected
}

interface Said {
  readonly name: string
  readonly verdict: string
  readonly steps?: number
}
const said = (properties: readonly Said[]): Judgement['properties'] =>
  Object.fromEntries(
    [...properties]
      .map(({ name, verdict, steps }): readonly [string, string] => [
        name.replace(/^misuse: /, ''),
        steps === undefined ? verdict : `${verdict} in ${steps}`,
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** The verdicts alone. */
export const verdicts = async (configured: ConfiguredModel): Promise<Judgement['properties']> =>
  (await judge(configured)).properties

/** A state in which no thread has a transition left, and whether some of them have not come to their end. */
export interface Final {
  readonly shared: PlainState['shared']
  readonly stuck: boolean
}

/** Every way in which the model can end. A schedule that fails has no end. */
export function finals(configured: ConfiguredModel): readonly Final[] {
  const graph = machine(configured)
  const seen = Set<State>().asMutable()
  const found: Final[] = []
  const todo: State[] = graph.initial.map(({ state }) => state)
  for (let state = todo.pop(); state !== undefined; state = todo.pop()) {
    if (seen.has(state)) continue
    seen.add(state)
    const next = transitions(graph, state)
    for (const { outcome } of next) if (outcome.kind === 'next') todo.push(outcome.state)
    if (next.length > 0) continue
    const { shared, threads } = plainState(graph, state)
    found.push({ shared, stuck: threads.some(({ point }) => point !== 'end') })
  }
  return found
}

/**
 * What a variable can hold in the end, as text: `abc` for the queue a, b, c; where a schedule is stuck, with `... and
 * stuck`.
 */
export const endings = (configured: ConfiguredModel, variable = 'log'): readonly string[] =>
  [
    ...new globalThis.Set(
      finals(configured).map(({ shared, stuck }) => text(shared[variable] ?? null) + (stuck ? ' and stuck' : '')),
    ),
  ].sort()

const text = (value: Plain): string =>
  Array.isArray(value) ? value.map(text).join('') : typeof value === 'object' ? JSON.stringify(value) : String(value)
