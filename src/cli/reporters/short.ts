/** Text for people about one run, on one screen: its verdicts, one counterexample, and where the others are. */
import type { PropertyResult } from '../../explorer/result.ts'
import { violatedOf } from '../../report/checked.ts'
import { drawShort } from '../../report/short.ts'
import { shortHeadline, shortSummary, verdictTable } from '../../report/short-text.ts'
import { headline, propertyLines, sizeText, summaryLines } from '../../report/text.ts'
import { canvasOf, inCharacters, paintOf, print, widthOf } from '../context.ts'
import type { Environment } from '../environment.ts'
import type { JudgedRun } from '../judged-run.ts'
import { tracesOf, type PropertySchedule } from '../traces.ts'
import type { Reporter } from './reporter.ts'

type Lines = readonly string[]

/** @param verbose whether every verdict, step never taken and warning is listed */
export function shortText(environment: Environment, ascii: true | undefined, verbose: boolean): Reporter<Lines> {
  const { stdout, variables } = environment
  const [width, paint] = [widthOf(stdout), paintOf(stdout, variables)]
  const canvas = canvasOf(environment, ascii)
  return {
    witnesses: false,
    remarks: 'stdout',
    begin(setting) {
      print(stdout, inCharacters([...(verbose ? headline : shortHeadline)(setting, width, paint), ''], canvas))
    },
    run(judged) {
      const { checked, target } = judged
      const wanted = target.chosen ? checked.result.properties : violatedOf(checked.result)
      const table = verbose ? propertyLines(checked.result, paint) : verdictTable(checked, target.chosen, width, paint)
      const summary = verbose ? summaryLines(checked, width, paint) : shortSummary(checked, width, paint)
      return inCharacters([...table, ...shortDrawings(environment, judged, wanted, ascii), '', ...summary], canvas)
    },
    print({ part }) {
      print(stdout, part)
    },
    end: () => undefined,
  }
}

/** A property, and its schedule. */
interface Shown extends PropertySchedule {
  readonly result: PropertyResult
}

/** The shortest of the schedules, drawn, and a line for each other with the command that draws it. */
export function shortDrawings(
  environment: Environment,
  { checked, drawCommand }: Pick<JudgedRun, 'checked' | 'drawCommand'>,
  properties: readonly PropertyResult[],
  ascii: true | undefined,
): Lines {
  const canvas = canvasOf(environment, ascii)
  const all = properties.flatMap((result): readonly Shown[] =>
    tracesOf([result], environment.cwd).map((traced) => ({ ...traced, result })),
  )
  const [first, ...others] = all.toSorted(bySize)
  if (first === undefined) return []
  const { minimize } = checked.result
  const sizeOf = ({ result, trace }: Shown): string =>
    sizeText(result, minimize) || sizeText({ ...result, steps: trace.steps.length }, minimize)
  const { name, outcome } = first.example.property
  const head = `${name} is ${outcome}${first.result.minimal === undefined ? '' : ','} ${sizeOf(first)}`
  const width = Math.max(...others.map(({ example }) => example.property.name.length), 0)
  return [
    '',
    ...(all.length > 1 ? [canvas.paint('bold', `${head}:`), ''] : []),
    ...drawShort(first.trace, canvas),
    ...(others.length === 0 ? [] : ['', 'the others, in full:']),
    ...others.map(
      (one) =>
        `  ${one.example.property.name.padEnd(width)}  ${one.key === first.key ? 'the same steps' : sizeOf(one)}  ${drawCommand(one.result.name)}`,
    ),
  ]
}

/** What is violated first, then what has the fewest steps. */
function bySize(a: Shown, b: Shown): number {
  const rank = ({ example }: Shown): number => Number(example.property.outcome !== 'violated')
  return rank(a) - rank(b) || a.trace.steps.length - b.trace.steps.length
}
