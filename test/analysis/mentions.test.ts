/**
 * What the text of a model names and leaves is seen, with its line; what it uses is not, and neither is anything in
 * the catalogue.
 */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { mentionWarnings } from '../../src/analysis/unrecorded.ts'
import {
  array,
  Assert,
  Await,
  Bool,
  epoch,
  If,
  IfSome,
  invariant,
  Let,
  Local,
  model,
  not,
  optional,
  procedure,
  queueOf,
  range,
  ref,
  setOf,
  shared,
  sort,
  Step,
  struct,
  thread,
} from '../../src/language/index.ts'
import { leftMentions } from '../../src/language/mentions.ts'

const page = sort('Page')
const Lock = struct('lock', { held: Bool })
const Mni = struct('mni', { moved: Bool, seq: range(0, 3), lock: Lock, pages: setOf(page), last: optional(page) })
const mni = shared('mni', Mni)
const driver = shared('driver', array(page, Mni))
const work = shared('work', queueOf(range(0, 3), 2))
const at = Local
const seq = epoch('seq'),
  seqs = epoch('seqs', page)
const lock = procedure('lock', [ref(Lock)], (l) => {
  Step('lock', () => {
    Await(not(l.held))
    l.held.set(true)
  })
})

/** What is left by a thread of this text. */
function leftBy(write: () => void): readonly string[] {
  const before = new Set(leftMentions())
  void model('m', {
    threads: [
      thread('t', () => {
        write()
      }),
    ],
    properties: [invariant('P', not(mni.moved))],
  })
  const now = leftMentions().filter((one) => !before.has(one))
  return mentionWarnings(now, () => true).map((one) => {
    expect(one).toMatchObject({ code: 'HMM069' })
    expect(one.at).toMatch(/^test\/analysis\/mentions\.test\.ts:\d+$/)
    return one.what.replace(' is named and not used', '')
  })
}

/* eslint-disable @typescript-eslint/no-unused-expressions -- The mistakes that the warning is for. */
describe('left', () => {
  test.each<readonly [string, () => void, readonly string[]]>([
    [
      'a field beside another in one line is taken for one that is taken apart',
      () => {
        void [mni.moved, mni.seq.set(1)]
      },
      [],
    ],
    [
      'a field on a line of its own',
      () => {
        mni.moved
        mni.moved.set(true)
      },
      ['mni.moved'],
    ],
    [
      'a field of a field',
      () => {
        mni.lock.held
      },
      ['mni.lock.held'],
    ],
    [
      'a method',
      () => {
        mni.moved.set
      },
      ['mni.moved.set'],
    ],
    [
      'a method, beside a call of it',
      () => {
        mni.seq.set(1)
        mni.seq.increment
      },
      ['mni.seq.increment'],
    ],
    [
      'an element',
      () => {
        const p = at('p', page)
        driver.at(p)
      },
      ['driver[p]'],
    ],
    [
      'a field of an element',
      () => {
        const p = at('p', page)
        driver.at(p).moved
      },
      ['driver[p].moved'],
    ],
    [
      'in a step',
      () => {
        Step('s', () => {
          mni.last
        })
      },
      ['mni.last'],
    ],
    [
      'a method of a queue',
      () => {
        work.push
      },
      ['work.push'],
    ],
    [
      'the number of a counter',
      () => {
        seq.now
      },
      ['seq'],
    ],
    [
      'a bump',
      () => {
        seq.bump
      },
      ['seq.bump'],
    ],
    [
      'a bump of one of several',
      () => {
        const p = at('p', page)
        seqs.at(p).bump
      },
      ['seqs[p].bump'],
    ],
    [
      'all of what is taken apart',
      () => {
        const { moved, seq } = mni
        void [moved, seq]
      },
      ['mni.moved', 'mni.seq'],
    ],
  ])('%s', (_, write, expected) => {
    expect(leftBy(write)).toEqual(expected)
  })
})
/* eslint-enable @typescript-eslint/no-unused-expressions */

describe('used', () => {
  test.each<readonly [string, () => void]>([
    [
      'assigned',
      () => {
        mni.moved.set(true)
      },
    ],
    [
      'read',
      () => {
        If(mni.moved, () => mni.seq.increment())
      },
    ],
    [
      'part of what is taken apart',
      () => {
        const { moved, seq } = mni
        void seq
        moved.set(true)
      },
    ],
    [
      'given to a procedure',
      () => {
        lock(mni.lock)
      },
    ],
    [
      'given to a procedure, of an element',
      () => {
        const p = at('p', page)
        lock(driver.at(p).lock)
      },
    ],
    [
      'copied',
      () => {
        const seen = Let('seen', mni.seq)
        Step('s', () => {
          Assert('A', seen.eq(mni.seq))
        })
      },
    ],
    [
      'a member of a set',
      () => {
        const p = at('p', page)
        If(mni.pages.has(p), () => mni.pages.remove(p))
      },
    ],
    [
      'an optional',
      () => {
        IfSome(mni.last, (p) => mni.pages.add(p))
      },
    ],
    [
      'a queue',
      () => {
        Step('s', () => {
          work.push(1)
        })
      },
    ],
    [
      'a sample and a bump',
      () => {
        const s = Let('s', seq.now)
        seq.bump()
        If(s.isStale, () => mni.moved.set(true))
      },
    ],
    [
      'the same of one of several',
      () => {
        const p = at('p', page)
        const s = Let('s', seqs.at(p).now)
        seqs.at(p).bump()
        If(s.isStale, () => mni.moved.set(true))
      },
    ],
  ])('%s', (_, write) => {
    expect(leftBy(write)).toEqual([])
  })
})

test('nothing in the catalogue is named and left', () => {
  const before = new Set(leftMentions())
  for (const { model: built } of catalogue) expect(built.threads.length).toBeGreaterThan(0)
  expect(leftMentions().filter((one) => !before.has(one))).toEqual([])
})
