/** The division of the states among workers: no result depends on it, and few states travel. */
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { settingOf } from '../../src/catalogue/setting.ts'
import { oracle } from '../../src/engine/oracle.ts'
import { prepare, type Prepared } from '../../src/explorer/prepare.ts'
import { ownerMask } from '../../src/explorer/threads/owner-mask.ts'
import { configure } from '../../src/language/configure.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { modelArbitrary } from '../fuzz/model-arbitrary.ts'
import { extentOf, searchInShares } from '../fuzz/two-partitions.ts'
import { cube, fan } from '../support/counters.ts'
import { binary, assign, configured, int, loop, num, shared, step, variable, wait } from '../support/ast.ts'

vi.setConfig({ testTimeout: 300_000 })

const maskFor = ({ compiled, initial }: Prepared, workers: number): Uint8Array =>
  ownerMask(oracle(compiled), initial, workers)

test('a search in shares finds the same however the states are divided', () => {
  fc.assert(
    fc.property(
      modelArbitrary,
      fc.uint8Array({ minLength: 512, maxLength: 512 }),
      fc.integer({ min: 2, max: 3 }),
      fc.boolean(),
      (model, bytes, shares, symmetry) => {
        fc.pre(referenceCheck(model, { maxTransitions: 2_000 }).complete)
        const prepared = prepare(model, { symmetry })
        const mask = bytes.slice(0, 8 * prepared.compiled.layout.words)
        expect(extentOf(prepared, shares, mask)).toEqual(extentOf(prepared, 1))
      },
    ),
    { numRuns: 60, seed: 1 },
  )
})

describe('the bits that are taken', () => {
  /** A thread counts to 32 time and again, and another, now and then, to 256; it has begun anywhere. */
  const fastAndSlow = prepare(
    configured({
      variables: [
        variable('fast', int(0, 31, 'wrap')),
        variable('slow', int(0, 255, 'wrap'), ...Array.from({ length: 256 }, (_, n) => num(n))),
      ],
      threads: [
        { daemon: true, body: [loop(1, assign(shared('fast'), binary(shared('fast'), '+', num(1))))] },
        {
          daemon: true,
          body: [
            loop(
              2,
              step(
                wait(binary(shared('fast'), '==', num(31))),
                assign(shared('slow'), binary(shared('slow'), '+', num(1))),
                assign(shared('fast'), num(0)),
              ),
            ),
          ],
        },
      ],
    }),
    { asWritten: true },
  )

  test('are those that change least, as many as divide the states', () => {
    const [all, few] = [searchInShares(fastAndSlow, 2), searchInShares(fastAndSlow, 2, maskFor(fastAndSlow, 2))]
    expect(few.extent).toEqual(all.extent)
    expect(few.sent).toBeLessThan(all.sent / 4)
  })

  test('are more where there are more workers', () => {
    const ones = (mask: Uint8Array): number =>
      mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
    expect(ones(maskFor(fastAndSlow, 3))).toBeGreaterThan(ones(maskFor(fastAndSlow, 2)))
  })

  test('are found where a state has very many successors', () => {
    const prepared = prepare(fan(200_000), { asWritten: true })
    expect([...maskFor(prepared, 2)].some((byte) => byte !== 0)).toBe(true)
  })

  test('are all where no few of them divide the states evenly enough', () => {
    expect([...new Set(maskFor(prepare(cube(1, 20), {}), 2))]).toEqual([255])
  })
})

/** The default scenarios of all models: small graphs, which divide less evenly than large ones. */
describe.each(catalogue.map((protocol) => ({ name: protocol.name, protocol })))('in $name', ({ protocol }) => {
  test.each([false, true])('both workers have much to do, and less travels (symmetry: %s)', (symmetry) => {
    const { configuration } = settingOf(protocol)
    const prepared = prepare(configure(protocol.model, configuration), { symmetry })
    const [all, few] = [searchInShares(prepared, 2), searchInShares(prepared, 2, maskFor(prepared, 2))]
    expect(few.extent).toEqual(all.extent)
    expect(few.sent).toBeLessThan(0.9 * all.sent)
    const [one = 0, other = 0] = few.stored
    expect(Math.min(one, other)).toBeGreaterThan(0.3 * (one + other))
    expect(few.largerShares).toBeLessThan(0.7)
  })
})
