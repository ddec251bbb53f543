/** Puzzles whose shortest solutions are known: traces must be minimal. */
import {
  and,
  array,
  Await,
  Either,
  every,
  If,
  Loop,
  model,
  oneOf,
  or,
  range,
  shared,
  sometimes,
  Step,
  thread,
} from '../../src/language/index.ts'
import type { Block, Int, ThreadDefinition } from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

const closed = { sizes: {}, constants: {} }

/** Somebody who makes moves, one after the other, for ever. */
const player = (first: Block, second: Block, ...moves: readonly Block[]): ThreadDefinition =>
  thread(
    'player',
    () => {
      Loop(() => Either(first, second, ...moves))
    },
    { daemon: true },
  )

/** Jugs of 5 and 3 gallons: fill, empty or pour one into the other; 4 gallons are wanted. */
function dieHard() {
  const big = shared('big', range(0, 5))
  const small = shared('small', range(0, 3))
  const heroes = player(
    () => Step('fill big', () => big.set(5)),
    () => Step('fill small', () => small.set(3)),
    () => Step('empty big', () => big.set(0)),
    () => Step('empty small', () => small.set(0)),
    () =>
      Step('small to big', () => {
        If(big.plus(small).le(5), () => {
          big.set(big.plus(small))
          small.set(0)
        }).Else(() => {
          small.set(big.plus(small).minus(5))
          big.set(5)
        })
      }),
    () =>
      Step('big to small', () => {
        If(big.plus(small).le(3), () => {
          small.set(big.plus(small))
          big.set(0)
        }).Else(() => {
          big.set(big.plus(small).minus(3))
          small.set(3)
        })
      }),
  )
  return model('Die Hard', { threads: [heroes], properties: [sometimes('4 gallons', big.eq(4))] })
}

/** Three missionaries and three cannibals, a boat for two; on no bank may missionaries be outnumbered. */
function missionaries() {
  const People = range(0, 3)
  const [m, c] = [shared('missionaries on the left', People, 3), shared('cannibals on the left', People, 3)]
  const boat = shared('boat', oneOf('left', 'right'))
  const safe = (left: Int, others: Int) => and(or(left.eq(0), left.ge(others)), or(left.eq(3), left.le(others)))
  const over = (dm: number, dc: number) => () =>
    Step(`${dm} missionaries and ${dc} cannibals to the right`, () => {
      Await(and(boat.eq('left'), m.ge(dm), c.ge(dc), safe(m.minus(dm), c.minus(dc))))
      m.set(m.minus(dm))
      c.set(c.minus(dc))
      boat.set('right')
    })
  const back = (dm: number, dc: number) => () =>
    Step(`${dm} missionaries and ${dc} cannibals to the left`, () => {
      Await(and(boat.eq('right'), m.le(3 - dm), c.le(3 - dc), safe(m.plus(dm), c.plus(dc))))
      m.set(m.plus(dm))
      c.set(c.plus(dc))
      boat.set('left')
    })
  const rowers = player(
    over(1, 0),
    back(1, 0),
    over(2, 0),
    back(2, 0),
    over(0, 1),
    back(0, 1),
    over(0, 2),
    back(0, 2),
    over(1, 1),
    back(1, 1),
  )
  return model('missionaries and cannibals', {
    threads: [rowers],
    properties: [sometimes('all are over', and(m.eq(0), c.eq(0)))],
  })
}

/** Towers of Hanoi: a disc moves if no smaller one lies on its peg or on the one it goes to. */
function hanoi(discs: number) {
  const Disc = range(0, discs - 1)
  const peg = shared('peg', array(Disc, range(0, 2)))
  const move = (disc: number, to: number) => () =>
    Step(`disc ${disc} to peg ${to}`, () => {
      const free = Array.from({ length: disc }, (_, smaller) =>
        and(peg.at(smaller).ne(peg.at(disc)), peg.at(smaller).ne(to)),
      )
      Await(and(peg.at(disc).ne(to), ...free))
      peg.at(disc).set(to)
    })
  const [first, second, ...moves] = Array.from({ length: discs * 3 }, (_, n) => move(Math.floor(n / 3), n % 3))
  if (first === undefined || second === undefined) throw new RangeError('no discs')
  return model(`towers of Hanoi, ${discs} discs`, {
    threads: [player(first, second, ...moves)],
    properties: [
      sometimes(
        'moved',
        every(Disc, (disc) => peg.at(disc).eq(2)),
      ),
    ],
  })
}

const tower = (discs: number): Oracle => ({
  name: `towers of Hanoi, ${discs} discs`,
  model: hanoi(discs),
  configuration: closed,
  // The Hanoi graph has 3 (3^N - 1) / 2 edges, each one a move there and one back; nothing is farther than another peg.
  states: 3 ** discs,
  transitions: 3 * (3 ** discs - 1),
  depth: 2 ** discs,
  shortest: { moved: 2 ** discs - 1 },
})

export const rows: readonly Oracle[] = [
  {
    name: 'Die Hard',
    model: dieHard(),
    configuration: closed,
    states: 16,
    transitions: 96,
    shortest: { '4 gallons': 6 },
  },
  {
    name: 'missionaries and cannibals',
    model: missionaries(),
    configuration: closed,
    shortest: { 'all are over': 11 },
  },
  tower(3),
  tower(6),
  tower(10),
]
