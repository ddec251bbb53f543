/** Saves schedules as `--out` says. */
import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Lock } from '../schedules/lock.ts'
import { readLock, readSchedule } from '../schedules/read.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { writeSchedule } from '../schedules/write.ts'
import { UsageError } from '../catalogue/usage.ts'
import { renewedNote } from '../report/shows.ts'
import { distinctName, nameFor, plainName } from './file-names.ts'
import { isDirectory, outPlace, readText, writeWhole } from './files.ts'

/** The names that tell the files of a directory apart. */
const namesOf = ({ model, variant, configuration, property }: Schedule): readonly string[] => [
  variant,
  configuration.scenario,
  property.name,
  model,
]

const isSame = (a: Schedule, b: Schedule): boolean => namesOf(a).every((name, n) => name === namesOf(b)[n])

/** `as-posted.core.P-NOUAF.json`; for several models, in one directory per model. Undefined if it can't be a name. */
function plainFile(schedule: Schedule, manyModels: boolean): string | undefined {
  const name = plainName(namesOf(schedule).slice(0, 3))
  return name === undefined ? undefined : join(manyModels ? nameFor(schedule.model) : '', `${name}.json`)
}

const distinctFile = (schedule: Schedule, manyModels: boolean): string =>
  join(
    manyModels ? nameFor(schedule.model) : '',
    `${distinctName(namesOf(schedule).slice(0, 3), namesOf(schedule))}.json`,
  )

/** The name on a file system that ignores case. */
const folded = (file: string | undefined): string | undefined => file?.toLowerCase()

/**
 * Writes a schedule or a lock that can be read again. A file that is a lock of the same bug stays a lock: the schedule
 * is written with its note.
 *
 * @param named the file as the user knows it
 * @throws UsageError HMM210 if it can't be written, HMM218 if it would not be taken again, HMM254 if a lock of
 *   another bug stands there
 */
export function writeReadable(path: string, named: string, schedule: Schedule | Lock): void {
  const known = 'lock' in schedule ? undefined : lockAt(path, named, schedule)
  const text = writeSchedule(
    known === undefined ? schedule : { ...schedule, lock: renewedNote(known.lock, known, schedule) },
  )
  try {
    readSchedule(text, named)
  } catch (error) {
    throw new UsageError(
      'HMM218',
      `${named} is not written, because it could not be read back: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  writeWhole(path, text)
}

/**
 * The lock in the file that a schedule will be written to, if it is a lock.
 *
 * @throws UsageError HMM254 if it is of another bug
 */
export function lockAt(path: string, named: string, schedule: Schedule): Lock | undefined {
  if (!existsSync(path)) return undefined
  const known = readOrNone(path, named)
  if (known === undefined || isSame(known, schedule)) return known
  const { model, variant, configuration, property } = known
  throw new UsageError(
    'HMM254',
    `${named} is a lock of ${model}@${variant} in ${configuration.scenario}, ${property.name}`,
    'choose another name',
  )
}

/** The lock in a file; undefined if it is not a lock. */
function readOrNone(path: string, named: string): Lock | undefined {
  try {
    return readLock(readText(path), named)
  } catch {
    return undefined
  }
}

/**
 * Saves schedules in one file, or in a directory with one file each. Saves either all of them or, if they don't fit
 * `out`, none. In a directory only a file of the same model, variant, scenario and property is overwritten.
 *
 * @returns the files
 * @throws UsageError HMM209 if there are several and `out` is a file, HMM210 if one can't be written, HMM218
 */
export function saveSchedules(
  schedules: readonly Schedule[],
  out: string,
  cwd: string,
  manyModels: boolean,
): readonly string[] {
  const target = resolve(cwd, out)
  if (!isDirectory(outPlace(out, cwd))) {
    const [first, ...others] = schedules
    if (first === undefined) return []
    if (others.length > 0) {
      const names = schedules.map(({ property }) => property.name).join(', ')
      throw new UsageError(
        'HMM209',
        `--out ${out} is one file, and there are ${schedules.length} schedules (${names})`,
        `name a directory, --out ${out.replace(/\.json$/, '')}/, or one property with --property`,
      )
    }
    writeReadable(target, out, first)
    return [out]
  }
  const plain = schedules.map((schedule) => plainFile(schedule, manyModels))
  const wanted = plain.map(folded)
  return schedules.map((schedule, n) => {
    const name = plain[n]
    const isFree =
      name !== undefined &&
      wanted.filter((one) => one === wanted[n]).length === 1 &&
      !isTaken(join(target, name), schedule)
    const file = isFree ? name : distinctFile(schedule, manyModels)
    writeReadable(join(target, file), join(out, file), schedule)
    return join(out, file)
  })
}

/** Whether another file stands there, or where a file system without capitals would put this one. */
function isTaken(path: string, schedule: Schedule): boolean {
  return entriesOf(dirname(path))
    .filter((entry) => folded(entry) === folded(basename(path)))
    .some((entry) => {
      try {
        return !isSame(readSchedule(readText(join(dirname(path), entry)), entry), schedule)
      } catch {
        return true
      }
    })
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
