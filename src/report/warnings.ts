/** Text of warnings: the code and the line first, then the doubtful part, then the remedy. */
import type { Warning } from '../analysis/warning.ts'
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

/** The lines of every warning; none if there are none. */
export function warningLines(warnings: readonly Warning[], width: number, paint: Paint): readonly string[] {
  return warnings.flatMap(({ code, at, what, remedy }) => {
    const head = `warning ${code}`
    const [first = '', ...others] = wrap(`${head}, ${at}: ${what}`, width)
    return [first.replace(head, paint('yellow', head)), ...others, ...wrap(`  remedy: ${remedy}`, width)]
  })
}

/** A warning in one text, for formats that have a place for its line. */
export const warningText = ({ code, what, remedy }: Warning): string => `${code}: ${what}; remedy: ${remedy}`
