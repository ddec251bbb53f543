/** Each name stands for one thing, and properties are used by their kind. */
import type { Model, Property, Statement } from '../ast.ts'
import { modelError } from '../errors.ts'
import { visitStatements } from '../walk.ts'
import { mistakeIn, textsOf, type ModelText } from './texts.ts'

export function checkNames(model: Model): void {
  unique(model, 'threads', model.threads)
  unique(model, 'properties', model.properties)
  unique(model, 'variables or constants', [...model.variables, ...model.constants])
  const properties = new Map(model.properties.map((property) => [property.name, property]))
  for (const property of model.properties)
    if (needsCondition(property) && property.condition === undefined) {
      throw modelError('HMM025', `the ${property.kind} ${property.name} has no condition`, model.name)
    }
  for (const text of textsOf(model))
    visitStatements(text.body, (s) => {
      if (s.kind === 'assert' && !s.always) mustBe(['assertion'], 'an Assert', s.property, s, text)
      if (s.kind === 'cover') mustBe(['sometimes', 'pair'], 'a Cover', s.property, s, text)
    })

  function mustBe(kinds: readonly Property['kind'][], use: string, name: string, s: Statement, text: ModelText): void {
    const property = properties.get(name)
    if (property === undefined)
      throw mistakeIn(text, s, 'HMM025', `${use} names ${name}, which the model does not declare`)
    if (!kinds.includes(property.kind))
      throw mistakeIn(text, s, 'HMM025', `${use} names ${name}, which is declared as ${property.kind}`)
  }
}

const needsCondition = ({ kind }: Property): boolean => kind === 'invariant' || kind === 'transition'

function unique(model: Model, what: string, all: readonly { readonly name: string }[]): void {
  const seen = new Set<string>()
  for (const { name } of all) {
    if (seen.has(name)) throw modelError('HMM002', `two ${what} are called ${name}`, model.name)
    seen.add(name)
  }
}
