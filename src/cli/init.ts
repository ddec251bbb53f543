/** `hmmcheck init`: a folder with a model that works, to begin from. */
import { Command } from 'commander'
import type { Context } from './context.ts'
import { withInitOptions, type InitFlags } from './options/init.ts'

/** The subcommand. */
export function initCommand(context: Context): Command {
  const command = new Command('init')
    .summary('make a folder with a model that works: model, configuration, test, CI, editor')
    .description(
      'Makes a folder with a small model of a driver, with one fault left in as a variant; a configuration, a test, a workflow of GitHub Actions, and tasks of Visual Studio Code. Asks a few questions on a terminal. Writes over no file: if one is there already, nothing is written.',
    )
    .argument('[DIR]', 'the folder; it need not exist (default: the working directory)')
    .addHelpText('after', '\nExamples:\n  hmmcheck init my-driver\n  hmmcheck init --yes --name amdxdna --no-vscode')
  return withInitOptions(command).action(async (folder: string | undefined, flags: InitFlags) => {
    const { makeProject } = await import('./make-project.ts')
    context.exit(await makeProject(context, folder, flags))
  })
}
