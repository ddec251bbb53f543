/** Text of expressions and statements in a schedule: as close as it can be to the C that they stand for. */
import { remembered } from './remembered.ts'
import type { BinaryOperator, Expression, Statement, StatementOf, ModelThread } from './ast.ts'

/** The names that an expression does not know of itself. */
export interface Names {
  /** The name of a local, by its id. */
  local(id: number): string
  /** The name of the element that a `per` thread runs for. */
  readonly self?: string
}

const namesById = remembered(
  (locals: ModelThread['locals']): ReadonlyMap<number, string> => new Map(locals.map(({ id, name }) => [id, name])),
)

/** The names of a thread's locals. */
export function namesOf({ locals, per }: Pick<ModelThread, 'locals' | 'per'>): Names {
  return {
    local: (id) => namesById(locals).get(id) ?? `local ${id}`,
    ...(per === undefined ? {} : { self: per.toLowerCase() }),
  }
}

const symbols: Readonly<Record<BinaryOperator, string>> = {
  '==': '==',
  '!=': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
  '+': '+',
  '-': '-',
  '%': '%',
  '&': '&',
  '|': '|',
  '&~': '& ~',
  and: '&&',
  or: '||',
  has: 'has',
}
/** The higher, the tighter; as in C. */
const binding: Readonly<Record<BinaryOperator, number>> = {
  or: 1,
  and: 2,
  '|': 2.3,
  '&': 2.6,
  '&~': 2.6,
  '==': 3,
  '!=': 3,
  has: 3,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  '+': 5,
  '-': 5,
  '%': 6,
}
const atom = 9

/** An expression as text: `driver[device].pte[va] != none`. */
export function textOf(e: Expression, names: Names, bounds: Bounds = new Map()): string {
  const text = (x: Expression): string => textOf(x, names, bounds)
  switch (e.kind) {
    case 'literal':
    case 'zero':
    case 'all':
    case 'some':
    case 'record':
    case 'case':
    case 'fill':
      return textOfValue(e, text)
    case 'shared':
    case 'constant':
      return e.name
    case 'local':
      return names.local(e.id)
    case 'self':
      return names.self ?? 'self'
    case 'current':
      return 'current'
    case 'bound':
      return bounds.get(e.id) ?? 'x'
    case 'quantified':
      return `${e.quantifier} ${e.name}: ${textOf(e.body, names, new Map(bounds).set(e.bound, e.name))}`
    case 'elements':
      return `${e.quantifier} x in ${text(e.of)}: ${textOf(e.body, names, new Map(bounds).set(e.bound, 'x'))}`
    default:
      return textOfOperation(e, text)
  }
}

/** The variables that quantifiers bind, by the names they have there. */
type Bounds = ReadonlyMap<number, string>
type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>
type ValueKind = 'literal' | 'zero' | 'all' | 'some' | 'record' | 'case' | 'fill'
type NameKind = 'shared' | 'constant' | 'local' | 'self' | 'current' | 'bound'

/** @param text the text of a part */
function textOfValue(e: Of<ValueKind>, text: (x: Expression) => string): string {
  const fields = (all: Readonly<Record<string, Expression>>): string =>
    Object.entries(all)
      .map(([name, x]) => `${name}: ${text(x)}`)
      .join(', ')
  switch (e.kind) {
    case 'literal':
      return String(e.value)
    case 'zero':
      return e.type.kind === 'optional' ? 'none' : e.type.kind === 'set' ? '{}' : e.type.kind === 'queue' ? '[]' : '0'
    case 'all':
      return 'all'
    case 'some':
      return text(e.of)
    case 'record':
      return `{ ${fields(e.fields)} }`
    case 'case':
      return Object.keys(e.fields).length === 0 ? e.tag : `${e.tag} { ${fields(e.fields)} }`
    case 'fill':
      return `[${text(e.of)}, ...]`
  }
}

/** @param text the text of a part */
function textOfOperation(
  e: Exclude<Expression, { readonly kind: ValueKind | NameKind | 'quantified' | 'elements' }>,
  text: (x: Expression) => string,
): string {
  const inside = (x: Expression, tightness: number): string => (tightnessOf(x) < tightness ? `(${text(x)})` : text(x))
  switch (e.kind) {
    case 'value':
      return text(e.of)
    case 'field':
      return `${inside(e.of, atom)}.${e.name}`
    case 'payload':
      return `${inside(e.of, atom)}.${e.name}`
    case 'index':
      return e.of.kind === 'shared' && e.of.local !== undefined ? e.of.local : `${inside(e.of, atom)}[${text(e.index)}]`
    case 'isSome':
      return `${inside(e.of, 4)} != none`
    case 'isCase':
      return `${inside(e.of, 4)} is ${e.tag}`
    case 'not':
      return e.of.kind === 'isSome' ? `${inside(e.of.of, 4)} == none` : `!${inside(e.of, 8)}`
    case 'binary': {
      if (e.operator === '==' && e.left.kind === 'size' && isNumber(e.right, 0))
        return `${inside(e.left.of, 4)} is empty`
      const tightness = binding[e.operator]
      const associates = e.operator === 'and' || e.operator === 'or'
      const right = inside(e.right, e.operator === '&~' ? 8 : associates ? tightness : tightness + 0.1)
      return `${inside(e.left, tightness)} ${symbols[e.operator]}${e.operator === '&~' ? '' : ' '}${right}`
    }
    case 'conditional':
      return `${inside(e.condition, 1)} ? ${inside(e.then, 1)} : ${inside(e.otherwise, 1)}`
    case 'size':
      return `|${text(e.of)}|`
    case 'head':
      return `${inside(e.of, atom)}.head`
    case 'before':
      return `before(${text(e.of)})`
  }
}

function tightnessOf(e: Expression): number {
  switch (e.kind) {
    case 'binary':
      return binding[e.operator]
    case 'conditional':
    case 'quantified':
    case 'elements':
      return 0
    case 'isSome':
    case 'isCase':
      return 3
    case 'not':
      return e.of.kind === 'isSome' ? 3 : 8
    case 'some':
    case 'value':
      return tightnessOf(e.of)
    default:
      return atom
  }
}

/** A call as C writes it: `ptep_clear_flush(&mm.pte[va])`. */
export const callText = (
  name: string,
  args: readonly { readonly node: Expression; readonly byReference: boolean }[],
  names: Names,
): string =>
  `${name}(${args.map(({ node, byReference }) => (byReference ? '&' : '') + textOf(node, names)).join(', ')})`

/**
 * The static label of a transition that a statement completes.
 *
 * @param arm which way an `if`, `match` or `either` went: the suffix of the transition's path without its dot:
 *   `then`, `else`, `case-present`, `rest`, `or-0`
 */
export function statementLabel(
  statement: Statement,
  thread: Pick<ModelThread, 'locals' | 'per'>,
  arm?: string,
): string {
  const names = namesOf(thread)
  const text = (e: Expression): string => textOf(e, names)
  switch (statement.kind) {
    case 'assign':
      return `${text(statement.target)}${stepOf(statement, text) ?? ` = ${text(statement.value)}`}`
    case 'insert':
      return `${text(statement.target)}.add(${text(statement.value)})`
    case 'remove':
      return `${text(statement.target)}.remove(${text(statement.value)})`
    case 'push':
      return `${text(statement.target)}.push(${text(statement.value)})`
    case 'pop':
      return `${text(statement.target)}.pop()`
    case 'discard':
      return `${text(statement.target)}.discard(${text(statement.value)})`
    case 'step':
    case 'call':
      return statement.label
    case 'await':
      return `await (${text(statement.condition)})`
    case 'assert':
      return `assert ${statement.property}`
    case 'cover':
      return `cover ${statement.property}`
    case 'if':
      return `${arm === 'else' ? 'else of ' : ''}if (${text(statement.condition)})`
    case 'match':
      return arm === undefined
        ? `switch (${text(statement.of)})`
        : arm === 'rest'
          ? `default of ${text(statement.of)}`
          : `${arm.replace('-', ' ')} of ${text(statement.of)}`
    case 'either':
      return arm === undefined ? 'either' : `either: ${arm.replace('-', ' ')}`
    case 'loop':
      return 'loop'
    case 'forEach':
      return `for each ${names.local(statement.local)}`
    case 'choose':
      return `choose ${names.local(statement.local)}`
    case 'label':
      return `${statement.name}:`
    case 'goto':
      return `goto ${statement.name}`
    case 'break':
    case 'continue':
    case 'return':
    case 'reset':
      return statement.kind
  }
}

const isNumber = (e: Expression, value: number): boolean => e.kind === 'literal' && e.value === value

/** `++`, `--`, or the beginning of ` |= bits` and ` &= bits`, if that is what an assignment does. */
function stepOf({ target, value }: StatementOf<'assign'>, text: (e: Expression) => string): string | undefined {
  if (value.kind !== 'binary' || JSON.stringify(value.left) !== JSON.stringify(target)) return undefined
  switch (value.operator) {
    case '+':
      return isNumber(value.right, 1) ? '++' : undefined
    case '-':
      return isNumber(value.right, 1) ? '--' : undefined
    case '|':
      return ` |= ${text(value.right)}`
    case '&':
      return ` &= ${text(value.right)}`
    case '&~':
      return ` &= ~${tightnessOf(value.right) < 8 ? `(${text(value.right)})` : text(value.right)}`
    default:
      return undefined
  }
}
