/** The scripts of a page by hand, made anew of the present sources. */
import type { PageParts } from '../../src/browser/html.ts'

const built = (await import(new URL('../../build/browser.js', import.meta.url).href)) as {
  readonly workerScript: () => Promise<{ readonly text: string; readonly files: readonly string[] }>
  readonly pageParts: () => Promise<PageParts>
}

/** The worker, and the files that are in it. */
export const workerScript = built.workerScript

let parts: Promise<PageParts> | undefined
/** All parts of a page, made once for a file of tests. */
export const pageParts = (): Promise<PageParts> => (parts ??= built.pageParts())
