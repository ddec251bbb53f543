/** What a checkpoint is of: a check may go on only from a checkpoint of the same one. */
import { createHash } from 'node:crypto'
import { UsageError } from '../../catalogue/usage.ts'
import { threadSort } from '../../compiler/symmetry/scalarset.ts'
import { emitEngine } from '../../engine/module.ts'
import { definedFields } from '../../language/defined-fields.ts'
import { fingerprintOf } from '../fingerprinting.ts'
import { packageVersion } from '../package-version.ts'
import type { Prepared } from '../prepare.ts'
import type { CheckSettings } from '../result.ts'

/** What makes a check the same one. Names and numbers come first, so that a refusal can say what is different. */
export interface CheckIdentity {
  /** The version of hmmcheck. */
  readonly version: string
  readonly model: string
  readonly variant?: string
  readonly scenario?: string
  /** `cpus=2, pages=2` */
  readonly sizes: string
  readonly threads: string
  readonly properties: string
  /** Options that change which states are visited, or when the search ends, as they are typed. */
  readonly options: string
  /** Threads that explore, each with partitions of its own. */
  readonly workers: number
  /** The digest of the code that finds successors, of what is looked for, and of the initial states. */
  readonly code: string
}

export function checkIdentityOf(
  { model, compiled, initial, symmetry }: Prepared,
  settings: CheckSettings,
): Omit<CheckIdentity, 'workers'> {
  const { names, hashBits, keepDeadLocals, stopAtFirst } = settings
  const fingerprint = fingerprintOf(settings)
  const code = createHash('sha256')
    .update(emitEngine(compiled, definedFields({ hashBits, fingerprint })))
    .update(JSON.stringify([compiled.watched.map(({ claim, by }) => [claim, by]), symmetry.scalarsets]))
    .update(initial.flat().join())
  return {
    version: packageVersion(),
    model: model.name,
    ...names,
    sizes: Object.entries(model.sizes)
      .filter(([name]) => name !== threadSort)
      .map(([name, size]) => `${name}=${size}`)
      .join(', '),
    threads: model.instances.map(({ name }) => name).join(', '),
    properties: model.properties.map(({ name }) => name).join(', '),
    options: [
      ...(keepDeadLocals === true ? ['--keep-dead-locals'] : []),
      ...(stopAtFirst === true ? ['--stop-at-first'] : []),
      ...(settings.symmetry === false ? ['--no-symmetry'] : []),
      ...(fingerprint === undefined ? [] : ['--fingerprint', `--fingerprint-seed ${fingerprint.seed}`]),
    ].join(' '),
    code: code.digest('hex'),
  }
}

/** What can be different, and what to do about it. `code` and `workers` come last: they follow from the others. */
const differences: readonly (readonly [keyof CheckIdentity, name: string, remedy: string])[] = [
  ['model', 'the model', 'name the model of the checkpoint'],
  ['variant', 'the variant', 'name the variant of the checkpoint: check MODEL@VARIANT'],
  ['scenario', 'the scenario', 'name the scenario of the checkpoint with --scenario'],
  ['sizes', 'the sizes', 'give the sizes of the checkpoint with --config'],
  ['threads', 'the threads', 'name the scenario of the checkpoint with --scenario'],
  ['properties', 'the properties', 'name the properties of the checkpoint with --property, or leave --property out'],
  ['options', 'the options', 'give the options of the checkpoint, and no others of these'],
]

/**
 * @throws UsageError HMM272 if another version has written it, HMM273 if it is of another check, HMM274 if it has
 *   another number of workers
 */
export function assertSame(file: string, saved: CheckIdentity, now: CheckIdentity): void {
  if (saved.version !== now.version)
    throw new UsageError('HMM272', `the checkpoint ${file} is of hmmcheck ${saved.version}; this is ${now.version}`, {
      at: file,
      cause: 'another version of hmmcheck has written it',
      remedy: 'resume it with that version, or leave out --resume to begin anew',
    })
  const other = differences.find(([key]) => saved[key] !== now[key])
  if (other !== undefined) {
    const [key, name, remedy] = other
    throw new UsageError(
      'HMM273',
      `the checkpoint ${file} is of another check: ${name} there: ${shown(saved[key])}; here: ${shown(now[key])}`,
      { at: file, cause: `the command is not the one that has written the file`, remedy },
    )
  }
  if (saved.workers !== now.workers)
    throw new UsageError(
      'HMM274',
      `the checkpoint ${file} has the tables of ${saved.workers} worker${saved.workers === 1 ? '' : 's'}; --workers ${now.workers} is another number`,
      {
        at: file,
        cause: 'a search goes on with as many workers as it began with',
        remedy: `give --workers ${saved.workers}, or leave --workers out`,
      },
    )
  if (saved.code !== now.code)
    throw new UsageError(
      'HMM273',
      `the checkpoint ${file} is of another check: the text of ${now.model} there is another`,
      {
        at: file,
        cause: 'the model, or hmmcheck itself, has changed since the file was written',
        remedy: 'take the model as it was then, or leave out --resume to begin anew',
      },
    )
}

const shown = (value: string | number | undefined): string =>
  value === undefined || value === '' ? 'none' : String(value)
