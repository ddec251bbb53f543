/** Formats of one schedule: that of the first violated property, or of the one that is asked for. */
import { errorText } from '../../language/error-text.ts'
import { itf } from '../../report/formats/itf.ts'
import { mermaid } from '../../report/formats/mermaid.ts'
import { violatedOf } from '../../report/checked.ts'
import { showSizes } from '../../report/text.ts'
import { runTitle, scheduleTitle } from '../../report/title.ts'
import { traceOf, type Trace } from '../../report/trace.ts'
import { exampleOf, type Counterexample } from '../../semantics/counterexample.ts'
import { print } from '../context.ts'
import type { Environment } from '../environment.ts'
import type { JudgedRun } from '../judged-run.ts'
import { locator } from '../places.ts'
import type { Reporter, ShownSchedule } from './reporter.ts'

/** A schedule that was played. */
interface Played extends Pick<Counterexample, 'machine' | 'run'> {
  readonly trace: Trace
}

/** Writes a schedule. */
export interface TraceFormat {
  readonly name: string
  /** @param source `mirror-2017@as-posted, scenario core` */
  readonly write: (played: Played, source: string) => string
}

export const itfFormat: TraceFormat = {
  name: 'itf',
  write: ({ machine, run, trace }, source) =>
    itf(machine, run, trace, { source, description: trace.end?.text ?? 'a schedule' }),
}

export const mermaidFormat: TraceFormat = { name: 'mermaid', write: ({ trace }) => mermaid(trace) }

/** One schedule in a format. */
export const oneTrace = (environment: Environment, format: TraceFormat): Reporter<string | undefined> =>
  oneSchedule(environment, format.name, ({ machine, run, property, claims }, { checked }) => {
    const { protocol, variant, scenario, sizes } = checked.setting
    const about = { model: protocol.name, variant: variant.name, scenario: scenario.name, sizes: showSizes(sizes) }
    const trace = traceOf(machine, run, { property, claims, locate: locator(environment.cwd) })
    return format.write({ machine, run, trace }, runTitle(about))
  })

/** The part of a run is the text of its first schedule; undefined if it has none. */
export function oneSchedule(
  { stdout, stderr }: Environment,
  format: string,
  write: (example: Counterexample, judged: JudgedRun) => string,
): Reporter<string | undefined> {
  return {
    witnesses: false,
    remarks: 'stderr',
    run(judged) {
      const { target, checked } = judged
      const { result } = checked
      const holding = target.chosen ? result.properties.filter(({ verdict }) => verdict === 'holds') : []
      const [first] = [...violatedOf(result), ...holding]
        .slice(0, 1)
        .flatMap((property) => property.cycle ?? [property])
        .flatMap((property) => exampleOf(property) ?? [])
      return first === undefined ? undefined : write(first, judged)
    },
    end({ outcomes }) {
      const [text] = outcomes.flatMap(({ part }) => part ?? [])
      if (text !== undefined) stdout.write(text)
      else
        print(stderr, [
          errorText({
            code: 'HMM262',
            what: `nothing is violated, so there is no schedule to write as ${format}`,
            remedy: 'ask for the witness of a property with --property',
          }),
        ])
    },
  }
}

/** One schedule, as far as it could be played. */
export function traceOfSchedule({ schedule, replay, trace }: ShownSchedule, format: TraceFormat): string {
  const { machine, run } = replay
  if (trace === undefined || run === undefined) return ''
  return format.write({ machine, run, trace }, scheduleTitle(schedule))
}
