/**
 * An epoch decides what comparing the numbers decides: the same random programs, with samples and with numbers, come
 * to the same answers.
 */
import fc from 'fast-check'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  and,
  array,
  Assert,
  assertion,
  atomic,
  Await,
  Bool,
  Break,
  Choose,
  cond,
  current,
  epoch,
  ForEach,
  If,
  invariant,
  Let,
  Local,
  Loop,
  model,
  ModelError,
  not,
  optional,
  or,
  procedure,
  queueOf,
  range,
  recoverable,
  ref,
  setOf,
  shared,
  sort,
  statementLabel,
  Step,
  struct,
  thread,
  Thread,
  union,
  wrapping,
  yes,
  type Bool as BoolHandle,
  type Counter,
  type Recorded,
  type Sample,
  type SamplePlace,
  type SampleType,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { closed, endings, finals, judge } from '../kernel/support.ts'

/** What a thread of a random program does. Holders 0 and 1 are locals, 2 and 3 shared. */
type Op =
  | { readonly does: 'bump'; readonly counter: number }
  | { readonly does: 'sample'; readonly counter: number; readonly holder: number }
  | { readonly does: 'copy'; readonly from: number; readonly holder: number }
  | { readonly does: 'compare'; readonly holder: number }
type Program = readonly (readonly Op[])[]

const counter = fc.nat(1),
  holder = fc.nat(3)
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ does: fc.constant('bump'), counter }),
  fc.record({ does: fc.constant('sample'), counter, holder }),
  fc.record({ does: fc.constant('copy'), from: holder, holder }),
  fc.record({ does: fc.constant('compare'), holder }),
)
const ops = (minLength: number, maxLength: number): fc.Arbitrary<readonly Op[]> =>
  fc.array(op, { minLength, maxLength })
const program: fc.Arbitrary<Program> = fc.tuple(ops(2, 6), ops(1, 4), ops(0, 1))

/** What a program is written with: samples, or the numbers themselves. */
interface Words<Place> {
  /** The holders of the thread whose text is written. */
  places(): readonly Place[]
  bump(counter: number): Recorded
  sample(to: Place, counter: number): Recorded
  copy(to: Place, from: Place): Recorded
  isStale(place: Place): BoolHandle
}

/** Every way in which the answers can come out: one for each comparison, in the order of the text. */
function answers<Place>(of: Program, words: Words<Place>): ReadonlySet<string> {
  const Log = array(range(0, 12), Bool)
  const log = shared('log', Log)
  let asked = 0
  const threads = of.map((text, n) =>
    thread(`t${n}`, () => {
      const places = words.places()
      const at = (index: number): Place => places[index] ?? expect.fail()
      for (const one of text) {
        switch (one.does) {
          case 'bump':
            words.bump(one.counter)
            break
          case 'sample':
            words.sample(at(one.holder), one.counter)
            break
          case 'copy':
            words.copy(at(one.holder), at(one.from))
            break
          case 'compare':
            log.at(asked++).set(words.isStale(at(one.holder)))
        }
      }
      return log.at(12).set(true)
    }),
  )
  return new Set(finals(closed(threads)).map(({ shared: state }) => JSON.stringify(state['log'])))
}

/** @param counters the one, or the two of one family */
function bySamples(Holder: SampleType<'seq'>, counters: readonly Counter<'seq'>[]): Words<SamplePlace<'seq'>> {
  const Stored = struct('stored', { all: array(Bool, Holder), other: array(Bool, struct('other', { sample: Holder })) })
  const stored = shared('stored', Stored)
  const of = (n: number): Counter<'seq'> => counters[n % counters.length] ?? expect.fail()
  return {
    places: () => [Local('a', Holder), Local('b', Holder), stored.all.at(true), stored.other.at(false).sample],
    bump: (n) => of(n).bump(),
    sample: (to, n) => to.set(of(n).now),
    copy: (to, from) => to.set(from),
    isStale: (place) => place.isStale,
  }
}

/** A number, and of which counter it is; no counter has the number 0. */
const Numbered = struct('numbered', { value: range(0, 12), of: range(0, 1) })
function byNumbers(many: number): Words<ReturnType<typeof Numbered.place>> {
  const stored = shared('stored', array(range(0, 1), Numbered))
  const Counters = array(range(0, 1), range(0, 12))
  const counters = shared('counters', Counters, Counters.filled(1))
  return {
    places: () => [Local('a', Numbered), Local('b', Numbered), stored.at(0), stored.at(1)],
    bump: (n) => counters.at(n % many).increment(),
    sample: (to, n) => to.set(Numbered.value({ value: counters.at(n % many), of: n % many })),
    copy: (to, from) => to.set(from),
    isStale: ({ of, value }) => or(and(of.eq(0), value.ne(counters.at(0))), and(of.eq(1), value.ne(counters.at(1)))),
  }
}

describe('the answers of random programs are those of the numbers', () => {
  test('with one counter', () => {
    fc.assert(
      fc.property(program, (of) => {
        const seq = epoch('seq')
        expect(answers(of, bySamples(seq.Sample, [seq]))).toEqual(answers(of, byNumbers(1)))
      }),
      { numRuns: 80 },
    )
  })
  test('with two of one name', () => {
    fc.assert(
      fc.property(program, (of) => {
        const seq = epoch('seq', range(0, 1))
        expect(answers(of, bySamples(seq.Sample, [seq.at(0), seq.at(1)]))).toEqual(answers(of, byNumbers(2)))
      }),
      { numRuns: 80 },
    )
  })
  test('which have both answers to give', () => {
    const seq = epoch('seq')
    const race: Program = [
      [
        { does: 'sample', counter: 0, holder: 0 },
        { does: 'compare', holder: 0 },
      ],
      [{ does: 'bump', counter: 0 }],
      [],
    ]
    expect(answers(race, bySamples(seq.Sample, [seq])).size).toBe(2)
  })
})

const seq = epoch('seq')
const stored = shared('stored', seq.Sample)
const x = shared('x', range(0, 3))

/** A seqcount that its writer moves for ever: odd while it writes. */
describe('a reader that samples, reads, and compares', () => {
  const odd = shared('odd', Bool),
    one = shared('one', Bool),
    other = shared('other', Bool)
  const number = shared('number', wrapping(4))
  interface Count {
    readonly read: () => BoolHandle
    readonly bump: () => Recorded
  }
  const threads = ({ read, bump }: Count): readonly ThreadDefinition[] => [
    thread(
      'writer',
      () =>
        Loop(() => {
          Step('begin', () => {
            odd.set(true)
            return bump()
          })
          one.set(not(one))
          other.set(one)
          Step('end', () => {
            odd.set(false)
            return bump()
          })
        }),
      { daemon: true },
    ),
    thread('reader', () => Loop(() => If(read(), () => Break()))),
  ]
  const reads = (sampled: () => Recorded, isCurrent: () => BoolHandle): BoolHandle => {
    Step('sample', () => {
      Await(not(odd))
      return sampled()
    })
    const [a, b] = [Let('a', one), Let('b', other)]
    const done = Let('done', isCurrent())
    Assert('whole', or(not(done), a.eq(b)))
    return done
  }
  const bySample = (compares: boolean): Count => ({
    read: () => {
      const sample = Local('sample', seq.Sample)
      return reads(
        () => sample.set(seq.now),
        () => (compares ? sample.isCurrent : yes),
      )
    },
    bump: () => seq.bump(),
  })
  const byWrapped: Count = {
    read: () => {
      const sample = Local('sample', wrapping(4))
      return reads(
        () => sample.set(number),
        () => sample.eq(number),
      )
    },
    bump: () => number.increment(),
  }
  test('never keeps what is torn, and its states are finite, while the number grows for ever', async () => {
    const { properties } = await judge(closed(threads(bySample(true)), [assertion('whole'), recoverable()]))
    expect(properties).toEqual({ whole: 'holds', recoverable: 'holds' })
  })
  test('keeps it if it does not compare', async () => {
    expect((await judge(closed(threads(bySample(false)), [assertion('whole')]))).properties['whole']).toMatch(
      'violated',
    )
  })
  test('keeps it where the number wraps: that is what an epoch leaves out', async () => {
    expect((await judge(closed(threads(byWrapped), [assertion('whole')]))).properties['whole']).toMatch('violated')
  })
})

describe('what a program says of samples', () => {
  const labels = (write: () => Recorded | undefined): readonly string[] => {
    const [one] = model('m', { threads: [thread('t', write)] }).threads
    return one === undefined ? [] : one.body.map((s) => statementLabel(s, one))
  }
  test('reads like C', () => {
    const family = epoch('sub_seq', sort('Sub'))
    expect(
      labels(() => {
        const sample = Let('sample', seq.now)
        const other = Local('other', family.Sample)
        other.set(family.at(Choose('sub', sort('Sub'))).now)
        If(sample.isStale, () => stored.set(sample))
        If(other.isCurrent, () => seq.bump())
        return seq.bump()
      }),
    ).toEqual([
      'sample = seq',
      'choose sub',
      'other = sub_seq { of: sub }',
      'if (sample is out of date)',
      'if (other is sub_seq)',
      'seq++',
    ])
  })
  test('is written with the types that it looks like', () => {
    expectTypeOf(stored).toEqualTypeOf<SamplePlace<'seq'>>()
    expectTypeOf(seq.now).toEqualTypeOf<Sample<'seq'>>()
    expectTypeOf(stored).not.toHaveProperty('eq')
    expectTypeOf(stored.set).parameter(0).toEqualTypeOf<Sample<'seq'>>()
    // @ts-expect-error a sample of another counter
    expect(() => model('m', { threads: [thread('t', () => stored.set(epoch('other').now))] })).toThrow('HMM008')
  })
  test('is passed on: by value, by reference, as a result', () => {
    const retry = atomic('retry', [seq.Sample], (sample) => sample.isStale)
    const begin = atomic('begin', [], () => Let('begun', seq.now))
    const again = atomic('again', [ref(seq.Sample)], (sample) => sample.set(seq.now))
    const out = shared('out', setOf(range(0, 2)))
    const reads = thread('reads', () => {
      const sample = Local('sample', seq.Sample)
      sample.set(begin())
      const first = retry(sample)
      again(sample)
      const second = retry(sample)
      return Step('note', () => {
        If(first, () => out.add(0))
        If(second, () => out.add(1))
      })
    })
    expect(endings(closed([reads, thread('bumps', () => seq.bump())]), 'out')).toEqual(['', '0', '1'])
  })
  test('of two threads that run one text, each has its own', () => {
    const out = shared('out', array(Thread, Bool))
    const reads = thread(
      'reads',
      () => {
        const sample = Local('sample', seq.Sample)
        Step('sample, if nobody did', () =>
          If(stored.isStale, () => {
            stored.set(seq.now)
            sample.set(seq.now)
          }),
        )
        return out.at(current).set(sample.isCurrent)
      },
      { count: 2 },
    )
    expect(endings(closed([reads]), 'out')).toEqual(['falsetrue', 'truefalse'])
  })
  test('is forgotten: nobody has that number', () => {
    expect(labels(() => stored.set(seq.never))).toEqual(['stored = out of date'])
    const out = shared('out', array(range(0, 1), Bool))
    const t = thread('t', () => {
      const sample = Let('sample', seq.now)
      stored.set(sample)
      out.at(0).set(stored.isCurrent)
      stored.set(seq.never)
      return out.at(1).set(stored.isCurrent)
    })
    expect(endings(closed([t]), 'out')).toEqual(['truefalse'])
  })
  test('begins out of date, or as it is declared', async () => {
    const sampled = shared('sampled', seq.Sample, seq.now)
    const first = invariant('first', and(stored.isStale, or(sampled.isCurrent, x.eq(1))))
    const bumps = thread('t', () =>
      Step('bump', () => {
        seq.bump()
        x.set(1)
      }),
    )
    expect((await judge(closed([bumps], [first]))).properties).toEqual({ first: 'holds' })
  })
})

describe('a number is never asked for', () => {
  /** As plain JavaScript may. */
  const unchecked =
    (member: string) =>
    (other: unknown): unknown => {
      const method: unknown = Reflect.get(stored, member)
      return typeof method === 'function' ? Reflect.apply(method, stored, [other]) : undefined
    }
  const refusals: readonly (readonly [name: string, code: string, write: () => unknown])[] = [
    ['by ==', 'HMM053', () => unchecked('eq')(stored)],
    ['by <', 'HMM053', () => unchecked('lt')(stored)],
    ['by arithmetic', 'HMM053', () => unchecked('plus')(1)],
    [
      'by == of structs',
      'HMM053',
      () => {
        const pair = shared('pair', array(Bool, struct('s', { seq: seq.Sample })))
        If(pair.at(true).eq(pair.at(false)), () => x.set(1))
      },
    ],
    ['by a choice', 'HMM053', () => stored.set(Choose('any', seq.Sample))],
    ['in an optional', 'HMM053', () => shared('o', optional(seq.Sample)).set(seq.now)],
    ['in a queue', 'HMM053', () => shared('q', queueOf(seq.Sample, 2)).push(seq.now)],
    [
      'in a case',
      'HMM053',
      () => {
        const U = union('u', { none: {}, some: { seq: seq.Sample } })
        shared('u', U).set(U.some({ seq: seq.now }))
      },
    ],
    ['in a local optional', 'HMM053', () => Local('o', optional(seq.Sample)).set(seq.now)],
    ['in a set', 'HMM053', () => shared('s', setOf(seq.Sample)).add(seq.now)],
    ['as an index', 'HMM053', () => shared('a', array(seq.Sample, Bool)).at(seq.now).set(true)],
    [
      'by a counter of the same name',
      'HMM002',
      () => {
        seq.bump()
        epoch('seq').bump()
      },
    ],
    [
      'of this moment, later',
      'HMM015',
      () =>
        procedure('f', [seq.Sample], (one) => {
          x.set(1)
          stored.set(one)
        })(seq.now),
    ],
    [
      'whose answer is of this moment, later',
      'HMM015',
      () =>
        procedure('f', [Bool], (is) => {
          x.set(1)
          If(is, () => x.set(2))
        })(Let('sample', seq.now).isCurrent),
    ],
  ]
  test.each(refusals)('%s', (_, code, write) => {
    try {
      model('m', {
        threads: [
          thread('t', () => {
            write()
            return undefined
          }),
        ],
      })
    } catch (error) {
      expect(error).toBeInstanceOf(ModelError)
      expect(error instanceof ModelError ? error.code : '').toBe(code)
      return
    }
    expect.fail('it is not refused')
  })
  test('by the block that runs at first', () => {
    const starting = (initially: () => undefined) => () => model('m', { threads: [], initially })
    expect(
      starting(() => {
        stored.set(Let('sample', seq.now))
      }),
    ).toThrow('HMM053')
    expect(
      starting(() => {
        ForEach(range(0, 1), () => stored.set(seq.now))
      }),
    ).not.toThrow()
  })
})

test('what a call returns is what it was when it returned', () => {
  const read = procedure('read', [], () => seq.now)
  const t = thread('t', () => {
    const sample = read()
    seq.bump()
    return x.set(cond(sample.isStale, Local('one', range(0, 3), 1), x))
  })
  expect(finals(closed([t])).map(({ shared: state }) => state['x'])).toEqual([1])
})
