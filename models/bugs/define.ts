/** Checks what is said of bugs against the catalogue that they are said of. */
import { didYouMean } from '../../src/language/near.ts'
import type { Catalogue } from 'hmmcheck'
import { UsageError } from '../../src/catalogue/usage.ts'
import type { Bug, Finding, Holding } from './bug.ts'

/**
 * The bugs in the order of their ids, if nothing is wrong with them.
 *
 * @throws UsageError HMM212 if an id is there twice, or a finding names what the catalogue does not have or does not
 *   expect
 */
export function defineBugs(catalogue: Catalogue, bugs: readonly Bug[]): readonly Bug[] {
  const sorted = bugs.toSorted((a, b) => a.id.localeCompare(b.id, 'en'))
  for (const [at, { id, place }] of sorted.entries()) {
    const mistake =
      sorted[at + 1]?.id === id
        ? 'it is there twice'
        : !/^([BDE]-\d\d[a-z]?|G6-\d\d)$/.test(id)
          ? 'its id is none'
          : place.kind === 'closed'
            ? place.holds.map((one) => mistakeOfHolding(catalogue, one)).find((one) => one !== undefined)
            : place.kind !== 'found'
              ? undefined
              : place.findings.length === 0
                ? 'it is found nowhere'
                : place.findings.map((finding) => mistakeOf(catalogue, finding)).find((one) => one !== undefined)
    if (mistake !== undefined) throw new UsageError('HMM212', `the bug ${id}: ${mistake}`)
  }
  return sorted
}

function mistakeOf(catalogue: Catalogue, { model, variant, scenario, property, fixes }: Finding): string | undefined {
  const protocol = catalogue.find(({ name }) => name === model)
  if (protocol === undefined) return unknown('model', model, catalogue)
  const { variants, scenarios, expectations } = protocol
  const buggy = variants.find(({ name }) => name === variant)
  if (buggy === undefined) return unknown(`variant of ${model}`, variant, variants)
  if (!scenarios.some(({ name }) => name === scenario)) return unknown(`scenario of ${model}`, scenario, scenarios)

  const where = `${model}@${variant} in ${scenario}`
  const expected = (name: string) => expectations.find((one) => one.variant === name && one.scenario === scenario)
  if (expected(variant)?.violated?.includes(property) !== true)
    return `${property} is not expected to be violated by ${where}`
  if (expected('fixed')?.verdict !== 'holds') return `nothing says that ${model}@fixed holds in ${scenario}`

  const fixed = variants.find(({ name }) => name === 'fixed')?.constants ?? {}
  const same = fixes.find((name) => fixed[name] === buggy.constants[name])
  if (same !== undefined) return `${same} is no difference between ${model}@fixed and ${variant}`
  return fixes.length === 0 ? `nothing is said to correct ${where}` : undefined
}

function mistakeOfHolding(catalogue: Catalogue, { model, variant, scenario }: Holding): string | undefined {
  const expected = catalogue
    .find(({ name }) => name === model)
    ?.expectations.find((one) => one.variant === variant && one.scenario === scenario)
  return expected?.verdict === 'holds' ? undefined : `nothing says that ${model}@${variant} holds in ${scenario}`
}

function unknown(what: string, name: string, known: readonly { readonly name: string }[]): string {
  return `there is no ${what} ${name}; ${didYouMean(
    name,
    known.map((one) => one.name),
  )}`
}
