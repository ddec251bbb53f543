/** A ForEach inside a step: which iterations may be done in any order, and which may not. */
import { describe, expect, test } from 'vitest'
import { validate } from '../../src/language/validate/index.ts'
import * as ast from '../support/ast.ts'
import {
  and,
  array,
  Assert,
  atomic,
  Bool,
  Choose,
  Cover,
  ForEach,
  If,
  IfSome,
  Let,
  Local,
  model,
  none,
  not,
  optional,
  or,
  queueOf,
  range,
  ref,
  saturating,
  setOf,
  shared,
  sometimes,
  sort,
  Step,
  struct,
  thread,
  wrapping,
} from '../../src/language/index.ts'

const Device = sort('Device')
const Page = sort('Page')
const Va = sort('Va')
const Driver = struct('driver', { pte: array(Va, optional(Page)), count: range(0, 9) })
const driver = shared('driver', array(Device, Driver))
const free = shared('free', setOf(Page))
const flag = shared('flag', Bool)
const total = shared('total', range(0, 9))
const level = shared('level', saturating(0, 9))
const turns = shared('turns', wrapping(4))
const change = shared('change', array(Device, range(-3, 3)))
const debt = shared('debt', array(Device, range(-3, 0)))
const seen = shared('seen', array(Page, Bool)),
  where = shared('where', array(Page, Page))
const list = shared('list', queueOf(Page, 3))
const reset = atomic('reset', [ref(Driver)], (one) => {
  const was = Let('was', one.count)
  If(was.gt(0), () => one.count.set(0))
})

const build = (write: () => undefined) => () =>
  model('m', {
    threads: [
      thread('t', () => {
        Step('s', write)
      }),
    ],
  })

describe('in any order', () => {
  test.each<readonly [string, () => undefined]>([
    [
      'each its own cell',
      () => {
        ForEach(Device, (device) => driver.at(device).count.set(3))
      },
    ],
    [
      'each its own cell, read and written',
      () => {
        ForEach(Device, (device) => driver.at(device).count.set(driver.at(device).count.plus(total)))
      },
    ],
    [
      'each a row, cell by cell',
      () => {
        ForEach(Device, (device) => ForEach(Va, (va) => driver.at(device).pte.at(va).set(none)))
      },
    ],
    [
      'each its own membership',
      () => {
        ForEach(Page, (page) => If(not(free.has(page)), () => free.add(page)))
      },
    ],
    [
      'all into one set',
      () => {
        ForEach(Device, (device) => IfSome(driver.at(device).pte.at(Choose('va', Va)), (page) => free.add(page)))
      },
    ],
    [
      'the same value in each',
      () => {
        ForEach(Device, (device) => If(driver.at(device).count.gt(0), () => flag.set(true)))
      },
    ],
    [
      'a sum',
      () => {
        ForEach(Device, (device) => total.set(total.plus(driver.at(device).count)))
      },
    ],
    [
      'a sum, the other way round',
      () => {
        ForEach(Device, (device) => total.set(driver.at(device).count.plus(total)))
      },
    ],
    [
      'a sum that only goes down',
      () => {
        ForEach(Device, (device) => total.set(total.minus(driver.at(device).count)))
      },
    ],
    [
      'a sum that saturates at one end',
      () => {
        ForEach(Device, (device) => level.set(level.plus(driver.at(device).count)))
      },
    ],
    [
      'a sum of what is never above zero',
      () => {
        ForEach(Device, (device) => level.set(level.minus(debt.at(device))))
      },
    ],
    [
      'up and down, modulo',
      () => {
        ForEach(Device, (device) => {
          turns.set(turns.plus(change.at(device)))
          turns.set(turns.minus(driver.at(device).count))
        })
      },
    ],
    [
      'a disjunction',
      () => {
        ForEach(Device, (device) => flag.set(or(flag, driver.at(device).count.gt(0))))
      },
    ],
    [
      'a disjunction, the other way round',
      () => {
        ForEach(Device, (device) => flag.set(or(list.head.eq(list.head), driver.at(device).count.gt(0), flag)))
      },
    ],
    [
      'a conjunction',
      () => {
        ForEach(Device, (device) => flag.set(and(flag, driver.at(device).pte.at(Choose('va', Va)).isNone)))
      },
    ],
    [
      'a disjunction, and true',
      () => {
        ForEach(Device, (device) => {
          flag.set(or(flag, driver.at(device).count.gt(0)))
          If(driver.at(device).count.eq(3), () => flag.set(true))
        })
      },
    ],
    [
      'false, wherever',
      () => {
        ForEach(Page, (page) => seen.at(where.at(page)).set(false))
      },
    ],
    [
      'bits',
      () => {
        ForEach(Device, (device) => total.setBits(driver.at(device).count))
      },
    ],
    [
      'bits taken away, by masks of either kind',
      () => {
        ForEach(Device, (device) => {
          total.clearBits(driver.at(device).count)
          total.set(total.and(driver.at(device).count))
        })
      },
    ],
    [
      'a local of its own',
      () => {
        ForEach(Device, (device) => {
          const n = Let('n', driver.at(device).count)
          driver.at(device).count.set(n.plus(1))
        })
      },
    ],
    [
      'a procedure on its own part',
      () => {
        ForEach(Device, (device) => reset(driver.at(device)))
      },
    ],
    [
      'only claims',
      () => {
        ForEach(Page, (page) => Assert('P', free.has(page)))
      },
    ],
  ])('%s', (_name, write) => {
    expect(build(write)).not.toThrow()
  })
})

describe('the order matters', () => {
  test.each<readonly [string, () => undefined]>([
    [
      'the last one stays',
      () => {
        ForEach(Device, (device) => total.set(driver.at(device).count))
      },
    ],
    [
      'one reads what another writes',
      () => {
        ForEach(Device, (device) => driver.at(device).count.set(total))
        ForEach(Device, () => If(flag, () => flag.set(false)))
      },
    ],
    [
      "another's cell",
      () => {
        ForEach(Device, () =>
          ForEach(Device, (other) => driver.at(other).count.set(driver.at(other).count.plus(1).plus(total))),
        )
      },
    ],
    [
      'a set, whole',
      () => {
        ForEach(Page, (page) => If(free.isEmpty, () => free.add(page)))
      },
    ],
    [
      'in and out of one set',
      () => {
        ForEach(Page, (page) => {
          free.remove(page)
          free.add(Choose('other', Page))
        })
      },
    ],
    [
      'a queue',
      () => {
        ForEach(Page, (page) => list.push(page))
      },
    ],
    [
      'up and down',
      () => {
        ForEach(Device, (device) =>
          If(driver.at(device).count.gt(0), () => total.increment()).Else(() => total.decrement()),
        )
      },
    ],
    [
      'a sum of both signs that saturates',
      () => {
        ForEach(Device, (device) => level.set(level.plus(change.at(device))))
      },
    ],
    [
      'a sum of both signs that stays in a range',
      () => {
        ForEach(Device, (device) => total.set(total.minus(change.at(device))))
      },
    ],
    [
      'a rise and a fall of a range',
      () => {
        ForEach(Device, (device) => {
          total.set(total.plus(driver.at(device).count))
          total.set(total.minus(1))
        })
      },
    ],
    [
      'a sum of numbers below zero, taken and added',
      () => {
        ForEach(Device, (device) => {
          level.set(level.plus(debt.at(device)))
          level.set(level.minus(debt.at(device)))
        })
      },
    ],
    [
      'a claim about a sum',
      () => {
        ForEach(Device, () => {
          total.increment()
          Assert('P', total.le(3))
        })
      },
    ],
    [
      'out of a queue',
      () => {
        ForEach(Page, (page) => {
          If(flag, () => list.pop()).Else(() => list.discard(page))
        })
      },
    ],
    [
      'true and false, wherever',
      () => {
        ForEach(Page, (page) =>
          If(free.has(page), () => seen.at(where.at(page)).set(false)).Else(() => seen.at(where.at(page)).set(true)),
        )
      },
    ],
    [
      'a disjunction, and false',
      () => {
        ForEach(Device, (device) => {
          flag.set(or(flag, driver.at(device).count.gt(0)))
          flag.set(false)
        })
      },
    ],
    [
      'a disjunction and a conjunction',
      () => {
        ForEach(Device, (device) => {
          flag.set(or(flag, driver.at(device).count.gt(0)))
          flag.set(and(flag, driver.at(device).count.gt(1)))
        })
      },
    ],
    [
      'a disjunction, and something else',
      () => {
        ForEach(Device, (device) => {
          flag.set(or(flag, driver.at(device).count.gt(0)))
          If(total.gt(0), () => flag.set(false))
        })
      },
    ],
    [
      'a disjunction that is read',
      () => {
        ForEach(Device, (device) => {
          flag.set(or(flag, driver.at(device).count.gt(0)))
          If(flag, () => driver.at(device).count.set(1))
        })
      },
    ],
    [
      'a disjunction with itself',
      () => {
        ForEach(Device, (device) => flag.set(or(flag, and(driver.at(device).count.gt(0), not(flag)))))
      },
    ],
    [
      'what is looked at only while it is false',
      () => {
        ForEach(Device, () => flag.set(or(flag, list.head.eq(Choose('page', Page)))))
      },
    ],
    [
      'bits set and taken away',
      () => {
        ForEach(Device, (device) => {
          total.setBits(driver.at(device).count)
          total.clearBits(1)
        })
      },
    ],
    [
      'bits of a number modulo three',
      () => {
        const three = shared('three', wrapping(3))
        ForEach(Device, (device) => three.setBits(driver.at(device).count))
      },
    ],
    [
      'a local that goes from one to the next',
      () => {
        const seen = Local('seen', Bool)
        ForEach(Device, (device) => {
          If(seen, () => driver.at(device).count.set(1))
          seen.set(driver.at(device).count.gt(0))
        })
      },
    ],
  ])('%s', (_name, write) => {
    expect(build(write)).toThrow(/HMM021/)
  })
  test('a witness of a sum', () => {
    const write = (): undefined => {
      ForEach(Device, () => {
        Cover('W', total.eq(3))
        total.increment()
      })
    }
    expect(() =>
      model('m', {
        threads: [
          thread('t', () => {
            Step('s', write)
          }),
        ],
        properties: [sometimes('W')],
      }),
    ).toThrow(/HMM021/)
  })
})

describe('bits of a number are refused where the order matters, and only there but for a few ranges that wrap', () => {
  const ways = ['|', '&', '&~'] as const
  const types = [
    [0, 7],
    [0, 5],
    [0, 4],
    [0, 6],
    [1, 7],
    [1, 5],
    [2, 6],
    [3, 3],
  ].flatMap(([low = 0, high = 0]) =>
    (['error', 'saturate', 'wrap'] as const).map((overflow) => ({ low, high, overflow })),
  )
  type Kind = (typeof types)[number]
  const fit = ({ low, high, overflow }: Kind, n: number): number | 'fails' => {
    if (n >= low && n <= high) return n
    if (overflow === 'error') return 'fails'
    const size = high - low + 1
    return overflow === 'saturate' ? (n < low ? low : high) : ((((n - low) % size) + size) % size) + low
  }
  const take = (way: (typeof ways)[number], a: number, b: number): number =>
    way === '|' ? a | b : way === '&' ? a & b : a & ~b
  const masks = [0, 1, 2, 3, 4, 5, 6, 7]
  const isOrdered = (kind: Kind, way: (typeof ways)[number]): boolean => {
    const after = (x: number, all: readonly number[]): number | 'fails' =>
      all.reduce<number | 'fails'>((n, mask) => (n === 'fails' ? n : fit(kind, take(way, n, mask))), x)
    const starts = Array.from({ length: kind.high - kind.low + 1 }, (_, n) => kind.low + n)
    return starts.some((x) => masks.some((a) => masks.some((b) => after(x, [a, b]) !== after(x, [b, a]))))
  }
  test.each(types.flatMap((kind) => ways.map((way) => ({ ...kind, way }))))(
    '$low to $high, $overflow: $way',
    ({ way, ...kind }) => {
      const type = { kind: 'int', ...kind } as const
      const n = ast.shared('n'),
        cell = ast.at(ast.shared('masks'), ast.local(0)),
        mask = ast.int(0, 7)
      const body = ast.step(ast.forEach(0, 1, ast.bool, ast.assign(n, ast.binary(n, way, cell))))
      const one = ast.configured({
        variables: [ast.variable('n', type), ast.variable('masks', ast.array(ast.bool, mask))],
        threads: [{ locals: [ast.bool, ast.setOf(ast.bool)], body: [body] }],
      })
      const validated = (): void => {
        validate(one)
      }
      if (isOrdered(kind, way)) expect(validated).toThrow('HMM021')
      else if (kind.overflow !== 'wrap' || (kind.low === 0 && kind.high === 7)) expect(validated).not.toThrow()
    },
  )
})
