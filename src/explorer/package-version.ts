/** This package on the disk: its folder, and its version. */
import { existsSync, readFileSync } from 'node:fs'

/** The folder with the package.json of the package this file is part of, in its source or compiled. */
export function packageFolder(): URL | undefined {
  for (
    let folder = new URL('.', import.meta.url), parent = new URL('..', folder);
    ;
    folder = parent, parent = new URL('..', folder)
  ) {
    const file = new URL('package.json', folder)
    if (existsSync(file) && versionIn(file) !== undefined) return folder
    if (parent.href === folder.href) return undefined
  }
}

const versionIn = (file: URL): string | undefined => /"version": "([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1]

/** `version` of the package this file is part of. */
export function packageVersion(): string {
  const folder = packageFolder()
  return (folder === undefined ? undefined : versionIn(new URL('package.json', folder))) ?? 'unknown'
}
