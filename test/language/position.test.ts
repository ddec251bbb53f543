/** Places in files whose names are unusual. */
import { expect, test } from 'vitest'
import { path } from '../../src/language/position.ts'

test.each([
  ['file:///home/me/driver.ts', '/home/me/driver.ts'],
  ['file:///home/me/my%20models/%23%25/%E4%B8%8D.ts', '/home/me/my models/#%/不.ts'],
  ['file:///home/me/driver.ts?namespace=1', '/home/me/driver.ts'],
  ['file:///home/me/100%/driver.ts', '/home/me/100%/driver.ts'],
  ['file:///C:/Users/a%20b/driver.ts', 'C:/Users/a b/driver.ts'],
  ['C:\\Users\\a b\\driver.ts', 'C:/Users/a b/driver.ts'],
  ['/home/me/back\\slash/#/driver.ts', '/home/me/back\\slash/#/driver.ts'],
])('%s', (url, file) => {
  expect(path(url)).toBe(file)
})
