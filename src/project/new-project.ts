/** A new project: a driver that mirrors a process, to be changed into the user's own. */
import { UsageError } from '../catalogue/usage.ts'
import { packageJson } from './package-json.ts'
import type { ProjectFile, ProjectParts, ProjectPlace } from './project.ts'
import { surroundings, templateFiles } from './template.ts'

/** The name that the template has. */
const TEMPLATE = 'my-driver'

/** What a user says of a new project. */
export interface NewProject extends ProjectParts {
  /** The model's name on the command line: letters, digits, dots and dashes. */
  readonly name: string
}

/** The answers that hold where nothing is said. */
export const newProjectDefaults: NewProject = { name: TEMPLATE, ci: true, vscode: true }

/** @throws UsageError HMM291 if the name can't be typed on a command line */
export function namedProject(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw new UsageError(
    'HMM291',
    `${JSON.stringify(name)} is not the name of a model: it must be made of letters, digits, dots and dashes`,
    `write for example ${TEMPLATE}`,
  )
}

/** The files of a new project. */
export function newProject(wanted: NewProject, place: ProjectPlace): readonly ProjectFile[] {
  const name = namedProject(wanted.name)
  const scripts = { check: 'hmmcheck check', watch: 'hmmcheck watch', typecheck: 'tsc', test: 'vitest run' }
  return [
    ...templateFiles('init').map((file) => ({ ...file, text: file.text.replaceAll(TEMPLATE, name) })),
    ...surroundings(wanted, place),
    packageJson(name, scripts, place),
  ]
}
