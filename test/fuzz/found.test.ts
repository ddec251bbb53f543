/** The engine and the interpreter on what they once differed on. */
import { expect, test } from 'vitest'
import { compare } from './compare.ts'
import { found } from './found.ts'

test.each(found)('engine and interpreter agree on what once differed: $what', async ({ model }) => {
  expect((await compare(model)).difference).toBeUndefined()
})
