/**
 * Text for people about a whole catalogue: a line for each model and scenario as soon as its runs are over, what is not
 * as expected at once, and at the end the commands that show it.
 */
import { distinctTouchings } from '../../analysis/atomicity.ts'
import { distinct } from '../../analysis/warning.ts'
import { atomicityLines } from '../../report/atomicity.ts'
import { judge, violatedOf } from '../../report/checked.ts'
import { plural, showSeconds } from '../../report/numbers.ts'
import type { Paint } from '../../report/paint.ts'
import { profileLines } from '../../report/profile.ts'
import { shortWarnings } from '../../report/short-text.ts'
import { rowLine } from '../../report/text.ts'
import { canvasOf, inCharacters, paintOf, print, widthOf } from '../context.ts'
import type { Environment } from '../environment.ts'
import type { JudgedRun } from '../judged-run.ts'
import type { RunTarget } from '../targets.ts'
import type { Reporter, RunReport, WholeReport } from './reporter.ts'
import { shortDrawings } from './short.ts'
import { scenariosLeftOut, sumLine } from './text.ts'

type Lines = readonly string[]

/** A run, as the line of its group needs it. */
interface GroupPart {
  /** The run in one line. */
  readonly row: string
  /** What must be said of it at once: the counterexamples that nobody expected. */
  readonly urgent: Lines
  readonly verdict: JudgedRun['checked']['result']['verdict']
  readonly states: number
  /** The command that shows what is to be looked at. */
  readonly look: string
}

/** More commands than these are counted. */
const FEW = 6

/** A line for each model and scenario. */
export function groupsOfText(environment: Environment, ascii: true | undefined): Reporter<GroupPart> {
  const { stdout, variables } = environment
  const paint = paintOf(stdout, variables)
  const canvas = canvasOf(environment, ascii)
  const left = new Map<string, number>()
  const over = new Map<string, RunReport<GroupPart>[]>()
  return {
    witnesses: false,
    remarks: 'stdout',
    asTheyEnd: true,
    expect(targets) {
      for (const { setting } of targets) {
        const key = keyOf(setting.protocol.name, setting.scenario.name)
        left.set(key, (left.get(key) ?? 0) + 1)
      }
    },
    run: (judged) => partOf(environment, judged, ascii),
    print(report) {
      const key = keyOf(report.model, report.scenario)
      const runs = [...(over.get(key) ?? []), report]
      over.set(key, runs)
      const { row, urgent } = report.part
      const isDone = runs.length === left.get(key)
      const line = isDone && runs.length > 1 ? [groupLine(runs, paint)] : []
      const isShown = report.judgement !== 'passed' || urgent.length > 0 || (isDone && runs.length === 1)
      print(stdout, inCharacters([...(isShown ? [row] : []), ...urgent, ...line], canvas))
    },
    end(whole) {
      print(stdout, inCharacters(endLines(environment, whole), canvas))
    },
  }
}

const keyOf = (model: string, scenario: string): string => JSON.stringify([model, scenario])

function partOf(environment: Environment, judged: JudgedRun, ascii: true | undefined): GroupPart {
  const { stdout, variables } = environment
  const paint = paintOf(stdout, variables)
  const { checked, target, drawCommand } = judged
  const { result, expectation } = checked
  const surprises =
    judge(result, expectation) === 'unexpected'
      ? violatedOf(result).filter(({ name }) => expectation?.violated?.includes(name) !== true)
      : []
  const drawn = shortDrawings(environment, judged, surprises, ascii)
  const [first] = surprises.length > 0 ? surprises : violatedOf(result)
  return {
    row: rowLine(checked, paint),
    urgent: [...profileLines(result.profile, paint), ...drawn, ...(drawn.length > 0 ? [''] : [])],
    verdict: result.verdict,
    states: result.states,
    look: first === undefined || target.chosen ? checked.command : drawCommand(first.name),
  }
}

/** `ok  mirror-2017  mirror  12 runs: 3 hold, 9 are violated as expected  1,234,567 states, 12.3 s` */
function groupLine(runs: readonly RunReport<GroupPart>[], paint: Paint): string {
  const [one] = runs
  const count = (wanted: (run: RunReport<GroupPart>) => boolean): number => runs.filter(wanted).length
  const failed = count(({ judgement }) => judgement === 'failed')
  const open = count(({ judgement }) => judgement === 'open')
  const mark =
    failed > 0 ? paint('red', 'NOT AS EXPECTED') : open > 0 ? paint('yellow', 'incomplete') : paint('green', 'ok')
  const passed = (verdict: string): number =>
    count(({ judgement, part }) => judgement === 'passed' && part.verdict === verdict)
  const parts = [
    [failed, 'not as expected'],
    [open, 'incomplete'],
    [passed('holds'), passed('holds') === 1 ? 'holds' : 'hold'],
    [passed('violated'), 'violated as expected'],
  ] as const
  const outcome = parts.flatMap(([number, word]) => (number === 0 ? [] : [`${number} ${word}`])).join(', ')
  const states = runs.reduce((sum, { part }) => sum + part.states, 0)
  const seconds = runs.reduce((sum, run) => sum + run.seconds, 0)
  const never = runs.reduce((sum, { neverTaken }) => sum + neverTaken, 0)
  return `${mark}  ${(one?.model ?? '').padEnd(20)}  ${(one?.scenario ?? '').padEnd(16)}  ${plural(runs.length, 'run')}: ${outcome}  ${plural(states, 'state')}, ${showSeconds(seconds)}${never === 0 ? '' : `, ${plural(never, 'step')} never taken`}`
}

function endLines({ stdout, variables, program }: Environment, whole: WholeReport<GroupPart>): Lines {
  const { outcomes, targets } = whole
  const [width, paint] = [widthOf(stdout), paintOf(stdout, variables)]
  const warned = shortWarnings(distinct(outcomes.flatMap((one) => one.warnings)), width, paint)
  const atomicity = atomicityLines(distinctTouchings(outcomes.flatMap((one) => one.atomicity)), width)
  return [
    ...(warned.length === 0 ? [] : ['', ...warned]),
    ...(atomicity.length === 0 ? [] : ['', ...atomicity]),
    '',
    sumLine(outcomes),
    ...scenariosLeftOut(targets, outcomes, width),
    ...lookLines(program, whole),
  ]
}

/** The commands that show what a reader should look at; if all is well, one counterexample, and what was left out. */
function lookLines(program: string, { outcomes, targets }: WholeReport<GroupPart>): Lines {
  const commands = (all: readonly RunReport<GroupPart>[], what: string): readonly (readonly [string, string])[] =>
    all.map(({ part }) => [part.look, what] as const)
  const of = (judgement: JudgedRun['judgement']): readonly RunReport<GroupPart>[] =>
    outcomes.filter((one) => one.judgement === judgement)
  const bad = [...commands(of('failed'), 'not as expected'), ...commands(of('open'), 'incomplete')]
  const warned = outcomes.filter(({ judgement, warnings }) => judgement === 'passed' && warnings.length > 0).slice(0, 1)
  const bug = outcomes
    .filter(({ part, judgement }) => judgement === 'passed' && part.verdict === 'violated')
    .slice(0, 1)
  const all = [
    ...bad,
    ...warned.map(({ command, warnings }) => [`${command} --verbose`, plural(warnings.length, 'warning')] as const),
    ...(bad.length > 0 ? [] : commands(bug, 'a counterexample that is expected')),
    ...(bad.length > 0 || outcomes.length < targets.length || !hasLarge(targets, outcomes)
      ? []
      : [[`${program} check --large`, 'what was left out'] as const]),
  ]
  const more = all.length - FEW
  return all.length === 0
    ? []
    : [
        '',
        'look at',
        ...all.slice(0, FEW).map(([command, what]) => `  ${command}  # ${what}`),
        ...(more > 0 ? [`  and ${more} more, above`] : []),
      ]
}

/** Whether a large scenario of these models was not checked. */
const hasLarge = (targets: readonly RunTarget[], outcomes: readonly RunReport<unknown>[]): boolean =>
  targets.some(({ setting: { protocol } }) =>
    protocol.scenarios.some(
      ({ name, large }) =>
        large === true && !outcomes.some(({ model, scenario }) => model === protocol.name && scenario === name),
    ),
  )
