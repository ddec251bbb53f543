/** What every subcommand is given. */
import type { Catalogue } from '../language/protocol.ts'
import { ansiPaint, plainPaint } from '../report/paint.ts'
import type { Paint } from '../report/paint.ts'
import type { Environment, Output } from './environment.ts'

export interface Context {
  /** The package's own. */
  readonly catalogue: Catalogue
  readonly environment: Environment
  /** The command as it was typed, without the program. */
  readonly argv: readonly string[]
  /** Says with what code the program is to end. */
  readonly exit: (code: number) => void
}

/** Where there is no terminal, lines are this long. */
const PAPER = 110
const NARROWEST = 60
const WIDEST = 160

/** The width to draw in. */
export function widthOf({ columns }: Output): number {
  return Math.min(WIDEST, Math.max(NARROWEST, columns ?? PAPER))
}

/** Colours on a terminal, unless `NO_COLOR` is set; `FORCE_COLOR` has them elsewhere too. */
export function paintOf(output: Output, variables: Environment['variables']): Paint {
  const forced = variables['FORCE_COLOR']
  if ((variables['NO_COLOR'] ?? '') !== '') return plainPaint
  if (forced !== undefined && forced !== '0' && forced !== '') return ansiPaint
  return output.isTerminal && variables['TERM'] !== 'dumb' ? ansiPaint : plainPaint
}

/** Writes lines. */
export function print(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`)
}
