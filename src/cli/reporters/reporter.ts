/**
 * A reporter writes what a check found in one format. There is one for each format; `index.ts` is the only place that
 * knows which.
 *
 * It works in two halves. `run` makes a part of each run, in the thread that explored it: parts are plain data, so that
 * they can be sent. `print` and `end` write parts, in the thread that has standard output.
 */
import type { Touching } from '../../analysis/atomicity.ts'
import type { Warning } from '../../analysis/warning.ts'
import type { Protocol } from '../../catalogue/protocol.ts'
import type { Setting } from '../../catalogue/setting.ts'
import type { ConfiguredModel } from '../../language/ast.ts'
import type { PageDocument } from '../../page/document.ts'
import type { Replay } from '../../schedules/replay.ts'
import type { Schedule } from '../../schedules/schedule.ts'
import type { Trace } from '../../report/trace.ts'
import type { Environment } from '../environment.ts'
import type { JudgedRun } from '../judged-run.ts'
import type { RunTarget } from '../targets.ts'

export interface Reporter<Part> {
  /** Whether it shows the witness of every `sometimes` property; the others show those that are asked for by name. */
  readonly witnesses: boolean
  /** The destination of remarks that are not part of the report: standard error if standard output is one document. */
  readonly remarks: 'stdout' | 'stderr'
  /** Writes what is known of a run before it is explored: of one that is told in full. */
  readonly begin?: (setting: Setting) => void
  /** Hears what will be run, before the first run begins. */
  readonly expect?: (targets: readonly RunTarget[]) => void
  /** Renders one run. */
  readonly run: (judged: JudgedRun) => Part
  /** Writes the part of a run, as soon as it is over and the runs before it are written. */
  readonly print?: (report: RunReport<Part>) => void
  /** Whether a run is written as soon as it is over, whichever it is. */
  readonly asTheyEnd?: true
  /** Writes the rest, when all runs are over. */
  readonly end: (whole: WholeReport<Part>) => void
}

/** A run that is over, as plain data: its part of the report, and what the command needs of it. */
export interface RunReport<Part> {
  readonly part: Part
  readonly model: string
  readonly scenario: string
  readonly judgement: JudgedRun['judgement']
  readonly seconds: number
  /** The number of steps that were never taken. */
  readonly neverTaken: number
  /** With the lines as the user sees them. */
  readonly warnings: readonly Warning[]
  /** The shared state that each transition touches, for a user's model. */
  readonly atomicity: readonly Touching[]
  /** The schedules that `--out` saves; empty without it. */
  readonly schedules: readonly Schedule[]
  /** A page for each of them, if `--out` is a directory; else empty. */
  readonly pages: readonly PageDocument[]
  /** Repeats the run. */
  readonly command: string
}

/** All runs of a command. */
export interface WholeReport<Part> {
  readonly outcomes: readonly RunReport<Part>[]
  readonly targets: readonly RunTarget[]
  /** The version of hmmcheck. */
  readonly version: string
  /** Repeats all of it. */
  readonly command: string
  /** The time of its start: ISO 8601, UTC. */
  readonly started: string
}

/** The schedule that `show` writes in a format. */
export interface ShownSchedule {
  readonly environment: Environment
  readonly ascii: true | undefined
  /** Whether the drawing is to fit a screen. */
  readonly short: boolean
  readonly schedule: Schedule
  readonly replay: Replay
  /** As far as it could be played. */
  readonly trace: Trace | undefined
  /** The model it was played on, with all that its variant claims. */
  readonly claims: ConfiguredModel
  /** What the protocol says of the picture of memory. */
  readonly view: Protocol['view']
  readonly version: string
  /** Repeats the command. */
  readonly command: string
}
