/** Context switches, counted. */
import { expect, test } from 'vitest'
import { contextSwitches } from '../../src/schedules/switches.ts'

test.each([
  ['no step', '', 0],
  ['one thread alone', 'AAA', 0],
  ['one after the other', 'AAB', 1],
  ['there and back', 'ABBA', 2],
  ['in turn', 'ABAB', 3],
  ['three threads', 'ABCCA', 3],
])('%s', (_, threads, switches) => {
  expect(contextSwitches([...threads].map((thread) => ({ thread })))).toBe(switches)
})
