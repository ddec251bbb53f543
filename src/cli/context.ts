/** The context of a subcommand, and how it writes. */
import type { Catalogue } from '../catalogue/protocol.ts'
import type { Canvas } from '../report/canvas.ts'
import { toAscii } from '../report/glyphs.ts'
import { ansiPaint, plainPaint } from '../report/paint.ts'
import type { Paint } from '../report/paint.ts'
import type { Environment } from './environment.ts'
import type { Output } from './output.ts'

export interface Context {
  /** The package's own. */
  readonly catalogue: Catalogue
  readonly environment: Environment
  /** The command as it was typed, without the program. */
  readonly argv: readonly string[]
  /** Sets the exit code. */
  readonly exit: (code: number) => void
}

/** The length of lines without a terminal. */
const PAPER = 100
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

/**
 * `LANG=C`, `LC_ALL=de_DE.ISO-8859-1`: a locale that has only its own characters. Without a locale, only a dumb
 * terminal has no others.
 */
export function isAscii({ isTerminal }: Output, variables: Environment['variables']): boolean {
  const locale = [variables['LC_ALL'], variables['LC_CTYPE'], variables['LANG']].find(
    (one) => one !== undefined && one !== '',
  )
  return locale === undefined ? isTerminal && variables['TERM'] === 'dumb' : !/utf-?8/i.test(locale)
}

/** The canvas of standard output. `ascii`: the user asked for plain ASCII. */
export function canvasOf({ stdout, variables }: Environment, ascii: true | undefined): Canvas {
  return {
    width: widthOf(stdout),
    paint: paintOf(stdout, variables),
    ascii: ascii === true || isAscii(stdout, variables),
  }
}

/** Lines in the characters that may be drawn. */
export function inCharacters(lines: readonly string[], { ascii }: Canvas): readonly string[] {
  return ascii === true ? lines.map(toAscii) : lines
}

/** Writes lines. */
export function print(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join('\n')}\n`)
}
