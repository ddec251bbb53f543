/** State variables that nothing changes: what reads them has one answer, for ever. */
import type { Model, Statement } from '../language/ast.ts'
import { isVocabulary } from '../language/position.ts'
import { remembered } from '../language/remembered.ts'
import { rootOf, visitStatements } from '../language/walk.ts'
import { warning, type Warning } from './warning.ts'

/** The variables that a body changes. */
const changedBy = remembered((body: readonly Statement[]): ReadonlySet<string> => {
  const changed = new Set<string>()
  visitStatements(body, (s) => {
    const root = 'target' in s ? rootOf(s.target) : undefined
    if (root?.kind === 'shared') changed.add(root.name)
  })
  return changed
})

/**
 * @param model the whole model: what a scenario leaves out may change it
 * @param elsewhere fields that another model of the same text changes
 */
export function unchangedWarnings(
  { name: model, threads, initially, variables }: Model,
  elsewhere: readonly string[],
): readonly Warning[] {
  const changed = new Set(elsewhere.map((field) => field.split(/[.[]/)[0] ?? field))
  for (const { body } of [...threads, ...(initially === undefined ? [] : [initially])])
    for (const name of changedBy(body)) changed.add(name)
  return variables
    .filter(({ name, initial, at = '' }) => !changed.has(name) && initial.length < 2 && !isVocabulary(at))
    .map(({ name, at = model }) =>
      warning('HMM065', `the variable ${name} never changes: nothing in ${model} assigns it`, at),
    )
}
