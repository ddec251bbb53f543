/**
 * A condition is judged again only where a bit that it reads differs from the parent before. That holds within one
 * call: between two calls a watch may be opened again.
 */
import { expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { moduleOf } from '../../src/engine/code.ts'
import { partition, type Partition } from '../../src/engine/partition.ts'
import { packed } from '../../src/engine/states.ts'
import type { Property } from '../../src/language/ast.ts'
import { machine, plainState } from '../../src/semantics/machine.ts'
import { binary, num, shared } from '../support/ast.ts'
import { cube } from '../support/counters.ts'

/** What a step of the other counter leaves as it is. */
const n1IsNotOne: Property = {
  name: 'no step comes to one',
  kind: 'transition',
  condition: binary(shared('n1'), '!=', num(1)),
}
const model = cube(2, 3, [n1IsNotOne])
const compiled = compile(model)
const [first] = machine(model).initial
const initial = first === undefined ? undefined : plainState(machine(model), first.state)

/** The state in which the counters stand at these numbers. */
function at(n0: number, n1: number): Uint8Array {
  if (initial === undefined) throw new Error('no initial state')
  return packed(compiled.encode({ ...initial, shared: { n0, n1 } }))
}

const options = {}
const start = (): Partition => partition(compiled, moduleOf(compiled, options), { ...options, log: 0, tableBytes: 0 })

/** Expands parents in one call: which of them showed which property. */
function expand({ expander }: Partition, parents: readonly Uint8Array[]): readonly (readonly [string, number])[] {
  const states = Uint8Array.from(parents.flatMap((state) => [...state]))
  const { next, expanded } = expander.expand({ log: 0, first: 0, count: parents.length, states }, 0)
  expect(next).toBe(parents.length)
  return expanded.findings.map(({ watch, state }) => [nameOf(watch), state.index])
}
const nameOf = (watch: number): string => compiled.watched[watch]?.claim.name ?? ''

const invariant = 'not all at their end'

test('the first parent that differs in what is read shows it', () => {
  expect(expand(start(), [at(0, 3), at(1, 3), at(3, 3), at(3, 3)])).toEqual([[invariant, 2]])
})

test('a step that changes nothing of what is read is judged by its own parent', () => {
  expect(expand(start(), [at(0, 3), at(1, 3), at(0, 1), at(1, 1)])).toEqual([[n1IsNotOne.name, 2]])
  expect(expand(start(), [at(3, 1), at(3, 2), at(0, 2), at(0, 3)])).toEqual([])
})

test('a watch that was opened again finds the same state again', () => {
  const one = start()
  const { watches } = one.oracle
  const end = at(3, 3)
  expect(expand(one, [end])).toEqual([[invariant, 0]])
  watches.lookForAll()
  expect(expand(one, [end])).toEqual([[invariant, 0]])
  for (const time of ['after a search', 'after a question']) {
    watches.lookForAll()
    expect(
      one.oracle.successorsOfAll(end).findings.map(({ watch }) => nameOf(watch)),
      time,
    ).toEqual([invariant])
  }
})
