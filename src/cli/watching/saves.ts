/** Notices when files are saved: those that the user's files import, and no others. */
import { readFileSync, watch, type FSWatcher } from 'node:fs'
import { createHash } from 'node:crypto'
import { dirname } from 'node:path'

/** An editor may save in several steps: what comes within this time, in milliseconds, is one save. */
const ONE_SAVE = 40

/** Files that are watched, until they are closed. */
export interface Saves {
  /** Watches these files from now on, and no others. */
  readonly follow: (files: readonly string[]) => void
  readonly close: () => void
}

/**
 * Calls a function when the text of one of the files has changed, with those that have. The folders are watched: an editor
 * that puts a new file in the place of the old one is noticed, too, and so is a file that comes.
 */
export function watchSaves(changed: (files: readonly string[]) => void): Saves {
  const folders = new Map<string, FSWatcher>()
  let texts = new Map<string, string>()
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    const now = textsOf([...texts.keys()])
    const saved = [...now].filter(([file, text]) => texts.get(file) !== text).map(([file]) => file)
    texts = now
    if (saved.length > 0) changed(saved)
  }
  const notice = (): void => {
    clearTimeout(timer)
    timer = setTimeout(look, ONE_SAVE)
  }
  return {
    follow(files) {
      const before = texts
      texts = new Map([...textsOf(files)].map(([file, text]) => [file, before.get(file) ?? text]))
      const wanted = new Set(files.map((file) => dirname(file)))
      for (const [folder, watcher] of folders) {
        if (wanted.has(folder)) continue
        watcher.close()
        folders.delete(folder)
      }
      for (const folder of wanted) if (!folders.has(folder)) watchFolder(folder, folders, notice)
    },
    close() {
      clearTimeout(timer)
      for (const watcher of folders.values()) watcher.close()
      folders.clear()
    },
  }
}

/** A folder that is not there can't be watched: a file that imports from it has to be saved again. */
function watchFolder(folder: string, folders: Map<string, FSWatcher>, notice: () => void): void {
  try {
    const watcher = watch(folder, notice)
    watcher.on('error', () => {
      watcher.close()
      folders.delete(folder)
    })
    folders.set(folder, watcher)
  } catch {
    /* it may come later */
  }
}

/** What the files say, shortened; an empty text for one that is not there. */
const textsOf = (files: readonly string[]): Map<string, string> =>
  new Map(
    files.map((file) => {
      try {
        return [file, createHash('sha256').update(readFileSync(file)).digest('hex')]
      } catch {
        return [file, '']
      }
    }),
  )
