/** The sources of a model that a project carries: all that it needs, and imports that lead to them. */
import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { importsOf, protocolExport, sourcesToCarry } from '../../src/project/sources.ts'

/** Words of the package that a model goes on to import by its name. */
const STAY = /^hmmcheck(\/kernel|\/properties|\/models\/(expect|too-large))?$/

describe.each(catalogue.map(({ name }) => name))('%s', (name) => {
  const files = new Map(sourcesToCarry(name).map(({ path, text }) => [path, text]))

  test('has its protocol, and no test or count', () => {
    expect(protocolExport(files.get(`models/${name}/protocol.ts`) ?? '')).toMatch(/Protocol$/)
    expect([...files.keys()].filter((path) => /counts|\.test\./.test(path))).toEqual([])
  })

  test('imports nothing but the package and files that are carried', () => {
    const lost = [...files].flatMap(([path, text]) =>
      importsOf(text)
        .filter((one) => !STAY.test(one) && !files.has(posix.join(posix.dirname(path), one)))
        .map((one) => `${path} imports ${one}`),
    )
    expect(lost).toEqual([])
  })

  test('TypeScript finds the same imports', () => {
    for (const text of files.values())
      expect(importsOf(text)).toEqual(ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName))
  })
})

test('other folders come along, and imports by name become relative', () => {
  const files = new Map(sourcesToCarry('mirror-4.20').map(({ path, text }) => [path, text]))
  expect([...files.keys()]).toContain('models/mirror/cpu.ts')
  expect(files.get('models/mirror-4.20/fixes.ts')).toContain("from '../mirror/fixes/locks.ts'")
  expect(files.get('models/mirror-4.20/expectations.ts')).toContain("from 'hmmcheck/models/expect'")
})

test('what does not ship has no sources', () => {
  expect(sourcesToCarry('my-driver')).toEqual([])
})
