/**
 * A schedule in a model whose text has changed: it is played wherever there is exactly one way to take its steps, and
 * nowhere else.
 */
import { describe, expect, test } from 'vitest'
import { carry } from '../../src/schedules/carry.ts'
import { replay } from '../../src/schedules/replay.ts'
import type { Schedule } from '../../src/schedules/schedule.ts'
import { changed } from '../support/changed.ts'
import type { Change } from '../support/changed.ts'
import { scheduleOf } from './support.ts'

const first = await scheduleOf({ variant: 'racy' }, 'nothing is lost', changed())

const words = ({ steps }: Schedule): string =>
  steps
    .map(({ thread, label, choices }) =>
      [thread.replace(/\D/g, ''), label, ...choices.map(({ value }) => value)].join(' '),
    )
    .join(', ')

test('is the schedule', () => {
  expect(words(first)).toBe('0 read, 1 read, 0 write, 1 write')
})

describe('there is one way', () => {
  test.each<[readonly Change[], string]>([
    [['inserted'], '0 account, 0 read, 1 account, 1 read, 0 write, 1 write'],
    [['renamed'], '0 load, 1 load, 0 write, 1 write'],
    // which of the two is the read of before, nobody can know: what each thread does is the same
    [['inserted', 'renamed'], '0 account, 1 account, 1 load, 0 load, 0 write, 1 write'],
    [['wrapped'], '0 read, 1 read, 0 write, 1 write'],
    [
      ['carried'],
      '0 choose n 2, 0 accounted[adder] = n, 0 read, 1 choose n 2, 1 accounted[adder] = n, 1 read, 0 write, 1 write',
    ],
    [['split'], '0 read, 1 read, 0 compute, 0 store, 1 compute, 1 store'],
    [['early'], '0 account early, 1 account early, 0 read, 1 read, 0 write, 1 write'],
  ])('%j', (changes, now) => {
    const played = replay(changed(...changes), first)
    expect(played.kind).toBe('confirmed')
    expect(words(played.schedule)).toBe(now)
    expect(played.changes).toEqual(['the text of the model'])
    expect(played.run?.steps).toHaveLength(played.schedule.steps.length)
    // what was carried over is a schedule of the model as it is
    expect(replay(changed(...changes), played.schedule)).toMatchObject({
      kind: 'confirmed',
      changes: [],
      schedule: played.schedule,
    })
  })
})

describe('there are several', () => {
  test.each<[readonly Change[]]>([[['several']], [['either']]])('%j', (changes) => {
    expect(replay(changed(...changes), first)).toMatchObject({
      kind: 'refused',
      step: 1,
      notCarried: 'ambiguous',
      schedule: first,
    })
  })
})

describe('there is none', () => {
  test.each<[readonly Change[]]>([[['corrected']], [['started']]])('%j', (changes) => {
    const played = replay(changed(...changes), first)
    expect(played).toMatchObject({ kind: 'refused', schedule: first })
    expect(played).not.toHaveProperty('notCarried')
  })

  test('on the corrected variant nothing is looked for', () => {
    expect(replay(changed('inserted'), first, { variant: 'fixed' })).toMatchObject({
      kind: 'refused',
      step: 1,
      schedule: first,
    })
  })

  test('of a thread that is gone', () => {
    const { machine } = replay(changed(), first)
    expect(carry(machine, { ...first, steps: first.steps.map((step) => ({ ...step, thread: 'sub[0]' })) })).toEqual({
      kind: 'impossible',
    })
  })
})

test('a limit is said to be one', () => {
  const { machine } = replay(changed('inserted'), first)
  expect(carry(machine, first, 1)).toEqual({ kind: 'open' })
})
