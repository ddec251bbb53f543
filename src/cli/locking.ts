/** Makes a lock of a schedule's file: plays it on both variants, fills in what was not said, and writes it. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { configure } from '../language/configure.ts'
import { definedFields } from '../language/defined-fields.ts'
import { errorText } from '../language/error-text.ts'
import type { Catalogue, Protocol } from '../catalogue/protocol.ts'
import { defaultVariant, settingOf } from '../catalogue/setting.ts'
import type { Setting } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { projectionLines, reachOf } from '../report/projection.ts'
import type { Compared } from '../report/projection.ts'
import { refusalOf } from '../report/replay.ts'
import { showsOf } from '../report/shows.ts'
import { wrap } from '../report/wrap.ts'
import { correctedBy, type Corrected } from '../schedules/corrected.ts'
import { digestOf } from '../schedules/digest.ts'
import { slugOf } from '../schedules/lock.ts'
import type { Lock, LockNote } from '../schedules/lock.ts'
import { project } from '../schedules/projected.ts'
import { readLock, readScheduleOrLock } from '../schedules/read.ts'
import { originOf } from '../schedules/record.ts'
import { replay } from '../schedules/replay.ts'
import type { Schedule } from '../schedules/schedule.ts'
import type { Machine, Run } from '../semantics/machine.ts'
import { allCatalogues, protocolNamed } from './catalogues.ts'
import { HOLDS, INCOMPLETE, VIOLATED } from './exit-codes.ts'
import { repeatOf } from './command-text.ts'
import { print, widthOf } from './context.ts'
import type { Context } from './context.ts'
import type { Environment } from './environment.ts'
import { distinctName, nameFor } from './file-names.ts'
import { readText } from './files.ts'
import type { LockFlags } from './options/lock.ts'
import { catalogueWords, commandWords } from './repeat.ts'
import { writeReadable } from './save.ts'

/**
 * Locks the schedule of a file, and gives the exit code: 0 it is locked, 1 it shows nothing or the corrected variant
 * can do the same, 3 a limit was met.
 *
 * @throws UsageError if it is not a counterexample, that variant does not exist, or another lock has that name
 */
export async function writeLock(
  { catalogue: own, environment }: Context,
  file: string,
  options: LockFlags,
): Promise<number> {
  const { cwd, stderr, program } = environment
  const { lock: known, ...given } = readScheduleOrLock(readText(resolve(cwd, file)), file)
  if (given.property.outcome !== 'violated')
    throw new UsageError(
      'HMM252',
      `${file} shows that ${given.property.name} is possible, but a lock keeps a violation`,
      'lock the schedule of a violated property',
    )
  const catalogue = await allCatalogues(own, options.catalogue ?? [], cwd)
  const protocol = protocolNamed(catalogue, given.model)
  const corrected = correctedOf(catalogue, protocol, given, options.corrected ?? known?.corrected)

  const played = replay(protocol, given)
  const { schedule } = played
  const refusal = refusalOf(played)
  if (played.run === undefined || refusal !== undefined) {
    print(stderr, [`HMM250: ${file} is not locked: ${refusal ?? "it can't be played"}`])
    return VIOLATED
  }
  const { variant, configuration } = schedule
  const { scenario, sizes } = configuration
  const setting = settingOf(protocol, { variant, scenario, sizes })
  const { machine, run } = played
  const note: LockNote = {
    shows: options.shows ?? known?.shows ?? showsOf(machine, run, schedule),
    corrected: corrected.name,
    command: options.command ?? known?.command ?? commandOf(program, setting, schedule, options.catalogue),
    ...definedFields({
      bugs: options.bug ?? known?.bugs,
      versions: options.versions ?? known?.versions,
      commit: options.commit ?? known?.commit,
    }),
  }
  const locked = lockedAs({ setting, schedule, machine, run, note, corrected }, options.maxStates)
  return saveLock(environment, file, options, locked)
}

/** Writes a lock and says why the corrected variant can't follow it, or says that it can. */
function saveLock(
  { cwd, stdout, stderr }: Environment,
  file: string,
  options: LockFlags,
  { lock, compared }: Locked,
): number {
  const { kind } = compared.projected
  if (kind === 'reached') {
    print(stderr, [
      errorText({
        code: 'HMM253',
        what: `${file} is not locked: ${reachOf(compared)}`,
        remedy: 'name the variant that has the correction: --corrected VARIANT',
      }),
    ])
    return VIOLATED
  }
  const path = fileOf(lock, options)
  sameOrNone(resolve(cwd, path), path, lock)
  writeReadable(resolve(cwd, path), path, lock)
  print(stdout, [
    `locked: ${path}`,
    ...projectionLines(compared)
      .flatMap((line) => wrap(line, widthOf(stdout) - 4))
      .map((line) => `    ${line}`),
  ])
  if (kind === 'forbidden') return HOLDS
  print(stderr, [`HMM257: ${path} is locked, but not every path of ${compared.corrected} was explored`])
  return INCOMPLETE
}

/** A schedule that shows its property on the model of a setting, and what is known of the bug. */
interface Confirmed {
  readonly setting: Setting
  readonly schedule: Schedule
  readonly machine: Machine
  readonly run: Run
  readonly note: LockNote
  /** What the note names. */
  readonly corrected: Corrected
}

/** A lock, and what the corrected variant makes of it. */
export interface Locked {
  readonly lock: Lock
  readonly compared: Compared
}

/**
 * The lock of a schedule that was just played on its model, and what the corrected variant makes of it.
 *
 * @param limit on the states of the corrected variant
 */
export function lockedAs({ setting, schedule, machine, run, note, corrected }: Confirmed, limit?: number): Locked {
  const { protocol, configuration } = setting
  const digest = digestOf(configure(protocol.model, configuration), schedule.property)
  const lock: Lock = { ...schedule, ...originOf(setting), digest, lock: note }
  const projected = project(protocol, schedule, corrected, definedFields({ limit }))
  return { lock, compared: { schedule, corrected: note.corrected, ended: { machine, run }, projected } }
}

function correctedOf(
  catalogue: Catalogue,
  protocol: Protocol,
  schedule: Schedule,
  wanted: string | undefined,
): Corrected {
  const name = wanted ?? defaultVariant(protocol) ?? schedule.variant
  const corrected = correctedBy(protocol, schedule, name, (model) => protocolNamed(catalogue, model))
  if (corrected.name !== schedule.variant) return corrected
  throw new UsageError(
    'HMM252',
    `the schedule is of the variant ${corrected.name} itself`,
    `name the variant that has the correction: --corrected VARIANT, one of ${protocol.variants.map(({ name }) => name).join(', ')}`,
  )
}

/** The check that finds the schedule. */
export function commandOf(
  program: string,
  setting: Setting,
  { property }: Pick<Schedule, 'property'>,
  catalogues: readonly string[] = [],
): string {
  const chosen = setting.protocol.model.properties.some(({ name }) => name === property.name)
  const words = commandWords('check', { setting, chosen, properties: [property.name] })
  return repeatOf(program, [...words, ...catalogueWords(catalogues)])
}

/**
 * `counterexamples/mirror-2017/as-posted.p-nouaf.json`. A name that is left to us is made distinct where little of it
 * can stand in a file's name; one that is chosen is not.
 */
function fileOf({ model, variant, property }: Lock, { name, dir }: LockFlags): string {
  const parts = [variant, property.name]
  const made = parts.every((part) => slugOf(part).length >= part.length / 2)
    ? slugOf(parts.join('.'))
    : distinctName(parts.map(slugOf), parts)
  const slug = name === undefined ? made : slugOf(name)
  if (slug === '')
    throw new UsageError(
      'HMM252',
      `--name ${name ?? ''} leaves nothing for the name of a file`,
      'write for example --name a-few-words, or leave it out',
    )
  return join(dir, nameFor(slugOf(model)), `${nameFor(slug)}.json`)
}

/** A lock may be written anew, but not over another one. */
function sameOrNone(path: string, shown: string, { model, variant, configuration, property }: Lock): void {
  if (!existsSync(path)) return
  let other: Lock
  try {
    other = readLock(readText(path), shown)
  } catch {
    throw new UsageError('HMM254', `${shown} exists, but is not a lock`, 'choose another name: --name SLUG')
  }
  if (
    other.model === model &&
    other.variant === variant &&
    other.configuration.scenario === configuration.scenario &&
    other.property.name === property.name
  )
    return
  throw new UsageError(
    'HMM254',
    `${shown} is a lock of ${other.model}@${other.variant} in ${other.configuration.scenario}, ${other.property.name}`,
    'choose another name: --name SLUG',
  )
}
