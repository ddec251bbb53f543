/** The steps that threads would have taken next, had the run gone on. */
import { drawnLabel } from './drawn.ts'
import { isEnabled, transitions, threadOf } from '../semantics/machine.ts'
import { atAllowedEnd } from '../semantics/properties.ts'
import { pointLabel } from './ending.ts'
import type { AnnotatedRun } from './annotated-run.ts'
import { instanceName } from './values.ts'

export interface Next {
  readonly thread: string
  readonly text: string
}

/** More steps than these that a thread may choose from are counted. */
const FEW = 3

/**
 * A thread at its end, and one whose last step failed, are left out. The threads that may rest for ever where they are
 * share one line at the end.
 */
export function nextOf({ machine, run, states }: AnnotatedRun): readonly Next[] {
  const last = states.at(-1)
  if (last === undefined) return []
  const { model } = machine
  const failed = run.steps.at(-1)?.transition
  const all = transitions(machine, last.state, last.ends).filter(isEnabled)
  const acted = new Set(run.steps.map(({ transition }) => transition.thread))
  const going = (thread: number): boolean =>
    threadOf(last.state, thread).point !== 'end' && !(failed?.outcome.kind === 'fails' && failed.thread === thread)
  const idle = (thread: number): boolean => !acted.has(thread) && atAllowedEnd(machine, last.state, thread)
  const each = model.instances.flatMap((_, thread): readonly Next[] => {
    if (!going(thread) || idle(thread)) return []
    const labels = [...new Set(all.filter((one) => one.thread === thread).map(({ label }) => drawnLabel(label)))]
    const held = last.locks.filter((use) => use.thread === thread && use.waits).map(({ lock }) => lock)
    const blockers = new Set(
      (last.ends[thread] ?? []).flatMap((end) => (end.kind === 'waits' ? [...(end.blockers ?? [])] : [])),
    )
    const rests = atAllowedEnd(machine, last.state, thread) ? 'rests, or ' : ''
    if (labels.length > 0) return [{ thread: instanceName(model, thread), text: `${rests}${choiceOf(labels)}` }]
    const whom =
      blockers.size === 0
        ? ''
        : `${held.length > 0 ? ', held by ' : ' for '}${[...blockers].map((other) => instanceName(model, other)).join(' and ')}`
    const what =
      held.length > 0
        ? ` for ${held.join(', ')}`
        : whom === ''
          ? ` at ${pointLabel(machine, thread, threadOf(last.state, thread).point)}`
          : ''
    return [{ thread: instanceName(model, thread), text: `${rests}waits${what}${whom}` }]
  })
  const resting = model.instances.flatMap((_, thread) =>
    going(thread) && idle(thread) ? [instanceName(model, thread)] : [],
  )
  return [...each, ...(resting.length === 0 ? [] : [{ thread: resting.join(', '), text: 'not begun' }])]
}

function choiceOf(labels: readonly string[]): string {
  if (labels.length <= FEW) return labels.join(' or ')
  return `${labels.slice(0, FEW - 1).join(' or ')} or one of ${labels.length - FEW + 1} more`
}
