/** What is read in the log of LTSmin, line by line. */
import { expect, test } from 'vitest'
import { bytesOfRanks, growingLog, type Log } from '../../src/ltsmin/log.ts'

const logOf = (...lines: readonly string[]): Log => {
  const log = growingLog()
  for (const line of lines) log.add(line)
  return log
}

test('the levels of pins2lts-dist, what was explored and what was not', () => {
  const { levels, explored, unexplored, totals } = logOf(
    'pins2lts-dist( 0/ 2): level 0 has 1 states 7 transitions, explored 1 states 7 transitions, unexplored 7 states',
    'pins2lts-dist( 0/ 2): level 1 has 7 states 39 transitions, explored 8 states 46 transitions, unexplored 24 states',
  )
  expect({ levels, explored, unexplored, totals }).toEqual({
    levels: [1, 7],
    explored: { states: 8, transitions: 46 },
    unexplored: 24,
    totals: [],
  })
})

test('what pins2lts-dist says within a level counts from the levels before', () => {
  expect(
    logOf(
      'pins2lts-dist( 0/ 2): level 0 has 10 states 20 transitions, explored 10 states 20 transitions, unexplored 99 states',
      'pins2lts-dist( 0/ 2): generated ~500 transitions from ~200 states',
    ).explored,
  ).toEqual({ states: 210, transitions: 520 })
})

test('the levels of pins2lts-mc; the one behind the last has no states', () => {
  const { levels, explored, unexplored, totals } = logOf(
    'pins2lts-mc( 0/ 2): BFS level 1 has 1 states 1 total',
    'pins2lts-mc( 1/ 2): ~7 levels ~1000 states ~4106 transitions',
    'pins2lts-mc( 0/ 2): BFS level 2 has 7 states 8 total',
    'pins2lts-mc( 0/ 2): BFS level 3 has 0 states 8 total',
    'pins2lts-mc( 0/ 2): 3 levels 4 states 10 transitions',
    'pins2lts-mc( 0/ 2): Explored 8 states 46 transitions, fanout: 3.358',
  )
  expect({ levels, explored, unexplored, totals }).toEqual({
    levels: [1, 7],
    explored: { states: 8, transitions: 0 },
    unexplored: 0,
    totals: [{ states: 8, transitions: 46 }],
  })
})

test('what a rank says at its end, also behind other text', () => {
  const { ranks, met } = logOf(
    'something without an endhmmcheck: rank 12 states 34 transitions 4096 bytes 70 milliseconds ended 0 met 91 taken f8;',
  )
  expect(ranks).toEqual([
    {
      states: 12,
      transitions: 34,
      bytes: 4096,
      milliseconds: 70,
      isEnded: false,
      met: Uint8Array.of(1, 0, 0, 1, 1, 0, 0, 0),
      taken: Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 1),
    },
  ])
  expect([...met]).toEqual([0, 3, 4])
})

test.each([
  ['pins2lts-dist( 0/ 2): Exploration time 35.070 real 2.960 user 0.020 sys', 35.07],
  ['pins2lts-mc( 0/ 2): Total exploration time 16.700 sec (16.700 sec minimum, 16.700 sec on average)', 16.7],
])('the seconds of the search: %s', (line, seconds) => {
  expect(logOf(line).seconds).toBe(seconds)
})

test('the bytes of a state in the table of pins2lts-mc', () => {
  const log = logOf('pins2lts-mc( 0/ 2): Tree memory: 2.7MB, 10.6 B/state, compr.: 58.8%')
  expect(log.bytesPerState).toBe(10.6)
  expect(bytesOfRanks(log, 10)).toBe(106)
})

test('a line that was cut off says nothing', () => {
  expect(logOf('hmmcheck: rank 12 states 34 transitions 4096 bytes 70 milliseconds ended 0 met 91 tak').ranks).toEqual(
    [],
  )
  expect(logOf('hmmcheck: met 12').met.size).toBe(0)
})

test('a watch is met as soon as one rank says so', () => {
  expect([...logOf('hmmcheck: met 12;', 'hmmcheck: met 3;', 'hmmcheck: met 12;').met]).toEqual([12, 3])
})

test.each([
  'pins2lts-mc( 1/ 2): Error: tree leafs table full! Change -s/--ratio.',
  'pins2lts-mc( 0/ 2): Error: hash table full! Change -s/--ratio.',
  'pins2lts-dist( 1/ 2), ** error **: realloc data failed',
  'pins2lts-dist( 1/ 2), ** error **: realloc hash failed: Cannot allocate memory',
])('memory that is not enough: %s', (line) => {
  expect(logOf(line).full).toBe(line)
})

test.each([
  'mpirun noticed that process rank 1 with PID 12 on node b exited on signal 9 (Killed).',
  'ORTE has lost communication with a remote daemon.',
  'ssh: connect to host b port 22: Connection refused',
  'pins2lts-dist( 0/ 2), ** error **: could not open x',
])('a fault: %s', (line) => {
  expect(logOf('pins2lts-dist( 0/ 2): model created', line).faults).toEqual([line])
})
