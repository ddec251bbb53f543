/**
 * What the shared variables can hold, found before the search: sets of values of each leaf, all cells of an array
 * together, whenever and in whatever order the statements that can be reached run. What holds one value needs no
 * bits, and what holds few needs few.
 *
 * An over-approximation: locals may hold anything, conditions only cut off what they can never let through. The
 * engine does not rely on it being right: a value that was not foreseen stops the run (see `foreseen` in state.ts).
 */
import type { BinaryOperator, ConfiguredModel, Expression, Type } from '../language/ast.ts'
import type { PlainState } from '../semantics/machine.ts'
import type { Plain } from '../semantics/plain.ts'
import { countOf, elementCount, internal, lowOf, number, ordinalCount, partsOf, type Sizes } from './encoding.ts'
import type { Code, Effect, Program } from './program.ts'

/**
 * Leaves are values: numbers of an int, else codes. A leaf without values was never reached; `any` may hold all of
 * its type.
 */
export type ValueRange =
  | { readonly kind: 'any' }
  | { readonly kind: 'leaf'; readonly values: ReadonlySet<number> }
  | { readonly kind: 'parts'; readonly parts: Readonly<Record<string, ValueRange>> }
  /** All cells of an array, or of a queue behind its `length`. */
  | { readonly kind: 'each'; readonly of: ValueRange; readonly length?: ValueRange }

const any: ValueRange = { kind: 'any' }
const most = 64
/** The elements of a set whose values are listed, each a number of so many bits. */
const listedElements = 6
const leaf = (values: Iterable<number>): ValueRange => {
  const set = new Set(values)
  return set.size > most ? any : { kind: 'leaf', values: set }
}
const one = (value: number): ValueRange => leaf([value])
const either = leaf([0, 1])
const valuesOf = (r: ValueRange): ReadonlySet<number> | undefined => (r.kind === 'leaf' ? r.values : undefined)
const can = (r: ValueRange, value: number): boolean => valuesOf(r)?.has(value) ?? true
const truth = (canBe: boolean, cannot: boolean): ValueRange => leaf([...(cannot ? [0] : []), ...(canBe ? [1] : [])])

function join(a: ValueRange, b: ValueRange): ValueRange {
  if (a === b || a.kind === 'any') return a
  if (b.kind === 'any') return b
  if (a.kind === 'leaf' && b.kind === 'leaf') {
    for (const v of b.values) if (!a.values.has(v)) return leaf([...a.values, ...b.values])
    return a
  }
  if (a.kind === 'parts' && b.kind === 'parts') {
    let same = true
    const parts = Object.fromEntries(
      Object.entries(a.parts).map(([k, x]) => {
        const y = b.parts[k]
        const z = y === undefined ? x : join(x, y)
        if (z !== x) same = false
        return [k, z]
      }),
    )
    return same ? a : { kind: 'parts', parts }
  }
  if (a.kind === 'each' && b.kind === 'each') {
    const of = join(a.of, b.of),
      length = a.length === undefined || b.length === undefined ? a.length : join(a.length, b.length)
    return of === a.of && length === a.length ? a : { kind: 'each', of, ...(length === undefined ? {} : { length }) }
  }
  return any
}

const isLeaf = (type: Type, sizes: Sizes): boolean => ordinalCount(type, sizes) !== undefined || type.kind === 'set'
/** The value a leaf has where its bits are zero. */
const blankValue = (type: Type): number => (type.kind === 'int' ? lowOf(type) : 0)
const zeroValue = (type: Type): number =>
  type.kind === 'int'
    ? Math.min(Math.max(0, number(type.low)), number(type.low) <= 0 && number(type.high) >= 0 ? 0 : number(type.low))
    : 0

/** From parts of a composite by key. */
function composite(type: Type, sizes: Sizes, part: (key: string, type: Type) => ValueRange): ValueRange {
  const parts = partsOf(type, sizes)
  if (type.kind === 'array' || type.kind === 'queue') {
    const cells = parts.filter((p) => p.key !== 'length')
    const [first, ...others] = cells.map((p) => part(p.key, p.type))
    const of = first === undefined ? leaf([]) : others.reduce(join, first)
    return type.kind === 'array'
      ? { kind: 'each', of }
      : {
          kind: 'each',
          of,
          length: part('length', { kind: 'int', low: 0, high: number(type.capacity), overflow: 'error' }),
        }
  }
  return { kind: 'parts', parts: Object.fromEntries(parts.map((p) => [p.key, part(p.key, p.type)])) }
}
const blank = (type: Type, sizes: Sizes): ValueRange =>
  isLeaf(type, sizes) ? one(blankValue(type)) : composite(type, sizes, (_, t) => blank(t, sizes))
function zero(type: Type, sizes: Sizes): ValueRange {
  if (isLeaf(type, sizes)) return one(zeroValue(type))
  const first = type.kind === 'union' ? `${Object.keys(type.cases)[0]}.` : undefined
  return composite(type, sizes, (key, t) =>
    type.kind === 'record' || type.kind === 'array' || (first !== undefined && key.startsWith(first))
      ? zero(t, sizes)
      : blank(t, sizes),
  )
}

/** What a value given as JSON is. */
function rangeOf(type: Type, value: Plain, sizes: Sizes): ValueRange {
  switch (type.kind) {
    case 'bool':
      return one(value === true ? 1 : 0)
    case 'int':
    case 'id':
      return one(Number(value))
    case 'enum':
      return one(type.members.indexOf(String(value)))
    case 'set': {
      if (elementCount(type, sizes) > listedElements) return any
      return one(
        (Array.isArray(value) ? (value as readonly Plain[]) : []).reduce(
          (mask: number, v) => mask | (1 << codeIn(type.of, v, sizes)),
          0,
        ),
      )
    }
    case 'optional':
      if (ordinalCount(type, sizes) !== undefined)
        return value === null ? one(0) : one(codeIn(type.of, value, sizes) + 1)
      return composite(type, sizes, (key, t) =>
        key === 'present' ? one(value === null ? 0 : 1) : value === null ? blank(t, sizes) : rangeOf(t, value, sizes),
      )
    case 'record': {
      const fields = value as { readonly [key: string]: Plain }
      return composite(type, sizes, (key, t) => rangeOf(t, fields[key] ?? null, sizes))
    }
    case 'array': {
      const cells = value as readonly Plain[]
      return composite(type, sizes, (key, t) => rangeOf(t, cells[Number(key)] ?? null, sizes))
    }
    case 'queue': {
      const cells = value as readonly Plain[]
      return composite(type, sizes, (key, t) =>
        key === 'length'
          ? one(cells.length)
          : cells[Number(key)] === undefined
            ? blank(t, sizes)
            : rangeOf(t, cells[Number(key)] ?? null, sizes),
      )
    }
    case 'union': {
      const { is, fields } = value as { readonly is: string; readonly fields: { readonly [key: string]: Plain } }
      return composite(type, sizes, (key, t) =>
        key === 'tag'
          ? one(Object.keys(type.cases).indexOf(is))
          : key.startsWith(`${is}.`)
            ? rangeOf(t, fields[key.slice(is.length + 1)] ?? null, sizes)
            : blank(t, sizes),
      )
    }
  }
}
/** The code of a scalar given as JSON. */
function codeIn(type: Type, value: Plain, sizes: Sizes): number {
  const r = rangeOf(type, value, sizes)
  return [...(valuesOf(r) ?? [])].map((v) => v - lowOf(type))[0] ?? internal('a scalar without a code')
}

/** What the variables hold in these states. */
export function rangesOfStates(model: ConfiguredModel, states: readonly PlainState[]): ReadonlyMap<string, ValueRange> {
  return new Map(
    model.variables.map((v) => [
      v.name,
      states
        .map((s) => rangeOf(v.type, s.shared[v.name] ?? null, model.sizes))
        .reduce(join, nothing(v.type, model.sizes)),
    ]),
  )
}
const nothing = (type: Type, sizes: Sizes): ValueRange =>
  isLeaf(type, sizes) ? leaf([]) : composite(type, sizes, (_, t) => nothing(t, sizes))

export interface ValueRanges {
  readonly variables: ReadonlyMap<string, ValueRange>
  /** By thread: the control points that can be reached. */
  readonly points: readonly ReadonlySet<number>[]
}

/** Runs all code that can be reached until nothing new is found. */
export function valueRanges(
  model: ConfiguredModel,
  programs: readonly Program[],
  initial: ReadonlyMap<string, ValueRange>,
): ValueRanges {
  const { sizes } = model
  const variables = new Map(initial)
  const types = new Map(model.variables.map((v) => [v.name, v.type]))
  const points = programs.map(() => new Set<number>())
  let changed = true
  type Bound = ReadonlyMap<number, ValueRange>
  const free: Bound = new Map()

  /** What lies at a place, and its type, if it is shared. */
  const at = (e: Expression): { readonly type: Type; readonly range: ValueRange } | undefined => {
    switch (e.kind) {
      case 'shared': {
        const type = types.get(e.name) ?? internal(`no variable ${e.name}`)
        return { type, range: variables.get(e.name) ?? any }
      }
      case 'field': {
        const of = at(e.of)
        if (of?.type.kind !== 'record') return undefined
        const type = of.type.fields[e.name] ?? internal(`no field ${e.name}`)
        return { type, range: of.range.kind === 'parts' ? (of.range.parts[e.name] ?? any) : any }
      }
      case 'index': {
        const of = at(e.of)
        return of?.type.kind === 'array'
          ? { type: of.type.of, range: of.range.kind === 'each' ? of.range.of : any }
          : undefined
      }
      default:
        return undefined
    }
  }
  const value = (e: Expression, bound: Bound): ValueRange => {
    const go = (x: Expression): ValueRange => value(x, bound)
    switch (e.kind) {
      case 'shared':
        return variables.get(e.name) ?? any
      case 'local':
      case 'self':
      case 'current':
      case 'constant':
        return any
      case 'bound':
        return bound.get(e.id) ?? any
      case 'literal':
        return one(
          typeof e.value === 'boolean'
            ? Number(e.value)
            : typeof e.value === 'number'
              ? e.value
              : e.type.kind === 'enum'
                ? e.type.members.indexOf(e.value)
                : internal('a literal text'),
        )
      case 'zero':
        return zero(e.type, sizes)
      case 'all':
        return e.type.kind === 'set' && countOf(e.type.of, sizes) <= listedElements
          ? one((1 << countOf(e.type.of, sizes)) - 1)
          : any
      case 'some': {
        if (e.type.kind !== 'optional') return any
        const of = fit(go(e.of), e.type.of)
        if (ordinalCount(e.type, sizes) === undefined) return { kind: 'parts', parts: { present: one(1), value: of } }
        const low = lowOf(e.type.of),
          values = valuesOf(of)
        return leaf(
          values === undefined ? range(1, (ordinalCount(e.type, sizes) ?? 1) - 1) : [...values].map((v) => v - low + 1),
        )
      }
      case 'record': {
        const { fields, type } = e
        return composite(type, sizes, (key, t) => fit(go(fields[key] ?? internal('a field is missing')), t))
      }
      case 'case': {
        const { fields, type, tag } = e
        return composite(type, sizes, (key, t) =>
          key === 'tag'
            ? one(type.kind === 'union' ? Object.keys(type.cases).indexOf(tag) : 0)
            : key.startsWith(`${tag}.`)
              ? fit(go(fields[key.slice(tag.length + 1)] ?? internal('a field is missing')), t)
              : blank(t, sizes),
        )
      }
      case 'fill':
        return e.type.kind === 'array' ? { kind: 'each', of: fit(go(e.of), e.type.of) } : any
      case 'field': {
        const of = go(e.of)
        return of.kind === 'parts' ? (of.parts[e.name] ?? any) : any
      }
      case 'index': {
        const of = go(e.of)
        return of.kind === 'each' ? of.of : any
      }
      case 'isSome': {
        const of = go(e.of)
        const present = of.kind === 'parts' ? (of.parts['present'] ?? any) : of
        const values = valuesOf(present)
        return values === undefined
          ? either
          : truth(
              [...values].some((v) => v !== 0),
              values.has(0),
            )
      }
      // the number of an optional int is not its code: left open
      case 'value': {
        const of = go(e.of)
        return of.kind === 'parts' ? (of.parts['value'] ?? any) : any
      }
      case 'isCase': {
        const of = go(e.of),
          place = at(e.of)
        if (of.kind !== 'parts' || place?.type.kind !== 'union') return either
        const tags = valuesOf(of.parts['tag'] ?? any),
          tag = Object.keys(place.type.cases).indexOf(e.tag)
        return tags === undefined
          ? either
          : truth(
              tags.has(tag),
              [...tags].some((t) => t !== tag),
            )
      }
      case 'payload': {
        const of = go(e.of)
        return of.kind === 'parts' ? (of.parts[`${e.tag}.${e.name}`] ?? any) : any
      }
      case 'not': {
        const of = go(e.of)
        return truth(can(of, 0), can(of, 1))
      }
      case 'binary':
        return operation(e, bound)
      case 'conditional': {
        const condition = go(e.condition)
        const sides = [...(can(condition, 1) ? [go(e.then)] : []), ...(can(condition, 0) ? [go(e.otherwise)] : [])]
        return sides.length === 0 ? any : sides.reduce(join)
      }
      case 'size': {
        const of = go(e.of)
        if (of.kind === 'each') return of.length ?? any
        const values = valuesOf(of)
        return values === undefined ? any : leaf([...values].map(ones))
      }
      case 'head': {
        const of = go(e.of)
        return of.kind === 'each' ? of.of : any
      }
      case 'quantified': {
        const low = lowOf(e.over)
        const tests = Array.from({ length: countOf(e.over, sizes) }, (_, i) =>
          value(e.body, new Map(bound).set(e.bound, e.over.kind === 'optional' ? any : one(i + low))),
        )
        return quantify(e.quantifier, tests)
      }
      case 'elements': {
        const of = go(e.of)
        const length = of.kind === 'each' ? valuesOf(of.length ?? any) : undefined
        if (length === undefined || of.kind !== 'each') return e.quantifier === 'count' ? any : either
        const test = value(e.body, new Map(bound).set(e.bound, of.of))
        return [...length]
          .map((n) =>
            quantify(
              e.quantifier,
              Array.from({ length: n }, () => test),
            ),
          )
          .reduce(join, leaf([]))
      }
      case 'before':
        return any
    }
  }
  const quantify = (quantifier: 'every' | 'some' | 'count', tests: readonly ValueRange[]): ValueRange => {
    switch (quantifier) {
      case 'every':
        return truth(
          tests.every((t) => can(t, 1)),
          tests.some((t) => can(t, 0)),
        )
      case 'some':
        return truth(
          tests.some((t) => can(t, 1)),
          tests.every((t) => can(t, 0)),
        )
      case 'count':
        return leaf(range(tests.filter((t) => !can(t, 0)).length, tests.filter((t) => can(t, 1)).length))
    }
  }
  const operation = (e: Extract<Expression, { kind: 'binary' }>, bound: Bound): ValueRange => {
    const left = value(e.left, bound)
    if (e.operator === 'and' && !can(left, 1)) return one(0)
    if (e.operator === 'or' && !can(left, 0)) return one(1)
    const right = value(e.right, bound)
    switch (e.operator) {
      case 'and':
        return truth(can(left, 1) && can(right, 1), can(left, 0) || can(right, 0))
      case 'or':
        return truth(can(left, 1) || can(right, 1), can(left, 0) && can(right, 0))
      case 'has': {
        if (left.kind === 'each')
          return valuesOf(left.length ?? any)?.size === 1 && can(left.length ?? any, 0) ? one(0) : either
        const sets = valuesOf(left),
          elements = valuesOf(right),
          type = at(e.left)?.type
        if (sets === undefined || elements === undefined || type?.kind !== 'set' || type.of.kind === 'optional')
          return sets !== undefined && [...sets].every((s) => s === 0) ? one(0) : either
        const low = lowOf(type.of)
        const outcomes = [...sets].flatMap((s) =>
          [...elements].map((x) => x - low >= 0 && x - low < listedElements && ((s >> (x - low)) & 1) === 1),
        )
        return truth(outcomes.includes(true), outcomes.includes(false))
      }
      default:
        break
    }
    const a = valuesOf(left),
      b = valuesOf(right)
    if (a === undefined || b === undefined || a.size * b.size > most * most)
      return typeOfResult(e.operator) === 'int' ? any : either
    const pairs = [...a].flatMap((x) => [...b].map((y) => [x, y] as const))
    const compare = (test: (x: number, y: number) => boolean): ValueRange =>
      truth(
        pairs.some(([x, y]) => test(x, y)),
        pairs.some(([x, y]) => !test(x, y)),
      )
    switch (e.operator) {
      case '==':
        return compare((x, y) => x === y)
      case '!=':
        return compare((x, y) => x !== y)
      case '<':
        return compare((x, y) => x < y)
      case '<=':
        return compare((x, y) => x <= y)
      case '>':
        return compare((x, y) => x > y)
      case '>=':
        return compare((x, y) => x >= y)
      case '+':
        return leaf(pairs.map(([x, y]) => x + y))
      case '-':
        return leaf(pairs.map(([x, y]) => x - y))
      case '%':
        return leaf(pairs.map(([x, y]) => ((x % y) + y) % y))
      case '&':
        return leaf(pairs.map(([x, y]) => x & y))
      case '|':
        return leaf(pairs.map(([x, y]) => x | y))
      case '&~':
        return leaf(pairs.map(([x, y]) => x & ~y))
    }
  }
  /** An integer as it is stored. */
  const fit = (r: ValueRange, type: Type): ValueRange => {
    const values = valuesOf(r)
    if (type.kind !== 'int' || values === undefined) return r
    const low = number(type.low),
      high = number(type.high),
      span = high - low + 1
    switch (type.overflow) {
      case 'error':
        return leaf([...values].filter((v) => v >= low && v <= high))
      case 'wrap':
        return leaf([...values].map((v) => ((((v - low) % span) + span) % span) + low))
      case 'saturate':
        return leaf([...values].map((v) => Math.min(Math.max(v, low), high)))
    }
  }
  /** Adds what a place may hold. */
  const add = (target: Expression, change: (old: ValueRange, type: Type) => ValueRange): void => {
    const into = (e: Expression, update: (old: ValueRange, type: Type) => ValueRange): void => {
      switch (e.kind) {
        case 'shared': {
          const old = variables.get(e.name) ?? any
          const now = update(old, types.get(e.name) ?? internal(`no variable ${e.name}`))
          if (now !== old) {
            variables.set(e.name, now)
            changed = true
          }
          return
        }
        case 'field':
          into(e.of, (old, type) => {
            if (old.kind !== 'parts' || type.kind !== 'record') return old
            const part = old.parts[e.name] ?? any,
              now = update(part, type.fields[e.name] ?? internal(`no field ${e.name}`))
            return now === part ? old : { kind: 'parts', parts: { ...old.parts, [e.name]: now } }
          })
          return
        case 'index':
          into(e.of, (old, type) => {
            if (old.kind !== 'each' || type.kind !== 'array') return old
            const now = update(old.of, type.of)
            return now === old.of ? old : { ...old, of: now }
          })
          return
        default:
          return
      }
    }
    into(target, change)
  }
  const perform = (effect: Effect): boolean => {
    switch (effect.op) {
      case 'assign': {
        const v = value(effect.value, free)
        add(effect.target, (old, type) => join(old, fit(v, type)))
        return true
      }
      case 'insert':
      case 'remove': {
        const element = value(effect.value, free)
        add(effect.target, (old, type) => {
          if (old.kind !== 'leaf' || type.kind !== 'set') return old
          const elements = valuesOf(effect.op === 'insert' ? fit(element, type.of) : element)
          const n = elementCount(type, sizes),
            low = lowOf(type.of)
          if (n > listedElements) return any
          const which =
            elements === undefined || type.of.kind === 'optional'
              ? range(0, n - 1)
              : [...elements].map((v) => v - low).filter((v) => v >= 0 && v < n)
          return join(
            old,
            leaf(
              [...old.values].flatMap((s) => which.map((x) => (effect.op === 'insert' ? s | (1 << x) : s & ~(1 << x)))),
            ),
          )
        })
        return true
      }
      case 'push': {
        const v = value(effect.value, free)
        add(effect.target, (old, type) => {
          if (old.kind !== 'each' || type.kind !== 'queue') return old
          const lengths = valuesOf(old.length ?? any)
          return join(old, {
            kind: 'each',
            of: fit(v, type.of),
            length:
              lengths === undefined
                ? any
                : leaf([...lengths].filter((n) => n < number(type.capacity)).map((n) => n + 1)),
          })
        })
        return true
      }
      case 'pop':
      case 'discard':
        add(effect.target, (old, type) => {
          if (old.kind !== 'each' || type.kind !== 'queue') return old
          const lengths = valuesOf(old.length ?? any)
          return join(old, {
            kind: 'each',
            of: blank(type.of, sizes),
            length: lengths === undefined ? any : leaf([...lengths].filter((n) => n > 0).map((n) => n - 1)),
          })
        })
        return true
      case 'assert':
        return !effect.always || can(value(effect.condition, free), 1)
      case 'cover':
      case 'arm':
        return true
      case 'test': {
        const condition = value(effect.condition, free)
        const sides = [...(can(condition, 1) ? [effect.then] : []), ...(can(condition, 0) ? [effect.otherwise] : [])]
        return sides.map((list) => list.every(perform)).includes(true)
      }
    }
  }
  const done = new Set<Code>()
  const run = (thread: number, code: Code): void => {
    switch (code.op) {
      case 'goto': {
        const mine = points[thread]
        if (mine !== undefined && !mine.has(code.point)) {
          mine.add(code.point)
          changed = true
        }
        return
      }
      case 'effect':
        if (perform(code.effect)) run(thread, code.next)
        return
      case 'guard':
        if (can(value(code.condition, free), 1)) run(thread, code.next)
        return
      case 'branch': {
        const condition = value(code.condition, free)
        if (can(condition, 1)) run(thread, code.then)
        if (can(condition, 0)) run(thread, code.otherwise)
        return
      }
      case 'either':
        for (const b of code.branches) run(thread, b)
        return
      case 'choose':
        if (code.where === undefined || can(value(code.where, free), 1)) run(thread, code.next)
        return
      case 'pick':
        run(thread, code.next)
        return
      case 'block':
        // what it finds depends on the variables alone, and all is run again when they have changed
        if (!done.has(code)) {
          done.add(code)
          run(thread, code.next)
        }
    }
  }
  programs.forEach((p, thread) => {
    if (model.instances.some((i) => i.thread === thread)) run(thread, p.entry)
  })
  while (changed) {
    changed = false
    done.clear()
    programs.forEach((p, thread) => {
      for (const point of [...(points[thread] ?? [])]) {
        const code = p.code[point]
        if (code !== undefined) run(thread, code)
      }
    })
  }
  return { variables, points }
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
const ones = (mask: number): number => {
  let n = 0
  for (let m = mask; m !== 0; m &= m - 1) n++
  return n
}

/** What an operation gives, whatever it is given. */
function typeOfResult(operator: BinaryOperator): 'int' | 'bool' {
  switch (operator) {
    case '+':
    case '-':
    case '%':
    case '&':
    case '|':
    case '&~':
      return 'int'
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'and':
    case 'or':
    case 'has':
      return 'bool'
  }
}
