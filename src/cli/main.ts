/**
 * The command line. It knows no model: its caller brings a catalogue.
 *
 * The code of a subcommand is loaded when it runs, by one dynamic import in its file: a command without the compiler,
 * the interpreter and the schema of schedules starts in half the time. All other imports are static.
 */
import { Command, CommanderError } from 'commander'
import type { Catalogue } from '../catalogue/protocol.ts'
import { UsageError } from '../catalogue/usage.ts'
import { checkCommand } from './check.ts'
import { completeCommand, completionCommand } from './completion.ts'
import { conformCommand } from './conform.ts'
import { exploreCommand } from './explore.ts'
import { paintOf, print } from './context.ts'
import type { Context } from './context.ts'
import { processEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { withExamples } from './examples.ts'
import { HOLDS, MISTAKE } from './exit-codes.ts'
import { deriveCommand } from './derive.ts'
import { diffCommand } from './diff.ts'
import { firstSteps } from './first-steps.ts'
import { exportCommand } from './export.ts'
import { fuzzCommand } from './fuzz.ts'
import { initCommand } from './init.ts'
import { listCommand } from './list.ts'
import { minimizeCommand } from './minimize.ts'
import { collect, parseConfig } from './options/values.ts'
import { replayCommand } from './replay.ts'
import { lockCommand } from './lock.ts'
import { regressCommand } from './regress.ts'
import { showCommand } from './show.ts'
import { watchCommand } from './watch.ts'

/**
 * Runs the command `hmmcheck`.
 *
 *     process.exitCode = await main(catalogue, process.argv.slice(2))
 *
 * @param catalogue the models that it knows by itself
 * @param argv the words after the program's name
 * @param environment the world it works in; default: the process
 * @returns the exit code: 0 holds or as expected, 1 violated or not as expected, 2 a mistake of the user, 3
 *   incomplete, 130 interrupted
 */
export async function main(
  catalogue: Catalogue,
  argv: readonly string[],
  environment: Environment = processEnvironment(),
): Promise<number> {
  const code = await carriedOut(catalogue, argv, environment)
  return (await isAllWritten(environment)) ? code : MISTAKE
}

async function carriedOut(catalogue: Catalogue, argv: readonly string[], environment: Environment): Promise<number> {
  let code = HOLDS
  const context: Context = {
    catalogue,
    environment,
    argv,
    exit: (wanted) => {
      code = wanted
    },
  }
  if (argv.length === 0) {
    print(environment.stdout, firstSteps(environment.program, catalogue))
    return HOLDS
  }
  try {
    await program(context, await environment.version()).parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? HOLDS : MISTAKE
    const { explained } = await import('./explain.ts')
    complain(
      environment,
      (await explained(error, environment.cwd)) ??
        `HMM299: internal error in hmmcheck; please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    )
    return MISTAKE
  }
}

function complain({ stderr, variables }: Environment, message: string): void {
  stderr.write(`${paintOf(stderr, variables)('red', 'error')} ${message}\n`)
}

/** Whether all output was written. A reader that stops reading is not a failure. */
async function isAllWritten(environment: Environment): Promise<boolean> {
  const { stdout, stderr } = environment
  const lost = await stdout.settled?.()
  if (lost !== undefined)
    complain(environment, `HMM215: standard output can't be written: ${lost}; the output is incomplete`)
  // if standard error can't be written, nothing can be reported
  return (await stderr.settled?.()) === undefined && lost === undefined
}

function program(context: Context, version: string): Command {
  const { stdout, stderr } = context.environment
  const root = new Command('hmmcheck')
    .description("Checks protocols of Linux's Heterogeneous Memory Management exhaustively.")
    .version(version)
    .addCommand(completeCommand(context), { hidden: true })
  for (const make of [
    initCommand,
    deriveCommand,
    listCommand,
    checkCommand,
    completionCommand,
    exploreCommand,
    watchCommand,
    diffCommand,
    fuzzCommand,
    replayCommand,
    showCommand,
    minimizeCommand,
    lockCommand,
    regressCommand,
    conformCommand,
    exportCommand,
  ])
    root.addCommand(make(context))
  for (const command of [root, ...root.commands]) {
    refuseTwice(command)
    withExamples(command, context.environment.program)
    command
      .exitOverride()
      .showHelpAfterError('(--help lists commands and options)')
      .configureOutput({
        writeOut: (text) => {
          stdout.write(text)
        },
        writeErr: (text) => {
          stderr.write(text)
        },
        outputError: (text, write) => {
          write(text.replace(/^error: /, 'error HMM200: '))
        },
        getOutHelpWidth: () => stdout.columns ?? 100,
        getErrHelpWidth: () => stderr.columns ?? 100,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
  }
  return root
}

/** Parsers of options that may be given several times. */
const GATHERING: readonly unknown[] = [collect, parseConfig]

/** Refuses an option that is given twice but has one value: commander would silently take the last. */
function refuseTwice(command: Command): void {
  for (const option of command.options.filter(({ required, parseArg }) => required && !GATHERING.includes(parseArg))) {
    let isGiven = false
    command.on(`option:${option.name()}`, (value: string) => {
      if (isGiven)
        throw new UsageError(
          'HMM217',
          `${option.long ?? option.flags} is given twice, the second time as ${value}; it has one value`,
          'leave one of them out',
        )
      isGiven = true
    })
  }
}
