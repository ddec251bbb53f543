/**
 * The longest common subsequence of two lists, as a script: what is in both, in the first alone, in the second alone.
 *
 * There can be several of the same length. The one that is taken does not depend on which list comes first: the script
 * of B and A is that of A and B with the sides exchanged.
 */

/** Where an element of the script stands: in both lists, or in one. */
export interface ScriptLine {
  /** The place in the first list. */
  readonly one?: number
  /** The place in the second. */
  readonly other?: number
}

/** @returns the elements of both lists, in an order that is that of each */
export function scriptOf(one: readonly string[], other: readonly string[]): readonly ScriptLine[] {
  return isBefore(one, other) ? orderedScript(one, other) : exchanged(orderedScript(other, one))
}

/** An order of lists, of which it matters only that it is one. */
function isBefore(one: readonly string[], other: readonly string[]): boolean {
  if (one.length !== other.length) return one.length < other.length
  const at = one.findIndex((key, n) => key !== other[n])
  return at < 0 || (one[at] ?? '') < (other[at] ?? '')
}

const exchanged = (script: readonly ScriptLine[]): readonly ScriptLine[] =>
  script.map(({ one, other }) => ({
    ...(other === undefined ? {} : { one: other }),
    ...(one === undefined ? {} : { other: one }),
  }))

/** Most of two variants is the same, at the beginning and at the end: the table is of what is between. */
function orderedScript(one: readonly string[], other: readonly string[]): readonly ScriptLine[] {
  const shorter = Math.min(one.length, other.length)
  let head = 0
  while (head < shorter && one[head] === other[head]) head++
  let tail = 0
  while (tail < shorter - head && one[one.length - 1 - tail] === other[other.length - 1 - tail]) tail++
  const [ends, others] = [one.length - tail, other.length - tail]
  return [
    ...Array.from({ length: head }, (_, n) => ({ one: n, other: n })),
    ...middle(one.slice(head, ends), other.slice(head, others)).map((line) => ({
      ...(line.one === undefined ? {} : { one: line.one + head }),
      ...(line.other === undefined ? {} : { other: line.other + head }),
    })),
    ...Array.from({ length: tail }, (_, n) => ({ one: ends + n, other: others + n })),
  ]
}

function middle(one: readonly string[], other: readonly string[]): readonly ScriptLine[] {
  const [a, b] = [numbered(one, other), numbered(other, one)]
  const width = b.length + 1
  const longest = new Uint16Array((a.length + 1) * width)
  const lengthAt = (x: number, y: number): number => longest[x * width + y] ?? 0
  for (let x = a.length - 1; x >= 0; x--)
    for (let y = b.length - 1; y >= 0; y--)
      longest[x * width + y] =
        a[x] === b[y] ? lengthAt(x + 1, y + 1) + 1 : Math.max(lengthAt(x + 1, y), lengthAt(x, y + 1))
  const script: ScriptLine[] = []
  let [x, y] = [0, 0]
  while (x < a.length || y < b.length) {
    if (x < a.length && y < b.length && a[x] === b[y]) script.push({ one: x++, other: y++ })
    else if (x < a.length && (y === b.length || lengthAt(x + 1, y) >= lengthAt(x, y + 1))) script.push({ one: x++ })
    else script.push({ other: y++ })
  }
  return script
}

/** NumbersAt for texts: to compare those is faster. A text gets the same number in both lists. */
function numbered(list: readonly string[], other: readonly string[]): Int32Array {
  const numbers = new Map<string, number>()
  for (const key of [...list, ...other].toSorted()) if (!numbers.has(key)) numbers.set(key, numbers.size)
  return Int32Array.from(list, (key) => numbers.get(key) ?? -1)
}
