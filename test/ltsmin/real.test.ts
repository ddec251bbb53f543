/** Checks by the real LTSmin, where it is installed: with two ranks over MPI, and with two processes. */
import { describe, expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../models/device-memory/protocol.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { checkOn } from '../../src/explorer/checking.ts'
import { ltsminEngines } from '../../src/ltsmin/engines.ts'
import { lostUpdate } from '../support/lost-update.ts'
import { notifier } from '../support/notifier.ts'
import { modelOf } from '../support/targets.ts'
import { differencesOf } from './compared.ts'
import { hostWith, realTools } from './tools.ts'

const tools = realTools()
const reason = typeof tools === 'string' ? ` (skipped: ${tools}; docs/beyond-one-machine.md has the recipe)` : ''
const models = [lostUpdate, notifier, deviceMemoryProtocol].flatMap((protocol) => {
  const [target] = catalogueTargets([protocol])
  return target === undefined ? [] : [{ name: protocol.name, model: modelOf(target) }]
})

describe.skipIf(typeof tools === 'string').each(ltsminEngines)(`%s${reason}`, (engine) => {
  test.each(models)('$name', { timeout: 1_200_000 }, async ({ model }) => {
    if (typeof tools === 'string') return
    const theirs = await checkOn(hostWith(tools, { engine, ranks: 2 }), model, { symmetry: false })
    expect(differencesOf(theirs, await check(model, { symmetry: false }))).toEqual([])
  })
})
