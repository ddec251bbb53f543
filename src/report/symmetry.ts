/** The text about symmetry: how many states were stored, what was permuted, and what was not. */
import type { Protocol } from '../catalogue/protocol.ts'
import type { Scalarset } from '../compiler/symmetry/scalarset.ts'
import type { CheckResult } from '../explorer/result.ts'
import { plural, showCount } from './numbers.ts'

/** `30,789 states (8,492 stored, symmetry of 2 pages, 2 cpus)` */
export function statesText(
  { parameters }: Pick<Protocol, 'parameters'>,
  { states, stored, symmetry: { scalarsets } }: Pick<CheckResult, 'states' | 'stored' | 'symmetry'>,
): string {
  const all = plural(states, 'state')
  if (scalarsets.length === 0) return all
  const permuted = scalarsets.map((scalarset) => nameOf(parameters, scalarset)).join(', ')
  return `${all} (${showCount(stored)} stored, symmetry of ${permuted})`
}

/** A sort by the parameter that is its size, as on the command line. */
function nameOf(parameters: Protocol['parameters'], { kind, name, size }: Scalarset): string {
  if (kind === 'copies') return `${size} copies of ${name}`
  const parameter = Object.entries(parameters).find(([, { sort }]) => sort === name)?.[0]
  return parameter === undefined ? `${size} of ${name}` : `${size} ${parameter}`
}

/** A line for each sort or thread that was not permuted. */
export const refusedLines = ({ symmetry: { refused } }: Pick<CheckResult, 'symmetry'>): readonly string[] =>
  refused.map(({ name, why }) => `no symmetry of ${name}: ${why}`)
