/** The number of threads of a command: no more than there are processors. */
import { definedFields } from '../language/defined-fields.ts'
import type { Environment } from './environment.ts'

/**
 * As many workers as were asked for and can run at once: more of them make nothing faster, and take memory. Says so
 * if they are fewer.
 *
 * @param verb what they do
 */
export function boundedWorkers(
  { processors, stderr }: Pick<Environment, 'processors' | 'stderr'>,
  workers: number | undefined,
  verb: 'explore' | 'walk',
): { readonly workers?: number } {
  if (workers === undefined || processors === undefined || workers <= processors) return definedFields({ workers })
  const there = processors === 1 ? '1 processor' : `${processors} processors`
  stderr.write(
    `HMM216: --workers ${workers}: ${processors} ${verb}, because this machine has ${there}; more threads would take memory and not be faster\n`,
  )
  return { workers: processors }
}
