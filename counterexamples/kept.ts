/** Which counterexamples are kept as locks, and under which names: one for each finding of each bug. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bug, Finding } from '../models/bugs/bug.ts'
import { bugs, catalogue } from '../models/catalogue.ts'
import { slugOf } from '../src/schedules/lock.ts'
import type { Lock } from '../src/schedules/lock.ts'
import { readLock } from '../src/schedules/read.ts'

/** Their place: one folder per protocol. */
export const folder: string = fileURLToPath(new URL('.', import.meta.url))

/** A lock that exists, or should exist. */
export interface Kept {
  readonly bug: Bug
  readonly finding: Finding
  /** That it breaks. */
  readonly property: string
  /** `mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json` */
  readonly file: string
}

/**
 * The property that the lock of a finding breaks; undefined if it has none.
 *
 * A single schedule does not break a relation, and `fixed` may have each pair of a cycle, too. If the order of locks
 * leads to a deadlock in the same run, the deadlock is locked.
 */
export function lockedProperty({ model, variant, scenario, property }: Finding): string | undefined {
  const protocol = catalogue.find(({ name }) => name === model)
  if (protocol?.model.properties.find(({ name }) => name === property)?.kind !== 'collected') return property
  const expected =
    protocol.expectations.find((one) => one.variant === variant && one.scenario === scenario)?.violated ?? []
  return expected.find((name) => name === 'lock-deadlock')
}

const findingsOf = ({ place }: Bug): readonly Finding[] => (place.kind === 'found' ? place.findings : [])

/** The properties that are locked for a bug, each once. */
function locksOf(bug: Bug): readonly Omit<Kept, 'file'>[] {
  const all = findingsOf(bug).flatMap((finding) => {
    const property = lockedProperty(finding)
    return property === undefined ? [] : [{ bug, finding, property }]
  })
  const shows = ({ finding: { model, variant, scenario }, property }: (typeof all)[number]): string =>
    [model, variant, scenario, property].join(' ')
  // A finding of the deadlock itself comes before one of the order that leads to it.
  return all.filter((one) =>
    all.every((other) => other === one || shows(other) !== shows(one) || other.finding.property !== other.property),
  )
}

/** After the bug; where a model shows it in several ways, after the variant and property, too. */
function fileOf(
  { bug: { id, title }, finding: { model, variant }, property }: Omit<Kept, 'file'>,
  all: readonly Omit<Kept, 'file'>[],
): string {
  const ways = all.filter((one) => one.finding.model === model).length
  return join(
    model,
    `${[slugOf(`${id} ${title}`), ...(ways > 1 ? [slugOf(variant), slugOf(property)] : [])].join('.')}.json`,
  )
}

/** Every lock of the catalogue. */
export const kept: readonly Kept[] = bugs.flatMap((bug) =>
  locksOf(bug).map((one, _, all) => ({ ...one, file: fileOf(one, all) })),
)

/** The lock of a finding of a bug, if there is one that breaks the property found, and its file. */
export function keptOf(
  { id }: Pick<Bug, 'id'>,
  finding: Finding,
): { readonly file: string; readonly lock: Lock } | undefined {
  const file = kept.find(
    (one) => one.bug.id === id && one.finding === finding && one.property === finding.property,
  )?.file
  return file === undefined || !existsSync(join(folder, file))
    ? undefined
    : { file, lock: readLock(readFileSync(join(folder, file), 'utf8'), file) }
}
