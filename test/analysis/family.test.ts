/**
 * What stands still in one model, and is changed by another of the same text, is no warning; what no model changes
 * is.
 */
import { expect, test } from 'vitest'
import { relativeOf, type Relative } from '../../src/analysis/family.ts'
import { check } from '../../src/explorer/check.ts'
import type { Model } from '../../src/language/ast.ts'
import {
  Bool,
  configure,
  If,
  implies,
  invariant,
  model,
  or,
  procedure,
  range,
  shared,
  Step,
  struct,
  thread,
} from '../../src/language/index.ts'
import { small } from '../support/engine.ts'

const Driver = struct('driver', { bad: Bool, seen: Bool })
const driver = shared('driver', Driver),
  alone = shared('alone', Bool),
  n = shared('n', range(0, 3))
const work = procedure('work', [], () => {
  Step('work', () => {
    n.increment()
    If(driver.bad, () => {
      n.set(0)
    })
    If(alone, () => {
      n.set(0)
    })
  })
})
const properties = [invariant('i', or(n.le(3), driver.seen)), invariant('j', implies(driver.bad, n.le(2)))]
const worker = thread('worker', () => {
  work()
})
const plain = model('plain', { threads: [worker], properties })
const withBad = model('with-bad', { threads: [worker, thread('spoiler', () => driver.bad.set(true))], properties })
/** Of the same names, and of other text. */
const stranger = ((): Model => {
  const own = shared('alone', Bool)
  return model('stranger', { threads: [thread('t', () => own.set(true))], properties: [] })
})()

async function said(
  ...family: readonly (Model | Relative)[]
): Promise<{ readonly warnings: readonly string[]; readonly asked: number }> {
  let asked = 0
  const { warnings } = await check(configure(plain, { sizes: {}, constants: {} }), {
    ...small,
    family: function* () {
      for (const one of family) {
        asked += 1
        yield one
      }
    },
  })
  return { warnings: warnings.map(({ code, what }) => `${code} ${what}`), asked }
}

const ofAlone = [
  'HMM065 the variable alone never changes: nothing in plain assigns it',
  'HMM063 `if (alone)` of worker is never taken',
]
const ofBad = [
  'HMM065 the variable driver never changes: nothing in plain assigns it',
  'HMM063 `if (driver.bad)` of worker is never taken',
  'HMM064 the invariant j is vacuous: its premise is never true: `driver.bad`',
]

test('said of a model by itself, not of what another changes', async () => {
  expect((await said()).warnings.toSorted()).toEqual([...ofAlone, ...ofBad].toSorted())
  expect((await said(withBad)).warnings).toEqual(ofAlone)
  expect((await said(stranger)).warnings).toHaveLength(5)
  expect((await said(stranger, withBad)).warnings).toEqual(ofAlone)
})

test('what is known of a model says as much as the model does', async () => {
  const withAlone = model('with-alone', { threads: [worker, thread('other', () => alone.set(true))], properties })
  for (const family of [[withBad], [stranger, withBad], [withBad, stranger], [withBad, withAlone], [stranger]]) {
    const { warnings } = await said(...family)
    expect((await said(...family.map(relativeOf))).warnings).toEqual(warnings)
    const [first, ...others] = family
    if (first !== undefined) expect((await said(relativeOf(first), ...others)).warnings).toEqual(warnings)
    expect((await said(...others.map(relativeOf), ...family.slice(0, 1))).warnings).toEqual(warnings)
  }
})

test('a model is asked for only as long as there is something to say', async () => {
  const withAlone = model('with-alone', { threads: [worker, thread('other', () => alone.set(true))], properties })
  expect(await said(withBad, withAlone, stranger)).toEqual({ warnings: [], asked: 2 })
  const clean = configure(
    model('clean', {
      threads: [
        worker,
        thread('all', () => {
          driver.bad.set(true)
          alone.set(true)
        }),
      ],
      properties,
    }),
    { sizes: {}, constants: {} },
  )
  const { warnings } = await check(clean, {
    ...small,
    family: () => {
      throw new Error('asked')
    },
  })
  expect(warnings).toEqual([])
})
