/** Statements by kind: each with a place of the subject's type as its target, or with its values to choose from. */
import type { Expression, Place, Statement, Type } from '../../../src/language/ast.ts'
import {
  arm,
  array,
  assign,
  at,
  binary,
  bool,
  choose,
  forEach,
  int,
  leave,
  local,
  loop,
  num,
  setOf,
  statement,
  when,
} from '../../support/ast.ts'
import { chance, pick } from '../draw.ts'
import { count } from '../types.ts'
import {
  among,
  arrayWith,
  atomically,
  declare,
  declareLocal,
  first,
  indexOf,
  partOf,
  recordWith,
  second,
  source,
  storage,
  value,
} from './bench.ts'
import type { Bench } from './bench.ts'
import { isScalar } from './classes.ts'
import type { Class } from './classes.ts'

export interface StatementKind {
  readonly name: string
  readonly not: (kind: Class) => string | undefined
  readonly places: readonly StatementPlace[]
  write(bench: Bench, place: StatementPlace): void
}
const targets = ['of a variable', 'of a local', 'of a field', 'of a cell'] as const
const ways = ['by itself', 'in a step'] as const
export type StatementPlace = (typeof targets)[number] | (typeof ways)[number]
export const statementPlaces: readonly StatementPlace[] = [...targets, ...ways]

const only =
  (classes: readonly Class[], reason: string) =>
  (kind: Class): string | undefined =>
    classes.includes(kind) ? undefined : reason
const listed = (kind: Class): string | undefined => (isScalar(kind) ? undefined : 'its values are not listed')

/** A place of the subject's type, with a value in it; and what shows afterwards what became of a local. */
function target(bench: Bench, place: StatementPlace): { readonly target: Place; readonly after: readonly Statement[] } {
  const { draw, subject } = bench
  switch (place) {
    case 'of a local': {
      const { expression } = declareLocal(bench, 'in a thread', subject)
      bench.body.push(assign(expression, source(bench, 'in a thread', subject)))
      return { target: expression, after: [assign(second(bench).expression, expression)] }
    }
    case 'of a field': {
      const type = recordWith(draw, subject)
      return {
        target: partOf(declare(bench, `in${bench.fresh()}`, type, value(bench, type)).expression, 'v'),
        after: [],
      }
    }
    case 'of a cell': {
      const type = arrayWith(draw, subject)
      return {
        target: at(
          declare(bench, `in${bench.fresh()}`, type, value(bench, type)).expression,
          indexOf(bench, type.index, chance(draw, 70)),
        ),
        after: [],
      }
    }
    default:
      return { target: pick(draw, [first, second])(bench).expression, after: [] }
  }
}

function write(bench: Bench, place: StatementPlace, make: (target: Place) => readonly Statement[]): void {
  const { target: to, after } = target(bench, place)
  bench.body.push(...among(bench, make(to)), ...after)
}

const one = (subject: Type, kind: 'set' | 'queue'): Type => {
  if (subject.kind !== kind) throw new TypeError(`no ${kind}`)
  return subject.of
}
/** An element: of a number also one outside, where it is brought into the range. */
function element(bench: Bench, type: Type, stored: boolean): Expression {
  if (type.kind === 'id' && count(bench.sizes, type) === 0) return { kind: 'zero', type }
  if (type.kind === 'int' && (!stored || type.overflow !== 'error') && chance(bench.draw, 40))
    return num(Number(type.high) + 2 - bench.draw(5))
  return source(bench, 'in a thread', type)
}

function bindWhatIsThere(bench: Bench, of: Expression, type: Type): readonly Statement[] {
  if (type.kind === 'id' && count(bench.sizes, type) === 0)
    return [
      when({ kind: 'isSome', of }, [
        assign(declare(bench, `out${bench.fresh()}`, bool).expression, { kind: 'isSome', of }),
      ]),
    ]
  const stored = storage(bench, type)
  const to = declareLocal(bench, 'in a thread', stored).expression
  const then = {
    binds: [{ local: to.id, value: { kind: 'value', of } as const }],
    body: [assign(declare(bench, `out${bench.fresh()}`, stored, value(bench, stored)).expression, to)],
  }
  return [statement({ kind: 'if', condition: { kind: 'isSome', of }, then, otherwise: arm() })]
}

function matched(bench: Bench, of: Expression): readonly Statement[] {
  const { subject } = bench
  if (subject.kind !== 'union') throw new TypeError('no union')
  const arms = Object.entries(subject.cases).map(([tag, fields], n) => {
    const bound = Object.entries(fields)
      .filter(() => chance(bench.draw, 70))
      .map(([name, type]) => {
        const stored = storage(bench, type)
        return {
          bind: {
            local: declareLocal(bench, 'in a thread', stored).expression.id,
            value: { kind: 'payload', of, tag, name } as const,
          },
          stored,
        }
      })
    const body = [
      assign(declare(bench, 'arm', int(0, 3)).expression, num(n + 1)),
      ...bound.map(({ bind, stored }) =>
        assign(declare(bench, `out${bench.fresh()}`, stored, value(bench, stored)).expression, local(bind.local)),
      ),
    ]
    return [tag, { binds: bound.map(({ bind }) => bind), body }] as const
  })
  if (arms.length > 1 && chance(bench.draw, 30)) {
    const [last] = arms.slice(-1)
    return [
      statement({
        kind: 'match',
        of,
        arms: Object.fromEntries(arms.slice(0, -1)),
        otherwise: { binds: [], body: last?.[1].body.slice(0, 1) ?? [] },
      }),
    ]
  }
  return [statement({ kind: 'match', of, arms: Object.fromEntries(arms) })]
}

/** What is done with an element, whatever the others do: a cell of its own. */
function ownCell(bench: Bench, over: Type, element: Expression): Statement {
  if (chance(bench.draw, 50))
    return assign(at(declare(bench, `cells${bench.fresh()}`, array(over, bool)).expression, element), {
      kind: 'literal',
      value: true,
      type: bool,
    })
  return statement({
    kind: pick(bench.draw, ['insert', 'remove']),
    target: declare(bench, `set${bench.fresh()}`, setOf(over)).expression,
    value: element,
  })
}

function iterate(bench: Bench, place: StatementPlace): void {
  const { subject: over } = bench
  const picked = declareLocal(bench, 'in a thread', over).expression
  const todo = declareLocal(bench, 'in a thread', setOf(over)).expression
  const body = ownCell(bench, over, picked)
  if (place === 'in a step') bench.body.push(atomically(bench, forEach(picked.id, todo.id, over, body)))
  else if (count(bench.sizes, over) <= 3)
    bench.body.push(forEach(picked.id, todo.id, over, ...(chance(bench.draw, 80) ? [body] : [])))
  else {
    // all orders of many are too many: out with the first
    const id = bench.fresh()
    bench.body.push(loop(id, forEach(picked.id, todo.id, over, body, leave('break', id)), leave('break', id)))
  }
}

function choosing(bench: Bench, place: StatementPlace): void {
  const { subject } = bench
  const to = declareLocal(bench, 'in a thread', subject).expression
  const type = storage(bench, subject)
  const where = chance(bench.draw, 40)
    ? binary(binary(to, '!=', source(bench, 'in a thread', subject)), 'or', {
        kind: 'literal',
        value: true,
        type: bool,
      })
    : undefined
  const keep = assign(declare(bench, `out${bench.fresh()}`, type, value(bench, type)).expression, to)
  bench.body.push(
    ...(place === 'in a step' ? [atomically(bench, choose(to.id, where), keep)] : [choose(to.id, where), keep]),
  )
}

export const statementKinds: readonly StatementKind[] = [
  { name: 'choose', places: ways, not: (kind) => (kind === 'optional' ? undefined : listed(kind)), write: choosing },
  { name: 'for each', places: ways, not: listed, write: iterate },
  ...(['insert', 'remove'] as const).map(
    (kind): StatementKind => ({
      name: kind,
      places: targets,
      not: only(['set'], 'it is no set'),
      write: (bench, place) => {
        write(bench, place, (to) => [
          statement({ kind, target: to, value: element(bench, one(bench.subject, 'set'), kind === 'insert') }),
        ])
      },
    }),
  ),
  {
    name: 'push',
    places: targets,
    not: only(['queue'], 'it is no queue'),
    write: (bench, place) => {
      const { subject } = bench
      const room = (to: Place): Expression =>
        binary({ kind: 'size', of: to }, '<', num(subject.kind === 'queue' ? Number(subject.capacity) : 0))
      write(bench, place, (to) => [
        when(room(to), [statement({ kind: 'push', target: to, value: element(bench, one(subject, 'queue'), true) })]),
      ])
    },
  },
  {
    name: 'pop',
    places: targets,
    not: only(['queue'], 'it is no queue'),
    write: (bench, place) => {
      write(bench, place, (to) => [
        when(binary({ kind: 'size', of: to }, '>', num(0)), [statement({ kind: 'pop', target: to })]),
      ])
    },
  },
  {
    name: 'discard',
    places: targets,
    not: only(['queue'], 'it is no queue'),
    write: (bench, place) => {
      write(bench, place, (to) => [
        statement({ kind: 'discard', target: to, value: element(bench, one(bench.subject, 'queue'), false) }),
      ])
    },
  },
  {
    name: 'match',
    places: targets,
    not: only(['union'], 'it is no union'),
    write: (bench, place) => {
      write(bench, place, (to) => matched(bench, to))
    },
  },
  {
    name: 'if there',
    places: targets,
    not: only(['optional', 'wide optional'], 'it is no optional'),
    write: (bench, place) => {
      const { subject } = bench
      write(bench, place, (to) => bindWhatIsThere(bench, to, subject.kind === 'optional' ? subject.of : subject))
    },
  },
]
