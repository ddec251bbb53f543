/**
 * Models that are made of the same text: a driver's state and procedures, with and without what another version adds.
 * A field that one of them changes may stand still in another, and a test of it there has one answer: that is what the
 * other model is, and not a reason to warn.
 *
 * Two models share what was declared in the same line under the same name.
 */
import type { Model } from '../language/ast.ts'
import { remembered } from '../language/remembered.ts'
import { writesIn } from './fields.ts'
import type { Warning } from './warning.ts'

/** A model as far as another model of the same text looks at it. */
export interface Relative {
  readonly variables: readonly { readonly name: string; readonly at?: string }[]
  /** The fields that it writes, each with the line that does. */
  readonly writes: readonly { readonly field: string; readonly at: string }[]
}

/** The other models of a catalogue, each recorded when it is asked for; or what is known of them without that. */
export type Family = () => Iterable<Model | Relative>

export const relativeOf: (model: Model) => Relative = remembered(({ variables, threads, initially }) => {
  const writes = new Map<string, Relative['writes'][number]>()
  for (const { body } of [...threads, ...(initially === undefined ? [] : [initially])])
    for (const { field, statement } of writesIn(body))
      writes.set(`${field} ${statement.at}`, { field, at: statement.at })
  return {
    variables: variables.map(({ name, at }) => ({ name, ...(at === undefined ? {} : { at }) })),
    writes: [...writes.values()],
  }
})

/** The fields of variables that both models have which the other writes in lines that this one has no part of. */
function changedIn(other: Relative, model: Relative): readonly string[] {
  const declared = new Set(other.variables.map(({ name, at }) => `${name} ${at ?? ''}`))
  const common = new Set(
    model.variables.flatMap(({ name, at }) => (at !== undefined && declared.has(`${name} ${at}`) ? [name] : [])),
  )
  if (common.size === 0) return []
  const mine = new Set(model.writes.map(({ field, at }) => `${field} ${at}`))
  return [
    ...new Set(
      other.writes.flatMap(({ field, at }) =>
        common.has(field.split(/[.[]/)[0] ?? field) && !mine.has(`${field} ${at}`) ? [field] : [],
      ),
    ),
  ]
}

const isOfStandingStill = ({ code }: Warning): boolean => code === 'HMM063' || code === 'HMM064' || code === 'HMM065'

/**
 * The warnings of a model, without those about fields that another model changes.
 *
 * @param warningsFor the warnings, if these fields are changed elsewhere
 */
export function withFamily(
  model: Model,
  family: Family,
  warningsFor: (elsewhere: readonly string[]) => readonly Warning[],
): readonly Warning[] {
  let elsewhere: readonly string[] = []
  let warnings = warningsFor(elsewhere)
  // recording a model takes a while
  if (!warnings.some(isOfStandingStill)) return warnings
  const mine = relativeOf(model)
  // Of relatives that are known, the warnings are asked for once; a model that had to be recorded may be the last.
  let isDue = false
  for (const other of family()) {
    const isKnown = 'writes' in other
    const more = changedIn(isKnown ? other : relativeOf(other), mine)
    if (more.length === 0) continue
    elsewhere = [...elsewhere, ...more]
    isDue = isKnown
    if (isKnown) continue
    warnings = warningsFor(elsewhere)
    if (!warnings.some(isOfStandingStill)) break
  }
  return isDue ? warningsFor(elsewhere) : warnings
}
