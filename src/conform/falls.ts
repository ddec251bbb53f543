/** Properties that fall in a run: assertions in any of its steps, and what is judged behind each event. */
import { sharedScope } from '../semantics/properties.ts'
import type { Machine, State } from '../semantics/machine.ts'
import type { SoughtTransition } from '../semantics/sought.ts'
import type { Meaning } from './meaning.ts'
import type { RecordedEvent } from './recording.ts'

/** A property that falls at an event, or in a hidden step before it. */
export interface Fall {
  readonly property: string
  readonly message: string
  readonly event: RecordedEvent
  /** The hidden step in which it falls. */
  readonly step?: { readonly label: string; readonly at: string }
}

type Broken = Pick<Fall, 'property' | 'message'>

const asserted = ({ broken }: SoughtTransition): readonly Broken[] =>
  broken.map(({ claim, message }) => ({ property: claim.name, message }))

/** The assertions that fail in a hidden step, which is taken before the event. */
export const fallsOfHidden = (transition: SoughtTransition, event: RecordedEvent): readonly Fall[] => {
  const { label, at } = transition
  return asserted(transition).map((broken) => ({ ...broken, event, step: { label, at } }))
}

/** Whether the model has properties that are judged of states. */
const isJudged = ({ model }: Machine): boolean =>
  model.properties.some(({ kind }) => kind === 'invariant' || kind === 'transition')

/** What falls in the step that stands for the event: its assertions, and what is judged of its two states. */
export function fallsOfEvent(
  { machine, meaning: { isFalse } }: { readonly machine: Machine; readonly meaning: Meaning },
  {
    before,
    after,
    transition,
  }: { readonly before: State; readonly after: State; readonly transition: SoughtTransition },
  event: RecordedEvent,
): readonly Fall[] {
  const said = asserted(transition).map((broken) => ({ ...broken, event }))
  if (!isJudged(machine)) return said
  const now = sharedScope(machine, after)
  const both = { ...now, before: sharedScope(machine, before) }
  const judged = machine.model.properties.flatMap((one): readonly Broken[] => {
    const { kind, name } = one
    if (kind === 'invariant' && isFalse(now, one.condition))
      return [{ property: name, message: `the invariant ${name} does not hold` }]
    if (kind === 'transition' && isFalse(both, one.condition))
      return [{ property: name, message: `${name} does not hold in this step` }]
    return []
  })
  return [...said, ...judged.map((broken) => ({ ...broken, event }))]
}
