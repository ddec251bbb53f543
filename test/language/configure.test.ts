/**
 * A configuration closes a model: sizes, constants, threads; what constants decide is gone, and nothing else has
 * moved.
 */
import { expect, test } from 'vitest'
import type { ConfiguredModel, Statement } from '../../src/language/ast.ts'
import {
  and,
  array,
  Await,
  Bool,
  Choose,
  cond,
  configure,
  constant,
  count,
  current,
  every,
  fix,
  If,
  implies,
  invariant,
  Loop,
  model,
  not,
  oneOf,
  optional,
  or,
  queueOf,
  range,
  setOf,
  shared,
  size,
  sizeOf,
  sort,
  Step,
  thread,
  Thread,
  threadPer,
  wrapping,
  yes,
} from '../../src/language/index.ts'
import { visitStatements } from '../../src/language/walk.ts'

const Device = sort('Device')
const x = shared('x', range(0, 9))
const careful = fix('careful')
const when = constant('when', oneOf('start', 'end'))
const many = constant('many', range(0, 5))

const pathsOf = (body: readonly Statement[] = []): readonly string[] => {
  const found: string[] = []
  visitStatements(body, ({ path }) => found.push(path))
  return found
}

test('of a test on constants the arm that is taken stays, under its own paths', () => {
  const made = model('m', {
    threads: [
      thread('t', () => {
        If(careful, () => {
          x.set(1)
          x.set(2)
        }).Else(() => x.set(3))
        If(and(careful, when.eq('end')), () => x.set(4))
        If(or(when.eq('end'), x.eq(1)), () => x.set(5))
      }),
    ],
  })
  const paths = (constants: Readonly<Record<string, boolean | string>>) =>
    pathsOf(configure(made, { sizes: {}, constants }).threads[0]?.body)
  expect(paths({ careful: true, when: 'end' })).toEqual(['0.then/0', '0.then/1', '1.then/0', '2.then/0'])
  expect(paths({ careful: false, when: 'start' })).toEqual(['0.else/0', '2', '2.then/0'])
})

test.each([
  ['and with a true', and(careful, x.eq(1)), 'x == 1'],
  ['and with a true behind', and(x.eq(1), careful), 'x == 1'],
  ['and with a false', and(not(careful), x.eq(1)), 'false'],
  // What stands before it may be a domain error.
  ['and with a false behind', and(x.eq(1), not(careful)), 'x == 1 && false'],
  ['implies', implies(careful, x.eq(1)), 'x == 1'],
  ['conditional', cond(careful, x, 3).eq(1), 'x == 1'],
  ['arithmetic', x.eq(many.plus(2)), 'x == 5'],
  ['order', or(many.gt(3), x.eq(1)), 'x == 1'],
  ['the size of a sort', x.eq(sizeOf(Device)), 'x == 2'],
  ['all of a sort', every(Device, () => careful), 'true'],
  ['how many of a sort', count(Device, () => yes).eq(2), 'true'],
])('constants are folded: %s', async (_name, condition, text) => {
  const { textOf } = await import('../../src/language/labels.ts')
  const made = model('m', {
    threads: [
      threadPer(Device, 'd', () => x.set(many)),
      thread('t', () => {
        If(careful, () => x.set(1))
      }),
    ],
    properties: [invariant('p', condition)],
  })
  const [property] = configure(made, { sizes: { Device: 2 }, constants: { careful: true, many: 3 } }).properties
  expect(textOf(property?.condition ?? x.node, { local: String })).toBe(text)
})

test('sizes close every bound', () => {
  const owners = shared('owners', array(Device, queueOf(Thread, size(Thread))))
  const level = shared('level', range(0, size(Device, -1)))
  const turn = shared('turn', wrapping(size(Device)))
  const made = model('m', {
    threads: [
      threadPer(Device, 'd', (device) => {
        owners.at(device).push(current)
      }),
      thread(
        't',
        () => {
          level.increment()
          turn.increment()
          Choose('n', range(0, size(Device, 2)))
        },
        { count: size(Device, 1) },
      ),
    ],
  })
  const { variables, threads, sizes, instances } = configure(made, { sizes: { Device: 2 }, constants: {} })
  expect(sizes).toEqual({ Device: 2, Thread: 5 })
  expect(variables.map(({ type }) => type)).toMatchObject([
    { of: { capacity: 5 } },
    { low: 0, high: 1 },
    { low: 0, high: 1, overflow: 'wrap' },
  ])
  expect(threads[1]).toMatchObject({ count: 3, locals: [{ type: { low: 0, high: 4 } }] })
  expect(instances).toEqual([
    { name: 'd[0]', thread: 0, self: 0 },
    { name: 'd[1]', thread: 0, self: 1 },
    { name: 't[0]', thread: 1 },
    { name: 't[1]', thread: 1 },
    { name: 't[2]', thread: 1 },
  ])
})

test('a scenario takes some of the threads', () => {
  const one = (name: string) =>
    thread(name, () => {
      Loop(() => x.set(1))
    })
  const made = model('m', { threads: [one('a'), one('b'), one('c')] })
  const { threads, instances } = configure(made, { sizes: {}, constants: {}, threads: ['c', 'a'] })
  expect(threads.map(({ name }) => name)).toEqual(['a', 'c'])
  expect(instances).toEqual([
    { name: 'a', thread: 0 },
    { name: 'c', thread: 1 },
  ])
})

test('no constant and no symbolic bound is left anywhere', () => {
  const flags = shared('flags', array(Device, setOf(Device)))
  const made = model('m', {
    threads: [
      threadPer(Device, 'd', (device) => {
        Loop(() =>
          Step('s', () => {
            Await(implies(careful, flags.at(device).has(device)))
            If(careful, () => flags.at(device).remove(device)).Else(() => x.set(many))
          }),
        )
      }),
    ],
    initially: () => {
      If(careful, () => x.set(many))
    },
    properties: [invariant('p', or(careful, x.le(many), shared('o', optional(Bool), true).isSome))],
  })
  const mentions = (configured: ConfiguredModel, kind: string): boolean =>
    JSON.stringify({ ...configured, constants: [] }).includes(kind)
  const configured = configure(made, { sizes: { Device: 2 }, constants: { careful: false, many: 2 } })
  expect(configured.constants).toEqual([])
  for (const word of ['"constant"', 'sizeOf', 'careful', 'many']) expect(mentions(configured, word)).toBe(false)
})
