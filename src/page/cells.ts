/** The cells of a model's state: every variable and local, taken apart as far as records and arrays go. */
import { match } from 'ts-pattern'
import { lockFields } from '../analysis/locks.ts'
import type { ConfiguredModel, Type } from '../language/ast.ts'
import { isOrIsIn } from '../report/locks.ts'
import { elementsOf, fieldOf, instanceName, showIndex, showValue } from '../report/values.ts'
import type { PlainState } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { valuesOf } from '../semantics/values.ts'
import type { CellGroup, PageCell, PageValue, PageTarget } from './document.ts'

/** An index of an array on the way to a cell. */
export interface CellIndex {
  /** The sort that it is of; `''` for numbers and enumerations. */
  readonly sort: string
  readonly at: number
  /** `0`, `cpu[1]`, `yes` */
  readonly text: string
}

/** A cell with all that is known of it. */
export interface TypedCell extends PageCell {
  readonly type: Type
  readonly variable: string
  /** The same path without indices: `driver[].pte[]`. */
  readonly field: string
  /** The names of the fields and the indices on the way, in order; the variable not. */
  readonly way: readonly (string | CellIndex)[]
  /** Its value in a state. */
  readonly read: (state: PlainState) => Plain
}

type Here = Omit<TypedCell, 'group'>

/** The cells below a place: those of a record's fields, of an array's elements, or the place itself. */
function cellsIn(model: ConfiguredModel, here: Here): readonly Here[] {
  const { type, read } = here
  if (type.kind === 'record')
    return Object.entries(type.fields).flatMap(([name, of]) =>
      cellsIn(model, {
        ...here,
        type: of,
        path: `${here.path}.${name}`,
        field: `${here.field}.${name}`,
        parts: [...here.parts, `.${name}`],
        way: [...here.way, name],
        read: (state) => fieldOf(read(state), name),
      }),
    )
  if (type.kind !== 'array') return [here]
  const { index, of } = type
  return Array.from({ length: valuesOf(model.sizes, index).length }, (_, at) => at).flatMap((at) => {
    const text = showIndex(model, index, at)
    return cellsIn(model, {
      ...here,
      type: of,
      path: `${here.path}[${text}]`,
      field: `${here.field}[]`,
      parts: [...here.parts, `[${text}]`],
      way: [...here.way, { sort: index.kind === 'id' ? index.sort : '', at, text }],
      read: (state) => elementsOf(read(state))[at] ?? null,
    })
  })
}

/** Every cell of the shared state, in the order of the model, then the locals of each thread. */
export function stateCells(model: ConfiguredModel): readonly TypedCell[] {
  const locks = lockFields(model)
  const structs = new Set([...locks].map((field) => field.replace(/\.[^.]+$/, '')).filter((one) => !locks.has(one)))
  const groupOf = ({ field, ghost }: Here): CellGroup =>
    ghost === true ? 'ghosts' : isOrIsIn(field, locks) || isOrIsIn(field, structs) ? 'locks' : 'other'
  const shared = model.variables.flatMap(({ name, type, ghost }) =>
    cellsIn(model, {
      path: name,
      field: name,
      parts: [name],
      way: [],
      variable: name,
      type,
      read: ({ shared: all }) => all[name] ?? null,
      ...(ghost ? { ghost } : {}),
    }).map((cell): TypedCell => ({ ...cell, group: groupOf(cell) })),
  )
  return [...shared, ...localCells(model)]
}

/** Locals; without the bookkeeping of loops over the elements of a sort, which are sets. */
function localCells(model: ConfiguredModel): readonly TypedCell[] {
  return model.instances.flatMap(({ thread }, instance) => {
    const who = instanceName(model, instance)
    const locals = (model.threads[thread]?.locals ?? []).filter(({ type }) => type.kind !== 'set')
    const named = (id: number, name: string): string => {
      const nth = locals.filter((other) => other.name === name && other.id <= id).length
      return nth > 1 ? `${name} (${nth})` : name
    }
    return locals.flatMap(({ id, name, type }) => {
      const path = `${who}: ${named(id, name)}`
      const read = ({ threads }: PlainState): Plain => threads[instance]?.locals[String(id)] ?? null
      const parts = [who, ` ${named(id, name)}`]
      return cellsIn(model, { path, field: path, parts, way: [], variable: who, type, read }).map(
        (cell): TypedCell => ({ ...cell, group: 'locals' }),
      )
    })
  })
}

/** A value of a type, as a page has it. */
export function pageValue(model: ConfiguredModel, type: Type, value: Plain): PageValue {
  const refs = referencesIn(type, value)
  const tag = tagOf(type, value)
  return {
    text: showValue(model, type, value),
    ...(refs.length === 0 ? {} : { refs }),
    ...(tag === undefined ? {} : { tag }),
  }
}

function tagOf(type: Type, value: Plain): string | undefined {
  if (type.kind === 'union') return String(fieldOf(value, 'is'))
  if (type.kind !== 'optional') return undefined
  return value === null ? 'none' : tagOf(type.of, value)
}

/** The elements of sorts that a value names, in order. */
function referencesIn(type: Type, value: Plain): readonly PageTarget[] {
  const fields = (types: Readonly<Record<string, Type>>, of: Plain): readonly PageTarget[] =>
    Object.entries(types).flatMap(([name, field]) => referencesIn(field, fieldOf(of, name)))
  return match(type)
    .returnType<readonly PageTarget[]>()
    .with({ kind: 'id' }, ({ sort }) => (typeof value === 'number' ? [[sort, value]] : []))
    .with({ kind: 'optional' }, ({ of }) => (value === null ? [] : referencesIn(of, value)))
    .with({ kind: 'record' }, (record) => fields(record.fields, value))
    .with({ kind: 'union' }, ({ cases }) => fields(cases[String(fieldOf(value, 'is'))] ?? {}, fieldOf(value, 'fields')))
    .with({ kind: 'array' }, { kind: 'set' }, { kind: 'queue' }, ({ of }) =>
      elementsOf(value).flatMap((element) => referencesIn(of, element)),
    )
    .otherwise(() => [])
}

/** The sorts whose elements values of a type can name. */
export function sortsNamedBy(type: Type): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (one: Type): void => {
    if (one.kind === 'id') found.add(one.sort)
    else if (one.kind === 'optional' || one.kind === 'set' || one.kind === 'queue' || one.kind === 'array')
      visit(one.of)
    else if (one.kind === 'record') Object.values(one.fields).forEach(visit)
    else if (one.kind === 'union') Object.values(one.cases).forEach((fields) => Object.values(fields).forEach(visit))
  }
  visit(type)
  return found
}
