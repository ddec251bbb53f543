/** Breaks text to a width, where C would break it. */

/**
 * Places where a line may end, best first: at a space, behind C's punctuation, inside a name. `driver[0].pte[1]` and
 * `down_write(&mm.mmap_sem)` have no spaces.
 */
const BREAKS = [/\s/, /[\s,(.[>]/, /[_/-]/]

/**
 * The longest beginning of at most `width` characters after which a line may end; a space there belongs to neither
 * line.
 */
function cut(text: string, width: number): number {
  for (const wanted of BREAKS) {
    for (let end = width; end > width / 2; end -= 1) {
      if (/\s/.test(text[end] ?? '') || wanted.test(text[end - 1] ?? '')) return end
    }
  }
  return width
}

/**
 * The lines of a text, none longer than `width`. They keep its indentation; a continued line has `hang` more.
 *
 * @param width at least 8
 */
export function wrap(text: string, width: number, hang = 2): readonly string[] {
  const lines: string[] = []
  let indent = /^ */.exec(text)?.[0] ?? ''
  const continued = indent + ' '.repeat(hang)
  let rest = text.trim()
  while (indent.length + rest.length > width) {
    const end = cut(rest, Math.max(4, width - indent.length))
    lines.push(indent + rest.slice(0, end).trimEnd())
    rest = rest.slice(end).trimStart()
    indent = continued
  }
  return [...lines, indent + rest]
}
