/** A site of pages by hand: an index of a catalogue, and a page for each model. It works from disk and on any web space. */
import type { Protocol } from '../catalogue/protocol.ts'
import { defaultVariant } from '../catalogue/setting.ts'
import { escapeHtml } from '../page/html.ts'
import { sharedFiles, sitePage, type PageParts } from './html.ts'
import type { ModelRecording } from './recording.ts'

/** A model of the site. */
export interface SiteModel {
  readonly protocol: Protocol
  readonly recording: ModelRecording
}

/** The files of a site, by their names. */
export function siteFiles(parts: PageParts, models: readonly SiteModel[]): ReadonlyMap<string, string> {
  const files = new Map(sharedFiles(parts))
  for (const { recording } of models) {
    const { html, data } = sitePage(parts, { recording, names: {} })
    files.set(`${recording.name}.html`, html)
    files.set(`data/${recording.name}.js`, data)
  }
  files.set('index.html', indexOf(models))
  return files
}

const INDEX_STYLE = `
  body { max-width: 76rem; margin: 0 auto; padding: 28px 24px 60px; }
  h1 { font-size: 26px; } .lead { max-width: 46rem; margin: 6px 0 22px; color: var(--soft); }
  .models { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(400px, 100%), 1fr)); gap: 14px; }
  .models li { border: 1px solid var(--line); border-radius: 9px; background: var(--sheet); padding: 14px 16px; }
  .models h2 { margin: 0; font: 600 16px/1.4 var(--mono); } .models p { margin: 4px 0; }
  .models .size { color: var(--soft); font-size: 13px; } a { color: var(--accent); }
  .variants { display: flex; flex-wrap: wrap; gap: 3px 12px; font-size: 13px; }
`

const POLICY =
  "default-src 'none'; style-src 'self' file: 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

const indexOf = (models: readonly SiteModel[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(POLICY)}">
<link rel="icon" href="data:,">
<title>The models of hmmcheck, by hand</title>
<link rel="stylesheet" href="app/style.css">
<style>${INDEX_STYLE}</style>
</head>
<body>
<h1>The models of hmmcheck, by hand</h1>
<p class="lead">Each page has a model of a protocol of Linux's Heterogeneous Memory Management, and the checker that explores it. Take the steps of its threads by hand, run until a property falls, check every state, flip a fix and see which step it forbids.</p>
<ul class="models">
${models.map(entryOf).join('\n')}
</ul>
</body>
</html>
`

/** Variants whose pages the index names. */
const FEW = 4

function entryOf({ protocol }: SiteModel): string {
  const { name, title, variants, scenarios, fixes } = protocol
  const page = `${encodeURIComponent(name)}.html`
  const first = defaultVariant(protocol)
  const others = variants
    .filter((variant) => variant.name !== first && !variant.name.startsWith('without-'))
    .slice(0, FEW)
  const link = (variant: string): string =>
    `<a href="${page}?variant=${encodeURIComponent(variant)}">${escapeHtml(variant)}</a>`
  return `<li>
<h2><a href="${page}">${escapeHtml(name)}</a></h2>
<p>${escapeHtml(title)}</p>
<p class="size">${variants.length} variants, ${scenarios.length} scenarios, ${fixes.length} fixes</p>
<p class="variants">${[...(first === undefined ? [] : [first]), ...others.map((one) => one.name)].map(link).join(' ')}</p>
</li>`
}
