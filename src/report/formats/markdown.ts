/**
 * Markdown as GitHub renders it, for the summary of a job or the description of a pull request: a table of the runs, and
 * for each violation that a build should fail over its short drawing and the command that repeats it.
 */
import { plural, showSeconds } from '../numbers.ts'
import { plainPaint } from '../paint.ts'
import { drawShort } from '../short.ts'
import { runTitle } from '../title.ts'
import { warningText } from '../warnings.ts'
import { grantedLines } from './reported.ts'
import type { Reported, ReportedProperty, ReportedRun } from './reported.ts'

/** Columns of a drawing: as many as GitHub shows without a bar to scroll. */
const WIDTH = 100
/** More drawings than these are counted: GitHub takes a summary of at most a megabyte. */
const MOST_DRAWINGS = 20

/** The document. */
export function markdown({ runs, version }: Reported): string {
  const failing = runs.flatMap((run) =>
    run.properties.filter(({ judgement }) => judgement === 'failed').map((property) => ({ run, property })),
  )
  const more = failing.length - MOST_DRAWINGS
  return [
    `## ${headOf(runs)}`,
    '',
    '| | run | properties | time |',
    '|---|---|---|---|',
    ...runs.map(rowOf),
    '',
    ...failing.slice(0, MOST_DRAWINGS).flatMap(({ run, property }) => section(run, property)),
    ...(more > 0 ? [`${plural(more, 'more failure')}: see the log of the command.`, ''] : []),
    ...notes(runs),
    `<sub>hmmcheck ${text(version)}</sub>`,
    '',
  ].join('\n')
}

type Judgement = ReportedProperty['judgement']

const MARKS: Readonly<Record<Judgement, string>> = { failed: '❌', open: '⚠️', expected: '✅', passed: '✅' }

/** The worst judgement on the properties of a run; a warning counts as a failure under `--strict`. */
function judgementOf({ properties, strict, warnings }: ReportedRun): Judgement {
  const has = (wanted: Judgement): boolean => properties.some(({ judgement }) => judgement === wanted)
  if (has('failed') || (strict && warnings.length > 0)) return 'failed'
  return has('open') ? 'open' : 'passed'
}

/** `❌ hmmcheck: 1 of 3 runs failed` */
function headOf(runs: readonly ReportedRun[]): string {
  const count = (wanted: Judgement): number => runs.filter((run) => judgementOf(run) === wanted).length
  const [failed, open] = [count('failed'), count('open')]
  const of = `of ${plural(runs.length, 'run')}`
  if (failed > 0) return `${MARKS.failed} hmmcheck: ${failed} ${of} failed`
  return open > 0
    ? `${MARKS.open} hmmcheck: ${open} ${of} incomplete`
    : `${MARKS.passed} hmmcheck: ${plural(runs.length, 'run')}, all as they should be`
}

function rowOf(run: ReportedRun): string {
  const { properties, warnings } = run
  const named = (judgement: Judgement): readonly string[] =>
    properties.filter((one) => one.judgement === judgement).map(({ name, reason }) => `${code(name)}: ${text(reason)}`)
  const passed = properties.filter(({ judgement }) => judgement === 'passed').length
  const cells = [
    ...named('failed'),
    ...named('open'),
    ...named('expected'),
    ...(passed > 0 ? [`${passed} as they should be`] : []),
    ...(warnings.length > 0 ? [plural(warnings.length, 'warning')] : []),
  ]
  return `| ${MARKS[judgementOf(run)]} | ${text(runTitle(run))} | ${cells.join('<br>')} | ${showSeconds(run.seconds)} |`
}

function section(run: ReportedRun, { name, reason, claim, traces }: ReportedProperty): readonly string[] {
  return [
    `### ${code(name)} is ${text(reason)}`,
    '',
    `${text(runTitle(run))}${claim === undefined ? '' : `: ${text(claim)}`}`,
    '',
    ...traces.flatMap((trace) => [...fenced(drawShort(trace, { width: WIDTH, paint: plainPaint }), 'text'), '']),
    ...fenced([run.command], 'sh'),
    '',
  ]
}

/** Warnings, and what a property that holds assumes, behind a line that opens them. */
function notes(runs: readonly ReportedRun[]): readonly string[] {
  const lines = runs.flatMap((run) => [
    ...run.warnings.map((one) => `${code(one.at)}: ${text(warningText(one))}`),
    ...(grantedLines(run).length === 0 || run.memory === undefined
      ? []
      : [`${text(runTitle(run))}: memory is assumed to be ${text(run.memory)}`]),
  ])
  if (lines.length === 0) return []
  return ['<details><summary>Notes</summary>', '', ...lines.map((line) => `- ${line}`), '', '</details>', '']
}

/** Plain text in Markdown: nothing in it is markup, HTML or the end of a cell. */
const text = (raw: string): string =>
  raw
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]()#!|~$@]/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`)

/** A text as code in a line: HTML, since Markdown has no way to write some signs of it in a cell of a table. */
const code = (raw: string): string => `<code>${text(raw)}</code>`

/** Lines as a block of code, whatever they hold. */
function fenced(lines: readonly string[], language: string): readonly string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length)))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}${language}`, ...lines, fence]
}
