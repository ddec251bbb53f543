/** The decision and the message of each matcher. */
import { isAlwaysJudged } from '../language/claims.ts'
import { isProtocol, missingPart } from '../catalogue/define.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { UsageError } from '../catalogue/usage.ts'
import { checkProtocol, type ProtocolResult } from '../explorer/check-protocol.ts'
import type { PropertyResult } from '../explorer/result.ts'
import { violatedOf } from '../report/checked.ts'
import { draw } from '../report/draw.ts'
import { incompleteText } from '../report/incomplete.ts'
import { plural } from '../report/numbers.ts'
import { projectionLines } from '../report/projection.ts'
import { outcomeOf, refusalOf } from '../report/replay.ts'
import { showSizes, whyUndecided } from '../report/text.ts'
import type { Lock } from '../schedules/lock.ts'
import { correctedBy } from '../schedules/corrected.ts'
import { project } from '../schedules/projected.ts'
import { replay } from '../schedules/replay.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { exampleOf } from '../semantics/counterexample.ts'
import type { CheckedAs } from './run.ts'

/** The result that Vitest asks of a matcher. */
interface Answer {
  readonly pass: boolean
  readonly message: () => string
}
interface Asked {
  readonly isNot: boolean
}

function protocolOf(received: unknown): Protocol {
  if (isProtocol(received)) return received
  throw new UsageError(
    'HMM212',
    `expect(...) was not given a protocol: ${missingPart(received) ?? 'it is missing'}`,
    'write expect(defineProtocol({ ... }))',
  )
}

const nameOf = ({ setting: { protocol, variant, scenario, sizes } }: Pick<ProtocolResult, 'setting'>): string => {
  const size = showSizes(sizes)
  return `${protocol.name}@${variant.name}, scenario ${scenario.name}${size === '' ? '' : ` with ${size}`}`
}

/** The schedules of properties, drawn; of a relation, those of its cycle. */
function drawings(properties: readonly PropertyResult[]): string {
  return properties
    .flatMap((property) => property.cycle ?? [property])
    .map((property) => {
      const example = exampleOf(property)
      if (example === undefined) return `${property.name} is never possible`
      const { outcome } = example.property
      return `${property.name} is ${outcome} in ${plural(example.run.steps.length, 'step')}:\n\n${draw(example)}`
    })
    .join('\n\n')
}

const limitOf = (one: ProtocolResult): string =>
  `${nameOf(one)}: not every state was visited (${one.incomplete === undefined ? 'unknown' : incompleteText[one.incomplete]}), so the verdict is unknown; ${plural(one.states, 'state')} so far`
const unsureOf = (one: ProtocolResult): string =>
  `${nameOf(one)}: no violation was found in ${plural(one.states, 'state')}, but fingerprints may have omitted a state, so nothing is known to hold`
const holding = (one: ProtocolResult, what: string): string =>
  `${nameOf(one)}: ${what} in all of its ${plural(one.states, 'state')}`

/** `expect(protocol).toHold(options)` */
export async function toHold(this: Asked, received: unknown, options: CheckedAs = {}): Promise<Answer> {
  const one = await checkProtocol(protocolOf(received), options)
  const violated = violatedOf(one)
  if (violated.length > 0)
    return { pass: false, message: () => `${nameOf(one)} does not hold\n\n${drawings(violated)}` }
  if (one.verdict === 'incomplete') return { pass: this.isNot, message: () => limitOf(one) }
  if (one.verdict === 'not-found') return { pass: this.isNot, message: () => unsureOf(one) }
  return { pass: true, message: () => holding(one, 'everything holds') }
}

/** `expect(protocol).toBeViolated(property, options)` */
export async function toBeViolated(
  this: Asked,
  received: unknown,
  property: string,
  options: Omit<CheckedAs, 'properties'> = {},
): Promise<Answer> {
  const one = await checkProtocol(protocolOf(received), { ...options, properties: [property] })
  const violated = one.properties.find(({ name, verdict }) => name === property && verdict === 'violated')
  if (violated !== undefined)
    return {
      pass: true,
      message: () => `${nameOf(one)} should not violate ${property}\n\n${drawings([violated])}`,
    }
  if (one.incomplete !== undefined) return { pass: this.isNot, message: () => limitOf(one) }
  if (one.fingerprint !== undefined) return { pass: this.isNot, message: () => unsureOf(one) }
  if (violatedOf(one).some(({ kind }) => isAlwaysJudged(kind)))
    return { pass: this.isNot, message: () => `${nameOf(one)}: ${property} is ${whyUndecided(one)}` }
  return { pass: false, message: () => holding(one, `${property} holds`) }
}

/** A matcher knows the protocol that it is given, and no other. */
function unknownHere(model: string): never {
  throw new UsageError(
    'HMM258',
    `the lock has its correction in another model, ${model}, which toReplay() does not know`,
    'replay it with `hmmcheck regress`',
  )
}

/** `expect(protocol).toReplay(schedule)` */
export function toReplay(this: Asked, received: unknown, given: Schedule | Lock): Promise<Answer> {
  return Promise.resolve().then(() => {
    const protocol = protocolOf(received)
    const played = replay(protocol, given)
    const { schedule, machine, run: ended } = played
    const refusal = refusalOf(played)
    const drawn =
      ended === undefined
        ? ''
        : `\n\n${draw({ machine, run: ended, ...(refusal === undefined ? { property: schedule.property } : {}) })}`
    if (refusal !== undefined || ended === undefined)
      return { pass: false, message: () => `the schedule is outdated: ${refusal ?? ''}${drawn}` }
    if (!('lock' in given)) return { pass: true, message: () => `${outcomeOf(schedule)}, and should not be${drawn}` }

    const { corrected } = given.lock
    const projected = project(protocol, schedule, correctedBy(protocol, schedule, corrected, unknownHere))
    const compared = { schedule, corrected, projected, ended: { machine, run: ended } }
    const said = projectionLines(compared).join('; ')
    if (projected.kind === 'incomplete') return { pass: this.isNot, message: () => said }
    if (projected.kind === 'forbidden')
      return { pass: true, message: () => `${outcomeOf(schedule)}, and should not be; ${said}${drawn}` }
    return { pass: false, message: () => `${said}\n\n${draw({ ...projected, property: schedule.property })}` }
  })
}
