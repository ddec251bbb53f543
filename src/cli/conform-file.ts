/** Compares one recording with one model, and says what was found. */
import { UsageError } from '../catalogue/usage.ts'
import { conform } from '../conform/conform.ts'
import type { ConformanceModel, ConformanceVariant } from '../conform/conformance.ts'
import { readRecording } from '../conform/read.ts'
import { conformanceText } from '../conform/text.ts'
import { didYouMean } from '../language/near.ts'
import { showCount } from '../report/numbers.ts'
import { print, type Context } from './context.ts'
import { HOLDS, VIOLATED } from './exit-codes.ts'
import type { ConformFlags } from './options/conform.ts'
import { progressLine } from './progress.ts'
import { parseModel } from './targets.ts'

/** @returns the exit code */
export async function conformFile({ environment }: Context, trace: string, flags: ConformFlags): Promise<number> {
  const { stdout, stderr } = environment
  const known = (await environment.conformance?.()) ?? []
  const { model, variant } = chosen(known, flags.model)
  const recording = readRecording(trace)
  const line = progressLine<{ readonly seconds: number; readonly done: number; readonly all: number }>(
    stderr,
    trace,
    ({ done, all }) => `${showCount(done)} of ${showCount(all)} events`,
  )
  const start = performance.now()
  const result = conform(model, variant, recording, flags, (done, all) => {
    line.onProgress({ seconds: (performance.now() - start) / 1000, done, all })
  })
  line.done()
  print(stdout, conformanceText(result, model.ignored))
  return result.rejection === undefined && result.falls.length === 0 ? HOLDS : VIOLATED
}

interface Chosen {
  readonly model: ConformanceModel
  readonly variant: ConformanceVariant
}

function chosen(known: readonly ConformanceModel[], text: string): Chosen {
  const { model: name, variant: wanted } = parseModel(text)
  const model = known.find((one) => one.name === name)
  const names = known.map((one) => one.name)
  if (model === undefined)
    throw new UsageError('HMM201', `no model for recordings is called ${name}`, didYouMean(name, names))
  const variant = wanted === undefined ? model.variants[0] : model.variants.find((one) => one.name === wanted)
  if (variant !== undefined) return { model, variant }
  const variants = model.variants.map((one) => one.name)
  throw new UsageError(
    'HMM202',
    `${name} has no variant ${wanted ?? ''} for recordings`,
    didYouMean(wanted ?? '', variants),
  )
}
