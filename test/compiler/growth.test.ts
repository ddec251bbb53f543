/**
 * Code grows with the text: twice the statements are at most a little more than twice the code, whatever kind of
 * branch they are.
 */
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/compiler/compile.ts'
import { emitEngine } from '../../src/engine/module.ts'
import { resetDeadLocals } from '../../src/compiler/passes/dead-locals.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import {
  Acquire,
  array,
  Await,
  Bool,
  Break,
  configure,
  deadlock,
  Either,
  If,
  IfSome,
  invariant,
  Let,
  Local,
  lockDeadlock,
  Loop,
  Match,
  model,
  no,
  none,
  not,
  optional,
  procedure,
  range,
  Return,
  shared,
  Step,
  thread,
  Thread,
  union,
} from '../../src/language/index.ts'
import { agree } from '../support/engine.ts'

const x = shared('x', range(0, 3)),
  owner = shared('owner', optional(Thread)),
  entry = shared('entry', union('entry', { none: {}, page: { n: range(0, 3) }, swap: {} }))
const flags = (n: number) => shared('flags', array(range(0, n), Bool))
type Flag = ReturnType<ReturnType<typeof flags>['at']>
const each = (n: number, write: (i: number) => unknown): void => {
  for (let i = 0; i < n; i++) write(i)
}
const text = (write: () => void): ConfiguredModel =>
  configure(
    model('m', {
      threads: [
        thread(
          't',
          () => {
            write()
            x.set(1)
          },
          { count: 2 },
        ),
      ],
      properties: [invariant('i', x.ge(0)), deadlock(), lockDeadlock()],
    }),
    { sizes: {}, constants: {} },
  )
const inStep = (n: number, write: (flag: Flag) => unknown): ConfiguredModel => {
  const all = flags(n)
  return text(() => {
    Step('s', () => {
      each(n, (i) => write(all.at(i)))
      x.set(2)
    })
  })
}

const kinds: readonly (readonly [string, (n: number) => ConfiguredModel])[] = [
  [
    'tests of locals that change locals',
    (n) =>
      text(() => {
        const all = Array.from({ length: 8 }, (_, i) => Local(`l${i}`, Bool))
        Step('read', () => {
          for (const l of all) l.set(x.gt(0))
        })
        each(n, (i) => If(all[i % 8] ?? no, () => all[(3 * i) % 8]?.set(false)))
      }),
  ],
  [
    'tests in a loop, the last of which ends its round',
    (n) =>
      text(() => {
        const l = Local('l', range(0, 3))
        Loop(() => {
          x.set(0)
          each(n, (i) => If(l.eq(i % 4), () => l.set((i + 1) % 4)))
        })
      }),
  ],
  [
    'tests with a step in one arm',
    (n) =>
      text(() => {
        const l = Let('l', x.gt(0))
        each(n, () => If(l, () => x.set(2)))
      }),
  ],
  [
    'tests one in another',
    (n) =>
      text(() => {
        const l = Local('l', range(0, 3)),
          m = Let('m', x)
        each(n, (i) =>
          If(m.eq(i % 4), () => {
            If(l.eq(2), () => l.set(1)).Else(() => x.set(2))
          }),
        )
      }),
  ],
  [
    'matches',
    (n) =>
      text(() => {
        const l = Let('l', entry)
        each(n, () => Match(l, { none: () => undefined, page: ({ n: found }) => x.set(found), swap: () => undefined }))
      }),
  ],
  [
    'optionals',
    (n) =>
      text(() => {
        const l = Let('l', owner)
        each(n, () => {
          IfSome(l, () => l.set(none))
          If(l.isNone, () => x.set(2))
        })
      }),
  ],
  [
    'calls that return on some ways',
    (n) => {
      const f = procedure('f', [Bool], (b) => {
        If(b, () => Return())
        If(not(b), () => x.set(2))
      })
      return text(() => {
        const l = Let('l', x.gt(0))
        each(n, () => f(l))
      })
    },
  ],
  [
    'loops that are entered and left',
    (n) =>
      text(() => {
        const l = Let('l', x.gt(0))
        each(n, () =>
          Loop(() => {
            If(l, () => Break())
            x.set(2)
          }),
        )
      }),
  ],
  ['guards in a step', (n) => inStep(n, (flag) => If(flag, () => Await(x.gt(0))))],
  ['acquisitions in a step', (n) => inStep(n, (flag) => If(flag, () => Acquire(owner.isNone, (by) => owner.eq(by))))],
]

const bytes = (m: ConfiguredModel): number => emitEngine(compile(resetDeadLocals(m)), {}).length

describe('twice the text is not much more than twice the code', () => {
  test.each(kinds)('%s', (_, make) => {
    const [once, twice, fourTimes] = [60, 120, 240].map((n) => bytes(make(n)))
    // what each adds stays the same
    expect((fourTimes ?? 0) - (twice ?? 0)).toBeLessThan(2.5 * ((twice ?? 0) - (once ?? 0)))
  })
})

describe('and means the same', () => {
  test.each(kinds)('%s', async (_, make) => {
    await agree(make(3))
  })
  test('branches of an Either that go on together, in a step', async () => {
    await agree(
      inStep(2, (flag) =>
        If(flag, () => {
          Either(
            () => Await(x.gt(0)),
            () => Await(x.lt(1)),
          )
        }),
      ),
    )
  })
})
