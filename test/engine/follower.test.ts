/**
 * The edges of the graph that the engine looks up a block of states at a time are those that it finds one by one: on
 * random models, with and without symmetry, and where a block of states is more than there is room for at once. The
 * states that it sees to return are those from which a search along these edges comes to a state in which all may rest.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Partition } from '../../src/engine/partition.ts'
import type { StateRun } from '../../src/engine/visited-set.ts'
import { levels } from '../../src/explorer/levels.ts'
import { prepare } from '../../src/explorer/prepare.ts'
import { searchInThisThread } from '../../src/explorer/search.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { isValid, modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { choose, configured, int, localsOf, loop, assign, local, shared, step, variable } from '../support/ast.ts'
import { nameless } from '../support/nameless.ts'

/** A state with the slots of its successors, and the instance that each instance becomes in them. */
interface Edges {
  readonly slot: number
  readonly ends: bigint
  readonly to: readonly (readonly [slot: number, threads: readonly number[]])[]
}

function byBlocks({ follower }: Partition, run: StateRun): readonly Edges[] {
  const found: Edges[] = []
  follower.follow(run, ({ first, count, endsOf, behind, slots, threadsOf }) => {
    expect(first).toBe(found.length)
    let at = 0
    for (let n = 0; n < count; n++) {
      const slot = slots[at++] ?? -1
      const to = Array.from(slots.subarray(at, behind(n)), (one, i) => [one, threadsOf(at + i)] as const)
      at = behind(n)
      found.push({ slot, ends: endsOf(n), to })
    }
    expect(at).toBe(slots.length)
  })
  return found
}

function oneByOne(
  { visited, oracle, sizes: { stateBytes } }: Partition,
  { states, count }: StateRun,
): readonly Edges[] {
  return Array.from({ length: count }, (_, n) => {
    const state = states.slice(n * stateBytes, (n + 1) * stateBytes)
    const { fails, ...successors } = oracle.successorsOfAll(state)
    const to = Array.from({ length: successors.count }, (_, i) => {
      const form = oracle.orbits.formOf(successors.states.slice(i * stateBytes, (i + 1) * stateBytes))
      return [visited.find(form.state), form.threads] as const
    })
    return { slot: visited.find(state), ends: fails > 0 ? 2n ** 64n - 1n : oracle.idle(state), to }
  })
}

/** The slots of the states that lead to one in which all instances are at an allowed end, or a transition fails. */
function thatReturn(edges: readonly Edges[], instances: number): ReadonlySet<number> {
  const everyone = (1n << BigInt(instances)) - 1n
  const found = new Set(edges.flatMap(({ slot, ends }) => ((ends & everyone) === everyone ? [slot] : [])))
  for (let before = -1; found.size > before; ) {
    before = found.size
    for (const { slot, to } of edges) if (to.some(([one]) => found.has(one))) found.add(slot)
  }
  return found
}

/** The slots of states that are seen to return: rounds go from the last state to the first, until one sees no more. */
function seenToReturn(
  { follower, visited, sizes: { stateBytes } }: Partition,
  runs: readonly StateRun[],
  rounds: number,
): ReadonlySet<number> {
  const seen = new Set<number>()
  follower.sortByReturn(({ unseen, again }) => {
    for (let [round, before] = [0, -1]; round < rounds && seen.size > before; round++) {
      before = seen.size
      again()
      for (const run of runs.toReversed())
        unseen(run).forEach((isUnseen, n) => {
          if (isUnseen === 0) seen.add(visited.find(run.states.slice(n * stateBytes, (n + 1) * stateBytes)))
        })
    }
  })
  return seen
}

/** The states of runs but for the one of zero bits, which has no slot, each as text, in order. */
const statesOf = (runs: readonly StateRun[], bytes: number): readonly string[] =>
  runs
    .flatMap(({ states, count }) =>
      Array.from({ length: count }, (_, n) => Buffer.from(states.slice(n * bytes, (n + 1) * bytes)).toString('hex')),
    )
    .filter((state) => /[^0]/.test(state))
    .toSorted()

/** Takes all states out of the table. */
function statesIn({ visited, sizes: { stateBytes } }: Partition): readonly string[] {
  const out: StateRun[] = []
  visited.drain((run) => {
    out.push(run)
  })
  return statesOf(out, stateBytes)
}

/** States that return, and those of them that one round has seen to. */
let [returned, byOneRound] = [0, 0]

/** @returns states that were compared */
async function compare(model: ConfiguredModel, symmetry: boolean): Promise<number> {
  const { compiled, initial } = prepare(model, { symmetry, asWritten: true })
  const kept = levels(20_000)
  const search = await searchInThisThread(compiled, initial, {
    workers: 1,
    partitionBytes: 2 ** 28,
    startBytes: 2 ** 12,
    levels: kept,
    stop: ({ states }) => (states > 20_000 ? 'max-states' : undefined),
    enough: () => false,
  })
  try {
    const all = kept.all()
    if (search.incomplete !== undefined || all === undefined) return 0
    const table = search.shard.any()
    const runs = all.map(({ chunk }) => chunk)
    const edges = runs.map((run) => oneByOne(table, run))
    expect(runs.map((run) => byBlocks(table, run))).toEqual(edges)
    const returning = thatReturn(edges.flat(), model.instances.length)
    const soon = seenToReturn(table, runs, 1)
    returned += returning.size
    byOneRound += soon.size
    expect([...soon].filter((slot) => !returning.has(slot))).toEqual([])
    expect(seenToReturn(table, runs, Infinity)).toEqual(returning)
    expect(seenToReturn(table, runs, 1)).toEqual(soon)
    // the marks stood where a table that grows puts its slots
    expect(table.visited.grow(2 ** 28)).toBe(true)
    expect(statesIn(table)).toEqual(statesOf(runs, table.sizes.stateBytes))
    return all.reduce((sum, { chunk: { count } }) => sum + count, 0)
  } finally {
    search.close()
  }
}

describe('edges by blocks are those found one by one', () => {
  test.each([false, true])('on random models, symmetry: %s', { timeout: 600_000 }, async (symmetry) => {
    let states = 0
    const models = symmetry ? modelArbitrary.map(nameless).filter(isValid) : modelArbitrary
    const property = fc.asyncProperty(models, async (model) => {
      states += await compare(model, symmetry)
    })
    await fc.assert(property, { numRuns: 40, seed: 12, endOnFailure: true })
    expect(states).toBeGreaterThan(1000)
    expect(byOneRound).toBeGreaterThan(0.5 * returned)
  })

  test('where many states have many successors', { timeout: 600_000 }, async () => {
    const anyOf = (name: string): ConfiguredModel['threads'][number]['body'] => [
      loop(0, step(choose(0), assign(shared(name), local(0)))),
    ]
    const model = configured({
      variables: [variable('x', int(0, 60)), variable('y', int(0, 60))],
      threads: [
        { name: 'x', locals: localsOf([int(0, 60)]), body: anyOf('x') },
        { name: 'y', locals: localsOf([int(0, 60)]), body: anyOf('y') },
      ],
    })
    expect(await compare(model, false)).toBe(61 * 61)
  })
})
