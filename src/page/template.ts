/** The template of a page, as the build makes it. */
import { existsSync, readFileSync } from 'node:fs'

/**
 * The text of `dist/page/template.html` of the package that this file is part of, in its source or compiled.
 *
 * @returns undefined if it was not built
 */
export function builtTemplate(): string | undefined {
  for (
    let folder = new URL('.', import.meta.url), parent = new URL('..', folder);
    ;
    folder = parent, parent = new URL('..', folder)
  ) {
    const file = new URL('dist/page/template.html', folder)
    if (existsSync(file)) return readFileSync(file, 'utf8')
    if (parent.href === folder.href) return undefined
  }
}
