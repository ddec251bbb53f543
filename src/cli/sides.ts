/** What a word of `diff` stands for: a variant of a model, which a catalogue knows or a file offers. */
import { resolve } from 'node:path'
import type { Catalogue, Protocol } from '../catalogue/protocol.ts'
import { settingOf } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { catalogueIn, protocolNamed } from './catalogues.ts'
import { parseModel } from './targets.ts'

/** A protocol in a variant. */
export interface Side {
  readonly protocol: Protocol
  /** The name of the variant. */
  readonly variant: string
  /** As it is shown: `kvm@as-6.12`, `old.ts:kvm@fixed`. */
  readonly name: string
}

/** A file, behind a colon a model that it offers, behind an at sign a variant. */
const OF_FILE = /^(.+\.[cm]?[jt]s)(?::([^@]+))?(?:@([^@]+))?$/

/**
 * @param known the models that have a name of their own
 * @param before the side before it: `@VARIANT` alone is of its model
 * @throws UsageError if there is no such file, model or variant, or if a file offers several models
 */
export async function sideOf(
  word: string,
  { known, cwd, before }: { readonly known: Catalogue; readonly cwd: string; readonly before?: Side },
): Promise<Side> {
  const [, file, ofFile, variantOfFile] = OF_FILE.exec(word) ?? []
  if (file !== undefined) {
    const offered = await catalogueIn(resolve(cwd, file), cwd)
    const side = sideIn(protocolIn(offered, file, ofFile), variantOfFile)
    return { ...side, name: `${file}:${side.name}` }
  }
  if (word.startsWith('@') && before !== undefined) return sideIn(before.protocol, word.slice(1))
  const { model, variant } = parseModel(word)
  return sideIn(protocolNamed(known, model), variant)
}

function sideIn(protocol: Protocol, wanted: string | undefined): Side {
  const variant = settingOf(protocol, { variant: wanted }).variant.name
  return { protocol, variant, name: `${protocol.name}@${variant}` }
}

function protocolIn(offered: Catalogue, file: string, name: string | undefined): Protocol {
  if (name !== undefined) return protocolNamed(offered, name)
  const [only, ...others] = offered
  if (only !== undefined && others.length === 0) return only
  throw new UsageError(
    'HMM293',
    only === undefined ? `${file} offers no model` : `${file} offers ${offered.length} models`,
    only === undefined
      ? 'name another file'
      : `name one of them: ${offered.map((one) => `${file}:${one.name}`).join(', ')}`,
  )
}
