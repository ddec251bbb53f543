/** Files that the build makes for pages. */
import { existsSync, readFileSync } from 'node:fs'
import { packageFolder } from '../explorer/package-version.ts'

/**
 * The text of a file of the package that this file is part of, in its source or compiled.
 *
 * @param name relative to the package: `dist/page/template.html`
 * @returns undefined if it was not built
 */
export function builtFile(name: string): string | undefined {
  const folder = packageFolder()
  const file = folder && new URL(name, folder)
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** The template of a page. */
export const builtTemplate = (): string | undefined => builtFile('dist/page/template.html')
