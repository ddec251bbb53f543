/**
 * Random models for as long as asked: `npm run fuzz -- --seconds 600 --seed 7`.
 *
 * What differs is made small and printed as code. Exit code 1 if anything did.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { compare, report } from './compare.ts'
import type { CompareOptions } from './compare.ts'
import { modelArbitrary } from './model-arbitrary.ts'
import { portrait, statisticsOf } from './statistics.ts'
import type { Portrait } from './statistics.ts'

const { values } = parseArgs({ options: {
  seconds: { type: 'string', default: '60' },
  seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  transitions: { type: 'string', default: '20000' },
  failures: { type: 'string', default: '3' },
} })
const seed = Number(values.seed)
const until = Date.now() + Number(values.seconds) * 1000
const portraits: Portrait[] = []
let failures = 0

/** One engine after the other: with partitions that overflow, with two workers, with a hash that collides. */
const engines: readonly CompareOptions['engine'][] = [{}, { partitionBytes: 2 ** 16 }, { workers: 2 }, { workers: 2, partitionBytes: 2 ** 16 }, { hashBits: 4 }]

process.stdout.write(`seed ${seed}\n`)
for (let n = 0; Date.now() < until && failures < Number(values.failures); n++) {
  const [model] = fc.sample(modelArbitrary, { seed: seed + n, numRuns: 1 })
  if (model === undefined) throw new Error('no model')
  const options: CompareOptions = { maxTransitions: Number(values.transitions), maxStates: 300, engine: { partitionBytes: 2 ** 22, ...engines[n % 20] } }
  const { difference, reference } = await compare(model, options)
  portraits.push(portrait(model, reference))
  if (difference === undefined) continue
  failures++
  process.stdout.write(`\nseed ${seed + n}: ${difference}\n\n${await report(model, options)}\n`)
}
process.stdout.write(`${JSON.stringify({ failures, ...statisticsOf(portraits) }, undefined, 1)}\n`)
process.exitCode = failures > 0 ? 1 : 0
