/** What each matcher decides, and what it says. */
import { isAlwaysJudged } from '../language/claims.ts'
import { isProtocol, missingPart } from '../catalogue/define.ts'
import type { Protocol } from '../catalogue/protocol.ts'
import { UsageError } from '../catalogue/usage.ts'
import type { PropertyResult } from '../explorer/result.ts'
import { violatedOf } from '../report/checked.ts'
import { drawRun } from '../report/drawing.ts'
import { incompleteText } from '../report/incomplete.ts'
import { plural } from '../report/numbers.ts'
import { plainPaint } from '../report/paint.ts'
import { projectionLines } from '../report/projection.ts'
import { outcomeOf, refusalOf } from '../report/replay.ts'
import { showSizes, whyUndecided } from '../report/text.ts'
import { adopt } from '../schedules/adopt.ts'
import type { Lock } from '../schedules/lock.ts'
import { machineFor } from '../schedules/machines.ts'
import { project } from '../schedules/projected.ts'
import { replay } from '../schedules/replay.ts'
import type { Schedule, ScheduleProperty } from '../schedules/schedule.ts'
import type { Machine, Run as Played } from '../semantics/machine.ts'
import { run } from './run.ts'
import type { CheckedAs, Run } from './run.ts'

/** What Vitest asks of a matcher. */
interface Answer {
  readonly pass: boolean
  readonly message: () => string
}
interface Asked {
  readonly isNot: boolean
}

/** Columns of a drawing in the text of a failure. */
const WIDTH = 100

function protocolOf(received: unknown): Protocol {
  if (isProtocol(received)) return received
  throw new UsageError(
    'HMM212',
    `expect(...) was not given a protocol: ${missingPart(received) ?? 'it is missing'}`,
    'write expect(defineProtocol({ ... }))',
  )
}

const nameOf = ({ setting: { protocol, variant, scenario, sizes } }: Pick<Run, 'setting'>): string => {
  const size = showSizes(sizes)
  return `${protocol.name}@${variant.name}, scenario ${scenario.name}${size === '' ? '' : ` with ${size}`}`
}

const draw = (machine: Machine, played: Played, property?: ScheduleProperty): string =>
  drawRun(machine, played, { width: WIDTH, paint: plainPaint, ...(property === undefined ? {} : { property }) }).join(
    '\n',
  )

/** The schedules of properties, drawn; of a relation, those of its cycle. */
function drawings({ model }: Run, properties: readonly PropertyResult[]): string {
  return properties
    .flatMap((property) => property.cycle ?? [property])
    .map(({ name, kind, verdict, run: found }) => {
      if (found === undefined) return `${name} is never possible`
      const property = { name, kind, outcome: verdict === 'violated' ? 'violated' : 'witnessed' } as const
      const machine = machineFor(model, property)
      return `${name} is ${property.outcome} in ${plural(found.steps.length, 'step')}:\n\n${draw(machine, adopt(machine, found), property)}`
    })
    .join('\n\n')
}

const limitOf = (one: Run): string =>
  `${nameOf(one)}: not every state was visited (${one.result.incomplete === undefined ? 'unknown' : incompleteText[one.result.incomplete]}), so nobody knows; ${plural(one.result.states, 'state')} so far`
const holding = (one: Run, what: string): string =>
  `${nameOf(one)}: ${what} in all of its ${plural(one.result.states, 'state')}`

/** `expect(protocol).toHold(options)` */
export async function toHold(this: Asked, received: unknown, options: CheckedAs = {}): Promise<Answer> {
  const one = await run(protocolOf(received), options)
  const violated = violatedOf(one.result)
  if (violated.length > 0)
    return { pass: false, message: () => `${nameOf(one)} does not hold\n\n${drawings(one, violated)}` }
  if (one.result.verdict === 'incomplete') return { pass: this.isNot, message: () => limitOf(one) }
  return { pass: true, message: () => holding(one, 'everything holds') }
}

/** `expect(protocol).toBeViolated(property, options)` */
export async function toBeViolated(
  this: Asked,
  received: unknown,
  property: string,
  options: Omit<CheckedAs, 'properties'> = {},
): Promise<Answer> {
  const one = await run(protocolOf(received), { ...options, properties: [property] })
  const violated = one.result.properties.find(({ name, verdict }) => name === property && verdict === 'violated')
  if (violated !== undefined)
    return {
      pass: true,
      message: () => `${nameOf(one)} should not violate ${property}\n\n${drawings(one, [violated])}`,
    }
  if (one.result.incomplete !== undefined) return { pass: this.isNot, message: () => limitOf(one) }
  if (violatedOf(one.result).some(({ kind }) => isAlwaysJudged(kind)))
    return { pass: this.isNot, message: () => `${nameOf(one)}: ${property} is ${whyUndecided(one.result)}` }
  return { pass: false, message: () => holding(one, `${property} holds`) }
}

/** `expect(protocol).toReplay(schedule)` */
export function toReplay(this: Asked, received: unknown, given: Schedule | Lock): Promise<Answer> {
  return Promise.resolve().then(() => {
    const protocol = protocolOf(received)
    const played = replay(protocol, given)
    const { schedule, machine, run: ended } = played
    const refusal = refusalOf(played)
    const drawn =
      ended === undefined ? '' : `\n\n${draw(machine, ended, refusal === undefined ? schedule.property : undefined)}`
    if (refusal !== undefined || ended === undefined)
      return { pass: false, message: () => `the schedule is outdated: ${refusal ?? ''}${drawn}` }
    if (!('lock' in given)) return { pass: true, message: () => `${outcomeOf(schedule)}, and should not be${drawn}` }

    const { corrected } = given.lock
    const projected = project(protocol, schedule, corrected)
    const compared = { schedule, corrected, projected, ended: { machine, run: ended } }
    const said = projectionLines(compared).join('; ')
    if (projected.kind === 'incomplete') return { pass: this.isNot, message: () => said }
    if (projected.kind === 'forbidden')
      return { pass: true, message: () => `${outcomeOf(schedule)}, and should not be; ${said}${drawn}` }
    return { pass: false, message: () => `${said}\n\n${draw(projected.machine, projected.run, schedule.property)}` }
  })
}
