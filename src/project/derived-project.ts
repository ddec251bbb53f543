/** A project begun from a model that ships: its sources, and a marked place for a change under review. */
import type { Expectation, Protocol } from '../catalogue/protocol.ts'
import { defaultVariant } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { packageVersion } from '../explorer/package-version.ts'
import { packageJson } from './package-json.ts'
import type { ProjectFile, ProjectParts, ProjectPlace } from './project.ts'
import { protocolExport, sourcesToCarry } from './sources.ts'
import { surroundings } from './template.ts'

/** The name of the switch of the change, and of the variant that has it. */
export const UNDER_REVIEW = 'under-review'

/** The model that a project is begun from. */
export interface Derived {
  readonly protocol: Protocol
  /** The variant that the change applies to. */
  readonly variant: string
}

/**
 * The files of the project.
 *
 * @throws UsageError HMM292 if this package has no sources of the model
 */
export function derivedProject(derived: Derived, parts: ProjectParts, place: ProjectPlace): readonly ProjectFile[] {
  const { name } = derived.protocol
  const sources = sourcesToCarry(name)
  const exported = protocolExport(sources.find(({ path }) => path === `models/${name}/protocol.ts`)?.text ?? '')
  if (exported === undefined)
    throw new UsageError('HMM292', `this package has no sources of ${name}`, 'derive from a model of `hmmcheck list`')
  const scripts = {
    check: `hmmcheck check ${name}@${UNDER_REVIEW}`,
    'check:all': 'hmmcheck check',
    watch: `hmmcheck watch ${name}@${UNDER_REVIEW}`,
    typecheck: 'tsc',
    test: 'vitest run',
  }
  return [
    { path: 'change.ts', text: changeText(derived) },
    { path: 'hmmcheck.config.ts', text: configText(derived, exported) },
    { path: 'model.test.ts', text: testText(derived) },
    ...sources,
    ...surroundings(parts, place),
    packageJson(`${name}-review`, scripts, place),
  ]
}

const changeText = ({ protocol: { name }, variant }: Derived): string => `/**
 * THE CHANGE UNDER REVIEW: a switch between the lines of the model as they are, and as the patch has them.
 *
 * Write both where the patch changes a line, in models/${name} or in the folders beside it:
 *
 *     import { change } from '../../change.ts'
 *     If(change, () => {
 *       // the lines as the patch has them
 *     }).Else(() => {
 *       // the lines as they are
 *     })
 *
 * Then \`npx hmmcheck check ${name}@${UNDER_REVIEW}\` checks ${variant} with the change, and \`npx hmmcheck check\` says
 * whether all verdicts without it are still those of the catalogue.
 */
import { Bool, constant } from 'hmmcheck'

export const change = constant('${UNDER_REVIEW}', Bool, { default: false })
`

const configText = ({ protocol: { name }, variant }: Derived, exported: string): string => `/**
 * The model ${name} as hmmcheck ${packageVersion()} has it, and one variant more: \`${UNDER_REVIEW}\`, which is
 * \`${variant}\` with the change. The model is described in node_modules/hmmcheck/docs/models/${name}.md.
 */
import { underReview } from 'hmmcheck'
import { change } from './change.ts'
import { ${exported} } from './models/${name}/protocol.ts'

export const protocol = underReview(${exported}, {
  change,
  to: '${variant}',
  summary: 'the change under review',
  // a mail, a commit or a branch
  source: 'the change is said to keep this verdict',
})

export const catalogue = [protocol]
`

/** The verdicts that the catalogue expects of these variants, of those that take seconds. */
function verdictsOf({ protocol, variant }: Derived): readonly Expectation[] {
  const large = new Set(protocol.scenarios.filter((one) => one.large === true).map(({ name }) => name))
  return protocol.expectations.filter(
    (one) =>
      [variant, defaultVariant(protocol)].includes(one.variant) && one.large !== true && !large.has(one.scenario),
  )
}

const row = ({ variant, scenario, violated = [] }: Expectation): string =>
  `  { variant: '${variant}', scenario: '${scenario}', violated: [${violated.map((one) => JSON.stringify(one)).join(', ')}] },`

function testText(derived: Derived): string {
  const { variant } = derived
  const verdicts = verdictsOf(derived)
  // a variant of which the catalogue says nothing: the test then says what \`fixed\` does
  const to = verdicts.some((one) => one.variant === variant) ? variant : defaultVariant(derived.protocol)
  return `/** The verdicts of the catalogue, without the change and with it. */
import 'hmmcheck/vitest'
import { describe, expect, test } from 'vitest'
import { protocol } from './hmmcheck.config.ts'

/** What the catalogue says; where nothing is violated, everything holds. */
const verdicts = [
${verdicts.map(row).join('\n')}
]

async function hasVerdict(variant: string, scenario: string, violated: readonly string[]): Promise<void> {
  if (violated.length === 0) await expect(protocol).toHold({ variant, scenario })
  for (const property of violated) await expect(protocol).toBeViolated(property, { variant, scenario })
}

describe('without the change', () => {
  test.each(verdicts)('$variant in $scenario: violated $violated', async ({ variant, scenario, violated }) => {
    await hasVerdict(variant, scenario, violated)
  }, 600_000)
})

describe('with the change, ${to ?? ''} has the same verdicts', () => {
  const kept = verdicts.filter(({ variant }) => variant === '${to ?? ''}')
  test.each(kept)('in $scenario: violated $violated', async ({ scenario, violated }) => {
    await hasVerdict('${UNDER_REVIEW}', scenario, violated)
  }, 600_000)
})
`
}
