/**
 * Random closed models: every kind of node and type, valid by construction or, in what that cannot see to, by the
 * language's own checks.
 */
import fc from 'fast-check'
import type { ConfiguredModel, Initially, Place, Property, Type, Variable } from '../../src/language/ast.ts'
import { collected, ModelError, oneOf } from '../../src/language/index.ts'
import { validate, validateConfigured } from '../../src/language/validate/index.ts'
import { machine } from '../../src/semantics/machine.ts'
import { referenceCheck } from '../../src/semantics/toy.ts'
import { binary, bool, configured, id, optional, shared, variable } from '../support/ast.ts'
import type { ThreadDraft } from '../support/ast.ts'
import { chance, pick, times, weighted } from './draw.ts'
import type { Draw } from './draw.ts'
import { constant, expression } from './expressions.ts'
import type { Scope, Typed } from './expressions.ts'
import { body } from './statements.ts'
import { initially } from './steps.ts'
import type { Setting } from './spot.ts'
import { padding, typesOf } from './types.ts'
import type { Sizes } from './types.ts'

/** A model, the same for the same draws. */
export function modelFrom(draw: Draw): ConfiguredModel {
  for (;;) {
    const model = candidate(draw)
    // Of the models that soon come to an end, most are left out: they say little about a search.
    if (isValid(model) && (chance(draw, 30) || referenceCheck(model, { maxTransitions: 250 }).states >= 80))
      return model
  }
}

/** What the generator cannot see to by construction: mostly that no two branches of an `either` begin alike. */
export function isValid(model: ConfiguredModel): boolean {
  try {
    validate(model)
    validateConfigured(model)
    // An `initially` must have an outcome.
    machine(model)
    return true
  } catch (error) {
    if (error instanceof ModelError) return false
    throw error
  }
}

/**
 * Models by fast-check. They do not shrink by themselves: `shrink` makes small ones of them, whose parts still mean
 * something.
 */
export const modelArbitrary: fc.Arbitrary<ConfiguredModel> = fc
  .infiniteStream(fc.noBias(fc.nat(2 ** 31 - 1)))
  .map((numbers) =>
    modelFrom((below) => {
      const { value } = numbers.next()
      return Math.floor((Number(value) / 2 ** 31) * below)
    }),
  )

function candidate(draw: Draw): ConfiguredModel {
  const sizes = { A: 1 + draw(3), ...(chance(draw, 45) && { B: chance(draw, 25) ? 0 : 1 + draw(2) }) }
  const shapes = threadShapes(draw, sizes)
  const instances = shapes.reduce((sum, { copies }) => sum + copies, 0)
  const all: Sizes = { ...sizes, Thread: instances }
  const types = typesOf(draw, all)
  let last = 0
  const fresh = (): number => last++
  const scope = { draw, sizes: all }

  const drawn = times(3 + draw(4), (n) =>
    variableOf(scope, `v${n}`, pick(draw, chance(draw, 35) ? types.scalars : types.all)),
  )
  const wide = weighted<number>(draw, [
    [58, () => 0],
    [22, () => 40 + draw(60)],
    [20, () => 100 + draw(120)],
  ])
  const pad = wide > 0 ? [variable('pad', padding(draw, wide))] : []
  const locks = chance(draw, 40) ? times(1 + draw(2), (n) => variable(`lock${n}`, optional(id('Thread')))) : []
  const ghosts = chance(draw, 40)
    ? times(1 + draw(2), (n) => ({ ...variableOf(scope, `ghost${n}`, pick(draw, types.all)), ghost: true }))
    : []
  const variables = [...drawn, ...pad, ...locks, ...ghosts].filter(({ type }) => isInhabited(all, type))

  const typed = (some: readonly Variable[]): readonly Typed<Place>[] =>
    some.map(({ name, type }) => ({ expression: shared(name), type }))
  const assertions = times(draw(3), (n) => `assertion ${n}`)
  const covers = times(draw(3), (n) => `cover ${n}`)
  const relation = chance(draw, 25) ? collected('relation', oneOf('x', 'y')) : []
  const setting: Setting = {
    draw,
    sizes: all,
    types,
    fresh,
    assertions,
    covers: [...covers, ...relation.flatMap(({ name, kind }) => (kind === 'pair' ? [name] : []))],
    locks: locks.map(({ name }) => name),
    variables: typed(variables.filter(({ ghost }) => !ghost)),
    ghosts: typed(variables.filter(({ ghost }) => ghost)),
  }
  const threads = shapes.map(
    ({ copies: _copies, length, ...shape }): ThreadDraft => ({
      ...shape,
      ...body(setting, shape.per === undefined ? undefined : id(shape.per), length),
    }),
  )
  const start: Initially | undefined = chance(draw, 25) ? initially(setting) : undefined
  const reads: Scope = { draw, sizes: all, reads: typed(variables), scalars: types.scalars, fresh }
  const properties = [
    ...propertiesOf(reads),
    ...assertions.map(assertionOf),
    ...covers.map((name) => coverOf(reads, name)),
    ...relation,
  ]
  return configured({ variables, threads, sizes, properties, ...(start && { initially: start }) })
}

/** What a thread is before it has a text. */
interface Shape {
  readonly per?: string
  readonly count?: number
  readonly daemon: boolean
  readonly copies: number
  readonly length: number
}

/** Two to four instances as a rule; the fewer, the longer their texts. */
function threadShapes(draw: Draw, sizes: Readonly<Record<string, number>>): readonly Shape[] {
  const wanted = weighted(draw, [
    [1, () => 0],
    [6, () => 1],
    [50, () => 2],
    [40, () => 3],
    [3, () => 4],
  ])
  const shapes: Shape[] = []
  for (let left = wanted; left > 0; ) {
    const [sort, copies] = pick(draw, Object.entries(sizes))
    const length = (wanted === 1 ? 9 : wanted === 2 ? 6 : 3) + draw(3)
    const daemon = chance(draw, 25)
    const shape: Shape =
      copies > 0 && copies <= left && chance(draw, 50)
        ? { per: sort, daemon, copies, length }
        : left > 1 && chance(draw, 25)
          ? { count: 2, daemon, copies: 2, length }
          : { daemon, copies: 1, length }
    shapes.push(shape)
    left -= shape.copies
  }
  return shapes
}

function variableOf(scope: Pick<Scope, 'draw' | 'sizes'>, name: string, type: Type): Variable {
  const { draw } = scope
  if (chance(draw, 55)) return variable(name, type)
  return variable(name, type, ...times(chance(draw, 75) ? 1 : 2, () => constant(scope, type)))
}

/** Whether a value of the type need not hold an element of an empty sort. */
function isInhabited(sizes: Sizes, type: Type): boolean {
  const parts = Object.values<Type>(
    type.kind === 'record' ? type.fields : type.kind === 'union' ? (Object.values(type.cases)[0] ?? {}) : {},
  )
  if (type.kind === 'id') return sizes[type.sort] !== 0
  return (type.kind === 'array' ? [type.of] : parts).every((part) => isInhabited(sizes, part))
}

function propertiesOf(scope: Scope): readonly Property[] {
  const { draw } = scope
  const condition = () => expression(scope, bool, 3)
  const either = () => binary(condition(), 'or', condition())
  const change = () => expression({ ...scope, before: true }, bool, 3)
  const all: readonly Property[] = [
    { name: 'invariant', kind: 'invariant', condition: either() },
    { name: 'another invariant', kind: 'invariant', condition: binary(either(), 'or', either()) },
    { name: 'transition', kind: 'transition', condition: binary(change(), 'or', change()) },
    { name: 'sometimes', kind: 'sometimes', condition: condition() },
    { name: 'deadlock', kind: 'deadlock' },
    { name: 'lock-deadlock', kind: 'lock-deadlock' },
    { name: 'recoverable', kind: 'recoverable' },
  ]
  return all.filter(() => chance(draw, 55))
}

const assertionOf = (name: string): Property => ({ name, kind: 'assertion' })
const coverOf = (scope: Scope, name: string): Property => ({
  name,
  kind: 'sometimes',
  ...(chance(scope.draw, 30) && { condition: expression(scope, bool, 2) }),
})
