/** A project: the folder in which a user keeps a model, as the files that `init` and `derive` write. */

/** A file of a project, as text. */
export interface ProjectFile {
  /** From the folder of the project, with slashes: `.vscode/tasks.json`. */
  readonly path: string
  readonly text: string
  /** A script that can be called by its name. */
  readonly isProgram?: true
  /**
   * For a file that a folder may have before: its text with what the project needs besides, or the same text. Nothing
   * that stands in it is changed. Without this, a file that is there already is a mistake.
   *
   * @throws UsageError if the text is none that can be added to
   */
  readonly added?: (there: string) => string
}

/** The parts of a project that not everybody wants. */
export interface ProjectParts {
  /** A workflow of GitHub Actions. */
  readonly ci: boolean
  /** Tasks of Visual Studio Code, with a problem matcher. */
  readonly vscode: boolean
}

/** The place of a project. */
export interface ProjectPlace {
  /** Absolute. */
  readonly folder: string
  /** From the root of the git repository around it, with slashes: `.` if it is that root, or if there is none. */
  readonly inRepository: string
  /** The dependency on this package: `^0.1.0`, `file:../hmmcheck`. */
  readonly hmmcheck: string
}
