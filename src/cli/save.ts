/** Where `--out` puts the schedules of a check. */
import { join, resolve } from 'node:path'
import type { Schedule } from '../schedules/schedule.ts'
import { writeSchedule } from '../schedules/write.ts'
import { UsageError } from '../language/usage.ts'
import { isDirectory, writeWhole } from './files.ts'

/** Only what every file system takes. */
const slug = (name: string): string => name.replaceAll(/[^\w.@+-]+/g, '-').replaceAll(/^[-.]+|[-.]+$/g, '')

/** `as-posted.core.P-NOUAF.json`; of several models, in a directory a model. */
function fileOf({ model, variant, configuration, property }: Schedule, manyModels: boolean): string {
  const name = `${[variant, configuration.scenario, property.name].map(slug).join('.')}.json`
  return manyModels ? join(slug(model), name) : name
}

/**
 * Saves schedules in one file, or one a file in a directory; all of them or, if they don't fit what `out` is, none.
 *
 * @returns the files
 * @throws UsageError HMM209 if there are several and `out` is a file, HMM210 if one can't be written
 */
export function saveSchedules(schedules: readonly Schedule[], out: string, cwd: string, manyModels: boolean): readonly string[] {
  const target = resolve(cwd, out)
  if (!isDirectory(out.endsWith('/') ? out : target)) {
    const [first, ...others] = schedules
    if (first === undefined) return []
    if (others.length > 0) {
      const names = schedules.map(({ property }) => property.name).join(', ')
      throw new UsageError('HMM209', `--out ${out} is one file, and there are ${schedules.length} schedules (${names}); name a directory, --out ${out.replace(/\.json$/, '')}/, or one of them by --property`)
    }
    writeWhole(target, writeSchedule(first))
    return [out]
  }
  return schedules.map((schedule) => {
    const file = fileOf(schedule, manyModels)
    writeWhole(join(target, file), writeSchedule(schedule))
    return join(out, file)
  })
}
