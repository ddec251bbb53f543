/** Files that the build makes for pages. */
import { existsSync, readFileSync } from 'node:fs'

/**
 * The text of a file of the package that this file is part of, in its source or compiled.
 *
 * @param name relative to the package: `dist/page/template.html`
 * @returns undefined if it was not built
 */
export function builtFile(name: string): string | undefined {
  for (
    let folder = new URL('.', import.meta.url), parent = new URL('..', folder);
    ;
    folder = parent, parent = new URL('..', folder)
  ) {
    const file = new URL(name, folder)
    if (existsSync(file)) return readFileSync(file, 'utf8')
    if (parent.href === folder.href) return undefined
  }
}

/** The template of a page. */
export const builtTemplate = (): string | undefined => builtFile('dist/page/template.html')
