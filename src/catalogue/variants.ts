/** Variants that follow from the fixes of a protocol. */
import type { Fix } from '../language/fixes.ts'
import type { Variant } from './protocol.ts'

/**
 * A value for each fix.
 *
 * @param has whether a variant has a fix of that kind; default: it has all
 */
export const switched = (
  fixes: readonly Fix[],
  has: (kind: Fix['kind']) => boolean = () => true,
): Variant['constants'] => Object.fromEntries(fixes.map(({ name, kind }) => [name, has(kind)]))

/**
 * The variants that have all fixes but one: for each fix, in their order, `without-` and its name.
 *
 *     const fixed = switched(fixes)
 *     defineProtocol({ variants: [{ name: 'fixed', constants: fixed, ... }, ...withoutEach(fixes, fixed)], ... })
 *
 * @param fixed the constants of the variant that has all
 */
export const withoutEach = (fixes: readonly Fix[], fixed: Variant['constants']): readonly Variant[] =>
  fixes.map(({ name, summary }) => ({
    name: `without-${name}`,
    summary: `fixed, but not: ${summary}`,
    constants: { ...fixed, [name]: false },
  }))
