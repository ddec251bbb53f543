/**
 * The error for a state with more successors than the engine takes: which thread makes them, where, by which choices,
 * and what to do.
 */
import type { ConfiguredModel, Statement, ModelThread } from '../language/ast.ts'
import { modelError, type ModelError } from '../language/errors.ts'
import { visitStatements } from '../language/walk.ts'
import { ordinalCount, type SortSizes } from './encoding.ts'
import { fanOut } from './fan-out.ts'
import type { Code } from './program.ts'
import type { CompiledThread } from './threads.ts'

/** A choice on the path, with the number of its values. */
interface Factor {
  readonly name: string
  readonly values: number
}

/** A control point of a thread, and how many successors it can give a state. */
interface WidePoint {
  readonly thread: ModelThread
  readonly path: string
  readonly successors: number
  readonly code: Code | undefined
}
const widestOf = (all: readonly WidePoint[]): WidePoint | undefined =>
  all.reduce<WidePoint | undefined>((a, b) => (a === undefined || b.successors > a.successors ? b : a), undefined)

/**
 * @param most how many one state can have, of all threads
 * @param limit how many it may have
 */
export function tooManySuccessors(
  { name, sizes }: ConfiguredModel,
  threads: readonly CompiledThread[],
  most: number,
  limit: number,
): ModelError {
  const widest = widestOf(
    threads.flatMap(({ source: thread, points }) =>
      points.map(({ name: path, code }) => ({ thread, path, code, successors: fanOut(code, sizes) })),
    ),
  )
  const what = `a state can have ${most} successors; at most ${limit} are supported`
  if (widest === undefined) return modelError('HMM035', what, name)
  const { thread, path, successors, code } = widest
  const factors = factorsOf(thread, code, sizes)
  const site = statementAt(thread, path)
  const where = `${site === undefined ? '' : `${site.at}, in `}${thread.name} ${path}`
  const by =
    factors.length === 0 ? '' : `, by ${factors.map(({ name, values }) => `${name} of ${values}`).join(' times ')}`
  return modelError(
    'HMM035',
    `${what}; ${thread.name} alone has ${successors} here${by}`,
    where,
    factors.length < 2
      ? {}
      : {
          cause:
            'choices in one step, or one behind the other outside of steps, are made in one transition, and the numbers of their values multiply',
          remedy:
            'put a step that touches shared state between them, so that each is a transition of its own; or choose among fewer: narrow the types, or take a smaller configuration',
        },
  )
}

function statementAt(thread: ModelThread, path: string): Statement | undefined {
  let found: Statement | undefined
  visitStatements(thread.body, (s) => {
    if (s.path === path) found ??= s
  })
  return found
}

/** The choices on the path that has the most successors. */
function factorsOf(thread: ModelThread, code: Code | undefined, sizes: SortSizes): readonly Factor[] {
  const widest = (all: readonly Code[]): readonly Factor[] => {
    const [first] = all.map((one) => [one, fanOut(one, sizes)] as const).sort(([, a], [, b]) => b - a)
    return first === undefined ? [] : factorsOf(thread, first[0], sizes)
  }
  if (code === undefined || code.op === 'goto') return []
  switch (code.op) {
    case 'effect':
    case 'guard':
    case 'block':
      return factorsOf(thread, code.next, sizes)
    case 'branch':
      return widest([code.then, code.otherwise])
    case 'either':
      return widest(code.branches)
    case 'choose':
    case 'pick': {
      const name = thread.locals.find(({ id }) => id === code.local)?.name ?? 'a choice'
      const values = ordinalCount(code.over, sizes) ?? 1
      return [...(values > 1 ? [{ name, values }] : []), ...factorsOf(thread, code.next, sizes)]
    }
  }
}
