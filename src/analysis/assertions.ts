/**
 * Assertions that are declared and never asserted, or asserted and not declared; and a model that claims nothing at
 * all.
 */
import type { Model } from '../language/ast.ts'
import { nearest } from '../language/near.ts'
import { isVocabulary } from '../language/position.ts'
import { remembered } from '../language/remembered.ts'
import { visitStatements } from '../language/walk.ts'
import { warning, type Warning } from './warning.ts'
import { warnings } from './warnings.ts'

/** Of the whole model: what a scenario leaves out is asserted all the same. */
export const assertionWarnings: (model: Model) => readonly Warning[] = remembered(warningsOf)

function warningsOf({ name: model, at = model, threads, initially, properties }: Model): readonly Warning[] {
  const asserted = new Map<string, string>()
  for (const { body } of [...threads, ...(initially === undefined ? [] : [initially])]) {
    visitStatements(body, (s) => {
      if (s.kind === 'assert' && (!asserted.has(s.property) || isVocabulary(asserted.get(s.property) ?? '')))
        asserted.set(s.property, s.at)
    })
  }
  // the vocabulary's own assertions need no declaration; their names show where they belong: P-REF-ZERO
  const undeclared = properties
    .filter(({ undeclared: is, name }) => is === true && !isVocabulary(asserted.get(name) ?? ''))
    .map(({ name }) => name)
  const declared = properties.filter((property) => property.undeclared !== true)
  return [
    ...(properties.some(({ byDefault }) => byDefault !== true)
      ? []
      : [warning('HMM060', `${model} declares no property, so a check judges only those that every model has`, at)]),
    ...declared
      .filter(({ kind, name }) => kind === 'assertion' && !asserted.has(name))
      .map(({ name, at: place = at }) =>
        warning('HMM061', `the assertion ${name} is declared and never asserted, so it cannot fail`, place, {
          remedy: near('HMM061', name, undeclared),
        }),
      ),
    ...undeclared.map((name) =>
      warning('HMM062', `${name} is asserted and not declared`, asserted.get(name) ?? at, {
        remedy: near(
          'HMM062',
          name,
          declared.map((one) => one.name),
        ),
      }),
    ),
  ]
}

/** The remedy, with the name that may be meant if there is one to take for it. */
function near(code: 'HMM061' | 'HMM062', name: string, others: readonly string[]): string {
  const meant = nearest(name, others)
  return meant.length === 0 ? warnings[code].remedy : `${warnings[code].remedy}; did you mean ${meant.join(' or ')}?`
}
