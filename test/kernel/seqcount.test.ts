/** Sequence counters: a reader that is told to try again never keeps what is torn; writers need a lock. */
import { describe, expect, test } from 'vitest'
import { Assert, assertion, Bool, Break, If, Let, Loop, not, range, shared } from '../../src/language/index.ts'
import {
  read_seqbegin,
  read_seqcount_begin,
  read_seqcount_retry,
  read_seqretry,
  Seqcount,
  Seqlock,
  write_seqcount_begin,
  write_seqcount_end,
  write_seqlock,
  write_sequnlock,
} from '../../src/kernel/index.ts'
import { closed, endings, thread, verdicts } from './support.ts'

const s = shared('s', Seqcount)
const sl = shared('sl', Seqlock)
const x = shared('x', range(0, 1))
const y = shared('y', range(0, 1))
const log = shared('log', Bool)

const writer = thread('writer', () => {
  write_seqcount_begin(s)
  x.set(1)
  y.set(1)
  return write_seqcount_end(s)
})
const reader = (looks: boolean) =>
  thread('reader', () => {
    Loop(() => {
      read_seqcount_begin(s)
      const a = Let('a', x)
      const b = Let('b', y)
      const retry = read_seqcount_retry(s)
      If(looks ? not(retry) : retry.eq(retry), () => {
        Assert('whole', a.eq(b), 'the two were read at different moments')
        Break()
      })
    })
    return log.set(true)
  })

describe('a reader', () => {
  test('that looks at what read_seqcount_retry() says has both old or both new', async () => {
    expect(await verdicts(closed([writer, reader(true)], [assertion('whole')]))).toEqual({ whole: 'holds' })
  })
  test('that does not may have one of each', async () => {
    // begin, a = x; write: begin, x, y; b = y; retry, and the assertion with it.
    expect(await verdicts(closed([writer, reader(false)], [assertion('whole')]))).toMatchObject({
      whole: expect.stringContaining('violated') as string,
    })
  })
  test('comes to its end once the writer is done', () => {
    expect(endings(closed([writer, reader(true)]), 'log')).toEqual(['true'])
  })
})

describe('writers', () => {
  const again = (name: string) =>
    thread(name, () => {
      write_seqcount_begin(s)
      return write_seqcount_end(s)
    })
  test('without a lock are misuse, with one they are not', async () => {
    expect(await verdicts(closed([again('a'), again('b')]))).toEqual({
      'write_seqcount_begin() while another writer is at work': 'violated in 2',
    })
    const locked = (name: string) =>
      thread(name, () => {
        write_seqlock(sl)
        return write_sequnlock(sl)
      })
    expect(await verdicts(closed([locked('a'), locked('b')]))).toEqual({})
  })
  test('that end what they have not begun', async () => {
    expect(await verdicts(closed([thread('a', () => write_seqcount_end(s))]))).toEqual({
      'write_seqcount_end() without write_seqcount_begin()': 'violated in 1',
    })
  })
})

describe('a seqlock', () => {
  test('is the same with its lock', async () => {
    const writes = thread('writer', () => {
      write_seqlock(sl)
      x.set(1)
      y.set(1)
      return write_sequnlock(sl)
    })
    const reads = thread('reader', () =>
      Loop(() => {
        read_seqbegin(sl)
        const a = Let('a', x)
        const b = Let('b', y)
        const retry = read_seqretry(sl)
        If(not(retry), () => {
          Assert('whole', a.eq(b))
          Break()
        })
      }),
    )
    expect(await verdicts(closed([writes, reads], [assertion('whole')]))).toEqual({ whole: 'holds' })
  })
})
