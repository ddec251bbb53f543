/** Optional fields without a conditional spread for each. */

type MayBeUndefined<T> = { [Key in keyof T]: undefined extends T[Key] ? Key : never }[keyof T]

/** The same fields: those that may be undefined are optional, and are never undefined where they are there. */
export type DefinedFields<T extends object> = { readonly [Key in Exclude<keyof T, MayBeUndefined<T>>]: T[Key] } & {
  readonly [Key in MayBeUndefined<T>]?: Exclude<T[Key], undefined>
}

/**
 * The fields that have a value. An optional field of this package is absent or has a value (TypeScript's
 * `exactOptionalPropertyTypes`), so an undefined value must not be passed on.
 *
 *     definedFields({ name: 'core', size: undefined })   // { name: 'core' }
 */
export function definedFields<T extends object>(fields: T): DefinedFields<T>
export function definedFields(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
