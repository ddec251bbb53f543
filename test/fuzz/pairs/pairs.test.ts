/**
 * Engine and interpreter on models that together have every pair of a use and a type. `npm run fuzz -- --pairs` goes
 * on with others.
 */
import { describe, expect, test } from 'vitest'
import { bitsOf } from '../../../src/compiler/encoding.ts'
import { compareForm, forms, report } from '../compare.ts'
import { endOf } from './build.ts'
import { classes, noType, sorts, typeOf, widthOf, widths } from './classes.ts'
import { counted, impossible, pairsIn, possible, useKey } from './coverage.ts'
import { covering, drawFrom } from './systematic.ts'

const seed = 1
const covered = new Set<string>()

describe('types by class and width', () => {
  const types = classes.flatMap((of) =>
    widths.filter((width) => noType(of, width) === undefined).map((width) => [of, width] as const),
  )
  test.each(types.filter(([of]) => of !== 'thread'))('%s, %s', (of, width) => {
    const draw = drawFrom(seed)
    const made = Array.from({ length: 40 }, (_, n) => typeOf(draw, of, width, n))
    expect(new Set(made.map((type) => widthOf(type, sorts)))).toEqual(new Set([width]))
    // each of 62, 63 and 64 bits, and of what may be larger than a word 65
    if (width === '62 to 65 bits')
      expect(new Set(made.map((type) => bitsOf(type, sorts))).size).toBe(of === 'set' ? 3 : 4)
  })
})

describe('engine and interpreter agree', () => {
  const models = covering(seed, pairsIn)
  const batches = 10
  test.each(Array.from({ length: batches }, (_, batch) => batch))(
    `on models by pairs, part %i of ${batches}`,
    { timeout: 1_200_000 },
    async (batch) => {
      // the last part is whatever is left
      for (let n = 0; n < 18 || batch === batches - 1; n++) {
        const next = models.next()
        if (next.done === true) return
        const { model, uses } = next.value
        const { difference, reference } = await compareForm(model, forms[n % 2] ?? {})
        if (difference !== undefined) throw new Error(`${difference}\n\n${await report(model)}`)
        // what stands before a thread's end has been done when it is there
        const ends = reference.properties.filter(
          ({ name, verdict }) => verdict === 'holds' && [0, 1].some((thread) => name === endOf(thread)),
        )
        if (
          ends.length === model.properties.filter(({ name }) => [0, 1].some((thread) => name === endOf(thread))).length
        )
          for (const pair of uses.flatMap(pairsIn)) covered.add(pair)
      }
    },
  )
  test('every pair that can occur has been executed', () => {
    expect([...new Set(possible.flatMap(pairsIn))].filter((pair) => !covered.has(pair))).toEqual([])
  })
})

test('a use that cannot occur has a reason', () => {
  const total = [...impossible.values()].reduce((sum, count) => sum + count, 0)
  expect([...impossible.keys()].filter((reason) => reason.trim() === '')).toEqual([])
  const every = new Set(possible.map(useKey))
  expect(every.size).toBe(possible.length)
  expect(total + every.size).toBe(counted)
})
