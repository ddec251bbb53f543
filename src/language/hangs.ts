/**
 * That nothing hangs: judged of every model that is offered to users, unless it leaves one of the three out by name.
 */
import type { HangKind, Model, Property, PropertyOf } from './ast.ts'
import { modelError } from './errors.ts'
import { deadlock, lockDeadlock, recoverable } from './properties.ts'

const hangs: Readonly<{ [K in HangKind]: () => PropertyOf<K> }> = {
  deadlock: deadlock,
  'lock-deadlock': lockDeadlock,
  recoverable: recoverable,
}

/** Their names, as a model and a scenario leave them out. */
export const hangKinds: readonly string[] = Object.keys(hangs)

export const isHangKind = (kind: string): kind is HangKind => Object.hasOwn(hangs, kind)

/** The reasons for which a model leaves hangs out, in words that a reader can judge. */
export const reasonsOf = ({
  without = {},
}: Pick<Model, 'without'>): readonly (readonly [kind: HangKind, reason: string])[] =>
  Object.entries(without).flatMap(([kind, reason]) =>
    isHangKind(kind) && reason !== undefined ? [[kind, reason]] : [],
  )

/**
 * The model with `deadlock`, `lockDeadlock` and `recoverable` among its properties: those that it declares as it
 * declares them, the others by default, without those that it leaves out. A model that has them is returned as it is.
 *
 * @throws ModelError HMM045 if another property has the name of one
 */
export function withHangs(model: Model): Model {
  const missing = Object.entries(hangs).flatMap(([kind, property]): readonly Property[] =>
    model.properties.some((one) => one.kind === kind) || (isHangKind(kind) && model.without?.[kind] !== undefined)
      ? []
      : [{ ...property(), byDefault: true }],
  )
  const taken = missing.find(({ name }) => model.properties.some((one) => one.name === name))
  if (taken !== undefined) {
    const other = model.properties.find(({ name }) => name === taken.name)
    throw modelError(
      'HMM045',
      `${model.name} has a property of kind ${other?.kind ?? 'another'} called ${taken.name}, as the ${taken.kind} is called that is judged of every model`,
      model.at,
    )
  }
  return missing.length === 0 ? model : { ...model, properties: [...model.properties, ...missing] }
}

/** @throws ModelError HMM046 if a hang is left out without a reason, is declared all the same, or is none */
export function checkWithout({
  name,
  at,
  properties,
  without = {},
}: Pick<Model, 'name' | 'at' | 'properties' | 'without'>): void {
  for (const [kind, reason] of Object.entries(without)) {
    if (!isHangKind(kind))
      throw modelError('HMM046', `${name} leaves out ${kind}, which is not one of ${Object.keys(hangs).join(', ')}`, at)
    if (typeof reason !== 'string' || reason.trim() === '')
      throw modelError('HMM046', `${name} leaves out ${kind} without a reason`, at)
    if (properties.some((one) => one.kind === kind))
      throw modelError('HMM046', `${name} leaves out ${kind}, and declares it`, at)
  }
}
