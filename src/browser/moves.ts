/** What each thread can do in a state, and why the others wait. */
import { definedFields } from '../language/defined-fields.ts'
import { isVocabulary } from '../language/position.ts'
import { drawnLabel } from '../report/drawn.ts'
import { pointLabel } from '../report/ending.ts'
import { reasonOf, nothingToChoose } from '../report/guards.ts'
import { asInModel, sitesAt, type Locate } from '../report/sites.ts'
import { choiceTexts } from '../report/trace.ts'
import { instanceName } from '../report/values.ts'
import type { End } from '../semantics/execute.ts'
import { executions, failuresOf, threadOf, transitionsOf, type Machine, type Transition } from '../semantics/machine.ts'
import { atAllowedEnd } from '../semantics/properties.ts'
import type { History, Node } from './history.ts'
import type { HandMove, ThreadMoves } from './messages.ts'

/** The innermost place that is the model's own: its locks and pages are those of the vocabulary. */
export const inModel: Locate = (sites) =>
  asInModel(
    sites
      .filter((at) => !isVocabulary(at))
      .concat(sites)
      .slice(0, 1),
  )

/** Every thread, in the order of the model. After a step that fails none can move. */
export function movesAt(history: History, node: Node): readonly ThreadMoves[] {
  const { machine } = history
  const { state } = node
  const ends = state === undefined ? [] : executions(machine, state)
  return machine.model.instances.map((_, thread): ThreadMoves => {
    const name = instanceName(machine.model, thread)
    const point = state === undefined ? 'end' : threadOf(state, thread).point
    if (state === undefined || point === 'end') return { thread, name, at: '', state: 'ended', moves: [], reasons: [] }
    const own = ends[thread] ?? []
    const moves = transitionsOf(machine, state, thread, own).map((transition) => moveOf(history, node, transition))
    const rests = atAllowedEnd(machine, state, thread)
    return {
      thread,
      name,
      at: pointLabel(machine, thread, point),
      state: moves.some(({ fails, ordinal }) => fails === undefined || isTaken(own, ordinal))
        ? 'ready'
        : rests
          ? 'rests'
          : 'waits',
      moves,
      reasons: moves.length > 0 ? [] : reasonsFor(machine, node, thread, own),
    }
  })
}

/** Whether the execution of that number is a transition, and not an assertion that breaks where the thread waits. */
const isTaken = (ends: readonly End[], ordinal: number): boolean =>
  ends.filter(({ kind }) => kind !== 'waits')[ordinal]?.kind !== 'breaks'

function moveOf({ machine, childrenOf }: History, node: Node, transition: Transition): HandMove {
  const { ordinal, thread, label, path, source, outcome } = transition
  const failures = failuresOf(transition).map(({ message }) => message)
  const child = childrenOf(node).find(
    ({ from }) => from?.transition.thread === thread && from.transition.ordinal === ordinal,
  )
  const place = inModel(sitesAt(machine.model, thread, path))
  return {
    ordinal,
    label: drawnLabel(label),
    choices: choiceTexts(machine.model, transition),
    ...definedFields({
      kernel: source,
      place: place && `${place.file}:${place.line}`,
      fails: failures.length > 0 || outcome.kind !== 'next' ? failures.join('; ') : undefined,
      node: child?.id,
    }),
  }
}

/** Why a thread that has no move waits: once for each guard that it comes to. */
function reasonsFor(machine: Machine, { state }: Node, thread: number, ends: readonly End[]): readonly string[] {
  if (state === undefined) return []
  const guards = ends.filter((end) => end.kind === 'waits')
  return guards.length === 0
    ? [nothingToChoose(machine, thread, threadOf(state, thread).point)]
    : [...new Set(guards.map((guard) => reasonOf(machine, state, thread, guard, 'the model')))]
}
