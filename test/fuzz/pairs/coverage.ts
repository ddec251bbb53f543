/**
 * What there is to cover: each kind of expression and statement, with each class and width of type, at each place of
 * use.
 * What cannot occur is no gap: it has a reason.
 */
import { classes, noType, widths } from './classes.ts'
import type { Class, Width } from './classes.ts'
import { kinds } from './kinds.ts'
import type { Kind } from './kinds.ts'
import { places } from './places.ts'
import { statementKinds, statementPlaces } from './statements.ts'

/** A use of a type of that class and width, of one kind, at one place. */
export interface Use {
  readonly kind: string
  readonly place: string
  readonly class: Class
  readonly width: Width
}

/** The use itself: of these, `npm run fuzz -- --pairs` has every one. */
export const useKey = ({ kind, class: of, width, place }: Use): string => `${kind} | ${of}, ${width} | ${place}`

/** The pairs in it: a kind with a type, a place with a type, a kind at a place. Of these, `npm test` has every one. */
export const pairsIn = ({ kind, class: of, width, place }: Use): readonly string[] => [
  `${kind} | ${of}, ${width}`,
  `${of}, ${width} | ${place}`,
  `${kind} | ${place}`,
]

/** Why a use of this kind cannot stand at a place. */
function noUse(kind: Kind, place: string, of: Class): string | undefined {
  const { needs } = kind
  if (needs === 'a transition') return place === 'in a property' ? undefined : 'before is said of a transition only'
  if (place === 'in a property' && needs === 'locals') return 'a property sees no locals'
  if ((place === 'in a property' || place === 'initial') && needs.startsWith('a thread')) return 'no thread runs there'
  if (place !== 'index') return undefined
  if (kind.name === 'part of it') return 'parts of all types stand there; only some are indices'
  return kind.whole &&
    (of === 'optional' ||
      of === 'set' ||
      of === 'record' ||
      of === 'union' ||
      of === 'array' ||
      of === 'wide optional' ||
      of === 'queue')
    ? 'an index is a bool, a number, a member or an id'
    : undefined
}

const all: readonly Use[] = classes.flatMap((of) =>
  widths.flatMap((width) => [
    ...kinds.flatMap(({ name: kind }) => places.map(({ name: place }) => ({ kind, class: of, width, place }))),
    ...statementKinds.flatMap(({ name: kind }) => statementPlaces.map((place) => ({ kind, class: of, width, place }))),
  ]),
)

function reasonOf({ kind, class: of, width, place }: Use): string | undefined {
  const statement = statementKinds.find(({ name }) => name === kind)
  const expression = kinds.find(({ name }) => name === kind)
  return (
    noType(of, width) ??
    expression?.not?.(of) ??
    statement?.not(of) ??
    (statement !== undefined && !statement.places.some((one) => one === place)
      ? 'its target is a local that it declares, or it has one'
      : undefined) ??
    (expression !== undefined ? noUse(expression, place, of) : undefined)
  )
}

const judged = all.map((use) => ({ use, reason: reasonOf(use) }))

/** All that can occur. */
export const possible: readonly Use[] = judged.flatMap(({ use, reason }) => (reason === undefined ? [use] : []))
/** How many cannot, by the reason. */
export const impossible: ReadonlyMap<string, number> = judged.reduce(
  (counts, { reason }) => (reason === undefined ? counts : counts.set(reason, (counts.get(reason) ?? 0) + 1)),
  new Map<string, number>(),
)
/** Kinds times classes times widths times places. */
export const counted: number = all.length
