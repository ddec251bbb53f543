/** Structural equality of statements as equality of texts, whatever numbers their locals, loops and labels have. */
import type { ModelThread, Statement } from '../../language/ast.ts'
import { canonicalJson } from '../../language/canonical-json.ts'
import { isDocumentation } from '../../language/documentation.ts'

/** The numbers of a thread's text, and what they stand for at one of its statements. */
export interface NumbersAt {
  /** The names of the locals, by their numbers. */
  readonly locals: ReadonlyMap<number, string>
  /** The loops around the statement, the outermost first. */
  readonly loops: readonly number[]
}

/** The numbers at the first statement of a thread. */
export const numbersOf = ({ locals }: ModelThread): NumbersAt => ({
  locals: new Map(locals.map(({ id, name }) => [id, name])),
  loops: [],
})

/** Equal texts for statements that do the same, with all that stands in them. */
export const wholeKey = (statement: Statement, numbers: NumbersAt): string => keyOf(statement, numbers)

/** The same without the statements that stand in it. */
export function ownKey(statement: Statement, numbers: NumbersAt): string {
  switch (statement.kind) {
    case 'if':
      return keyOf(['if', statement.condition, statement.then.binds, statement.otherwise.binds], numbers)
    case 'match': {
      const arms = Object.entries(statement.arms).map(([tag, { binds }]) => [tag, binds])
      return keyOf(['match', statement.of, arms, statement.otherwise?.binds ?? 'no other'], numbers)
    }
    case 'either':
      return keyOf(['either', statement.branches.length], numbers)
    case 'step':
    case 'call':
    case 'loop':
    case 'forEach':
      return keyOf({ ...statement, body: [] }, numbers)
    default:
      return keyOf(statement, numbers)
  }
}

const keyOf = (value: unknown, { locals, loops }: NumbersAt): string =>
  canonicalJson(
    renamed(value, { locals, loops: [...loops], bounds: new Map() }),
    (owner, key, entry) => isDocumentation(owner, key, entry) || key === 'path' || key === 'shows',
  )

interface Scope {
  readonly locals: ReadonlyMap<number, string>
  /** Those of the statement itself are added. */
  readonly loops: number[]
  /** The variables of quantifiers, numbered in the order in which they come. */
  readonly bounds: Map<number, number>
}

/** The value with names, and numbers of its own, in place of those of its model. */
function renamed(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => renamed(one, scope))
  if (typeof value !== 'object' || value === null) return value
  const record = value as Readonly<Record<string, unknown>>
  if (record['kind'] === 'loop' && typeof record['id'] === 'number') scope.loops.push(record['id'])
  return Object.fromEntries(
    Object.entries(record).map(([key, entry]) => [
      key,
      typeof entry === 'number' ? numberIn(record['kind'], key, entry, scope) : renamed(entry, scope),
    ]),
  )
}

/** What takes the place of a number: a name, a number of the statement's own, or nothing. */
function numberIn(kind: unknown, key: string, number: number, { locals, loops, bounds }: Scope): unknown {
  const isBound = key === 'bound' || (kind === 'bound' && key === 'id')
  if (isBound) {
    const known = bounds.get(number) ?? bounds.size
    bounds.set(number, known)
    return known
  }
  if ((kind === 'local' && key === 'id') || key === 'local' || key === 'remaining') return locals.get(number) ?? number
  if ((kind === 'break' || kind === 'continue') && key === 'loop') return loops.length - loops.lastIndexOf(number)
  // a label and a loop are known by where they stand, and a label by its name
  return (kind === 'label' || kind === 'goto' || kind === 'loop') && key === 'id' ? undefined : number
}
