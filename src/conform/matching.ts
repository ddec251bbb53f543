/** Compares what a step shows with what a recording says. */
import type { Expression, StatementOf, Type } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'
import type { Scope } from '../semantics/evaluate.ts'
import { DomainError, type Value } from '../semantics/values.ts'
import { namingOf, type DeclaredStep, type ObjectNames } from './declared.ts'
import type { Meaning } from './meaning.ts'
import type { Field, RecordedEvent } from './recording.ts'
import { isUnknown } from './unknown/value.ts'

/** The value of the model that a field stands for; undefined if it stands for none of this type. */
export function valueOf(type: Type, field: Field | undefined, names: ObjectNames): Value | undefined {
  if (field === undefined) return undefined
  if (type.kind === 'optional') return field === null ? null : valueOf(type.of, field, names)
  const naming = namingOf(type)
  if (naming !== undefined) return names.number(naming.sort, field)
  switch (type.kind) {
    case 'bool':
      return field === true || field === 1 ? true : field === false || field === 0 ? false : undefined
    case 'int':
      return typeof field === 'number' ? field : undefined
    case 'enum':
      return typeof field === 'string' ? field : undefined
    default:
      return undefined
  }
}

/** A value of the model, in the words of the recording. */
export function fieldFrom(type: Type, value: Value, names: ObjectNames): Field {
  if (value === null) return null
  if (type.kind === 'optional') return fieldFrom(type.of, value, names)
  const naming = namingOf(type)
  if (naming !== undefined) return names.name(naming.sort, Number(value))
  return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string' ? value : '...'
}

/** A field that differs: what the step shows, and what was recorded. */
export interface Difference {
  readonly field: string
  readonly shown: Field
  readonly recorded: Field | undefined
}

type Step = StatementOf<'step'>

/** A step that stands for events, ready to be compared with them. */
export interface Comparison {
  /** Whether what is always the same in it agrees: its name, and its literals. */
  mayBe(event: RecordedEvent): boolean
  /** For each local that the step chooses and shows: the value that it must have. Undefined if there is none. */
  bound(event: RecordedEvent): ReadonlyMap<number, readonly Value[]> | undefined
  /** The first field that differs at the end of the step; of those named, if some are. */
  difference(event: RecordedEvent, scope: Scope, among?: ReadonlySet<string>): Difference | undefined
  /** What the event says of expressions whose value was not known. */
  told(event: RecordedEvent, scope: Scope): readonly (readonly [Expression, Value])[]
}

const literals = (values: readonly (readonly [string, Expression])[]) =>
  values.flatMap(([name, of]) => (of.kind === 'literal' ? [[name, of.value] as const] : []))

/** The step, compared by the types that it was declared with. */
export function comparisonOf(
  step: Step,
  { types }: DeclaredStep,
  { names, meaning: { evaluate } }: { readonly names: ObjectNames; readonly meaning: Meaning },
): Comparison {
  const shows = step.shows ?? { event: '', values: {} }
  const values = Object.entries(shows.values)
  const constants = literals(values)
  const variable = values.filter(([, of]) => of.kind !== 'literal')
  const chosen = chosenIn(step)
  const choices = variable.flatMap(([name, of]) =>
    of.kind === 'local' && chosen.has(of.id) ? [{ name, id: of.id }] : [],
  )
  const typeOf = (name: string): Type => types[name] ?? { kind: 'bool' }
  return {
    mayBe: ({ kind, fields }) =>
      kind === shows.event && constants.every(([name, value]) => isLiteral(value, fields[name])),
    bound({ fields }) {
      const bound = new Map<number, readonly Value[]>()
      for (const { name, id } of choices) {
        const value = valueOf(typeOf(name), fields[name], names)
        if (value === undefined) return undefined
        bound.set(id, [value])
      }
      return bound
    },
    difference({ fields }, scope, among) {
      for (const [field, of] of variable) {
        if (among?.has(field) === false) continue
        const type = typeOf(field)
        const shown = valueIn(evaluate, scope, of)
        const recorded = fields[field]
        const isOpen = isUnknown(shown) && valueOf(type, recorded, names) !== undefined
        if (isOpen) continue
        if (shown === undefined || valueOf(type, recorded, names) !== shown)
          return { field, shown: shown === undefined ? 'nothing' : fieldFrom(type, shown, names), recorded }
      }
      return undefined
    },
    told: ({ fields }, scope) =>
      variable.flatMap(([field, of]) => {
        const value = valueOf(typeOf(field), fields[field], names)
        return value === undefined || !isUnknown(valueIn(evaluate, scope, of)) ? [] : [[of, value] as const]
      }),
  }
}

const isLiteral = (value: boolean | number | string, field: Field | undefined): boolean =>
  value === field || (typeof value === 'boolean' && field === (value ? 1 : 0))

function valueIn(evaluate: Meaning['evaluate'], scope: Scope, of: Expression): Value | undefined {
  try {
    return evaluate(scope, of)
  } catch (error) {
    if (error instanceof DomainError) return undefined
    throw error
  }
}

/** The locals that a step chooses. */
function chosenIn(step: Step): ReadonlySet<number> {
  const chosen = new Set<number>()
  visitStatements(step.body, (s) => {
    if (s.kind === 'choose') chosen.add(s.local)
  })
  return chosen
}
