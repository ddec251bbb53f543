/** Which counterexamples are kept as locks, and under which names: one for each finding of each bug. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Bug, Finding } from '../models/bugs/bug.ts'
import { bugs, catalogue } from '../models/catalogue.ts'
import { slugOf } from '../src/schedules/lock.ts'
import type { Lock } from '../src/schedules/lock.ts'
import { readLock } from '../src/schedules/read.ts'

/** Where they are: a folder a protocol. */
export const folder: string = fileURLToPath(new URL('.', import.meta.url))

/** A lock that there is, or is to be. */
export interface Kept {
  readonly bug: Bug
  readonly finding: Finding
  /** `mirror-2017/b-01-device-invalidated-at-range_end-not-at-range_start.json` */
  readonly file: string
}

/** Why a finding has no lock; undefined if it has one. */
export function whyNone({ model, scenario, property }: Finding): 'a relation: gathered over many schedules, of which none alone breaks it' | 'a large scenario: checked in minutes' | undefined {
  const protocol = catalogue.find(({ name }) => name === model)
  // `fixed` may have each pair of a cycle, too: the schedule of one is not what must be impossible.
  if (protocol?.model.properties.find(({ name }) => name === property)?.kind === 'collected') return 'a relation: gathered over many schedules, of which none alone breaks it'
  return protocol?.scenarios.find(({ name }) => name === scenario)?.large === true ? 'a large scenario: checked in minutes' : undefined
}

const findingsOf = ({ place }: Bug): readonly Finding[] => place.kind === 'found' ? place.findings : []

/** After the bug; where a model shows it in several ways, after the variant and property, too. */
function fileOf({ id, title, ...bug }: Bug, { model, variant, property }: Finding): string {
  const ways = findingsOf({ id, title, ...bug }).filter((one) => one.model === model && whyNone(one) === undefined).length
  return join(model, `${[slugOf(`${id} ${title}`), ...(ways > 1 ? [slugOf(variant), slugOf(property)] : [])].join('.')}.json`)
}

/** Every lock of the catalogue. */
export const kept: readonly Kept[] = bugs.flatMap((bug) => findingsOf(bug).filter((finding) => whyNone(finding) === undefined).map((finding) => ({ bug, finding, file: fileOf(bug, finding) })))

/** The lock of a finding of a bug, if there is one, and its file. */
export function keptOf({ id }: Pick<Bug, 'id'>, finding: Finding): { readonly file: string; readonly lock: Lock } | undefined {
  const file = kept.find((one) => one.bug.id === id && one.finding === finding)?.file
  return file === undefined || !existsSync(join(folder, file)) ? undefined : { file, lock: readLock(readFileSync(join(folder, file), 'utf8'), file) }
}
