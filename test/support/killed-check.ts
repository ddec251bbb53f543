/**
 * The process that tests kill: it checks a model, keeps checkpoints as often as it can, goes on from the file if there
 * is one, and prints what a user is told when it is done.
 *
 *     node --import tsx test/support/killed-check.ts NAME FILE
 */
import { existsSync } from 'node:fs'
import { check } from '../../src/explorer/check.ts'
import { killed, type KilledName } from './killed.ts'
import { told } from './told.ts'

const [name = '', file = ''] = process.argv.slice(2)
const isName = (text: string): text is KilledName => Object.hasOwn(killed, text)
if (!isName(name)) throw new Error(`no check is called ${name}`)
const { model, settings } = killed[name]
process.stdout.write('begins\n')
const result = await check(model(), {
  ...settings,
  checkpoint: { file, every: 0 },
  ...(existsSync(file) ? { resume: file } : {}),
})
process.stdout.write(`${JSON.stringify(told(result))}\n`, () => {
  process.exit(0)
})
