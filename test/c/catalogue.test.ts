/** Models of the catalogue as C: the driver counts and finds what a check does, in default scenarios of `fixed`. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { catalogue } from '../../models/catalogue.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { differences, runModel, strict, writeModel } from '../support/native.ts'
import { modelOf } from '../support/targets.ts'

const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-c-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** The default scenario of a variant. */
function targetOf(protocol: (typeof catalogue)[number], variant: string): ReturnType<typeof catalogueTargets>[number] {
  const target = catalogueTargets([protocol], {}).find(({ setting }) => setting.variant.name === variant)
  if (target === undefined) throw new Error(`${protocol.name} has no variant ${variant}`)
  return target
}

test.each(catalogue.map(({ name }) => name))('%s', { timeout: 600_000 }, async (name) => {
  const protocol = catalogue.find((one) => one.name === name)
  if (protocol === undefined) throw new Error(`no model ${name}`)
  const model = modelOf(targetOf(protocol, 'fixed'))
  writeModel(model, folder)
  expect(await differences(model, runModel(folder))).toEqual([])
})

const clang = ['/usr/bin/clang', '/usr/local/bin/clang'].find((file) => existsSync(file))

test.skipIf(clang === undefined)(
  `clang has nothing to say${clang === undefined ? ' (skipped: no clang here; apt-get install clang)' : ''}`,
  { timeout: 600_000 },
  () => {
    const protocol = catalogue.find(({ name }) => name === 'mirror-2017')
    if (protocol === undefined) throw new Error('no model')
    writeModel(modelOf(targetOf(protocol, 'fixed')), folder)
    expect(runModel(folder, strict, clang).code).toBe(0)
  },
)

test('the steps to a violation are those of a shortest schedule', { timeout: 600_000 }, async () => {
  const protocol = catalogue.find(({ name }) => name === 'mirror-2017')
  if (protocol === undefined) throw new Error('no model')
  const model = modelOf(targetOf(protocol, 'as-posted'))
  writeModel(model, folder)
  const said = runModel(folder)
  expect(await differences(model, said)).toEqual([])
  expect(said.code).toBe(1)
  const lengths = [...said.verdicts.values()].flatMap((one) => /^violated after (\d+)$/.exec(one)?.[1] ?? [])
  expect(said.steps.length).toBe(Math.min(...lengths.map(Number)))
  expect(said.steps.every((step) => /^\w+(?:\[\d\])?: /.test(step))).toBe(true)
})
