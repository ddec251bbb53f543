/** Drawings in plain ASCII, for terminals and files that take only ASCII. */

const ALIKE: Readonly<Record<string, string>> = {
  '│': '|',
  '┃': '#',
  '┆': ':',
  '─': '-',
  '┼': '+',
  '✗': 'x',
  '✓': '+',
  '…': '~',
}
/** Longer in ASCII: put in before lines are laid out. */
const LONGER: Readonly<Record<string, string>> = { '→': '->', '—': '--', '≤': '<=', '≥': '>=', '≠': '!=' }

/** A text in ASCII; characters without a replacement become question marks. */
export function toAscii(text: string): string {
  return text.replaceAll(/[^\n\u001b\u0020-\u007e]/gu, (character) => ALIKE[character] ?? LONGER[character] ?? '?')
}

/** The same data with every text in ASCII, to be laid out as it will be seen. */
export function inAscii<T>(data: T): T {
  return JSON.parse(JSON.stringify(data), (_, value: unknown) =>
    typeof value === 'string' ? toAscii(value) : value,
  ) as T
}
