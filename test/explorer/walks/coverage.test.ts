/** The tables of what walks came by count as sets do: states, transitions of any ordinal, what several threads met. */
import { describe, expect, test } from 'vitest'
import { walkSetup, type WalkSetupOptions } from '../../../src/explorer/walks/setup.ts'
import { walks, type Chooser, type Walks } from '../../../src/explorer/walks/walk.ts'
import { prepare } from '../../../src/explorer/prepare.ts'
import { Choose, configure, Loop, model, range, shared } from '../../../src/language/index.ts'
import { Step, thread } from '../../../src/language/index.ts'
import { chance } from '../../../src/schedules/random.ts'

const WIDE = 100

/** The thread goes from any value to any value: the ordinal of a transition is the value that it leads to. */
function jumps(pad: number): ReturnType<typeof prepare> {
  const place = shared('place', range(0, WIDE - 1))
  const pads = Array.from({ length: pad }, (_, n) => shared(`pad${n}`, range(0, 2 ** 29)))
  const jumper = thread(
    'jumper',
    () => {
      Loop(() => {
        Step('jump', () => {
          place.set(Choose('to', range(0, WIDE - 1)))
          for (const one of pads) one.set(one)
        })
      })
    },
    { daemon: true },
  )
  const open = model('jumps', { threads: [jumper] })
  return prepare(configure(open, { sizes: {}, constants: {} }), { asWritten: true })
}

/** What walks came by, in sets. */
interface Met {
  readonly states: Set<number>
  readonly transitions: Set<string>
}
const nothing = (): Met => ({ states: new Set([0]), transitions: new Set() })

/** Walks at random, to the values below a bound. */
function walkTo(walker: Walks, below: number, seed: number, steps: number, met: Met): void {
  const draw = chance(seed, 1)
  let place = 0
  const choose: Chooser = ({ count }) => {
    expect(count).toBe(WIDE)
    const to = draw(below)
    met.transitions.add(`${place} ${to}`)
    met.states.add((place = to))
    return to
  }
  walker.walk(choose, 0, steps)
}

const counts = ({ states, transitions }: Met) => ({ states: states.size, transitions: transitions.size })
const coverageOf = (walker: Walks) => {
  const { states, transitions, atLeast } = walker.coverage()
  return { states, transitions, atLeast }
}
const started = (prepared: ReturnType<typeof jumps>, options: WalkSetupOptions = {}): Walks =>
  walks(walkSetup(prepared, options))

describe.each([0, 2, 5])('with %i variables more', (pad) => {
  const prepared = jumps(pad)

  test('distinct states and transitions, while the table grows', () => {
    const [walker, met] = [started(prepared), nothing()]
    for (let n = 1; n <= 20; n++) {
      walkTo(walker, n % 3 === 0 ? WIDE : 5 * n, n, 1500, met)
      expect(coverageOf(walker)).toEqual({ ...counts(met), atLeast: false })
    }
    expect(met.transitions.size).toBeGreaterThan(5000)
  })

  test('of several threads, together', () => {
    const met = nothing()
    const walkers = [40, 70, WIDE].map((below, n) => {
      const walker = started(prepared)
      walkTo(walker, below, n, 3000, met)
      return walker
    })
    const together = started(prepared)
    for (const walker of walkers) together.add(walker.met())
    expect(coverageOf(together)).toEqual({ ...counts(met), atLeast: false })
    for (const walker of walkers) together.add(walker.met())
    expect(coverageOf(together)).toEqual({ ...counts(met), atLeast: false })
  })
})

describe('a full table', () => {
  const prepared = jumps(0)

  test('says so, and the same whatever found room', () => {
    const exact = started(prepared, { limit: 30 })
    walkTo(exact, 30, 1, 2000, nothing())
    expect(exact.coverage().atLeast).toBe(false)
    expect(exact.states()).toBe(30)
    const all = [WIDE, 60, 31].map((below, n) => {
      const walker = started(prepared, { limit: 30 })
      walkTo(walker, below, n, 2000, nothing())
      return coverageOf(walker)
    })
    expect(new Set(all.map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ states: 30, transitions: 29, atLeast: true })]),
    )
  })

  test('is one if several threads together have too many, or one of them has', () => {
    const walkerTo = (place: number): Walks => {
      const walker = started(prepared, { limit: 30 })
      walker.walk(() => place, 0, 1)
      return walker
    }
    const together = started(prepared, { limit: 30 })
    for (let place = 1; place < 30; place++) together.add(walkerTo(place).met())
    expect(coverageOf(together)).toEqual({ states: 30, transitions: 29, atLeast: false })
    together.add(walkerTo(30).met())
    expect(coverageOf(together)).toEqual({ states: 30, transitions: 29, atLeast: true })
    const [full, other] = [started(prepared, { limit: 30 }), started(prepared, { limit: 30 })]
    walkTo(full, WIDE, 1, 500, nothing())
    other.add(full.met())
    expect(coverageOf(other)).toEqual({ states: 30, transitions: 29, atLeast: true })
  })
})

test('nothing is counted if nothing is to be', () => {
  const walker = started(jumps(0), { counts: false })
  walkTo(walker, WIDE, 1, 100, nothing())
  expect(coverageOf(walker)).toEqual({ states: 0, transitions: 0, atLeast: true })
  expect(walker.coverage().taken).toContain(1)
})
