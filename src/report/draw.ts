/** A counterexample as text: what users print. */
import { definedFields } from '../language/defined-fields.ts'
import type { Counterexample } from '../semantics/counterexample.ts'
import { drawTrace } from './drawing.ts'
import { ansiPaint, plainPaint } from './paint.ts'
import { drawShort } from './short.ts'
import { traceOf } from './trace.ts'

/** Options of the drawing of a schedule as text. */
export interface DrawOptions {
  /** Columns of the text; 100 if absent. */
  readonly width?: number
  /** Draws what the end depends on, and folds the other steps, so that it fits a screen; false if absent. */
  readonly short?: boolean
  /** Draws with ASCII alone; false if absent. */
  readonly ascii?: boolean
  /** Colours for a terminal; false if absent. */
  readonly colours?: boolean
}

/** A drawable run: a counterexample, a witness, or any run of a machine, without a property. */
export type Drawable = Pick<Counterexample, 'machine' | 'run'> & Partial<Pick<Counterexample, 'property' | 'claims'>>

/**
 * Draws a counterexample or a witness, as `hmmcheck check --full` does: one column for each thread, the steps from top to
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
  const { width = 100, short = false, ascii = false, colours = false } = options
  const canvas = { width, ascii, paint: colours ? ansiPaint : plainPaint }
  const trace = traceOf(machine, run, definedFields({ property, claims }))
  return (short ? drawShort : drawTrace)(trace, canvas).join('\n')
}
