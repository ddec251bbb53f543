/** Files that appear whole or not at all. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UsageError } from '../language/usage.ts'

const reasonOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/**
 * Writes a file beside its place, then moves it there.
 *
 * @throws UsageError HMM210
 */
export function writeWhole(file: string, text: string): void {
  const beside = join(dirname(file), `.${basename(file)}.${process.pid}.tmp`)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(beside, text)
    renameSync(beside, file)
  } catch (error) {
    if (existsSync(beside)) rmSync(beside)
    throw new UsageError('HMM210', `${file} can't be written: ${reasonOf(error)}`)
  }
}

/** @throws UsageError HMM220 */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError('HMM220', `${file} can't be read: ${reasonOf(error)}`)
  }
}

/** Whether `--out` names a directory: it ends like one, or is one. */
export function isDirectory(path: string): boolean {
  if (/[/\\]$/.test(path)) return true
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
