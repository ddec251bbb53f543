/**
 * Mutates recordings, and says which mutants are accepted: `npm run conform:mutated -- [--mutants N] [--seed N] FILE...`.
 * A recording with the driver as shipped has `shipped` in its name.
 */
import { basename } from 'node:path'
import { argv, cpuUsage, exit, stdout } from 'node:process'
import { conformanceModels } from '../../models/conformance/catalogue.ts'
import { UsageError } from '../../src/catalogue/usage.ts'
import { conform } from '../../src/conform/conform.ts'
import type { ConformanceModel, ConformanceVariant } from '../../src/conform/conformance.ts'
import { readRecording } from '../../src/conform/read.ts'
import type { Recording } from '../../src/conform/recording.ts'
import { eventText } from '../../src/conform/recording.ts'
import { isOfUnusedEntry, mutation, numbersFrom, type Mutation } from './mutations.ts'

/** Whether a recording is a run of the model. One that can't be compared is none. */
export function isRun(model: ConformanceModel, variant: ConformanceVariant, recording: Recording): boolean {
  try {
    return conform(model, variant, recording).rejection === undefined
  } catch (error) {
    if (error instanceof UsageError) return false
    throw error
  }
}

/** Places without a mutant of the kind that was drawn, one behind the other: more than these, and there is none. */
const MOST_TRIES = 1000

/** So many mutants of a recording; fewer where it has none. */
export function* mutantsOf(recording: Recording, count: number, seed: number): Generator<Mutation> {
  const random = numbersFrom(seed)
  for (let made = 0, tries = 0; made < count && tries < MOST_TRIES; tries += 1) {
    const one = mutation(recording, random)
    if (one === undefined) continue
    made += 1
    tries = 0
    yield one
  }
}

/** The model of the recordings, whose text is written down once. */
export function recordedModel(): ConformanceModel {
  const [model] = conformanceModels
  if (model === undefined) throw new TypeError('a model for recordings')
  const text = model.model()
  return { ...model, model: () => text }
}

/** The kernel of a recording, by its name. */
export function variantOf(model: ConformanceModel, file: string): ConformanceVariant {
  const wanted = file.includes('shipped') ? 'test-hmm-6.1-shipped' : 'test-hmm-6.1'
  const variant = model.variants.find(({ name }) => name === wanted)
  if (variant === undefined) throw new TypeError(wanted)
  return variant
}

function main(words: readonly string[]): number {
  const files: string[] = []
  const numbers = { '--mutants': 100, '--seed': 1 }
  for (let n = 0; n < words.length; n += 1) {
    const word = words[n] ?? ''
    if (word === '--mutants' || word === '--seed') numbers[word] = Number(words[(n += 1)])
    else files.push(word)
  }
  const model = recordedModel()
  let [rejected, explained, all] = [0, 0, 0]
  for (const file of files) {
    const recording = readRecording(file)
    const variant = variantOf(model, file)
    if (!isRun(model, variant, recording)) {
      stdout.write(`${basename(file)}: is no run of the model, or out of its scope\n`)
      continue
    }
    let [own, made] = [0, 0]
    for (const { name, at, text, mutant } of mutantsOf(recording, numbers['--mutants'], numbers['--seed'])) {
      made += 1
      if (!isRun(model, variant, mutant)) own += 1
      else if (isOfUnusedEntry(recording, at)) explained += 1
      else stdout.write(`  accepted: ${name}: ${eventText(at)}: ${text}\n`)
    }
    stdout.write(`${basename(file)}: ${own} of ${made} mutants are rejected\n`)
    rejected += own
    all += made
  }
  const { user, system } = cpuUsage()
  stdout.write(
    `${rejected} of ${all} mutants are rejected, ${explained} are about entries that nothing uses, in ${((user + system) / 1e6).toFixed(0)} s of processor\n`,
  )
  return rejected + explained >= 0.95 * all ? 0 : 1
}

if (argv[1]?.endsWith('mutated.ts') === true) exit(main(argv.slice(2)))
