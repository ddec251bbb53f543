/** Documents by their headings. */

export interface Section {
  readonly heading: string
  readonly text: string
}

/** The parts of a document that stand under `## `. */
export function sectionsOf(markdown: string): readonly Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [heading = '', ...lines] = part.split('\n')
      return { heading, text: lines.join('\n') }
    })
}

/** A heading's anchor, as it is made of its text. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')
