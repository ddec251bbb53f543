/** Checks by the real LTSmin, where it is installed: with two ranks over MPI, and with two processes. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { deviceMemoryProtocol } from '../../models/device-memory/protocol.ts'
import { mirror2017Protocol } from '../../models/mirror-2017/protocol.ts'
import { catalogueTargets } from '../../src/cli/targets.ts'
import { check } from '../../src/explorer/check.ts'
import { checkOn } from '../../src/explorer/checking.ts'
import { ltsminEngines } from '../../src/ltsmin/engines.ts'
import { descendantsOf } from '../../src/ltsmin/running.ts'
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

/** Large enough to be ended in the middle. */
const [large] = catalogueTargets([mirror2017Protocol])
if (large === undefined) throw new Error('no target')

/** Waits for a process of LTSmin that this process has started. */
async function searching(): Promise<number> {
  for (;;) {
    const pid = descendantsOf(process.pid).find((one) => /pins2lts/.test(nameOf(one)))
    if (pid !== undefined) return pid
    await sleep(20)
  }
}

function nameOf(pid: number): string {
  try {
    // a program that mpirun has started, and not mpirun, which has its name as an argument
    return readFileSync(`/proc/${pid}/comm`, 'utf8')
  } catch {
    return ''
  }
}

describe.skipIf(typeof tools === 'string').each(ltsminEngines)(`%s${reason}`, (engine) => {
  test.each(models)('$name', { timeout: 1_200_000 }, async ({ model }) => {
    if (typeof tools === 'string') return
    const theirs = await checkOn(hostWith(tools, { engine, ranks: 2 }), model, { symmetry: false })
    expect(differencesOf(theirs, await check(model, { symmetry: false }))).toEqual([])
  })

  test('a process that is killed is an error, and no verdict', { timeout: 1_200_000 }, async () => {
    if (typeof tools === 'string') return
    const checked = checkOn(hostWith(tools, { engine, ranks: 2 }), modelOf(large), { symmetry: false })
    const refused = expect(checked).rejects.toThrow(/HMM307/)
    process.kill(await searching(), 'SIGKILL')
    await refused
    expect(descendantsOf(process.pid).filter((pid) => /pins2lts/.test(nameOf(pid)))).toEqual([])
  })

  test('Ctrl-C ends all processes, and the verdict is incomplete', { timeout: 1_200_000 }, async () => {
    if (typeof tools === 'string') return
    const stop = new AbortController()
    const checked = checkOn(hostWith(tools, { engine, ranks: 2 }), modelOf(large), {
      symmetry: false,
      signal: stop.signal,
    })
    await searching()
    stop.abort()
    const { verdict, incomplete } = await checked
    expect({ verdict, incomplete }).toEqual({ verdict: 'incomplete', incomplete: 'interrupted' })
    expect(descendantsOf(process.pid).filter((pid) => /pins2lts/.test(nameOf(pid)))).toEqual([])
  })
})
