/**
 * Matchers for Vitest: `import 'hmmcheck/vitest'` in a test or a setup file adds them to `expect`.
 *
 *     await expect(my_driver).toHold()
 *     await expect(my_driver).toBeViolated('no-use-after-free', { variant: 'first-attempt' })
 *     await expect(my_driver).toReplay(readLock(readFileSync(file, 'utf8'), file))
 *
 * A matcher that fails says why with the schedule drawn, one column per thread.
 */
import { expect } from 'vitest'
import type { Protocol } from '../catalogue/protocol.ts'
import type { Lock } from '../schedules/lock.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { toBeViolated, toHold, toReplay } from './matchers.ts'
import type { CheckedAs } from './run.ts'

export type { CheckedAs } from './run.ts'

/** Matchers that `expect` has for a protocol, and for nothing else. Each returns a promise: `await` it. */
export interface ProtocolMatchers<T> {
  /**
   * Every property that the variant claims, or those that are named, holds in every reachable state. Neither it nor
   * `.not` passes if a limit was met.
   *
   * @param options what is checked, and its limits; without any, `fixed` in the first scenario
   */
  toHold: T extends Protocol ? (options?: CheckedAs) => Promise<void> : never
  /**
   * The property is violated. Neither it nor `.not` passes if a limit was met before.
   *
   * @param property its name: one of the protocol's, `domain`, or a lock's misuse, `misuse: ...`
   */
  toBeViolated: T extends Protocol
    ? (property: string, options?: Omit<CheckedAs, 'properties'>) => Promise<void>
    : never
  /**
   * A schedule still shows its property, after its last step and not before. If it is a lock, the corrected variant
   * can't do the same.
   */
  toReplay: T extends Protocol ? (schedule: Schedule | Lock) => Promise<void> : never
}

/*
 * Vitest's assertions extend this global interface, whichever vitest the test uses. A linked package
 * (`npm install ../hmmcheck`) has a vitest of its own, and extending the module 'vitest' here would extend that one.
 */
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace jest {
    // All declarations of an interface have the same parameters.
    // eslint-disable-next-line @typescript-eslint/no-unused-vars, @typescript-eslint/no-empty-object-type
    interface Matchers<R, T = {}> extends ProtocolMatchers<T> {}
  }
}

expect.extend({ toHold, toBeViolated, toReplay })
