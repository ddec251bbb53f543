/** The atomicity report of small models, listed by hand: what each transition touches, and which are open. */
import { describe, expect, test } from 'vitest'
import { atomicityOf, type Touching } from '../../src/analysis/atomicity.ts'
import {
  and,
  array,
  Assert,
  assertion,
  atomic,
  atomically,
  Await,
  Bool,
  Choose,
  configure,
  epoch,
  every,
  ForEach,
  ghost,
  If,
  Let,
  Local,
  model,
  ModelError,
  not,
  or,
  optional,
  range,
  shared,
  sort,
  Step,
  struct,
  thread,
  type Block,
  type ThreadDefinition,
} from '../../src/language/index.ts'
import { Mutex, mutex_lock, mutex_unlock } from '../../src/kernel/index.ts'
import { atomicityLines, atomicityTable } from '../../src/report/atomicity.ts'
import { digestOf } from '../../src/schedules/digest.ts'

const Page = sort('Page')
const configured = (...threads: readonly ThreadDefinition[]) => {
  const whole = model('m', { threads, properties: [assertion('P')] })
  return configure(whole, { sizes: Object.fromEntries(whole.sorts.map((name) => [name, 2])), constants: {} })
}
const report = (body: Block): readonly Touching[] => atomicityOf(configured(thread('t', body)))

/** `label: reads a, b; writes c; calls f(); OPEN` */
const shown = (all: readonly Touching[]): readonly string[] =>
  all.map(({ label, reads, writes, calls, reason, isOpen }) =>
    [
      `${label}: ${[...(reads.length > 0 ? [`reads ${reads.join(', ')}`] : []), ...(writes.length > 0 ? [`writes ${writes.join(', ')}`] : []), ...(calls.length > 0 ? [`calls ${calls.join(', ')}`] : [])].join('; ')}`,
      ...(isOpen ? ['OPEN'] : reason === undefined ? [] : [reason]),
    ].join('; '),
  )
const listed = (body: Block): readonly string[] => shown(report(body))

const x = shared('x', range(0, 3)),
  y = shared('y', range(0, 3)),
  seen = ghost('seen', Bool)
const pair = shared('pair', struct('pair', { a: range(0, 1), b: range(0, 1) })),
  other = shared('other', struct('pair', { a: range(0, 1), b: range(0, 1) }))
const dirty = shared('dirty', array(Page, Bool)),
  mapped = shared('mapped', optional(Page)),
  lock = shared('lock', Mutex)

describe('what a transition touches', () => {
  test('statements that are transitions of their own', () => {
    expect(
      listed(() => {
        Await(x.eq(1))
        Await(and(x.eq(1), y.eq(1)))
        x.increment()
        x.set(y)
        const n = Local('n', range(0, 3), 0)
        n.set(x)
        If(n.eq(1), () => {
          y.set(0)
        })
        If(or(x.eq(2), y.eq(2)), () => {
          y.set(1)
        })
      }),
    ).toEqual([
      'await (x == 1): reads x',
      'await (x == 1 && y == 1): reads x, y; OPEN',
      'x++: reads x; writes x',
      'x = y: reads y; writes x; OPEN',
      'n = x: reads x',
      'y = 0: writes y',
      'if (x == 2 || y == 2): reads x, y; OPEN',
      'y = 1: writes y',
    ])
  })

  test('a step and an atomic procedure, with all that is in them', () => {
    const both = atomic('both', [], () => {
      x.set(0)
      y.set(0)
    })
    expect(
      listed(() => {
        Step('one', () => {
          If(x.eq(1), () => x.set(0))
        })
        Step('two', () => {
          If(x.eq(1), () => y.set(0))
        })
        both()
      }),
    ).toEqual(['one: reads x; writes x', 'two: reads x; writes y; OPEN', 'both(): writes x, y; OPEN'])
  })

  test('a sample is compared with its counter, which one store bumps', () => {
    const seq = epoch('seq'),
      stored = shared('stored', array(Page, seq.Sample)),
      of = epoch('of', Page)
    expect(
      listed(() => {
        const sample = Let('sample', seq.now)
        const other = Local('other', of.Sample)
        If(sample.isStale, () => {
          x.set(1)
        })
        stored.at(Choose('page', Page)).set(sample)
        If(stored.at(Choose('one', Page)).isStale, () => {
          x.set(2)
        })
        other.set(of.at(Choose('two', Page)).now)
        seq.bump()
        Step('unmap', () => {
          seq.bump()
          x.set(0)
        })
      }),
    ).toEqual([
      'sample = seq: reads seq',
      'if (sample is out of date): reads seq',
      'x = 1: writes x',
      'stored[page] = sample: writes stored[page]',
      'if (stored[one] is out of date): reads seq, stored[one]; OPEN',
      'x = 2: writes x',
      'other = of { of: two }: reads of[two]',
      'seq++: writes seq',
      'unmap: writes seq, x; OPEN',
    ])
  })

  test('a whole struct is its fields, an optional is one cell, and an index over a sort is several', () => {
    expect(
      listed(() => {
        pair.set(other)
        pair.a.set(pair.b)
        Await(mapped.isNone)
        Await(every(Page, (page) => dirty.at(page)))
        Step('clean', () => {
          ForEach(Page, (page) => {
            dirty.at(page).set(false)
          })
        })
        ForEach(Page, (page) => {
          dirty.at(page).set(false)
        })
      }),
    ).toEqual([
      expect.stringMatching(/^pair = other: reads other\.a, other\.b; writes pair\.a, pair\.b; OPEN$/),
      'pair.a = pair.b: reads pair.b; writes pair.a; OPEN',
      expect.stringMatching(/: reads mapped$/),
      expect.stringMatching(/: reads dirty\[\*\]; OPEN$/),
      'clean: writes dirty[*]; OPEN',
      expect.stringMatching(/^dirty\[page\] = false: writes dirty\[page\]$/),
    ])
  })

  test("ghosts and assertions are not C's", () => {
    expect(
      listed(() => {
        Step('s', () => {
          x.set(1)
          seen.set(y.eq(1))
          Assert('P', not(and(y.eq(1), seen)))
        })
      }),
    ).toEqual(['s: writes x'])
  })

  test('an atomic procedure of the vocabulary is one operation: not listed alone, and something besides in a step', () => {
    expect(
      listed(() => {
        mutex_lock(lock)
        x.set(1)
        Step('x = 0; unlock', () => {
          x.set(0)
          mutex_unlock(lock)
        })
      }),
    ).toEqual(['x = 1: writes x', 'x = 0; unlock: writes x; calls mutex_unlock(&lock); OPEN'])
  })

  test("a procedure of the user's that has the name of one of the vocabulary is the user's", () => {
    const mutex_trylock = atomic('mutex_trylock', [], () => {
      x.set(1)
      y.set(1)
    })
    expect(
      listed(() => {
        mutex_trylock()
      }),
    ).toEqual(['mutex_trylock(): writes x, y; OPEN'])
  })

  test('at the line of the statement; two threads with one text are told once', () => {
    const body = (): void => {
      Step('both', () => {
        x.set(1)
        y.set(1)
      })
    }
    const all = atomicityOf(
      configured(
        thread('t', () => {
          body()
          return undefined
        }),
        thread('u', () => {
          body()
          return undefined
        }),
      ),
    )
    expect(all).toHaveLength(1)
    expect(all[0]?.at).toMatch(/^test\/analysis\/atomicity\.test\.ts:\d+$/)
  })
})

describe('two reads of which C makes one after the other', () => {
  const in_progress = shared('in_progress', range(0, 1)),
    moved = shared('moved', Bool),
    installed = shared('installed', Bool)
  test('at once', () => {
    expect(
      listed(() => {
        If(not(or(moved, in_progress.ne(0))), () => {
          installed.set(true)
        })
      }),
    ).toEqual([expect.stringMatching(/reads moved, in_progress; OPEN$/), 'installed = true: writes installed'])
  })
  test('split', () => {
    expect(
      listed(() => {
        const seq_moved = Let('seq_moved', moved)
        If(not(or(seq_moved, in_progress.ne(0))), () => {
          installed.set(true)
        })
      }),
    ).toEqual([
      expect.stringMatching(/reads moved$/),
      expect.stringMatching(/reads in_progress$/),
      'installed = true: writes installed',
    ])
  })
})

describe('atomically', () => {
  const both = (): undefined => {
    x.set(1)
    y.set(1)
    return undefined
  }

  test('around a step, or around all that a step touches', () => {
    expect(
      listed(() => {
        atomically('under a', () => {
          Step('around', both)
        })
        Step('inside', () => {
          atomically('under b', both)
        })
        Step('in part', () => {
          atomically('under c', () => {
            x.set(1)
          })
          y.set(1)
        })
      }),
    ).toEqual(['around: writes x, y; under a', 'inside: writes x, y; under b', 'in part: writes x, y; OPEN'])
  })

  test('reaches into the procedures that are called', () => {
    const f = atomic('f', [], both)
    expect(
      listed(() => {
        atomically('under a', () => {
          f()
        })
      }),
    ).toEqual(['f(): writes x, y; under a'])
  })

  test('is documentation: the digest stays', () => {
    const property = { kind: 'assertion', name: 'P' } as const
    const plain = configured(
      thread('t', () => {
        Step('s', both)
      }),
    )
    const answered = configured(
      thread('t', () => {
        atomically('why', () => {
          Step('s', both)
        })
      }),
    )
    expect(digestOf(answered, property)).toBe(digestOf(plain, property))
  })

  test('without a reason it is an error', () => {
    expect(() =>
      configured(
        thread('t', () => {
          atomically(' ', both)
        }),
      ),
    ).toThrow(ModelError)
  })
})

describe('how it is told', () => {
  const some = report(() => {
    Step('open', () => {
      x.set(1)
      y.set(1)
    })
    atomically('under a lock', () => {
      Step('meant', () => {
        x.set(1)
        y.set(1)
      })
    })
  })

  test('one line as long as something is open', () => {
    expect(atomicityLines(some, 200)).toEqual([
      expect.stringMatching(
        /^atomicity: 1 transition reads or writes several shared cells at once \(test\/analysis\/atomicity\.test\.ts:\d+\); --dry-run lists them; answer with atomically\(\.\.\.\)$/,
      ),
    ])
    expect(
      atomicityLines(
        some.filter(({ isOpen }) => !isOpen),
        200,
      ),
    ).toEqual([])
  })

  test('the table', () => {
    expect(atomicityTable(some).map((line) => line.replace(/\S+\.ts:\d+/, 'FILE'))).toEqual([
      'atomicity: the shared state that each transition reads and writes; locks are not considered',
      '  FILE  t: open',
      '    writes x, y; OPEN',
      '  FILE  t: meant',
      '    writes x, y; atomically: under a lock',
    ])
  })
})
