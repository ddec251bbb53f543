/**
 * Procedures and threads that no model has. `check_it` without `()` is JavaScript that does nothing, and nothing can
 * see that it stands there; but then often nothing calls the procedure, and that is seen at its definition.
 */
import type { Definition } from '../language/definitions.ts'
import type { Mention } from '../language/mentions.ts'
import { warning, type Warning } from './warning.ts'

/** @param isUsers whether a line is in a file of the user's: a package's procedures are there to be chosen from */
export function unrecordedWarnings(
  definitions: readonly Definition[],
  isUsers: (at: string) => boolean,
): readonly Warning[] {
  // One that is defined anew for each model is recorded if one of them is.
  const recorded = new Set(
    definitions.filter((one) => one.isRecorded).map(({ what, name, at }) => `${what} ${name} ${at}`),
  )
  return definitions
    .filter(({ what, name, at }) => !recorded.has(`${what} ${name} ${at}`) && isUsers(at))
    .map(({ what, name, at }) =>
      what === 'procedure'
        ? warning('HMM068', `the procedure ${name} is called in no model`, at, {
            remedy: 'call it with (), or leave it out',
          })
        : warning('HMM068', `the thread ${name} is part of no model`, at, {
            remedy: 'put it among the threads of model(), or leave it out',
          }),
    )
}

/** Warnings about the parts that the text of a user's model names and leaves: `mni.moved;`. */
export function mentionWarnings(mentions: readonly Mention[], isUsers: (at: string) => boolean): readonly Warning[] {
  return mentions
    .filter(({ at }) => isUsers(at))
    .map(({ text, at }) => warning('HMM069', `${text} is named and not used`, at))
}
