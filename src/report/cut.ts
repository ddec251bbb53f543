/** Cuts a text in its middle, where a line has too little room for it. */

const MARK = '…'

/**
 * A text of at most `width` characters: itself, or its beginning and its end with `…` between. The beginning is the
 * longer part, since it names the function.
 *
 * @param width 1 or more
 */
export function cutMiddle(text: string, width: number): string {
  if (text.length <= width) return text
  const room = width - MARK.length
  const tail = Math.floor(room * 0.4)
  return text.slice(0, room - tail).trimEnd() + MARK + text.slice(text.length - tail).trimStart()
}
