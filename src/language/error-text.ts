/** The text of an error: its parts, one on each line. */

/** The parts of an error. docs/errors.md and docs/command-line.md list the codes. */
export interface ErrorParts {
  /** `HMM017` */
  readonly code: string
  /** The mistake. */
  readonly what: string
  /** `models/mirror-2017/cpu.ts:31:5` */
  readonly at?: string | undefined
  readonly cause?: string | undefined
  readonly remedy?: string | undefined
}

/**
 *     HMM017: x.eq(1) is not used
 *       at: driver.ts:12:3
 *       likely cause: ...
 *       remedy: ...
 *
 * Lines that do not apply are left out. `at:` has a colon, so that no program takes the line for a frame of a stack.
 */
export function errorText({ code, what, at, cause, remedy }: ErrorParts): string {
  const parts = [
    ['at', at],
    ['likely cause', cause],
    ['remedy', remedy],
  ] as const
  return [
    `${code}: ${what}`,
    ...parts.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name}: ${text}`])),
  ].join('\n')
}
