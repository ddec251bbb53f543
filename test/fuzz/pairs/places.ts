/** Where an expression stands: each place in several forms, which take turns. */
import type { Expression, Property, Statement, Type } from '../../../src/language/ast.ts'
import {
  arm,
  array,
  assert,
  assign,
  binary,
  bool,
  bound,
  choose,
  cover,
  int,
  not,
  num,
  optional,
  queueOf,
  setOf,
  some,
  statement,
  wait,
  when,
  yes,
} from '../../support/ast.ts'
import { chance, pick } from '../draw.ts'
import { count } from '../types.ts'
import {
  among,
  arrayWith,
  atomically,
  cellOf,
  declare,
  declareLocal,
  indexOf,
  open,
  partOf,
  queueWith,
  recordWith,
  same,
  source,
  storage,
  twoOf,
  unionWith,
  value,
} from './bench.ts'
import type { Bench, Made, Standing } from './bench.ts'
import { isListable } from './classes.ts'

/** Writes a use of an expression into the model that is being built. */
export interface Form {
  readonly name: string
  readonly standing: Standing
  put(bench: Bench, made: Made): void
}

export interface Place {
  readonly name: string
  readonly forms: readonly Form[]
  /** What values can stand there. */
  readonly takes?: (type: Type, bench: Bench) => boolean
}

/** Statements that may stand alone, or be a part of a step. */
function write(bench: Bench, { first = [], guard }: Made, statements: readonly Statement[], alone = true): void {
  const guarded = guard === undefined || guard === yes ? statements : [when(guard, [...statements])]
  bench.body.push(...among(bench, [...first, ...guarded], alone))
}

const name = (bench: Bench, word: string): string => `${word}${bench.fresh()}`

/** A variable that nothing else writes. */
const out = (bench: Bench, type: Type) => declare(bench, name(bench, 'out'), type, value(bench, type))

/** Something said of the value: itself, if it is a bool. */
function said(bench: Bench, standing: Standing, { expression, type, guard }: Made): Expression {
  const { draw } = bench
  const test =
    type.kind === 'bool' && chance(draw, 60)
      ? expression
      : type.kind === 'int'
        ? binary(
            expression,
            pick(draw, ['==', '!=', '<', '<=', '>', '>=']),
            chance(draw, 50) ? num(Number(type.low) + draw(3)) : source(bench, standing, type),
          )
        : binary(expression, pick(draw, ['==', '!=']), source(bench, standing, type))
  return guard === undefined ? test : binary(guard, 'and', test)
}

/** The value in a composite that is made anew, and the type that has. */
function composed(
  bench: Bench,
  { expression, type: given }: Made,
  way: 'record' | 'case' | 'some' | 'fill',
): { readonly expression: Expression; readonly type: Type } {
  const { draw } = bench
  const type = storage(bench, given)
  switch (way) {
    case 'record': {
      const whole = recordWith(draw, type)
      return { expression: { kind: 'record', fields: { k: num(draw(9)), v: expression }, type: whole }, type: whole }
    }
    case 'case': {
      const whole = unionWith(draw, type)
      const extra = whole.cases['some']?.['k'] !== undefined
      return {
        expression: {
          kind: 'case',
          tag: 'some',
          fields: { v: expression, ...(extra && { k: num(1 + draw(4)) }) },
          type: whole,
        },
        type: whole,
      }
    }
    case 'some': {
      if (type.kind === 'optional') return composed(bench, { expression, type: given }, 'case')
      const whole = optional(type)
      return { expression: some(expression, whole), type: whole }
    }
    case 'fill': {
      const whole = chance(draw, 70) ? arrayWith(draw, type) : array(int(1, 3), type)
      return { expression: { kind: 'fill', of: expression, type: whole }, type: whole }
    }
  }
}

/** A queue in which the value may be: filled with two others first. */
function line(bench: Bench, type: Type, pushed: Expression) {
  const to = declare(bench, name(bench, 'queue'), queueOf(type, 2 + bench.draw(2)))
  bench.body.push(
    statement({ kind: 'push', target: to.expression, value: source(bench, 'in a thread', type) }),
    statement({ kind: 'push', target: to.expression, value: pushed }),
  )
  return to.expression
}

const inThread = (formName: string, put: Form['put']): Form => ({ name: formName, standing: 'in a thread', put })

const stored: Place = {
  name: 'stored in a variable',
  forms: [
    inThread('whole', (bench, made) => {
      write(bench, made, [assign(out(bench, storage(bench, made.type)).expression, made.expression)])
    }),
    inThread('whole, of its own type', (bench, made) => {
      write(bench, made, [
        assign(
          declare(bench, name(bench, 'out'), made.type.kind === 'int' ? storage(bench, made.type) : made.type)
            .expression,
          made.expression,
        ),
      ])
    }),
    inThread('field', (bench, made) => {
      const to = out(bench, recordWith(bench.draw, storage(bench, made.type))).expression
      write(bench, made, [assign(partOf(to, 'v'), made.expression)])
    }),
    inThread('cell', (bench, made) => {
      const type = arrayWith(bench.draw, storage(bench, made.type))
      write(bench, made, [
        assign(
          cellOf(out(bench, type).expression, indexOf(bench, type.index, chance(bench.draw, 70))),
          made.expression,
        ),
      ])
    }),
    inThread('field of a cell', (bench, made) => {
      const type = arrayWith(bench.draw, recordWith(bench.draw, storage(bench, made.type)))
      write(bench, made, [
        assign(partOf(cellOf(out(bench, type).expression, indexOf(bench, type.index, true)), 'v'), made.expression),
      ])
    }),
    inThread('ghost', (bench, made) => {
      const to = out(bench, storage(bench, made.type)).expression
      const known = bench.variables.get(to.name)
      if (known !== undefined) bench.variables.set(to.name, { ...known, ghost: true })
      bench.properties.push({
        name: name(bench, 'ghost '),
        kind: 'sometimes',
        condition: same(to, value(bench, known?.type ?? made.type)),
      })
      write(bench, made, [assign(to, made.expression)], false)
    }),
  ],
}

const storedLocally: Place = {
  name: 'stored in a local',
  forms: [
    inThread('whole', (bench, made) => {
      const type = storage(bench, made.type)
      const to = declareLocal(bench, 'in a thread', type).expression
      write(bench, made, [assign(to, made.expression)])
      bench.body.push(assign(out(bench, type).expression, to))
    }),
    inThread('field', (bench, made) => {
      const type = recordWith(bench.draw, storage(bench, made.type))
      const to = declareLocal(bench, 'in a thread', type).expression
      write(bench, made, [assign(partOf(to, 'v'), made.expression)])
      bench.body.push(assign(out(bench, type).expression, to))
    }),
    inThread('cell', (bench, made) => {
      const type = arrayWith(bench.draw, storage(bench, made.type))
      const to = declareLocal(bench, 'in a thread', type).expression
      write(bench, made, [assign(cellOf(to, indexOf(bench, type.index, chance(bench.draw, 70))), made.expression)])
      bench.body.push(atomically(bench, assign(out(bench, type).expression, to)))
    }),
  ],
}

const put: Place = {
  name: 'put into a queue or set',
  forms: [
    inThread('pushed', (bench, made) => {
      const to = declare(bench, name(bench, 'queue'), queueWith(bench.draw, storage(bench, made.type))).expression
      write(bench, made, [statement({ kind: 'push', target: to, value: made.expression })])
      if (chance(bench.draw, 50))
        bench.body.push(when(binary({ kind: 'size', of: to }, '>', num(0)), [statement({ kind: 'pop', target: to })]))
    }),
    inThread('inserted', (bench, made) => {
      if (!isListable(made.type, bench.sizes) || count(bench.sizes, made.type) > 60) {
        put.forms[0]?.put(bench, made)
        return
      }
      const to = declare(bench, name(bench, 'set'), setOf(storage(bench, made.type))).expression
      write(bench, made, [statement({ kind: 'insert', target: to, value: made.expression })])
    }),
  ],
}

const boundBy: Place = {
  name: 'bound by an arm',
  forms: [
    inThread('of an if', (bench, made) => {
      const type = storage(bench, made.type)
      const to = declareLocal(bench, 'in a thread', type).expression
      const then = {
        binds: [{ local: to.id, value: made.expression }],
        body: [assign(out(bench, type).expression, to)],
      }
      write(bench, made, [statement({ kind: 'if', condition: open(bench), then, otherwise: arm() })])
    }),
    inThread('of a match', (bench, made) => {
      const type = storage(bench, made.type)
      const to = declareLocal(bench, 'in a thread', type).expression
      const of = out(bench, unionWith(bench.draw, bool)).expression
      const then = {
        binds: [{ local: to.id, value: made.expression }],
        body: [assign(out(bench, type).expression, to)],
      }
      write(bench, made, [statement({ kind: 'match', of, arms: { none: then }, otherwise: then })])
    }),
  ],
}

const partOfNew: Place = {
  name: 'part of a new value',
  forms: (['record', 'case', 'some', 'fill'] as const).flatMap((way) => [
    inThread(`${way}, stored`, (bench, made) => {
      const { expression, type } = composed(bench, made, way)
      write(bench, made, [assign(out(bench, type).expression, expression)])
    }),
    inThread(`${way}, compared`, (bench, made) => {
      const { expression, type } = composed(bench, made, way)
      write(bench, made, [
        assign(
          out(bench, bool).expression,
          binary(expression, pick(bench.draw, ['==', '!=']), out(bench, type).expression),
        ),
      ])
    }),
  ]),
}

const side: Place = {
  name: 'side of a conditional',
  forms: [true, false].map((then) =>
    inThread(then ? 'then' : 'otherwise', (bench, made) => {
      const other =
        made.type.kind === 'int' && chance(bench.draw, 50)
          ? num(bench.draw(9) - 3)
          : source(bench, 'in a thread', made.type)
      const expression: Expression = {
        kind: 'conditional',
        condition: open(bench),
        then: then ? made.expression : other,
        otherwise: then ? other : made.expression,
      }
      const type =
        made.type.kind === 'int'
          ? int(Number(made.type.low), Number(made.type.high) + 1, pick(bench.draw, ['wrap', 'saturate']))
          : made.type
      if (chance(bench.draw, 30))
        write(bench, made, [
          statement({
            kind: 'push',
            target: declare(bench, name(bench, 'queue'), queueOf(type, 1)).expression,
            value: expression,
          }),
        ])
      else if (chance(bench.draw, 30)) {
        const whole = composed(bench, { expression, type }, pick(bench.draw, ['record', 'fill', 'case']))
        write(bench, made, [assign(out(bench, whole.type).expression, whole.expression)])
      } else write(bench, made, [assign(out(bench, type).expression, expression)])
    }),
  ),
}

const lookedFor: Place = {
  name: 'looked for in a queue or set',
  forms: [
    inThread('discarded', (bench, made) => {
      const queue = line(bench, made.type, source(bench, 'in a thread', made.type))
      write(bench, made, [statement({ kind: 'discard', target: queue, value: made.expression })])
    }),
    inThread('had', (bench, made) => {
      const queue = line(bench, made.type, source(bench, 'in a thread', made.type))
      write(bench, made, [assign(out(bench, bool).expression, binary(queue, 'has', made.expression))])
    }),
    inThread('of a set', (bench, made) => {
      if (!isListable(made.type, bench.sizes) || count(bench.sizes, made.type) > 60) {
        lookedFor.forms[bench.draw(2)]?.put(bench, made)
        return
      }
      const type = setOf(storage(bench, made.type))
      const set = declare(bench, name(bench, 'set'), type, { kind: 'all', type }).expression
      write(bench, made, [
        when(binary(set, 'has', made.expression), [statement({ kind: 'remove', target: set, value: made.expression })]),
      ])
    }),
  ],
}

const blockers = (bench: Bench, made: Made) => {
  const thread = bench.fresh()
  return {
    bound: thread,
    condition: binary(binary(bound(thread), '==', { kind: 'current' }), 'or', said(bench, 'in a thread', made)),
  }
}

const guard: Place = {
  name: 'in a guard',
  forms: [
    inThread('await', (bench, made) => {
      write(bench, { ...made, guard: yes }, [wait(binary(said(bench, 'in a thread', made), 'or', open(bench)))])
    }),
    inThread('blockers', (bench, made) => {
      write(bench, { ...made, guard: yes }, [wait(open(bench), blockers(bench, made))])
    }),
    inThread('if', (bench, made) => {
      const to = out(bench, int(0, 2)).expression
      write(bench, { ...made, guard: yes }, [
        when(said(bench, 'in a thread', made), [assign(to, num(1))], [assign(to, num(2))]),
      ])
    }),
    inThread('where of a choose', (bench, made) => {
      const to = declareLocal(bench, 'in a thread', bool).expression
      bench.body.push(
        ...(made.first ?? []),
        atomically(
          bench,
          choose(to.id, binary(said(bench, 'in a thread', made), 'or', to)),
          assign(out(bench, bool).expression, to),
        ),
      )
    }),
  ],
}

const claim: Place = {
  name: 'asserted or covered',
  forms: [
    inThread('asserted', (bench, made) => {
      const property = name(bench, 'assertion ')
      bench.properties.push({ name: property, kind: 'assertion' })
      write(bench, { ...made, guard: yes }, [
        assert(property, binary(said(bench, 'in a thread', made), 'or', open(bench))),
      ])
    }),
    inThread('covered', (bench, made) => {
      const property = name(bench, 'cover ')
      bench.properties.push({ name: property, kind: 'sometimes' })
      write(bench, { ...made, guard: yes }, [cover(property, said(bench, 'in a thread', made))], false)
    }),
  ],
}

const claimOf = (kind: 'invariant' | 'transition' | 'sometimes', standing: Standing): Form => ({
  name: kind,
  standing,
  put: (bench, made) => {
    const truth = said(bench, standing, made)
    const [claim, condition] = [name(bench, `${kind} `), chance(bench.draw, 50) ? truth : not(truth)]
    const declared: Readonly<Record<typeof kind, Property>> = {
      invariant: { name: claim, kind: 'invariant', condition },
      transition: { name: claim, kind: 'transition', condition },
      sometimes: { name: claim, kind: 'sometimes', condition },
    }
    bench.properties.push(declared[kind])
  },
})
const property: Place = {
  name: 'in a property',
  forms: [
    claimOf('transition', 'in a transition property'),
    claimOf('invariant', 'in a property'),
    claimOf('sometimes', 'in a property'),
  ],
}

const insideQuantifier: Place = {
  name: 'inside a quantifier',
  forms: [
    inThread('over a type', (bench, made) => {
      const id = bench.fresh()
      const over = twoOf(bench.draw)
      const body = binary(
        said(bench, 'in a thread', made),
        pick(bench.draw, ['and', 'or']),
        binary(bound(id), '==', indexOf(bench, over, true)),
      )
      write(bench, { ...made, guard: yes }, [
        assign(out(bench, int(0, 2)).expression, {
          kind: 'quantified',
          quantifier: 'count',
          bound: id,
          name: `q${id}`,
          over,
          body,
        }),
      ])
    }),
    inThread('over a queue', (bench, made) => {
      const id = bench.fresh()
      const queue = line(bench, made.type, source(bench, 'in a thread', made.type))
      const body = binary(bound(id), '==', made.expression)
      const quantifier = pick(bench.draw, ['every', 'some', 'count'] as const)
      write(bench, made, [
        assign(out(bench, quantifier === 'count' ? int(0, 3) : bool).expression, {
          kind: 'elements',
          quantifier,
          bound: id,
          of: queue,
          body,
        }),
      ])
    }),
  ],
}

const index: Place = {
  name: 'index',
  takes: (type, bench) => isListable(type, bench.sizes) && count(bench.sizes, type) <= 64,
  forms: [
    inThread('read', (bench, made) => {
      const cells = array(made.type, int(1, 3, 'wrap'))
      write(bench, made, [
        assign(out(bench, int(1, 3)).expression, cellOf(out(bench, cells).expression, made.expression)),
      ])
    }),
    inThread('written', (bench, made) => {
      const cells = array(made.type, chance(bench.draw, 50) ? int(1, 3) : recordWith(bench.draw, bool))
      write(bench, made, [
        assign(
          cellOf(out(bench, cells).expression, made.expression),
          value(bench, cells.kind === 'array' ? cells.of : cells),
        ),
      ])
    }),
  ],
}

const initial: Place = {
  name: 'initial',
  forms: [
    {
      name: 'value',
      standing: 'in an initial value',
      put: (bench, made) => {
        const type = made.type.kind === 'int' ? { ...made.type, overflow: 'wrap' as const } : made.type
        bench.variables.set(`start${bench.fresh()}`, {
          name: `start${bench.fresh() - 1}`,
          type,
          initial: [made.expression],
          ghost: false,
        })
      },
    },
    {
      name: 'initially',
      standing: 'in initially',
      put: (bench, made) => {
        const set = assign(out(bench, storage(bench, made.type)).expression, made.expression)
        bench.initially.push(...(made.first ?? []), ...(made.guard === undefined ? [set] : [when(made.guard, [set])]))
      },
    },
  ],
}

export const places: readonly Place[] = [
  stored,
  storedLocally,
  put,
  boundBy,
  partOfNew,
  side,
  lookedFor,
  guard,
  claim,
  property,
  insideQuantifier,
  index,
  initial,
]
