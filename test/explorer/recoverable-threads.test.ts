/**
 * As many threads as there are bits in a number, a half word, a word: a thread that waits for ever is found wherever
 * it stands, and no other is.
 */
import { describe, expect, test } from 'vitest'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import type { ThreadDraft } from '../support/ast.ts'
import {
  assign,
  binary,
  bool,
  configured,
  int,
  label,
  leave,
  loop,
  no,
  num,
  setOf,
  shared,
  skip,
  statement,
  step,
  variable,
  wait,
  when,
  choose,
  local,
  assert,
  yes,
} from '../support/ast.ts'
import { agree, said } from '../support/engine.ts'

const numbers = [31, 32, 33, 52, 53, 54, 63, 64]
/** Rests for ever where it may. */
const resting: ThreadDraft = { name: 'resting', body: [label(1, true), wait(shared('never'))] }
const stuck: ThreadDraft = { name: 'stuck', body: [wait(shared('never'))] }
/** Comes to its end, after some states in which it has not. */
const counting: ThreadDraft = {
  name: 'counting',
  body: [
    loop(
      1,
      when(binary(shared('n'), '==', num(3)), [leave('break', 1)]),
      assign(shared('n'), binary(shared('n'), '+', num(1))),
    ),
  ],
}

/** `counting` and, if there is one, `stuck`, at their places among so many threads. */
function modelOf(threads: number, places: Readonly<Record<number, ThreadDraft>>): ConfiguredModel {
  return configured({
    variables: [variable('never', bool), variable('n', int(0, 3))],
    threads: Array.from({ length: threads }, (_, n) => ({ ...(places[n] ?? resting), name: `t${n}` })),
    properties: [{ name: 'recoverable', kind: 'recoverable' }],
  })
}

describe.each(numbers)('%i threads', (threads) => {
  test.each([0, 30, 31, threads - 2].filter((place) => place < threads - 1))(
    'the one that is stuck is number %i',
    async (place) => {
      const last = threads - 1
      expect((await said(modelOf(threads, { [place]: stuck, [last]: counting }))).properties).toEqual({
        recoverable: 'violated in 0',
      })
      expect((await said(modelOf(threads, { [place]: counting }))).properties).toEqual({ recoverable: 'holds' })
    },
  )

  test('the last one is stuck', async () => {
    expect((await said(modelOf(threads, { 0: counting, [threads - 1]: stuck }))).properties).toEqual({
      recoverable: 'violated in 0',
    })
  })

  test('all wait, and none may', async () => {
    const all = {
      ...modelOf(threads, Object.fromEntries(Array.from({ length: threads }, (_, n) => [n, stuck]))),
      properties: [
        { name: 'deadlock', kind: 'deadlock' },
        { name: 'recoverable', kind: 'recoverable' },
      ],
    } as const
    expect((await said(all)).properties).toEqual({ deadlock: 'violated in 0', recoverable: 'violated in 0' })
    expect(
      (await said({ ...modelOf(threads, {}), properties: [{ name: 'deadlock', kind: 'deadlock' }] })).properties,
    ).toEqual({ deadlock: 'holds' })
  })

  test('the last waits for itself', async () => {
    const waiting = {
      kind: 'binary',
      operator: '==',
      left: { kind: 'bound', id: 9 },
      right: { kind: 'current' },
    } as const
    const model = {
      ...modelOf(threads, {
        [threads - 1]: { name: 'waiting', body: [wait(shared('never'), { bound: 9, condition: waiting })] },
      }),
      properties: [{ name: 'lock', kind: 'lock-deadlock' }],
    } as const
    expect((await said(model)).properties).toEqual({ lock: 'violated in 0' })
  })
})

test.each(numbers)('a set of %i numbers', async (size) => {
  const s = shared('s'),
    one = local(0),
    element = int(-3, size - 4)
  const has = binary(s, 'has', one)
  const change = (kind: 'insert' | 'remove') => statement({ kind, target: s, value: one })
  await agree(
    configured({
      variables: [
        variable('s', setOf(element)),
        variable('full', setOf(element), { kind: 'all', type: setOf(element) }),
      ],
      threads: [
        {
          locals: [element],
          body: [
            choose(0),
            change('insert'),
            step(assert('there', has)),
            step(
              statement({ kind: 'remove', target: shared('full'), value: one }),
              assert('gone', binary(binary(shared('full'), 'has', one), '==', no)),
            ),
            change('remove'),
            skip,
          ],
        },
      ],
      properties: [
        { name: 'there', kind: 'assertion' },
        { name: 'gone', kind: 'assertion' },
        {
          name: 'sizes',
          kind: 'invariant',
          condition: binary(
            binary({ kind: 'size', of: s }, '<=', num(1)),
            'and',
            binary({ kind: 'size', of: shared('full') }, '>=', num(size - 1)),
          ),
        },
        {
          name: 'all',
          kind: 'sometimes',
          condition: binary(binary({ kind: 'size', of: shared('full') }, '==', num(size)), '==', yes),
        },
      ],
    }),
  )
})
