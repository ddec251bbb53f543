/** What is remembered of a part is found again, and does not stay for ever. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { mostRemembered, rememberedByKey } from '../../src/language/remembered.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const keys = Array.from({ length: mostRemembered + 1 }, (_, n) => `key ${n}`)
const [first = '', second = ''] = keys

test('the last keys are found again, the one that was asked for longest ago is not', () => {
  const known = rememberedByKey<object, object>()
  const part = {}
  const of = (key: string): object => known(part, key, () => ({ key }))
  const made = keys.slice(0, mostRemembered).map(of)
  expect(keys.slice(0, mostRemembered).map(of)).toEqual(made)
  expect(of(first)).toBe(made[0])
  of(keys.at(-1) ?? '')
  expect(of(first)).toBe(made[0])
  expect(of(second)).not.toBe(made[1])
})

test('another part has keys of its own', () => {
  const known = rememberedByKey<object, object>()
  const [one, other] = [{}, {}]
  const made = known(one, first, () => ({}))
  for (const key of keys) known(other, key, () => ({}))
  expect(known(one, first, () => ({}))).toBe(made)
})

test('what was computed for many keys is given back to the memory', () => {
  const known = rememberedByKey<object, object>()
  const part = {}
  const made = Array.from({ length: 100 }, (_, n) => new WeakRef(known(part, String(n), () => ({ n }))))
  // a job of its own, since a WeakRef keeps its object to the end of the job
  return new Promise<void>((resolve) => {
    setTimeout(() => {
      collect()
      expect(made.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(mostRemembered)
      expect(known(part, '99', () => ({}))).toEqual({ n: 99 })
      resolve()
    }, 0)
  })
})
