/** Writes the files of a project: all of them or none, and none over another file. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../catalogue/usage.ts'
import type { ProjectFile } from '../project/project.ts'
import { writeWhole } from './files.ts'

/** What was done, by the paths in the folder. */
export interface ProjectChanges {
  readonly created: readonly string[]
  /** Files that were there, and have got what they lacked. */
  readonly added: readonly string[]
}

/**
 * Writes the files into a folder, which need not exist.
 *
 * @param folder absolute
 * @param shown the folder as the user has named it
 * @throws UsageError HMM290 if a file is there already: then nothing is written. HMM210 if one can't be written: then
 *   those before it are taken back
 */
export function writeProject(folder: string, shown: string, files: readonly ProjectFile[]): ProjectChanges {
  const there = files.filter(({ path }) => existsSync(join(folder, path)))
  const conflicts = there.filter(({ added }) => added === undefined).map(({ path }) => join(shown, path))
  if (conflicts.length > 0)
    throw new UsageError(
      'HMM290',
      `${conflicts.join(', ')} ${conflicts.length === 1 ? 'exists' : 'exist'}, so nothing was written`,
      'name another folder, or move what is there away',
    )
  const changes = there.flatMap(({ path, added }) => {
    const before = readFileSync(join(folder, path), 'utf8')
    const after = added?.(before) ?? before
    return after === before ? [] : [{ path, before, after }]
  })
  const fresh = files.filter((file) => !there.includes(file))
  const undo: (() => void)[] = []
  try {
    for (const { path, text, isProgram } of fresh) create(join(folder, path), text, isProgram, undo)
    for (const { path, before, after } of changes) {
      writeWhole(join(folder, path), after)
      undo.push(() => {
        writeWhole(join(folder, path), before)
      })
    }
  } catch (error) {
    for (const back of undo.reverse()) unlessImpossible(back)
    if (error instanceof UsageError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError('HMM210', `${shown} can't be written: ${reason}; nothing was changed`)
  }
  return { created: fresh.map(({ path }) => path), added: changes.map(({ path }) => path) }
}

/** Creates a file that is not there, and the folders that lead to it. */
function create(file: string, text: string, isProgram: true | undefined, undo: (() => void)[]): void {
  makeFolder(dirname(file), undo)
  // another process may have made it since
  writeFileSync(file, text, { flag: 'wx', mode: isProgram === true ? 0o755 : 0o644 })
  undo.push(() => {
    rmSync(file)
  })
}

function makeFolder(folder: string, undo: (() => void)[]): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder), undo)
  mkdirSync(folder)
  undo.push(() => {
    rmdirSync(folder)
  })
}

/** What can't be taken back stays; the first error says why it was tried. */
function unlessImpossible(back: () => void): void {
  try {
    back()
  } catch {
    /* the first error says more */
  }
}
