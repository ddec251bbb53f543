/** The table of formats: the reporter of each, for the runs of `check` and for the schedule of `show`. */
import type { Format } from '../../report/formats/format.ts'
import { junit } from '../../report/formats/junit.ts'
import { markdown } from '../../report/formats/markdown.ts'
import { sarif } from '../../report/formats/sarif.ts'
import type { Environment } from '../environment.ts'
import type { CheckPlan } from '../options/check.ts'
import { groupsOfText } from './groups.ts'
import { json, jsonOfSchedule } from './json.ts'
import { page, pageOfSchedule } from './page.ts'
import { reportOfSchedule, reportedRuns } from './reported.ts'
import type { Reporter, ShownSchedule } from './reporter.ts'
import { shortText } from './short.ts'
import { fullText, rowsOfText, textOfSchedule } from './text.ts'
import { itfFormat, mermaidFormat, oneTrace, traceOfSchedule } from './trace.ts'

/** A function that works with any reporter: each has parts of a type of its own. */
type Use<R> = <Part>(reporter: Reporter<Part>) => R

/** The options that reporters heed. */
type Style = Pick<CheckPlan, 'format' | 'ascii'> & Partial<Record<'strict' | 'full' | 'verbose', boolean>>

/** What is asked for: one run, several that are named, or a whole catalogue. */
export type ReportExtent = 'one' | 'several' | 'catalogue'

/** Gives the reporter of a format to a function. */
export function withReporter<R>(
  environment: Environment,
  { format, ascii, strict = false, full = false, verbose = false }: Style,
  extent: ReportExtent,
  use: Use<R>,
): R {
  switch (format) {
    case 'text':
      if (extent === 'one') return use(full ? fullText(environment, ascii) : shortText(environment, ascii, verbose))
      if (extent === 'several' || full || verbose) return use(rowsOfText(environment, ascii, full))
      return use(groupsOfText(environment, ascii))
    case 'json':
      return use(json(environment))
    case 'itf':
      return use(oneTrace(environment, itfFormat))
    case 'mermaid':
      return use(oneTrace(environment, mermaidFormat))
    case 'html':
      return use(page(environment))
    case 'junit':
      return use(reportedRuns(environment, { ascii, strict }, junit))
    case 'sarif':
      return use(reportedRuns(environment, { ascii, strict }, sarif))
    case 'markdown':
      return use(reportedRuns(environment, { ascii, strict }, markdown))
  }
}

/** One schedule in a format. */
export function scheduleIn(format: Format, shown: ShownSchedule): string {
  switch (format) {
    case 'text':
      return textOfSchedule(shown)
    case 'json':
      return jsonOfSchedule(shown)
    case 'itf':
      return traceOfSchedule(shown, itfFormat)
    case 'mermaid':
      return traceOfSchedule(shown, mermaidFormat)
    case 'html':
      return pageOfSchedule(shown)
    case 'junit':
      return reportOfSchedule(shown, junit)
    case 'sarif':
      return reportOfSchedule(shown, sarif)
    case 'markdown':
      return reportOfSchedule(shown, markdown)
  }
}
