/** The variant that has the correction of a lock: of the lock's own model, or of another one with the same threads. */
import type { Protocol } from '../catalogue/protocol.ts'
import { settingOf } from '../catalogue/setting.ts'
import { UsageError } from '../catalogue/usage.ts'
import { configure } from '../language/configure.ts'
import type { Schedule } from './schedule.ts'

/** A protocol in the variant that has the correction. */
export interface Corrected {
  readonly protocol: Protocol
  readonly variant: string
  /** As a lock names it: the variant, before it the model if that is another one: `my-driver-2@fixed`. */
  readonly name: string
}

/**
 * Finds the corrected variant, and looks whether it has the threads of the schedule.
 *
 * @param own the protocol of the schedule
 * @param name a variant of it, or `MODEL@VARIANT`
 * @param find another protocol by its name; throws UsageError if there is none
 * @throws UsageError HMM202, HMM203, HMM205, HMM206 if the protocol has no such variant or scenario, or can't have these
 *   sizes; HMM258 if its threads are others
 */
export function correctedBy(
  own: Protocol,
  { variant: faulty, configuration: { scenario, sizes } }: Pick<Schedule, 'variant' | 'configuration'>,
  name: string,
  find: (model: string) => Protocol,
): Corrected {
  const [, model, wanted = name] = /^([^@]+)@(.+)$/.exec(name) ?? []
  const protocol = model === undefined || model === own.name ? own : find(model)
  const { variant } = settingOf(protocol, { variant: wanted, scenario, sizes })
  const corrected = {
    protocol,
    variant: variant.name,
    name: protocol === own ? variant.name : `${protocol.name}@${variant.name}`,
  }
  if (protocol === own) return corrected
  const threadsOf = (of: Protocol, one: string): readonly string[] =>
    configure(of.model, settingOf(of, { variant: one, scenario, sizes }).configuration).instances.map(
      (instance) => instance.name,
    )
  const [mine, theirs] = [threadsOf(own, faulty), threadsOf(protocol, variant.name)]
  const lacking = mine.filter((thread) => !theirs.includes(thread))
  const surplus = theirs.filter((thread) => !mine.includes(thread))
  if (lacking.length + surplus.length === 0) return corrected
  throw new UsageError(
    'HMM258',
    `${corrected.name} does not have the threads of ${own.name}@${faulty} in ${scenario}: ${[
      ...(lacking.length === 0 ? [] : [`it lacks ${lacking.join(', ')}`]),
      ...(surplus.length === 0 ? [] : [`it has ${surplus.join(', ')} besides`]),
    ].join(', and ')}`,
    'name a variant of a model with the same threads: --corrected MODEL@VARIANT',
  )
}
