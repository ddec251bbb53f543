/**
 * Properties that are put to the test: one function makes the property and a `sometimes` that says that the moment in
 * which it could fail comes about. A property that is never put to the test holds, too.
 */
import { unless, type Bool, type Property } from '../src/language/index.ts'

/** A property and its `sometimes`, for the `properties` of a model: `[...agree(tables), ...]`. */
export type Tested = readonly [property: Property, reached: Property]

/** A function that makes a property: its text names the property by it. */
export interface Claimed {
  /** The name of the property: `Assert(never_below_zero.property, ...)`. */
  readonly property: string
}
/** The same of a property that comes with its `sometimes`. */
export interface ClaimedAndTested extends Claimed {
  /** The name of the `sometimes`: `Cover(agree.reached)`. */
  readonly reached: string
}

/** The function that makes the property of this name, with the name. */
export const claimed = <Make extends (...given: never[]) => Property>(property: string, make: Make): Make & Claimed =>
  Object.assign(make, { property })

/** The function that makes the property of this name and its `sometimes`, with both names. */
export const tested = <Make extends (...given: never[]) => Tested>(
  property: string,
  make: Make,
): Make & ClaimedAndTested => Object.assign(make, { property, reached: `${property}.reached` })

/** The same two, but the `sometimes` is not asked for where `excused` holds: for what a scenario leaves out. */
export const testedUnless = (excused: Bool, [property, reached]: Tested): Tested => [property, unless(excused, reached)]
