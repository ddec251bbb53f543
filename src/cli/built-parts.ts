/** The parts of a page by hand, as the build has made them. */
import type { PageParts } from '../browser/html.ts'
import { UsageError } from '../catalogue/usage.ts'
import { builtFile } from '../page/template.ts'

/** @throws UsageError HMM265 if they were not built */
export function builtParts(): PageParts {
  const text = builtFile('dist/browser/parts.json')
  if (text === undefined)
    throw new UsageError('HMM265', 'a page needs the app that the build makes, and it is not there', 'npm run build')
  // The cast: the file is of the same build.
  return JSON.parse(text) as PageParts
}
