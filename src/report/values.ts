/** A value of the state as a reader of the kernel would write it. */
import { match } from 'ts-pattern'
import type { ConfiguredModel, Type } from '../language/ast.ts'
import type { Plain } from '../semantics/plain.ts'

/** `cpu[1]` */
export function instanceName({ instances }: ConfiguredModel, thread: number): string {
  return instances[thread]?.name ?? `thread ${thread}`
}

/** A number of the sort is shown by this: `page 0`, and for a thread its name. */
export function showId(model: ConfiguredModel, sort: string, id: Plain): string {
  if (sort === 'Thread') return typeof id === 'number' ? instanceName(model, id) : String(id)
  return `${sort.charAt(0).toLowerCase()}${sort.slice(1)} ${String(id)}`
}

/**
 * A value of a type as text: `none`, `page 0`, `present(page 0, write)`, `{cpu[0], cpu[1]}`.
 *
 * @param value as `plainState` gives it
 */
export function showValue(model: ConfiguredModel, type: Type, value: Plain): string {
  return match(type)
    .returnType<string>()
    .with({ kind: 'bool' }, () => (value === true ? 'yes' : 'no'))
    .with({ kind: 'int' }, { kind: 'enum' }, () => String(value))
    .with({ kind: 'id' }, ({ sort }) => showId(model, sort, value))
    .with({ kind: 'optional' }, ({ of }) => (value === null ? 'none' : showValue(model, of, value)))
    .with({ kind: 'record' }, ({ fields }) => `{${showFields(model, fields, value)}}`)
    .with({ kind: 'union' }, ({ cases }) => {
      const tag = String(fieldOf(value, 'is'))
      const fields = showFields(model, cases[tag] ?? {}, fieldOf(value, 'fields'))
      return fields === '' ? tag : `${tag}(${fields})`
    })
    .with(
      { kind: 'array' },
      { kind: 'queue' },
      ({ of }) =>
        `[${elementsOf(value)
          .map((element) => showValue(model, of, element))
          .join(', ')}]`,
    )
    .with(
      { kind: 'set' },
      ({ of }) =>
        `{${elementsOf(value)
          .map((element) => showValue(model, of, element))
          .join(', ')}}`,
    )
    .exhaustive()
}

/** A boolean is its name, or `!` and its name; an id stands without the name of its field. */
function showFields(model: ConfiguredModel, fields: Readonly<Record<string, Type>>, value: Plain): string {
  return Object.entries(fields)
    .map(([name, type]) => {
      const field = fieldOf(value, name)
      if (type.kind === 'bool') return field === true ? name : `!${name}`
      const text = showValue(model, type, field)
      return text.toLowerCase().startsWith(`${name} `) ? text : `${name}: ${text}`
    })
    .join(', ')
}

/** The index of an array's cell: `0`, `cpu[1]`, `yes`. */
export function showIndex(model: ConfiguredModel, index: Type, at: number): string {
  if (index.kind === 'id') return index.sort === 'Thread' ? showId(model, 'Thread', at) : String(at)
  if (index.kind === 'enum') return index.members[at] ?? String(at)
  if (index.kind === 'bool') return at === 1 ? 'yes' : 'no'
  return index.kind === 'int' && typeof index.low === 'number' ? String(index.low + at) : String(at)
}

/** A field of a record's, or of a union's, value. */
export function fieldOf(value: Plain | undefined, name: string): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.entries(value).find(([key]) => key === name)?.[1] ?? null
}

/** The elements of an array's, a set's or a queue's value. */
export function elementsOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : []
}
