/** A check of a catalogue configures one model in hundreds of ways: what one run has needed is not kept for all others. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { settingOf } from '../../src/catalogue/setting.ts'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { configure } from '../../src/language/configure.ts'
import { mostRemembered } from '../../src/language/remembered.ts'
import { check } from '../../src/explorer/check.ts'
import { prepare, type Prepared } from '../../src/explorer/prepare.ts'
import { notifier } from '../support/notifier.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
/** Jobs of their own, since a WeakRef keeps its object to the end of the job. */
const later = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0)
  })

const { configuration } = settingOf(notifier)
const configured = (pages: number): ConfiguredModel =>
  configure(notifier.model, { ...configuration, sizes: { Device: 1, Page: pages } })

test('what was prepared for many sizes goes with the runs, but for that of the last', async () => {
  const kept: WeakRef<object>[] = []
  for (let pages = 1; pages <= 20; pages++) {
    const { compiled, reference, model }: Prepared = prepare(configured(pages), { warnings: true, symmetry: true })
    kept.push(...[compiled, reference, model, ...compiled.threads, ...model.threads].map((one) => new WeakRef(one)))
  }
  await later()
  collect()
  const left = kept.filter((one) => one.deref() !== undefined).length
  expect(left).toBeLessThanOrEqual((kept.length / 20) * mostRemembered)
})

test('so does what was checked, but for that of the last', async () => {
  const kept: WeakRef<object>[] = []
  let each = 0
  for (let pages = 1; pages <= 12; pages++) {
    const result = await check(configured(pages), { maxStates: 500 })
    each = 1 + result.properties.length
    kept.push(new WeakRef(result), ...result.properties.map((one) => new WeakRef(one)))
  }
  await later()
  collect()
  expect(kept.filter((one) => one.deref() !== undefined).length).toBeLessThanOrEqual(each)
})
