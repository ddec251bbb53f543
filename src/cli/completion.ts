/**
 * `hmmcheck completion`: prints a script that makes a shell complete commands, models, properties and options. The
 * script knows none of them: it asks `hmmcheck complete` for the words that fit, so that it is never out of date.
 */
import { Argument, Command } from 'commander'
import { print, type Context } from './context.ts'
import { SHELLS, completionScript, isShell } from './completion-scripts.ts'

/** The subcommand. */
export function completionCommand(context: Context): Command {
  return new Command('completion')
    .summary('print a script that completes words in your shell')
    .description(
      'Prints a script for bash, zsh or fish. With it, the shell completes commands, options, models, variants, scenarios and properties, those of your own catalogue too.',
    )
    .addArgument(new Argument('<SHELL>', 'the shell').choices(SHELLS))
    .action((shell: string) => {
      if (isShell(shell)) print(context.environment.stdout, completionScript(shell))
    })
}

/** The hidden subcommand that the scripts ask. */
export function completeCommand(context: Context): Command {
  return new Command('complete')
    .description('Lists the words that the last of these words can become, for the scripts of `completion`.')
    .argument('[WORD...]', 'the words behind the name of the program, the last one unfinished')
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (words: readonly string[], _: unknown, command: Command) => {
      const { completed } = await import('./completed.ts')
      print(context.environment.stdout, await completed(context, command.parent ?? command, words))
    })
}
