/** The image of a state under a permutation, value by value: slow, and what every faster form is compared with. */
import type { ConfiguredModel, Type } from '../../language/ast.ts'
import type { PlainState } from '../../semantics/machine.ts'
import type { Plain } from '../../semantics/plain.ts'
import { imageOfCode, imageOfThread, type Permutation } from './scalarset.ts'

export function permuteState(
  { variables, threads, instances }: ConfiguredModel,
  permutation: Permutation,
  state: PlainState,
): PlainState {
  const moved = [...state.threads]
  instances.forEach(({ thread }, instance) => {
    const own = state.threads[instance]
    const types = new Map(threads[thread]?.locals.map(({ id, type }) => [String(id), type]))
    if (own === undefined) return
    moved[imageOfThread(permutation, instance)] = {
      point: own.point,
      locals: mapValues(own.locals, (value, id) => permuteValue(types.get(id), value, permutation)),
    }
  })
  const types = new Map(variables.map(({ name, type }) => [name, type]))
  return {
    shared: mapValues(state.shared, (value, name) => permuteValue(types.get(name), value, permutation)),
    threads: moved,
  }
}

const mapValues = (
  values: Readonly<Record<string, Plain>>,
  change: (value: Plain, key: string) => Plain,
): Readonly<Record<string, Plain>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value, key)]))

const isRecord = (value: Plain): value is { readonly [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const cellsOf = (value: Plain): readonly Plain[] => (Array.isArray(value) ? value : [])

function permuteValue(type: Type | undefined, value: Plain, permutation: Permutation): Plain {
  switch (type?.kind) {
    case undefined:
    case 'bool':
    case 'int':
    case 'enum':
      return value
    case 'id':
      return imageOfCode(type, Number(value), permutation)
    case 'optional':
      return value === null ? null : permuteValue(type.of, value, permutation)
    case 'set':
      return inOrder(cellsOf(value).map((one) => permuteValue(type.of, one, permutation)))
    case 'queue':
      return cellsOf(value).map((one) => permuteValue(type.of, one, permutation))
    case 'array': {
      const cells = cellsOf(value)
      const moved = [...cells]
      cells.forEach((cell, n) => {
        moved[imageOfCode(type.index, n, permutation)] = permuteValue(type.of, cell, permutation)
      })
      return moved
    }
    case 'record':
      return isRecord(value) ? mapValues(value, (one, key) => permuteValue(type.fields[key], one, permutation)) : value
    case 'union': {
      const [is, fields] = isRecord(value) ? [value['is'], value['fields']] : []
      if (is === undefined || fields === undefined || !isRecord(fields)) return value
      const types = type.cases[String(is)]
      return { is, fields: mapValues(fields, (one, key) => permuteValue(types?.[key], one, permutation)) }
    }
  }
}

/** Ids ascending, none first; a set of other values has kept its order. */
const inOrder = (values: readonly Plain[]): readonly Plain[] =>
  values.every((value) => value === null || typeof value === 'number')
    ? values.toSorted((a, b) => (a === null ? -1 : Number(a)) - (b === null ? -1 : Number(b)))
    : values
