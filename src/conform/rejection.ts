/** Why no state explains an event: the last steps of a longest explanation, and what the thread could have shown. */
import { threadOf, type Machine, type State } from '../semantics/machine.ts'
import { sought, type Sought } from '../semantics/sought.ts'
import { hiddenSteps } from './hidden-steps.ts'
import type { Comparison, Difference } from './matching.ts'
import type { Meaning } from './meaning.ts'
import type { Beginnings } from './points.ts'
import type { RecordedEvent } from './recording.ts'
import type { Trail } from './trail.ts'

/** What a thread could have done instead of an event. */
export interface Alternative {
  readonly label: string
  readonly at: string
  readonly event: string
  /** The first field that differs, if it is the same kind of event. */
  readonly difference?: Difference
}

/** No state explains the event. */
export interface Rejection {
  readonly event: RecordedEvent
  readonly trail: Trail | undefined
  readonly states: number
  readonly alternatives: readonly Alternative[]
}

/** What the search knows of the model. */
interface Asked {
  readonly machine: Machine
  readonly meaning: Meaning
  readonly comparisons: ReadonlyMap<string, Comparison>
  readonly beginnings: (point: string) => Beginnings
}

export function rejectionOf(
  known: Asked,
  event: RecordedEvent,
  thread: number,
  states: readonly { readonly state: State; readonly trail: Trail | undefined }[],
): Rejection {
  const alternatives = new Map<string, Alternative>()
  for (const { state } of states.slice(0, 100))
    for (const now of [state, ...hiddenSteps(known, state, thread).map((next) => next.state)])
      for (const one of alternativesOf(known, now, thread, event))
        alternatives.set(JSON.stringify([one.at, one.difference]), one)
  return {
    event,
    trail: states.at(-1)?.trail,
    states: states.length,
    alternatives: [...alternatives.values()].sort(
      (a, b) => Number(b.difference !== undefined) - Number(a.difference !== undefined),
    ),
  }
}

/** What the thread could do in the state: the same kind of event with other values, or another event. */
function alternativesOf(known: Asked, state: State, thread: number, event: RecordedEvent): readonly Alternative[] {
  const { shown } = known.beginnings(threadOf(state, thread).point)
  return shown.flatMap((step): Alternative[] => {
    const kind = step.shows?.event ?? ''
    const comparison = known.comparisons.get(step.path)
    const described = { label: step.label, at: step.at, event: kind }
    if (kind !== event.kind || comparison === undefined) return [described]
    const bound = comparison.bound(event)
    if (bound === undefined) return [described]
    const ends = sought(known.machine, state, thread, {
      instead: known.meaning.instead,
      enters: ({ path }) => path === step.path,
      choices: (local) => bound.get(local),
    }).flatMap((end: Sought): Alternative[] => {
      if (end.statement !== step) return []
      const difference = comparison.difference(event, end.scope)
      return [{ ...described, ...(difference === undefined ? {} : { difference }) }]
    })
    return ends.slice(0, 3)
  })
}
