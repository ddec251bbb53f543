/**
 * The error for a state with more successors than the engine takes: which thread makes them, where, by which choices,
 * and what to do.
 */
import type { ConfiguredModel, Statement, Thread, Type } from '../language/ast.ts'
import { modelError, type ModelError } from '../language/errors.ts'
import { visitStatements } from '../language/walk.ts'
import { ordinalCount } from './encoding.ts'
import type { Code, Program } from './program.ts'
import { fanOut } from './transition.ts'

/** A choice on the way, with the number of its values. */
interface Factor {
  readonly name: string
  readonly values: number
}

/**
 * @param most how many one state can have, of all threads
 * @param limit how many it may have
 */
export function tooManySuccessors(
  model: ConfiguredModel,
  programs: readonly Program[],
  most: number,
  limit: number,
): ModelError {
  const points = model.threads.flatMap((thread, n) =>
    (programs[n]?.code ?? []).map((code, point) => {
      const types = new Map(thread.locals.map(({ id, type }) => [id, type]))
      return {
        thread,
        path: programs[n]?.names[point] ?? '',
        ways: fanOut(model, types, code),
        factors: () => factorsOf(model, thread, types, code),
      }
    }),
  )
  const widest = points.reduce<(typeof points)[number] | undefined>(
    (a, b) => (a === undefined || b.ways > a.ways ? b : a),
    undefined,
  )
  const what = `a state can have ${most} successors; at most ${limit} are supported`
  if (widest === undefined) return modelError('HMM035', what, model.name)
  const { thread, path, ways } = widest
  const factors = widest.factors()
  const site = statementAt(thread, path)
  const where = `${site === undefined ? '' : `${site.at}, in `}${thread.name} ${path}`
  const by =
    factors.length === 0 ? '' : `, by ${factors.map(({ name, values }) => `${name} of ${values}`).join(' times ')}`
  return modelError(
    'HMM035',
    `${what}; ${thread.name} alone has ${ways} here${by}`,
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

function statementAt(thread: Thread, path: string): Statement | undefined {
  let found: Statement | undefined
  visitStatements(thread.body, (s) => {
    if (s.path === path) found ??= s
  })
  return found
}

/** The choices on the way that has the most ways. */
function factorsOf(
  model: ConfiguredModel,
  thread: Thread,
  types: ReadonlyMap<number, Type>,
  code: Code | undefined,
): readonly Factor[] {
  const widest = (all: readonly Code[]): readonly Factor[] => {
    const [first] = all.map((one) => [one, fanOut(model, types, one)] as const).sort(([, a], [, b]) => b - a)
    return first === undefined ? [] : factorsOf(model, thread, types, first[0])
  }
  if (code === undefined || code.op === 'goto') return []
  switch (code.op) {
    case 'effect':
    case 'guard':
    case 'block':
      return factorsOf(model, thread, types, code.next)
    case 'branch':
      return widest([code.then, code.otherwise])
    case 'either':
      return widest(code.branches)
    case 'choose':
    case 'pick': {
      const type = code.op === 'choose' ? types.get(code.local) : code.over
      const name = thread.locals.find(({ id }) => id === code.local)?.name ?? 'a choice'
      const values = type === undefined ? 1 : (ordinalCount(type, model.sizes) ?? 1)
      return [...(values > 1 ? [{ name, values }] : []), ...factorsOf(model, thread, types, code.next)]
    }
  }
}
