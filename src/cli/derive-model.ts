/** Carries out `derive`: finds the model, and writes a project begun from its sources. */
import { resolve } from 'node:path'
import { settingOf } from '../catalogue/setting.ts'
import { derivedProject, UNDER_REVIEW } from '../project/derived-project.ts'
import { placeOf } from '../project/place.ts'
import { protocolNamed } from './catalogues.ts'
import type { Context } from './context.ts'
import { HOLDS } from './exit-codes.ts'
import { noteOnWorkflow, writeAndTell } from './make-project.ts'
import type { DeriveFlags } from './options/derive.ts'
import { parseModel } from './targets.ts'

/**
 * @param word `kvm`, `kvm@as-6.12`
 * @returns the exit code
 */
export function deriveModel(
  { catalogue, environment }: Context,
  word: string,
  named: string | undefined,
  flags: DeriveFlags,
): number {
  const { model, variant: wanted } = parseModel(word)
  const { protocol, variant } = settingOf(protocolNamed(catalogue, model), { variant: wanted })
  const folder = resolve(environment.cwd, named ?? '.')
  const place = placeOf(folder)
  writeAndTell(environment, folder, derivedProject({ protocol, variant: variant.name }, flags, place), [
    [`npx hmmcheck check ${model}@${UNDER_REVIEW}`, `checks ${variant.name} with the change, which change.ts is for`],
    ['npx hmmcheck check', 'says whether all verdicts of the catalogue are still there'],
    ['npx vitest run', 'runs the test'],
  ])
  noteOnWorkflow(environment, flags, place)
  return HOLDS
}
