/** One JSON document. docs/json.md says what each field is. */
import type { CheckDocument, RunDocument } from '../../report/json.ts'
import { runDocument } from '../../report/json.ts'
import type { TraceDocument } from '../../report/formats/trace-document.ts'
import type { Environment } from '../environment.ts'
import { schedulesOf } from '../judged-run.ts'
import type { Reporter, ShownSchedule } from './reporter.ts'

const textOf = (document: CheckDocument | TraceDocument): string => `${JSON.stringify(document, undefined, 2)}\n`

export function json({ stdout }: Environment): Reporter<RunDocument> {
  return {
    witnesses: true,
    remarks: 'stderr',
    run: (judged) =>
      runDocument(
        judged.checked,
        schedulesOf(judged, () => true),
      ),
    end({ outcomes, version, command }) {
      stdout.write(textOf({ schema: 3, version, command, runs: outcomes.map(({ part }) => part) }))
    },
  }
}

/** One schedule, with what playing it shows. */
export const jsonOfSchedule = ({ version, schedule, replay, trace }: ShownSchedule): string =>
  textOf({ schema: 2, version, schedule, outcome: replay.kind, trace: trace ?? null })
