/**
 * A schedule in the Informal Trace Format of Apalache, so that its viewers open it
 * (https://apalache-mc.org/docs/adr/015adr-trace.html).
 *
 * Every shared variable is a variable of the trace. In addition, `pc` says where each thread stands, and `locals` has
 * its locals. A number is a `#bigint`, an array a `#map`, an id the name that drawings have for it, an optional the
 * union of `None` and `Some`.
 */
import { match } from 'ts-pattern'
import type { ConfiguredModel, Type } from '../../language/ast.ts'
import { plainState } from '../../semantics/machine.ts'
import type { Machine, PlainState, Run, State } from '../../semantics/machine.ts'
import type { Plain } from '../../semantics/plain.ts'
import { plain, valuesOf } from '../../semantics/values.ts'
import type { Trace } from '../trace.ts'
import { elementsOf, fieldOf, instanceName, showId } from '../values.ts'

/** An expression of the format. */
export type ItfValue =
  | boolean
  | string
  | { readonly '#bigint': string }
  | { readonly '#tup': readonly ItfValue[] }
  | { readonly '#set': readonly ItfValue[] }
  | { readonly '#map': readonly (readonly [ItfValue, ItfValue])[] }
  | readonly ItfValue[]
  | { readonly [field: string]: ItfValue }

const NOTHING: ItfValue = { '#tup': [] }

/** A value of a type. */
export function itfValue(model: ConfiguredModel, type: Type, value: Plain): ItfValue {
  const fields = (types: Readonly<Record<string, Type>>, of: Plain): ItfValue =>
    Object.fromEntries(Object.entries(types).map(([name, field]) => [name, itfValue(model, field, fieldOf(of, name))]))
  return match(type)
    .returnType<ItfValue>()
    .with({ kind: 'bool' }, () => value === true)
    .with({ kind: 'int' }, () => ({ '#bigint': String(value) }))
    .with({ kind: 'enum' }, () => String(value))
    .with({ kind: 'id' }, ({ sort }) => showId(model, sort, value))
    .with({ kind: 'optional' }, ({ of }) =>
      value === null ? { tag: 'None', value: NOTHING } : { tag: 'Some', value: itfValue(model, of, value) },
    )
    .with({ kind: 'record' }, (record) => fields(record.fields, value))
    .with({ kind: 'union' }, ({ cases }) => {
      const tag = String(fieldOf(value, 'is'))
      const types = cases[tag] ?? {}
      return { tag, value: Object.keys(types).length === 0 ? NOTHING : fields(types, fieldOf(value, 'fields')) }
    })
    .with({ kind: 'array' }, ({ index, of }) => {
      const keys = valuesOf(model.sizes, index)
      return {
        '#map': elementsOf(value).map(
          (cell, n) =>
            [itfValue(model, index, plain(model.sizes, index, keys[n] ?? null)), itfValue(model, of, cell)] as const,
        ),
      }
    })
    .with({ kind: 'set' }, ({ of }) => ({ '#set': elementsOf(value).map((element) => itfValue(model, of, element)) }))
    .with({ kind: 'queue' }, ({ of }) => elementsOf(value).map((element) => itfValue(model, of, element)))
    .exhaustive()
}

export interface ItfOptions {
  /** `mirror-2017@as-posted, scenario core` */
  readonly source: string
  /** The property that the trace shows. */
  readonly description: string
}

/** The document. A step that fails leads to no state: the trace ends before it, and `#meta` says which it is. */
export function itf(
  machine: Machine,
  run: Run,
  { steps, race, falls }: Trace,
  { source, description }: ItfOptions,
): string {
  const { model } = machine
  const states = [run.initial.state, ...run.steps.flatMap(({ state }) => (state === undefined ? [] : [state]))]
  const failed = run.steps.length === states.length ? steps.at(-1) : undefined
  const meta = {
    format: 'ITF',
    'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
    source,
    description,
    failed: failed && { thread: failed.thread, action: failed.label },
    falls: falls.map(({ property, step }) => ({ property, step })),
    race: race?.text,
  }
  const vars = [...model.variables.map(({ name }) => name), ...OWN.map((name) => nameOf(model, name))]
  // a state is long: each has a line
  const rendered = states.map((state, index) =>
    JSON.stringify({
      '#meta': { index, ...(index === 0 ? {} : { thread: steps[index - 1]?.thread, action: steps[index - 1]?.label }) },
      ...stateOf(machine, state),
    }),
  )
  return `{\n"#meta": ${JSON.stringify(meta)},\n"vars": ${JSON.stringify(vars)},\n"states": [\n${rendered.join(',\n')}\n]\n}\n`
}

const OWN = ['pc', 'locals'] as const

/** A model may have a variable of that name. */
const nameOf = ({ variables }: Pick<ConfiguredModel, 'variables'>, wanted: string): string =>
  variables.some(({ name }) => name === wanted) ? nameOf({ variables }, `${wanted}_`) : wanted

function stateOf(machine: Machine, state: State): Readonly<Record<string, ItfValue>> {
  const { model } = machine
  const { shared, threads } = plainState(machine, state)
  const each = (value: (thread: PlainState['threads'][number], n: number) => ItfValue): ItfValue => ({
    '#map': threads.map((thread, n) => [instanceName(model, n), value(thread, n)] as const),
  })
  return {
    ...Object.fromEntries(model.variables.map(({ name, type }) => [name, itfValue(model, type, shared[name] ?? null)])),
    [nameOf(model, 'pc')]: each(({ point }) => point),
    [nameOf(model, 'locals')]: each(({ locals }, n) =>
      Object.fromEntries(
        (machine.runners[n]?.thread.locals ?? []).map(({ id, name, type }, _, all) => [
          all.filter((other) => other.name === name).length > 1 ? `${name}_${id}` : name,
          itfValue(model, type, locals[String(id)] ?? null),
        ]),
      ),
    ),
  }
}
