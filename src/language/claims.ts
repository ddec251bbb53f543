/**
 * Claims that a check judges: the properties that a model declares, and those judged of every model. Told apart by kind
 * and name: a user may call a property as he likes.
 */
import type { ImplicitProperty, AnyProperty, Model, PropertyKind } from './ast.ts'
import { visitStatements } from './walk.ts'

/** The name of a property, with its kind: a user may call a property as a misuse is called. */
export interface Claim {
  readonly kind: PropertyKind
  /** No two declared properties have one name; but one may be called as what is always judged. */
  readonly name: string
}

/** That no value leaves its type. */
export const domainClaim: Claim = { kind: 'domain', name: 'domain' }

export const isSameClaim = (one: Claim, other: Claim): boolean => one.kind === other.kind && one.name === other.name

/** Whether it is judged of every model, and declared by none. */
export const isAlwaysJudged = (kind: PropertyKind): kind is ImplicitProperty['kind'] =>
  kind === 'domain' || kind === 'misuse'

/** The claim of a schedule that shows nothing else. */
export const runClaim: Claim = { kind: 'run', name: 'run by hand' }

/** A type of its own, so that no name is taken for a key. */
export type ClaimKey = `${PropertyKind} ${string}`

/** The claim as a key: different for different claims, whatever they are called. */
export const claimKey = ({ kind, name }: Claim): ClaimKey => `${kind} ${name}`

/** The name, with the kind where another of those that are shown has the same name: `domain (sometimes)`. */
export function shownName(claim: Claim, among: readonly Claim[]): string {
  return among.some((other) => other.name === claim.name && other.kind !== claim.kind)
    ? `${claim.name} (${claim.kind})`
    : claim.name
}

/** The claims that are judged of a model without being declared. */
export function alwaysJudged({ threads }: Pick<Model, 'threads'>): readonly Claim[] {
  const misuses = new Set<string>()
  for (const { body } of threads)
    visitStatements(body, (s) => {
      if (s.kind === 'assert' && s.always) misuses.add(s.property)
    })
  return [domainClaim, ...[...misuses].map((name): Claim => ({ kind: 'misuse', name }))]
}

/**
 * The property that is claimed: as the model declares it, or without a declaration where its kind needs none.
 *
 * @returns undefined if the model does not declare it, and nothing is known of it but its name
 */
export function propertyOfClaim({ properties }: Pick<Model, 'properties'>, claim: Claim): AnyProperty | undefined {
  const { kind, name } = claim
  const declared = properties.find((one) => isSameClaim(one, claim))
  return declared ?? (kind === 'invariant' || kind === 'transition' || kind === 'pair' ? undefined : { kind, name })
}
