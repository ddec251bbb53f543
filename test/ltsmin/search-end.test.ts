/** How a search by LTSmin has ended: never complete unless its counters say so, whatever its exit code is. */
import { describe, expect, test } from 'vitest'
import { growingLog } from '../../src/ltsmin/log.ts'
import { searchEndOf, type ExpectedEnd, type SearchEnd } from '../../src/ltsmin/search-end.ts'

const total = (states: number, transitions: number): string =>
  `pins2lts-dist( 0/ 2): state space has 3 levels ${states} states ${transitions} transitions`
const rank = (states: number, transitions: number, ended = 0): string =>
  `hmmcheck: rank ${states} states ${transitions} transitions 4096 bytes 70 milliseconds ended ${ended} met 0 taken f;`
const complete = [rank(60, 150), rank(40, 50), total(100, 200)]

function outcome(lines: readonly string[], changes: Partial<ExpectedEnd> = {}, code: number | null = 0): SearchEnd {
  const log = growingLog()
  for (const line of lines) log.add(line)
  const exit = { code, signal: code === null ? 'SIGKILL' : null }
  return searchEndOf(log, exit, { engine: 'ltsmin', ranks: 2, before: 0, ...changes })
}

describe('complete', () => {
  test.each([0, 1, 255, null])('if LTSmin and all ranks say the same, with the exit code %s', (code) => {
    expect(outcome(complete, {}, code)).toEqual({ kind: 'complete', total: { states: 100, transitions: 200 } })
  })

  test('without the state that leads to several initial states', () => {
    expect(outcome([rank(60, 150), rank(40, 50), total(101, 203)], { before: 3 })).toEqual({
      kind: 'complete',
      total: { states: 100, transitions: 200 },
    })
  })
})

test.each(['tree leafs table full! Change -s/--ratio.', '** error **: realloc data failed'])(
  'full: %s, also with a total',
  (line) => {
    expect(outcome([line, ...complete])).toEqual({ kind: 'full' })
  },
)

describe('not complete, with the exit code 0', () => {
  test.each([
    ['no total', complete.slice(0, 2), 'HMM307'],
    ['a rank that did not answer', [rank(60, 150), total(100, 200)], 'HMM307'],
    ['nothing at all', [], 'HMM307'],
    ['ranks that have searched alone', [...complete, total(100, 200)], 'HMM308'],
    ['a rank more than there should be', [...complete, rank(0, 0)], 'HMM308'],
    ['fewer states than LTSmin says', [rank(60, 150), rank(39, 50), total(100, 200)], 'HMM308'],
    ['other transitions than LTSmin says', [rank(60, 151), rank(40, 50), total(100, 200)], 'HMM308'],
    ['a rank that was told to end early', [rank(60, 150), rank(40, 50, 1), total(100, 200)], 'HMM308'],
  ])('%s', (_, lines, code) => {
    expect(() => outcome(lines)).toThrow(expect.objectContaining({ name: 'UsageError', code }))
  })

  test('a rank that was killed is named, with the likely cause', () => {
    const killed = 'mpirun noticed that process rank 1 with PID 12 on node b exited on signal 9 (Killed).'
    expect(() => outcome([killed], {}, 137)).toThrow(/HMM307[^]*memory runs out[^]*rank 1 with PID 12 on node b/)
  })
})
