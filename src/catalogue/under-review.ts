/** A protocol with a change under review: one variant more, and what is expected of it. */
import { type Model } from '../language/ast.ts'
import { constantOf } from '../language/declarations.ts'
import type { Bool } from '../language/types/bool.ts'
import { defineProtocol } from './define.ts'
import type { Protocol } from './protocol.ts'
import { settingOf } from './setting.ts'
import { UsageError } from './usage.ts'

/** A change that is under review: a patch to what a variant of a protocol models. */
export interface ChangeUnderReview {
  /**
   * The switch between the lines as they are and as the patch has them: `constant('under-review', Bool, { default:
   * false })`. Its name is the variant's, too.
   */
  readonly change: Bool
  /** The variant that the patch applies to. */
  readonly to: string
  /** The change, in one line. */
  readonly summary: string
  /** The source of the change: a mail, a commit, a branch. */
  readonly source: string
}

/**
 * The protocol, and one variant more: the one that the patch applies to, with the change. Until its expectations are
 * written otherwise, the change is expected to keep every verdict of that variant.
 *
 *     export const catalogue = [underReview(kvmProtocol, { change, to: 'fixed', summary: '...', source: '...' })]
 *
 * @throws UsageError HMM202 if there is no such variant, HMM212 if the change is no constant with the default false
 */
export function underReview(protocol: Protocol, { change, to, summary, source }: ChangeUnderReview): Protocol {
  const declared = constantOf(change.node)?.of
  if (declared?.default !== false)
    throw new UsageError(
      'HMM212',
      `the change under review of ${protocol.name} is not a constant that is false by default`,
      "declare it so: constant('under-review', Bool, { default: false })",
    )
  const { variant } = settingOf(protocol, { variant: to })
  const { name } = declared
  return defineProtocol({
    ...protocol,
    // the text need not ask for it yet
    model: withConstant(protocol.model, declared),
    variants: [
      ...protocol.variants,
      { ...variant, name, summary: `${to}, and ${summary}`, constants: { ...variant.constants, [name]: true } },
    ],
    expectations: [
      ...protocol.expectations,
      ...protocol.expectations
        .filter((one) => one.variant === to)
        .map((one) => ({ ...one, variant: name, source: `${source}; without the change: ${one.source}` })),
    ],
  })
}

const withConstant = (model: Model, declared: Model['constants'][number]): Model =>
  model.constants.some(({ name }) => name === declared.name)
    ? model
    : { ...model, constants: [...model.constants, declared] }
