/** A counterexample as text: what users print. */
import { definedFields } from '../language/defined-fields.ts'
import type { Counterexample } from '../semantics/counterexample.ts'
import { drawRun } from './drawing.ts'
import { ansiPaint, plainPaint } from './paint.ts'

/** Options of the drawing of a schedule as text. */
export interface DrawOptions {
  /** Columns of the text; 100 if absent. */
  readonly width?: number
  /** Draws with ASCII alone; false if absent. */
  readonly ascii?: boolean
  /** Colours for a terminal; false if absent. */
  readonly colours?: boolean
}

/** A drawable run: a counterexample, a witness, or any run of a machine, without a property. */
export type Drawable = Pick<Counterexample, 'machine' | 'run'> & Partial<Pick<Counterexample, 'property' | 'claims'>>

/**
 * Draws a counterexample or a witness, as `hmmcheck check` does: one column for each thread, the steps from top to
 * bottom, what each changed, the locks, and the race behind it where one is found.
 *
 *     const { counterexample } = await check(protocol, { variant: 'as-posted' })
 *     if (counterexample !== undefined) console.log(draw(counterexample))
 *
 * @param shown of a result of `check` or `fuzz`; undefined draws the empty text, since nothing was violated
 * @returns lines joined by newlines, without one at the end
 */
export function draw(shown: Drawable | undefined, options: DrawOptions = {}): string {
  if (shown === undefined) return ''
  const { machine, run, property, claims } = shown
  const { width = 100, ascii = false, colours = false } = options
  const paint = colours ? ansiPaint : plainPaint
  return drawRun(machine, run, { width, ascii, paint, ...definedFields({ property, claims }) }).join('\n')
}
