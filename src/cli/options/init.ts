/** The options of `init`: their type, and their declarations. */
import type { Command } from 'commander'

/** The options as commander gives them: each is the answer to a question. */
export interface InitFlags {
  readonly yes?: true
  readonly name?: string
  /** False: without the workflow. */
  readonly ci?: boolean
  /** False: without the tasks of the editor. */
  readonly vscode?: boolean
}

/** Declares the options. */
export function withInitOptions(command: Command): Command {
  return command
    .option('-y, --yes', 'ask nothing, and take the defaults')
    .option('--name <NAME>', 'the name of the model (default: my-driver)')
    .option('--ci', 'with a workflow of GitHub Actions (default)')
    .option('--no-ci', 'without it')
    .option('--vscode', 'with tasks of Visual Studio Code and a problem matcher (default)')
    .option('--no-vscode', 'without them')
}
