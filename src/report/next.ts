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
export function nextOf(annotated: AnnotatedRun): readonly Next[] {
  const { machine, run, states } = annotated
  const last = states.at(-1)
  if (last === undefined) return []
  const { model } = machine
  const acted = new Set(run.steps.map(({ transition }) => transition.thread))
  const idle = (thread: number): boolean => !acted.has(thread) && atAllowedEnd(machine, last.state, thread)
  const texts = nextAfter(annotated, states.length - 1)
  const named = texts.map((text, thread) => ({ thread, name: instanceName(model, thread), text }))
  const each = named.flatMap(({ thread, name, text }): readonly Next[] =>
    text === undefined || idle(thread) ? [] : [{ thread: name, text }],
  )
  const resting = named.flatMap(({ thread, name, text }) => (text !== undefined && idle(thread) ? [name] : []))
  return [...each, ...(resting.length === 0 ? [] : [{ thread: resting.join(', '), text: 'not begun' }])]
}

/**
 * For each thread, what it would do next after so many steps; undefined at its end, and where its last step failed.
 */
export function nextAfter({ machine, run, states }: AnnotatedRun, after: number): readonly (string | undefined)[] {
  const here = states[after]
  if (here === undefined) return []
  const { model } = machine
  const failed = run.steps[after]?.transition
  const all = transitions(machine, here.state, here.ends).filter(isEnabled)
  return model.instances.map((_, thread) => {
    if (threadOf(here.state, thread).point === 'end') return undefined
    if (failed?.outcome.kind === 'fails' && failed.thread === thread) return undefined
    const labels = [...new Set(all.filter((one) => one.thread === thread).map(({ label }) => drawnLabel(label)))]
    const held = here.locks.filter((use) => use.thread === thread && use.waits).map(({ lock }) => lock)
    const blockers = new Set(
      (here.ends[thread] ?? []).flatMap((end) => (end.kind === 'waits' ? [...(end.blockers ?? [])] : [])),
    )
    const rests = atAllowedEnd(machine, here.state, thread) ? 'rests, or ' : ''
    if (labels.length > 0) return `${rests}${choiceOf(labels)}`
    const whom =
      blockers.size === 0
        ? ''
        : `${held.length > 0 ? ', held by ' : ' for '}${[...blockers].map((other) => instanceName(model, other)).join(' and ')}`
    const what =
      held.length > 0
        ? ` for ${held.join(', ')}`
        : whom === ''
          ? ` at ${pointLabel(machine, thread, threadOf(here.state, thread).point)}`
          : ''
    return `${rests}waits${what}${whom}`
  })
}

function choiceOf(labels: readonly string[]): string {
  if (labels.length <= FEW) return labels.join(' or ')
  return `${labels.slice(0, FEW - 1).join(' or ')} or one of ${labels.length - FEW + 1} more`
}
