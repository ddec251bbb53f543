/** The hangs that a scenario leaves out, each with its reason. */
import type { HangKind } from '../language/ast.ts'
import { hangKinds, isHangKind } from '../language/hangs.ts'
import type { LeftOut, Scenario } from './protocol.ts'

/** The hangs that a scenario leaves out, each with the variants of which it is judged all the same. */
export const leftOutOf = ({
  without = {},
}: Pick<Scenario, 'without'>): readonly (Required<LeftOut> & { readonly hang: HangKind })[] =>
  Object.entries(without).flatMap(([hang, left]) =>
    isHangKind(hang) && left !== undefined ? [{ hang, reason: left.reason, but: left.but ?? [] }] : [],
  )

/** The mistakes in what a scenario leaves out, of a value that the type system may not have seen. */
export const mistakesIn = ({ name, without = {} }: Pick<Scenario, 'name' | 'without'>): readonly string[] =>
  Object.entries(without).flatMap(([hang, left]) => [
    ...(isHangKind(hang)
      ? []
      : [`the scenario ${name} leaves out ${hang}, which is not one of ${hangKinds.join(', ')}`]),
    ...(typeof left.reason === 'string' && left.reason.trim() !== ''
      ? []
      : [`the scenario ${name} leaves out ${hang} without a reason`]),
  ])
