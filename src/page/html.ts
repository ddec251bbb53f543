/** A page as one file: the template of the app, and the document as JSON in it. */
import type { PageDocument } from './document.ts'

/** The id of the element that has the document. */
export const DOCUMENT_ID = 'hmmcheck-document'

/**
 * Text as the content of an element: what a model says is text, whatever it looks like.
 */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/**
 * JSON that may stand in a `script` element of any kind: no `<` is left in it, so that nothing in it can end the
 * element or begin a comment. The two separators of lines that JSON allows are escaped, too.
 */
export const escapeJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')

/** `P-NOUAF is violated: mirror-2017@as-posted` */
export const titleOf = ({ model, variant, verdict }: PageDocument): string =>
  `${verdict.property} ${verdict.outcome === 'violated' || verdict.outcome === 'witnessed' ? `is ${verdict.outcome}` : 'is not shown'}: ${model}@${variant}`

/**
 * The whole file. Without scripts it shows the drawing as text.
 *
 * @param template as the build makes it (`build/page.js`)
 */
export function pageHtml(template: string, document: PageDocument): string {
  return filledTemplate(template, {
    title: `<title>${escapeHtml(titleOf(document))}</title>`,
    document: `<script type="application/json" id="${DOCUMENT_ID}">${escapeJson(document)}</script>`,
    text: `<noscript><h1>${escapeHtml(titleOf(document))}</h1><pre>${escapeHtml(document.exports.text)}</pre></noscript>`,
  })
}

/**
 * Fills the places of a template, each `<!--hmmcheck:NAME-->`: comments, so that it is HTML before they are filled.
 * What is put in is not looked at again.
 */
export const filledTemplate = (template: string, parts: Readonly<Record<string, string>>): string =>
  template.replaceAll(/<!--hmmcheck:(\w+)-->/g, (place, name: string) => parts[name] ?? place)
