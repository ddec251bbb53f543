/** Finds the place of a step of a model, as the user sees the files from the working directory. */
import { isAbsolute, relative, sep } from 'node:path'
import { sourceFile } from '../language/position.ts'
import type { Locate } from '../report/sites.ts'

/**
 * The innermost place, of a statement and the calls around it, that is the user's: in the working directory, and not
 * in a package. A model that is built of hmmcheck's locks and pages is then shown in its own lines. Without a place of
 * the user's, the place of the statement as the model knows it.
 */
export function locator(cwd: string): Locate {
  return (sites) => {
    const places = sites.flatMap((at) => {
      const [, file, line] = /^(.*):(\d+)$/.exec(at) ?? []
      if (file === undefined) return []
      const path = relative(cwd, sourceFile(file) ?? file)
      const mine =
        sourceFile(file) !== undefined &&
        path !== '' &&
        !path.startsWith('..') &&
        !isAbsolute(path) &&
        !path.split(sep).includes('node_modules')
      return [{ place: { file: mine ? path.split(sep).join('/') : file, line: Number(line) }, mine }]
    })
    return (places.find(({ mine }) => mine) ?? places[0])?.place
  }
}
