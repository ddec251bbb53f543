/**
 * A page that is alive, as HTML: one file with all in it, or several that share the app and the worker. Neither asks
 * anything of a network.
 */
import { escapeHtml, escapeJson, filledTemplate } from '../page/html.ts'
import type { OpenNames } from './messages.ts'
import type { ModelRecording } from './recording.ts'

/** The name under which the scripts of a page leave what the app needs. */
export const EMBEDDED = 'hmmcheckPage'

/** What the app needs: the protocol, the text of the worker, and the configuration that is opened. */
export interface Embedded {
  readonly recording: ModelRecording
  readonly worker: string
  readonly names: OpenNames
}

/** The scripts and the style of every page, as the build makes them. */
export interface PageParts {
  readonly template: string
  readonly style: string
  readonly app: string
  readonly worker: string
}

/** The policy of a page that is one file: its own text, a worker of it, and no network. */
const policy = (scripts: string, styles: string): string =>
  `default-src 'none'; script-src ${scripts} 'wasm-unsafe-eval' blob:; worker-src blob:; style-src ${styles}; img-src data:; base-uri 'none'; form-action 'none'`

/** The policy of a page in one file; a server sends it, too. */
export const POLICY: string = policy("'unsafe-inline'", "'unsafe-inline'")

/** The same for pages that share files: from the disk, a file has no origin of its own. */
const SHARED_POLICY = policy("'self' file:", "'self' file: 'unsafe-inline'")

/** A script that adds to what the app finds. */
export const embedding = (parts: Partial<Embedded>): string =>
  `globalThis.${EMBEDDED} = Object.assign(globalThis.${EMBEDDED} ?? {}, ${escapeJson(parts)});`

/** A script in a script element: no text in it ends the element. */
const inScript = (script: string): string => `<script>${script.replaceAll(/<\/(?=script)/gi, '<\\/')}</script>`

const titleOf = ({ recording }: Pick<Embedded, 'recording'>): string =>
  `<title>${escapeHtml(`${recording.name} by hand: hmmcheck`)}</title>`

/** A page in one file. */
export const liveHtml = (parts: PageParts, embedded: Omit<Embedded, 'worker'>): string =>
  filledTemplate(parts.template, {
    policy: escapeHtml(POLICY),
    title: titleOf(embedded),
    style: `<style>${parts.style}</style>`,
    data: inScript(embedding({ ...embedded, worker: parts.worker })),
    script: inScript(parts.app),
  })

/** The files of a site that its pages share, by their names. */
export const sharedFiles = (parts: PageParts): ReadonlyMap<string, string> =>
  new Map([
    ['app/app.js', parts.app],
    ['app/style.css', parts.style],
    ['app/worker.js', embedding({ worker: parts.worker })],
  ])

/** A page of a site, and its data: the text of `NAME.html` and of `data/NAME.js`. */
export function sitePage(
  parts: PageParts,
  embedded: Omit<Embedded, 'worker'>,
): { readonly html: string; readonly data: string } {
  const scriptOf = (file: string): string => `<script src="${escapeHtml(file)}"></script>`
  return {
    html: filledTemplate(parts.template, {
      policy: escapeHtml(SHARED_POLICY),
      title: titleOf(embedded),
      style: '<link rel="stylesheet" href="app/style.css">',
      data: scriptOf(`data/${encodeURIComponent(embedded.recording.name)}.js`) + scriptOf('app/worker.js'),
      script: scriptOf('app/app.js'),
    }),
    data: embedding(embedded),
  }
}
