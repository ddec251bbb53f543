/**
 * Lowering: the text of a thread becomes control points, and each control point a tree of code whose leaves lead to
 * control points.
 */
import type { ConfiguredModel, Statement, ModelThread, Type } from '../../language/ast.ts'
import { armsOf } from '../../language/walk.ts'
import { withBlocks } from '../blocks.ts'
import { changes, domainsOf } from '../domains.ts'
import { valueCount, internal, type SortSizes } from '../encoding.ts'
import { codeBehind, unrollLimit, type Code, type Program } from '../program.ts'
import { arrive } from './arrive.ts'
import { beforeFirstState } from './begin.ts'
import { tables, type Lowering } from './lowering.ts'
import { beginningOf, jumpTargetsIn, statementAt } from './text.ts'
import { transitionsFrom } from './transition.ts'

/** @param copies as of `withBlocks` */
export function lowerThread(model: ConfiguredModel, thread: ModelThread, copies?: number): Program {
  const types = new Map(thread.locals.map((l) => [l.id, l.type]))
  const { queue, points, edges, arms, ...numbers } = tables()
  const l: Lowering = {
    sizes: model.sizes,
    targets: jumpTargetsIn(thread.body),
    typeOf: (id) => types.get(id) ?? internal(`no local ${id}`),
    canFail: localFailuresOf(model, thread),
    ...numbers,
    acts: new Map(),
    own: new Set(),
  }
  const end = l.point('end')
  const entry = beforeFirstState(l, beginningOf(thread.body))
  const code = new Map<number, Code>()
  for (let w = queue.shift(); w !== undefined; w = queue.shift())
    code.set(l.point(statementAt(w)?.path ?? 'end'), transitionsFrom(l, w))
  const names = [...points]
  // an idle label that no thread can reach has no point; those found here are all reachable or harmless
  const idle = new Set([end, ...l.targets.idle.flatMap((w) => pointsBehind(arrive(l, w, 0)))])
  return withBlocks(
    {
      points: names.map((name, n) => ({ name, code: code.get(n), idle: idle.has(n) })),
      entry,
      edges,
      arms,
      own: l.own,
    },
    (choice) => copiesOf(choice.over, model.sizes),
    copies,
  )
}

/** The control points that code leads to. */
const pointsBehind = (code: Code): readonly number[] =>
  code.op === 'goto' ? [code.point] : codeBehind(code).flatMap(pointsBehind)

const copiesOf = (type: Type, sizes: SortSizes): number => {
  const n = valueCount(type, sizes)
  return n <= unrollLimit ? Math.max(1, n) : 1
}

/** Whether a local statement of the thread may leave a domain. */
function localFailuresOf(model: ConfiguredModel, thread: ModelThread): (s: Statement) => boolean {
  const { isTotal, canFail } = domainsOf(model, thread)
  return (s) => {
    if (changes(s)) return canFail(s)
    if (s.kind !== 'if' && s.kind !== 'match') return false
    return !(isTotal(s.kind === 'if' ? s.condition : s.of) && armsOf(s).every(({ binds }) => binds.length === 0))
  }
}
