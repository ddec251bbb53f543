/** Text for people: one run in full, or one line per run. */
import { distinctTouchings } from '../../analysis/atomicity.ts'
import { distinct } from '../../analysis/warning.ts'
import type { PropertyResult } from '../../explorer/result.ts'
import { atomicityLines } from '../../report/atomicity.ts'
import { judge, violatedOf } from '../../report/checked.ts'
import { drawEnd, drawTrace } from '../../report/drawing.ts'
import { drawShort } from '../../report/short.ts'
import { profileLines } from '../../report/profile.ts'
import { outcomeOf } from '../../report/replay.ts'
import { headline, propertyLines, rowLine, sizeText, summaryLines } from '../../report/text.ts'
import { scheduleTitle } from '../../report/title.ts'
import { warningLines } from '../../report/warnings.ts'
import { wrap } from '../../report/wrap.ts'
import { canvasOf, inCharacters, paintOf, print, widthOf } from '../context.ts'
import type { Environment } from '../environment.ts'
import type { JudgedRun } from '../judged-run.ts'
import type { RunTarget } from '../targets.ts'
import { tracesOf } from '../traces.ts'
import { shortDrawings } from './short.ts'
import type { RunReport, Reporter, ShownSchedule, WholeReport } from './reporter.ts'

type Lines = readonly string[]

/** One run in full, with the witnesses of the properties that were asked for by name. */
export function fullText(environment: Environment, ascii: true | undefined): Reporter<Lines> {
  const { stdout, variables } = environment
  const [width, paint] = [widthOf(stdout), paintOf(stdout, variables)]
  return {
    witnesses: false,
    remarks: 'stdout',
    begin(setting) {
      print(stdout, inCharacters([...headline(setting, width, paint), ''], canvasOf(environment, ascii)))
    },
    run(judged) {
      const { checked, target } = judged
      const { properties } = checked.result
      const lines = [
        ...propertyLines(checked.result, paint),
        ...drawings(environment, judged, target.chosen ? properties : violatedOf(checked.result), ascii),
        '',
        ...summaryLines(checked, width, paint),
      ]
      return inCharacters(lines, canvasOf(environment, ascii))
    },
    print({ part }) {
      print(stdout, part)
    },
    end: () => undefined,
  }
}

/**
 * One line per run, the unexpected violations, and a sum.
 *
 * @param full whether the violations are drawn with every step
 */
export function rowsOfText(environment: Environment, ascii: true | undefined, full: boolean): Reporter<Lines> {
  const { stdout, variables } = environment
  const paint = paintOf(stdout, variables)
  return {
    witnesses: false,
    remarks: 'stdout',
    run(judged) {
      const { checked } = judged
      const { result, expectation, command } = checked
      const surprises =
        judge(result, expectation) === 'unexpected'
          ? violatedOf(result).filter(({ name }) => expectation?.violated?.includes(name) !== true)
          : []
      const lines = [
        rowLine(checked, paint),
        ...profileLines(result.profile, paint),
        ...(full ? drawings : shortDrawings)(environment, judged, surprises, ascii),
        ...(surprises.length > 0 ? ['', `repeat with: ${command}`, ''] : []),
      ]
      return inCharacters(lines, canvasOf(environment, ascii))
    },
    print({ part }) {
      print(stdout, part)
    },
    end(whole) {
      print(stdout, endOfRows(environment, whole))
    },
  }
}

/** The warnings of all runs, each once, and the sum. */
function endOfRows({ stdout, variables }: Environment, { outcomes, targets }: WholeReport<Lines>): Lines {
  const width = widthOf(stdout)
  const warnings = distinct(outcomes.flatMap((one) => one.warnings))
  const warned = warningLines(warnings, width, paintOf(stdout, variables))
  const atomicity = atomicityLines(distinctTouchings(outcomes.flatMap((one) => one.atomicity)), width)
  return [
    ...(warned.length === 0 ? [] : ['', ...warned]),
    ...(atomicity.length === 0 ? [] : ['', ...atomicity]),
    '',
    sumLine(outcomes),
    ...scenariosLeftOut(targets, outcomes, width),
  ]
}

/** `312 checked: 311 as expected, 1 not, 0 incomplete` */
export function sumLine(outcomes: readonly Pick<RunReport<unknown>, 'judgement'>[]): string {
  const count = (wanted: JudgedRun['judgement']): number =>
    outcomes.filter(({ judgement }) => judgement === wanted).length
  return `${outcomes.length} checked: ${count('passed')} as expected, ${count('failed')} not, ${count('open')} incomplete`
}

/** The scenarios that were not checked, by model: an interrupt leaves out some that were asked for. */
export function scenariosLeftOut(
  targets: readonly RunTarget[],
  outcomes: readonly Pick<RunReport<unknown>, 'model' | 'scenario'>[],
  width: number,
): Lines {
  const protocols = new Map(targets.map(({ setting: { protocol } }) => [protocol.name, protocol]))
  const left = [...protocols.values()].flatMap(({ name, scenarios }) => {
    const checked = outcomes.filter(({ model }) => model === name).map(({ scenario }) => scenario)
    const others = scenarios
      .filter((scenario) => !checked.includes(scenario.name))
      .map((scenario) => `${scenario.name}${scenario.large === true ? ' (large)' : ''}`)
    return others.length === 0 ? [] : [`${name} in ${others.join(', ')}`]
  })
  return left.length === 0 ? [] : wrap(`not checked: ${left.join('; ')}`, width)
}

/** The schedules of properties. One that shows several properties is drawn once. */
function drawings(
  environment: Environment,
  judged: JudgedRun,
  properties: readonly PropertyResult[],
  ascii: true | undefined,
): Lines {
  const canvas = canvasOf(environment, ascii)
  const { minimize } = judged.checked.result
  const drawn = new Map<string, string>()
  return properties
    .flatMap((one) => one.cycle ?? [one])
    .flatMap((result) => {
      const [traced] = tracesOf([result], environment.cwd)
      if (traced === undefined) return []
      const { trace, key } = traced
      const { name, outcome } = traced.example.property
      const comma = result.minimal === undefined ? '' : ','
      const head = canvas.paint('bold', `${name} is ${outcome}${comma} ${sizeText(result, minimize)}`)
      const same = drawn.get(key)
      if (same !== undefined) return ['', `${head}, by the schedule of ${same}:`, '', ...drawEnd(trace, canvas)]
      drawn.set(key, name)
      return ['', `${head}:`, '', ...drawTrace(trace, canvas)]
    })
}

/** One schedule, drawn. */
export function textOfSchedule({ environment, ascii, short, schedule, replay, trace }: ShownSchedule): string {
  const canvas = canvasOf(environment, ascii)
  const lines = [
    canvas.paint('bold', scheduleTitle(schedule)),
    replay.kind === 'confirmed' ? outcomeOf(schedule) : `recorded because ${outcomeOf(schedule)}`,
    ...(trace === undefined ? [] : ['', ...(short ? drawShort : drawTrace)(trace, canvas)]),
  ]
  return `${inCharacters(lines, canvas).join('\n')}\n`
}
