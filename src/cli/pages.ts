/** The pages of schedules: what `--format html` writes, and what `check --out DIR/` puts beside each schedule. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'
import { packageVersion } from '../explorer/package-version.ts'
import { sourceFile } from '../language/position.ts'
import type { PageDocument } from '../page/document.ts'
import { pageHtml } from '../page/html.ts'
import { recordPage, type RecordedRun } from '../page/record.ts'
import type { ReadSource } from '../page/sources.ts'
import { builtTemplate } from '../page/template.ts'
import { refusalOf } from '../report/replay.ts'
import { showSizes } from '../report/text.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Counterexample } from '../semantics/counterexample.ts'
import { writeWhole } from './files.ts'
import { locator } from './places.ts'
import type { ShownSchedule } from './reporters/reporter.ts'

/**
 * The page of a counterexample or a witness.
 *
 * @param about `command`: repeats the check that found it; `view`: the protocol's
 */
export function pageOf(
  { machine, run, property, claims }: Counterexample,
  schedule: Schedule,
  cwd: string,
  { command, view }: Pick<RecordedRun, 'command' | 'view'>,
): PageDocument {
  return recordPage({ machine, run, property, claims, schedule, command, view, ...surroundings(schedule, cwd) })
}

/** The page of a schedule that was played, as far as it could be. Undefined if its initial state does not exist. */
export function pageOfReplay({
  environment,
  schedule,
  replay,
  claims,
  view,
  command,
}: Omit<ShownSchedule, 'ascii' | 'trace' | 'version'>): PageDocument | undefined {
  const { machine, run, kind } = replay
  if (run === undefined) return undefined
  const refusal = refusalOf(replay)
  return recordPage({
    machine,
    run,
    claims,
    schedule,
    command,
    view,
    property: kind === 'confirmed' ? schedule.property : undefined,
    refusal: refusal === undefined ? undefined : { kind: kind === 'refused' ? 'refused' : 'open', text: refusal },
    ...surroundings(schedule, environment.cwd),
  })
}

const surroundings = (
  { configuration }: Schedule,
  cwd: string,
): Pick<RecordedRun, 'sizes' | 'version' | 'locate' | 'readSource'> => ({
  sizes: showSizes(configuration.sizes),
  version: packageVersion(),
  locate: locator(cwd),
  readSource: sourceReader(cwd),
})

/** Reads the files that places name: relative to the working directory, or as the model knows them. */
export function sourceReader(cwd: string): ReadSource {
  return (file) => {
    try {
      return readFileSync(sourceFile(file) ?? resolve(cwd, file), 'utf8')
    } catch {
      // a page without the lines of a file that is gone is better than none
      return undefined
    }
  }
}

/** @throws UsageError HMM265 if the app was not built */
export function pageText(document: PageDocument): string {
  const template = builtTemplate()
  if (template === undefined)
    throw new UsageError('HMM265', 'a page needs the app that the build makes, and it is not there', 'npm run build')
  return pageHtml(template, document)
}

/**
 * Writes a page beside each schedule that was saved: `x.html` beside `x.json`.
 *
 * @param files of the schedules, as the user knows them
 * @returns the line that says so
 */
export function savePages(
  documents: readonly PageDocument[],
  files: readonly string[],
  cwd: string,
): readonly string[] {
  const template = builtTemplate()
  if (template === undefined) return ['no page stands beside it: the app that it needs was not built (npm run build)']
  for (const [n, document] of documents.entries()) {
    const file = files[n]
    if (file !== undefined) writeWhole(resolve(cwd, file.replace(/\.json$/, '.html')), pageHtml(template, document))
  }
  return [
    `${files.length === 1 ? 'its page stands beside it' : 'a page stands beside each'}: open the .html in a browser`,
  ]
}
