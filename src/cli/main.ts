/** The command line. It knows no model: whoever starts it brings a catalogue. */
import { Command, CommanderError } from 'commander'
import type { Catalogue } from '../language/protocol.ts'
import { checkCommand } from './check.ts'
import { HOLDS, MISTAKE } from './codes.ts'
import { paintOf } from './context.ts'
import type { Context } from './context.ts'
import { processEnvironment } from './environment.ts'
import type { Environment } from './environment.ts'
import { fuzzCommand } from './fuzz.ts'
import { listCommand } from './list.ts'
import { minimizeCommand } from './minimize.ts'
import { isMistake } from './mistakes.ts'
import { replayCommand } from './replay.ts'
import { lockCommand } from './lock.ts'
import { regressCommand } from './regress.ts'
import { showCommand } from './show.ts'

/**
 * Runs the command `hmmcheck`.
 *
 *     process.exitCode = await main(catalogue, process.argv.slice(2))
 *
 * @param catalogue the models it knows without being told of any
 * @param argv what was typed behind the program's name
 * @param environment the world it works in; the process, if nothing else is said
 * @returns the exit code: 0 holds or as expected, 1 violated or not as expected, 2 a mistake of the user's, 3 incomplete, 130 interrupted
 */
export async function main(catalogue: Catalogue, argv: readonly string[], environment: Environment = processEnvironment()): Promise<number> {
  let code = HOLDS
  const context: Context = { catalogue, environment, argv, exit: (wanted) => { code = wanted } }
  try {
    await program(context, await environment.version()).parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? HOLDS : MISTAKE
    const paint = paintOf(environment.stderr, environment.variables)
    if (isMistake(error)) environment.stderr.write(`${paint('red', 'error')} ${error.message}\n`)
    else environment.stderr.write(`${paint('red', 'error')} HMM299: this is a mistake of hmmcheck's own, please report it: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`)
    return MISTAKE
  }
}

function program(context: Context, version: string): Command {
  const { stdout, stderr } = context.environment
  const root = new Command('hmmcheck')
    .description('Checks the protocols of Linux\'s Heterogeneous Memory Management exhaustively.')
    .version(version)
  for (const make of [listCommand, checkCommand, fuzzCommand, replayCommand, showCommand, minimizeCommand, lockCommand, regressCommand]) root.addCommand(make(context))
  for (const command of [root, ...root.commands]) {
    command
      .exitOverride()
      .showHelpAfterError('(--help says what there is)')
      .configureOutput({
        writeOut: (text) => { stdout.write(text) },
        writeErr: (text) => { stderr.write(text) },
        outputError: (text, write) => { write(text.replace(/^error: /, 'error HMM200: ')) },
        getOutHelpWidth: () => stdout.columns ?? 100,
        getErrHelpWidth: () => stderr.columns ?? 100,
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
  }
  return root
}
