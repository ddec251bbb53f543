/**
 * The variables and locals that an expression reads, and those that an effect writes, remembered for each expression.
 */
import type { Expression } from '../language/ast.ts'
import { remembered } from '../language/remembered.ts'
import { rootOf, visit } from '../language/walk.ts'
import type { Effect } from './program.ts'

export interface Reads {
  /** Names of shared variables. */
  readonly variables: ReadonlySet<string>
  /** Ids of locals. */
  readonly locals: ReadonlySet<number>
}

export const readsIn: (e: Expression) => Reads = remembered((e) => {
  const variables = new Set<string>()
  const locals = new Set<number>()
  visit(e, (part) => {
    if (part.kind === 'shared') variables.add(part.name)
    if (part.kind === 'local') locals.add(part.id)
  })
  return { variables, locals }
})

/** The local that an effect changes, or a part of it. */
export function localWritten(effect: Effect): number | undefined {
  if (!('target' in effect)) return undefined
  const root = rootOf(effect.target)
  return root.kind === 'local' ? root.id : undefined
}

/** The shared variables that an effect changes. */
export function variablesWritten(effect: Effect): readonly string[] {
  if (effect.op === 'test') return [...effect.then, ...effect.otherwise].flatMap(variablesWritten)
  const root = 'target' in effect ? rootOf(effect.target) : undefined
  return root?.kind === 'shared' ? [root.name] : []
}
