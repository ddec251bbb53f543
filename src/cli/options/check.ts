/** The options of `check`: their type, and their declarations. */
import { Option, type Command } from 'commander'
import type { Measure } from '../../explorer/result.ts'
import { ltsminEngines, type LtsminEngine } from '../../ltsmin/engines.ts'
import type { Format } from '../../report/formats/format.ts'
import {
  asciiOption,
  catalogueOption,
  configOption,
  formatOption,
  measureOption,
  noSymmetryOption,
  outOption,
  propertyOption,
  type CatalogueFlag,
} from './shared.ts'
import { collect, parseCount, parseDuration, parseSeconds, parseSeed, parseSize } from './values.ts'

/** The part of the command line that says which models are checked. */
export interface CheckSelection {
  readonly scenario?: readonly string[]
  readonly config?: Readonly<Record<string, number>>
  readonly property?: readonly string[]
  readonly large?: true
  readonly all?: true
}

/** The options as commander gives them. */
export interface CheckFlags extends CheckSelection, CatalogueFlag {
  readonly workers?: number
  readonly maxStates?: number
  /** Bytes. */
  readonly maxMemory?: number
  /** Seconds. */
  readonly timeout?: number
  readonly checkpoint?: string
  /** Seconds. */
  readonly checkpointEvery?: number
  readonly resume?: string
  readonly stopAtFirst?: true
  readonly minimize?: Measure
  readonly keepDeadLocals?: true
  /** False: every state is stored. */
  readonly symmetry?: boolean
  readonly fingerprint?: true
  readonly fingerprintSeed?: number
  readonly failOn?: 'never-taken'
  readonly strict?: true
  readonly dryRun?: true
  /** Also without a limit that was met. */
  readonly profile?: true
  /** False: the type checker is not asked. */
  readonly typecheck?: boolean
  /** The same as `--format json`. */
  readonly json?: true
  readonly format?: Format
  /** Draws every counterexample with every step, and says everything of every run. */
  readonly full?: true
  /** Lists every verdict, step never taken and warning. */
  readonly verbose?: true
  readonly ascii?: true
  readonly out?: string
  /** Absent: hmmcheck's own. */
  readonly engine?: LtsminEngine
  readonly ranks?: number
  /** A file. */
  readonly hosts?: string
}

/** The options once they are checked: one format, no more workers than processors. */
export interface CheckPlan extends Omit<CheckFlags, 'json' | 'format' | 'dryRun' | 'typecheck'> {
  readonly format: Format
}

/** Declares the options. */
export function withCheckOptions(command: Command): Command {
  return command
    .option('--scenario <NAME>', "which threads take part, and how many; '*' for all (repeatable)", collect)
    .option('--all', "with a catalogue of your own: hmmcheck's own models as well")
    .addOption(configOption())
    .addOption(propertyOption('check'))
    .option(
      '--large',
      'with the whole catalogue or a pattern: the large scenarios (minutes each) instead of the small ones',
    )
    .option('--workers <N>', 'explore with N threads; with several runs, N runs at once', parseCount('--workers'))
    .addOption(
      new Option('--engine <NAME>', 'search with LTSmin: over MPI on one host or many, or on the cores of one').choices(
        ltsminEngines,
      ),
    )
    .option(
      '--ranks <N>',
      'with --engine: N processes (default: one for each processor or slot)',
      parseCount('--ranks'),
    )
    .option('--hosts <FILE>', 'with --engine ltsmin: the hosts, a line for each: NAME slots=8')
    .option('--max-states <N>', 'stop, incomplete, after N states', parseCount('--max-states'))
    .option(
      '--max-memory <SIZE>',
      'stop, incomplete, when the process takes more than this: 4G',
      parseSize('--max-memory'),
    )
    .option('--timeout <S>', 'stop, incomplete, after S seconds', parseSeconds('--timeout'))
    .option('--checkpoint <FILE>', 'keep what was explored in a file, now and then and when the check is stopped')
    .option(
      '--checkpoint-every <TIME>',
      'the time from one checkpoint to the next: 2s, 10m, 1h (default: 10m)',
      parseDuration('--checkpoint-every'),
    )
    .option('--resume <FILE>', 'go on from a checkpoint, and keep it up to date')
    .option('--stop-at-first', 'stop at the level of the first violation')
    .addOption(measureOption())
    .option('--keep-dead-locals', 'treat states as different if they differ only in locals that are never read again')
    .addOption(noSymmetryOption())
    .option('--fingerprint', 'store 64 bits of each state; a state may be omitted, so nothing is said to hold')
    .option('--fingerprint-seed <N>', 'store other 64 bits, which omit other states', parseSeed('--fingerprint-seed'))
    .addOption(
      new Option('--fail-on <WHAT>', 'end with 1 also if some steps were never taken').choices(['never-taken']),
    )
    .option('--strict', 'end with 1 also if there are warnings')
    .option('--no-typecheck', 'do not run TypeScript, where it is installed, on your .ts files')
    .option('--profile', 'show which variables make up the number of states, and what leaving each out would save')
    .option('--dry-run', 'explore nothing; print bits per state, threads, steps and domains')
    .addOption(formatOption())
    .option('--json', 'the same as --format json: print one JSON document, nothing else')
    .option('--full', 'draw every counterexample with all steps and all changes; of several runs, a line each')
    .option('--verbose', 'list every verdict, every step that was never taken and every warning')
    .addOption(asciiOption())
    .addOption(outOption())
    .addOption(catalogueOption())
}
