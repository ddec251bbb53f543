/** Where a thread is inside a bracket, told from the text alone. */
import { expect, test } from 'vitest'
import { bracketsOf } from '../../src/compiler/brackets.ts'
import { lowerThread } from '../../src/compiler/lowering/lower.ts'
import {
  Acquire,
  array,
  atomic,
  Bool,
  configure,
  current,
  Either,
  Idle,
  If,
  Loop,
  model,
  none,
  optional,
  range,
  setOf,
  shared,
  Step,
  struct,
  thread,
  Thread,
} from '../../src/language/index.ts'
import type { Block } from '../../src/language/index.ts'

const lock = shared('lock', struct('mutex', { owner: optional(Thread) }))
const users = shared('users', setOf(Thread))
const counts = shared('counts', array(Thread, range(0, 3)))
const flag = shared('flag', Bool)

const mutex_lock = atomic('mutex_lock', [], () => {
  Acquire(lock.owner.isNone, (holder) => lock.owner.eq(holder))
  lock.owner.set(current)
})
const mutex_unlock = atomic('mutex_unlock', [], () => lock.owner.set(none))
const mark = (name: string) => Step(name, () => flag.set(true))

/** The marks before which the thread is inside. */
function insideOf(body: Block): readonly string[] {
  const closed = configure(model('m', { threads: [thread('t', body)] }), { sizes: {}, constants: {} })
  const [text] = closed.threads
  if (text === undefined) throw new Error('no thread')
  const program = lowerThread(closed, text)
  return [...bracketsOf(program)]
    .flatMap((point) => {
      const edge = program.edges.find(({ path }) => path === program.points[point]?.name)
      return edge?.statement?.kind === 'step' ? [edge.statement.label] : []
    })
    .toSorted()
}

test.each<readonly [string, Block, readonly string[]]>([
  [
    'a lock',
    () => {
      mark('before')
      mutex_lock()
      mark('held')
      mutex_unlock()
      mark('after')
    },
    ['held'],
  ],
  [
    'a lock on one way',
    () => {
      Either(
        () => mutex_lock(),
        () => mark('other'),
      )
      mark('may be held')
      mutex_unlock()
      mark('after')
    },
    ['may be held'],
  ],
  [
    'a trylock',
    () => {
      Step('try', () => If(lock.owner.isNone, () => lock.owner.set(current)))
      mark('may be held')
      mutex_unlock()
      mark('after')
    },
    ['may be held'],
  ],
  [
    'a set of users',
    () => {
      Step('get', () => users.add(current))
      mark('user')
      Step('put', () => users.remove(current))
      mark('after')
    },
    ['put', 'user'],
  ],
  [
    'a set that is emptied',
    () => {
      Step('get', () => users.add(current))
      mark('user')
      Step('empty', () => users.clear())
      mark('after')
    },
    ['empty', 'user'],
  ],
  [
    'a count',
    () => {
      Step('up', () => counts.at(current).increment())
      mark('counted')
      Step('down', () => counts.at(current).decrement())
      mark('after')
    },
    ['counted', 'down'],
  ],
  [
    'two at once',
    () => {
      mutex_lock()
      Step('get', () => users.add(current))
      mutex_unlock()
      mark('user')
      Step('put', () => users.remove(current))
      mark('after')
    },
    ['get', 'put', 'user'],
  ],
  [
    'what is read from its own place is not itself',
    () => {
      mark('one')
      Step('copy', () => flag.set(counts.at(current).gt(1)))
      mark('two')
    },
    [],
  ],
  [
    'a plain flag is none',
    () => {
      mark('one')
      mark('two')
    },
    [],
  ],
  [
    'round a loop',
    () => {
      Loop(() => {
        mark('round')
        mutex_lock()
        mark('held')
      })
    },
    ['held', 'round'],
  ],
  [
    'but not where it may rest for ever',
    () => {
      Loop(() => {
        Idle()
        mark('round')
        mutex_lock()
        mark('held')
      })
    },
    ['held'],
  ],
])('%s', (_, body, marks) => {
  expect(insideOf(body)).toEqual(marks)
})
