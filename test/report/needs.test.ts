/** The last lines of a check that memory ended. */
import { expect, test } from 'vitest'
import type { Needs } from '../../src/report/checked.ts'
import { needsLines } from '../../src/report/needs.ts'

const result = { stored: 4_000_000, bytesPerState: 32, levelSizes: [1, 2, 8, 20, 40, 60] }

const lines = (needs?: Needs, width = 120): readonly string[] =>
  needsLines({ result, ...(needs === undefined ? {} : { needs }) }, width)

test('nothing, where it is not memory that ended it', () => {
  expect(lines()).toEqual([])
})

test('what it took, how it grew, what the whole takes, and the command for many hosts', () => {
  const estimate = { states: 1.2e8, bytes: 3 * 2 ** 30, bytesInLtsmin: 5 * 2 ** 30, hosts: 4 }
  expect(lines({ estimate, command: 'npx hmmcheck check X --engine ltsmin --hosts HOSTS' })).toEqual([
    'memory ended it: 4,000,000 stored states in 122 MiB; the last levels grew by 2.50, 2.00, 1.50',
    'estimate, at times wrong by a factor of 4: 120 million states; 3.0 GiB here; 5.0 GiB in LTSmin, which has no symmetry: 4',
    '  hosts with the memory of this run',
    'search on many hosts with: npx hmmcheck check X --engine ltsmin --hosts HOSTS',
    'HOSTS has a line for each host, `name slots=8`: docs/beyond-one-machine.md',
  ])
})

test('no number where the levels do not say, and the command stays one line', () => {
  const command = `npx hmmcheck ${'x'.repeat(100)}`
  expect(lines({ command }, 60)).toEqual([
    'memory ended it: 4,000,000 stored states in 122 MiB; the',
    '  last levels grew by 2.50, 2.00, 1.50',
    'no estimate of the whole: the growth of the levels does not',
    '  fall enough yet',
    `search on many hosts with: ${command}`,
    'HOSTS has a line for each host, `name slots=8`:',
    '  docs/beyond-one-machine.md',
  ])
})
