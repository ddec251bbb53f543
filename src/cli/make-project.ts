/** Carries out `init`: asks what is not said, writes the files, and says what to type next. */
import { relative, resolve } from 'node:path'
import { namedProject, newProject, newProjectDefaults, type NewProject } from '../project/new-project.ts'
import { placeOf } from '../project/place.ts'
import type { ProjectFile, ProjectParts, ProjectPlace } from '../project/project.ts'
import type { Ask } from './ask.ts'
import { quoted } from './command-text.ts'
import { print } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { HOLDS, INTERRUPTED } from './exit-codes.ts'
import type { InitFlags } from './options/init.ts'
import { writeProject } from './write-project.ts'

/** @returns the exit code */
export async function makeProject(
  { environment }: Context,
  named: string | undefined,
  flags: InitFlags,
): Promise<number> {
  const wanted = await answers(flags, flags.yes === true ? undefined : environment.ask)
  if (wanted === undefined) return INTERRUPTED
  const folder = resolve(environment.cwd, named ?? '.')
  const place = placeOf(folder)
  writeAndTell(environment, folder, newProject(wanted, place), [
    ['npx hmmcheck check', 'checks the model: both verdicts are as expected'],
    [`npx hmmcheck check ${wanted.name}@without-retry-check`, 'draws the schedule of the fault that was left in'],
    ['npx vitest run', 'runs the test'],
  ])
  noteOnWorkflow(environment, wanted, place)
  return HOLDS
}

/** A workflow in a folder of a repository does nothing there. */
export function noteOnWorkflow(
  { stdout }: Environment,
  { ci }: Pick<ProjectParts, 'ci'>,
  { inRepository }: ProjectPlace,
): void {
  if (!ci || inRepository === '.') return
  print(stdout, [
    '',
    'GitHub reads workflows at the root of the repository alone: move .github/workflows/hmmcheck.yml there.',
  ])
}

/**
 * What the user wants: what the options say, else the answers, else the defaults.
 *
 * @param ask without it nothing is asked
 * @returns undefined if the user has broken off
 */
async function answers(flags: InitFlags, ask: Ask | undefined): Promise<NewProject | undefined> {
  if (flags.name !== undefined) namedProject(flags.name)
  const given = { ...newProjectDefaults, ...flags }
  if (ask === undefined) return given
  const name = flags.name ?? (await ask('The name of the model', newProjectDefaults.name))
  if (name === undefined) return undefined
  const ci = flags.ci ?? (await isYes(ask, 'A workflow of GitHub Actions?'))
  if (ci === undefined) return undefined
  const vscode = flags.vscode ?? (await isYes(ask, 'Tasks of Visual Studio Code?'))
  return vscode === undefined ? undefined : { name: namedProject(name), ci, vscode }
}

async function isYes(ask: Ask, question: string): Promise<boolean | undefined> {
  const answer = await ask(question, 'yes')
  return answer === undefined ? undefined : /^y/i.test(answer)
}

/** A command to type next, and what it does. */
export type NextStep = readonly [command: string, what: string]

/**
 * Writes a project, and says what was written and what to type next.
 *
 * @param folder absolute
 * @throws UsageError as `writeProject` does
 */
export function writeAndTell(
  { cwd, stdout }: Environment,
  folder: string,
  files: readonly ProjectFile[],
  next: readonly NextStep[],
): void {
  const shown = relative(cwd, folder)
  const { created, added } = writeProject(folder, shown, files)
  const steps: readonly NextStep[] = [
    ...(shown === '' ? [] : [[`cd ${quoted(shown)}`, ''] as const]),
    ['npm install', 'installs hmmcheck, TypeScript and Vitest'],
    ...next,
  ]
  const width = Math.max(...steps.map(([command]) => command.length))
  print(stdout, [
    `wrote ${created.length} files${shown === '' ? '' : ` in ${shown}`}:`,
    ...created.map((path) => `  ${path}`),
    ...added.map((path) => `  ${path}  (was there; got what it lacked)`),
    '',
    'Type next:',
    ...steps.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`.trimEnd()),
  ])
}
