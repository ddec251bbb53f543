/**
 * Random models for as long as asked: `npm run fuzz -- --seconds 600 --seed 7`.
 *
 * --seconds N      how long (60)
 * --seed N         the same seed, the same models; the time of day if absent
 * --pairs          only models by uses, until every use of a kind, with a type, at a place was covered once; else
 * each third model is one
 * --transitions N  where the reference search gives up (20,000); what is larger is compared state by state only
 * --native       each model is written as C too, compiled with its sanitizers by gcc, and searched by the driver
 * --failures N     how many failures end it (3)
 *
 * Each model is searched by the engine and by the interpreter, in one share and in two, with and without what a
 * search leaves out, and with symmetry, for whose sake each second names no element; each fifth is held to the laws (laws.ts). At the end stand what the models were like, how many
 * pairs and uses are covered, and why others cannot be. What differs is made small and printed as code. Exit code 1
 * if anything did.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import type { ConfiguredModel } from '../../src/language/ast.ts'
import { compare, compareForm, forms, report } from './compare.ts'
import type { CompareOptions } from './compare.ts'
import { breaches } from './laws.ts'
import { differences, runModel, sanitized, writeModel } from '../support/native.ts'
import { nameless } from '../support/nameless.ts'
import { isValid, modelArbitrary } from './model-arbitrary.ts'
import { impossible, pairsIn, possible, useKey } from './pairs/coverage.ts'
import { covering, drawFrom } from './pairs/systematic.ts'
import { portrait, statisticsOf } from './statistics.ts'
import type { Portrait } from './statistics.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    transitions: { type: 'string', default: '20000' },
    failures: { type: 'string', default: '3' },
    pairs: { type: 'boolean', default: false },
    native: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const until = Date.now() + Number(values.seconds) * 1000
const portraits: Portrait[] = []
let [failures, byUses, natives] = [0, 0, 0]

/** One engine after the other: with partitions that overflow, with two workers, with a hash that collides. */
const engines: readonly CompareOptions['engine'][] = [
  {},
  { partitionBytes: 2 ** 16 },
  { workers: 2 },
  { workers: 2, partitionBytes: 2 ** 16 },
  { hashBits: 4 },
]
const pairs = new Set<string>()
const uses = new Set<string>()
const models = covering(seed, (use) => [useKey(use)])
const small: CompareOptions = {
  maxTransitions: Number(values.transitions),
  maxStates: 300,
  engine: { partitionBytes: 2 ** 22 },
}

async function fail(which: string, difference: string, model: ConfiguredModel): Promise<void> {
  failures++
  process.stdout.write(`\n${which}: ${difference}\n\n${await report(model, small)}\n`)
}

/** The next model that covers something; false when there is nothing left. */
async function nextByUses(n: number): Promise<boolean> {
  const next = models.next()
  if (next.done === true) return false
  const { model, uses: mine } = next.value
  byUses++
  for (const form of values.pairs ? [forms[n % 2] ?? {}] : forms) {
    const { difference } = await compareForm(model, form, small)
    if (difference !== undefined) {
      await fail(`model ${byUses} by uses of seed ${seed}, ${JSON.stringify(form)}`, difference, model)
      break
    }
  }
  for (const use of mine) {
    uses.add(useKey(use))
    for (const pair of pairsIn(use)) pairs.add(pair)
  }
  return true
}

async function nextRandom(n: number): Promise<void> {
  const [drawn] = fc.sample(modelArbitrary, { seed: seed + n, numRuns: 1 })
  const model = n % 2 === 1 && drawn !== undefined && isValid(nameless(drawn)) ? nameless(drawn) : drawn
  if (model === undefined) throw new Error('no model')
  const options: CompareOptions = { ...small, engine: { partitionBytes: 2 ** 22, ...engines[n % 20] } }
  const { difference, reference } = await compare(model, options)
  portraits.push(portrait(model, reference))
  if (difference !== undefined) await fail(`seed ${seed + n}`, difference, model)
  if (values.native && reference.complete) await compareNative(`seed ${seed + n}, as C`, model)
  if (n % 5 !== 0) return
  const [broken] = await breaches(model, { draw: drawFrom(seed + n), flags: n % 50 === 0 ? [{ workers: 2 }] : [] })
  if (broken !== undefined) await fail(`seed ${seed + n}, a law`, broken, model)
}

/** The model as C, compiled and searched. */
async function compareNative(which: string, model: ConfiguredModel): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hmmcheck-fuzz-'))
  try {
    writeModel(model, folder)
    const [difference] = await differences(model, runModel(folder, sanitized))
    natives++
    if (difference !== undefined) await fail(which, difference, model)
  } catch (error) {
    await fail(which, error instanceof Error ? error.message : String(error), model)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

process.stdout.write(`seed ${seed}\n`)
let left = true
for (let n = 0; Date.now() < until && failures < Number(values.failures) && (left || !values.pairs); n++) {
  if (left && (values.pairs || n % 3 === 0)) left = await nextByUses(n)
  else await nextRandom(n)
}

const allPairs = new Set(possible.flatMap(pairsIn)).size
process.stdout.write(
  `${JSON.stringify({ failures, ...(portraits.length > 0 && statisticsOf(portraits)) }, undefined, 1)}\n`,
)
if (values.native) process.stdout.write(`${natives} models as C\n`)
process.stdout.write(
  `${byUses} models by uses: ${pairs.size} of ${allPairs} pairs, ${uses.size} of ${possible.length} uses\n`,
)
for (const [reason, count] of impossible) process.stdout.write(`${String(count).padStart(6)} cannot occur: ${reason}\n`)
process.exitCode = failures > 0 ? 1 : 0
