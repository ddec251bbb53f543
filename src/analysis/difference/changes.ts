/** The changes that lead from the text of one thread to that of another. */
import type { Line } from './lines.ts'
import { scriptOf } from './script.ts'

/** A change of one line. */
export type LineChange =
  | { readonly kind: 'added'; readonly to: Line }
  | { readonly kind: 'removed'; readonly from: Line }
  /** The same line, elsewhere; of an arm or an end: it begins, or ends, elsewhere. */
  | { readonly kind: 'moved'; readonly from: Line; readonly to: Line }
  /** Another line of the same kind in its place. */
  | { readonly kind: 'changed'; readonly from: Line; readonly to: Line }

/**
 * The changes, in the order of the texts. There are none exactly if both texts are the same; those of the other
 * direction are the same with the sides exchanged.
 */
export function changesOf(one: readonly Line[], other: readonly Line[]): readonly LineChange[] {
  const { removed, added } = alone(one, other)
  const pairs = pairedBy(removed, added, PAIRINGS)
  const partners = new Set(pairs.values())
  const changes = [
    ...removed
      .filter((single) => pairs.has(single) || isReported(single))
      .map((from) => ({ gap: (pairs.get(from) ?? from).gap, change: changeFrom(from, pairs.get(from)) })),
    ...added
      .filter((single) => !partners.has(single) && isReported(single))
      .map(({ gap, line }) => ({ gap, change: { kind: 'added', to: line } as const })),
  ]
  return changes.toSorted((a, b) => a.gap - b.gap).map(({ change }) => change)
}

/** A line that one of two texts has alone. */
interface Single {
  readonly line: Line
  /** The gap in which it stands, between two lines of both texts. */
  readonly gap: number
  /** Of an arm or an end whose statement both texts have: the number of that statement. */
  readonly opener?: number
}

function alone(
  one: readonly Line[],
  other: readonly Line[],
): { readonly removed: readonly Single[]; readonly added: readonly Single[] } {
  const removed: Single[] = []
  const added: Single[] = []
  const common = new Map<Line, number>()
  let gap = 0
  const single = (line: Line): Single => {
    const opener = line.opener === undefined ? undefined : common.get(line.opener)
    return { line, gap, ...(opener === undefined ? {} : { opener }) }
  }
  const keys = (lines: readonly Line[]): readonly string[] => lines.map(({ key }) => key)
  for (const { one: from, other: to } of scriptOf(keys(one), keys(other))) {
    const [mine, theirs] = [from === undefined ? undefined : one[from], to === undefined ? undefined : other[to]]
    if (mine !== undefined && theirs !== undefined) {
      gap++
      common.set(mine, gap).set(theirs, gap)
    } else if (mine !== undefined) removed.push(single(mine))
    else if (theirs !== undefined) added.push(single(theirs))
  }
  return { removed, added }
}

/** Whether it is a line of its own: not the arm or the end of a statement. */
const isStatement = ({ line }: Single): boolean => line.opener === undefined

/** An arm and an end of a statement that one text has alone say no more than the statement. */
const isReported = (single: Single): boolean => isStatement(single) || single.opener !== undefined

/**
 * What pairs a line that is gone with one that is new, the surest first. Lines with the same text go together; none goes
 * with a line that has none.
 */
const PAIRINGS: readonly ((single: Single) => string | undefined)[] = [
  // in the same place: what it does was changed, or its label as well
  (single) => (isStatement(single) ? `${single.gap} ${single.line.kind} ${single.line.label}` : undefined),
  (single) =>
    isStatement(single) ? `${single.gap} ${single.line.kind} in ${single.line.procedure ?? 'the thread'}` : undefined,
  // elsewhere
  (single) => (isStatement(single) ? single.line.key : undefined),
  ({ line, opener }) => (opener === undefined ? undefined : `${opener} ${line.key}`),
  (single) => (isReported(single) ? single.line.key : undefined),
]

/** For each key in turn, the first of one list goes with the first of the other, and so on. */
function pairedBy(
  removed: readonly Single[],
  added: readonly Single[],
  keys: readonly ((single: Single) => string | undefined)[],
): ReadonlyMap<Single, Single> {
  const pairs = new Map<Single, Single>()
  const taken = new Set<Single>()
  for (const keyOf of keys) {
    const waiting = new Map<string, Single[]>()
    for (const single of added.filter((one) => !taken.has(one))) {
      const key = keyOf(single)
      if (key !== undefined) waiting.set(key, [...(waiting.get(key) ?? []), single])
    }
    for (const single of removed.filter((one) => !pairs.has(one))) {
      const partner = waiting.get(keyOf(single) ?? '')?.shift()
      if (partner === undefined) continue
      pairs.set(single, partner)
      taken.add(partner)
    }
  }
  return pairs
}

function changeFrom({ line: from }: Single, partner: Single | undefined): LineChange {
  if (partner === undefined) return { kind: 'removed', from }
  return { kind: from.key === partner.line.key ? 'moved' : 'changed', from, to: partner.line }
}
