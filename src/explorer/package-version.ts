/** The version of this package. */
import { existsSync, readFileSync } from 'node:fs'

/** `version` of the package this file is part of, in its source or compiled. */
export function packageVersion(): string {
  for (
    let folder = new URL('.', import.meta.url), parent = new URL('..', folder);
    ;
    folder = parent, parent = new URL('..', folder)
  ) {
    const file = new URL('package.json', folder)
    const version = existsSync(file) ? /"version": "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] : undefined
    if (version !== undefined) return version
    if (parent.href === folder.href) return 'unknown'
  }
}
