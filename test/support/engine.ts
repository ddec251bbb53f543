/** The engine in tests: what a check says without what differs from run to run, and a walk of its graph. */
import { expect } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { check } from '../../src/explorer/check.ts'
import type { CheckSettings, CheckResult } from '../../src/explorer/result.ts'
import { searchInThisThread } from '../../src/explorer/search.ts'
import type { SearchOptions } from '../../src/explorer/search.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { machine, plainState } from '../../src/semantics/machine.ts'
import { compare } from '../fuzz/compare.ts'
import type { CompareOptions } from '../fuzz/compare.ts'

/** Small enough that a test starts at once. */
export const small = { partitionBytes: 2 ** 22 } as const satisfies CheckSettings

/** Counts, and by property its verdict and steps. */
export async function said(
  model: ConfiguredModel,
  options: CheckSettings = {},
): Promise<
  Pick<CheckResult, 'verdict' | 'states' | 'transitions' | 'depth'> & {
    readonly incomplete?: CheckResult['incomplete']
    readonly properties: Readonly<Record<string, string>>
  }
> {
  const { verdict, incomplete, states, transitions, depth, properties } = await check(model, { ...small, ...options })
  return {
    verdict,
    states,
    transitions,
    depth,
    ...(incomplete !== undefined && { incomplete }),
    properties: Object.fromEntries(
      properties.map(({ name, verdict: one, steps }) => [name, steps === undefined ? one : `${one} in ${steps}`]),
    ),
  }
}

/** Engine and interpreter agree on every state, every transition and every verdict. */
export async function agree(model: ConfiguredModel, options?: CompareOptions): Promise<void> {
  const { difference } = await compare(model, { ...options, engine: { ...small, ...options?.engine } })
  expect(difference).toBeUndefined()
}

/** A search of the whole graph in this thread, without limits unless they are given. */
export function search(
  model: ConfiguredModel,
  options: Partial<SearchOptions> = {},
): ReturnType<typeof searchInThisThread> {
  const compiled = compile(model)
  const reference = machine(model)
  const initial = reference.initial.map(({ state }) => compiled.encode(plainState(reference, state)))
  return searchInThisThread(compiled, initial, {
    workers: 1,
    partitionBytes: 2 ** 28,
    startBytes: 2 ** 12,
    stop: () => undefined,
    enough: () => false,
    ...options,
  })
}
