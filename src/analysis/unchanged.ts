/** State variables that nothing changes: what reads them has one answer, for ever. */
import type { Model } from '../language/ast.ts'
import { isVocabulary } from '../language/position.ts'
import { rootOf, visitStatements } from '../language/walk.ts'
import { warning, type Warning } from './warning.ts'

/**
 * @param model the whole model: what a scenario leaves out may change it
 * @param elsewhere fields that another model of the same text changes
 */
export function unchangedWarnings(
  { name: model, threads, initially, variables }: Model,
  elsewhere: readonly string[],
): readonly Warning[] {
  const changed = new Set(elsewhere.map((field) => field.split(/[.[]/)[0] ?? field))
  for (const { body } of [...threads, ...(initially === undefined ? [] : [initially])]) {
    visitStatements(body, (s) => {
      const root = 'target' in s ? rootOf(s.target) : undefined
      if (root?.kind === 'shared') changed.add(root.name)
    })
  }
  return variables
    .filter(({ name, initial, at = '' }) => !changed.has(name) && initial.length < 2 && !isVocabulary(at))
    .map(({ name, at = model }) =>
      warning('HMM065', `the variable ${name} never changes: nothing in ${model} assigns it`, at),
    )
}
