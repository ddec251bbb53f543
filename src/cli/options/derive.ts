/** The options of `derive`: their type, and their declarations. */
import type { Command } from 'commander'

/** The options as commander gives them. */
export interface DeriveFlags {
  /** False: without the workflow. */
  readonly ci: boolean
  /** False: without the tasks of the editor. */
  readonly vscode: boolean
}

/** Declares the options. */
export function withDeriveOptions(command: Command): Command {
  return command
    .option('--no-ci', 'without a workflow of GitHub Actions')
    .option('--no-vscode', 'without tasks of Visual Studio Code')
}
