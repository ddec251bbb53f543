/**
 * `Idle()` right before a lock: the thread waits for the lock where it may rest for ever. So a lock that is never
 * released is not a deadlock, and every thread can always reach an allowed end.
 */
import type { ConfiguredModel, Statement, ModelThread } from '../language/ast.ts'
import { flowOf, type Flow } from '../language/flow.ts'
import { statementLabel } from '../language/labels.ts'
import { remembered } from '../language/remembered.ts'
import { blocksOf, visitStatements } from '../language/walk.ts'
import { sitesOf } from './sites.ts'
import { warning, type Warning } from './warning.ts'

export const idleWarnings = (model: ConfiguredModel): readonly Warning[] => model.threads.flatMap(idleIn)

const idleIn = remembered((thread: ModelThread): readonly Warning[] => {
  if (thread.daemon) return []
  const flow = flowOf(thread.body),
    site = sitesOf(thread.body)
  const found: Warning[] = []
  visitStatements(thread.body, (s) => {
    if (s.kind !== 'label' || !s.idle) return
    for (const lock of locksFirst(flow.next(s), flow)) {
      const { at, calls } = site(lock.path) ?? { at: lock.at, calls: [] }
      const what = `${thread.name} rests at ${s.name} while it waits for a lock: \`${labelOf(lock, thread)}\` stands right behind Idle(), so a hang there is not seen`
      found.push(warning('HMM067', what, s.at === 'unknown' ? at : s.at, { calls: [at, ...calls] }))
    }
  })
  return found
})

const labelOf = (s: Statement, thread: ModelThread): string => statementLabel(s, thread)

/** The acquisitions that can be the first transition from here. */
function locksFirst(from: Statement | 'end', flow: Flow): readonly Statement[] {
  const seen = new Set<Statement>()
  const at = (s: Statement | 'end'): readonly Statement[] => {
    if (s === 'end' || seen.has(s)) return []
    seen.add(s)
    const on = flow.pureControl(s)
    if (on !== undefined) return at(on)
    switch (s.kind) {
      case 'either':
        return s.branches.flatMap((branch) => at(flow.into(s, branch)))
      case 'await':
        return s.blockers === undefined ? [] : [s]
      case 'step':
      case 'call':
        return waits(s.body) ? [s] : []
      default:
        return []
    }
  }
  return at(from)
}

/** Whether a step waits for a lock. */
const waits = (body: readonly Statement[]): boolean =>
  body.some(
    (s) => (s.kind === 'await' && s.blockers !== undefined) || blocksOf(s).some(({ body: inner }) => waits(inner)),
  )
