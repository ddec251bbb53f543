/**
 * Closes a model: sizes become numbers, constants their values, branches on them disappear, threads become instances.
 */
import type {
  Bound,
  Configuration,
  ConfiguredModel,
  Expression,
  Instance,
  Model,
  Statement,
  ModelThread,
  Type,
} from './ast.ts'
import { modelError } from './errors.ts'
import { describeType } from './shapes.ts'
import { folding, type Values } from './fold.ts'
import { remembered, rememberedByKey } from './remembered.ts'
import { validateConfigured } from './validate/index.ts'
import {
  expressionsOf,
  mapRecord,
  mapStatement,
  parts,
  shownValues,
  unlessSame,
  visitStatements,
  withParts,
} from './walk.ts'

/** For conformance: what no check needs. */
export interface ConfigureOptions {
  /** Whether steps keep what they show to a recording. */
  readonly keepsShown?: boolean
  /** The most elements that a sort can have, and the most threads. */
  readonly most?: number
}

/**
 * The model in a configuration: what both semantics run.
 *
 * @throws ModelError if the configuration does not fit the model, or the model has no meaning in it
 */
export function configure(
  model: Model,
  configuration: Configuration,
  { keepsShown = false, most = MOST }: ConfigureOptions = {},
): ConfiguredModel {
  const chosen = chooseThreads(model, configuration.threads)
  const sizes = sizesOf(model, chosen, configuration.sizes, most)
  const values = closing(model, sizes, configuration.constants)
  const body = (statements: readonly Statement[]): readonly Statement[] =>
    unlessSame(
      statements,
      statements.flatMap((s) => closeStatement(keepsShown ? s : withoutShown(s), values, body)),
    )
  const close = <T extends Pick<ModelThread, 'locals' | 'body'>>(text: T): T => ({
    ...text,
    locals: text.locals.map((local) => withParts(local, { type: values.type(local.type) })),
    body: body(text.body),
  })
  const valuesOf = (constants: readonly string[]): string =>
    JSON.stringify([sizes, constants.map((name) => literalOf(values.constant(name)))])
  const threads = chosen.map((thread) =>
    closedThreads(thread, `${keepsShown} ${valuesOf(constantsOfThread(thread))}`, (): ModelThread => {
      const { count, ...rest } = close(thread)
      return { ...rest, ...(count === undefined ? {} : { count: values.bound(count) }) }
    }),
  )
  const configured: ConfiguredModel = {
    name: model.name,
    ...(model.at === undefined ? {} : { at: model.at }),
    sorts: model.sorts,
    constants: [],
    variables: closedVariables(model.variables, valuesOf(constantsOfVariables(model.variables)), () =>
      model.variables.map((v) => ({
        ...v,
        type: values.type(v.type),
        initial: v.initial.map(values.fold),
      })),
    ),
    threads,
    ...(model.initially === undefined ? {} : { initially: close(model.initially) }),
    properties: model.properties.map((p) =>
      p.condition === undefined ? p : { ...p, condition: values.fold(p.condition) },
    ),
    sizes,
    instances: instancesOf(threads, sizes),
  }
  validateConfigured(configured)
  origins.set(configured, model)
  return configured
}

/** Configurations share the threads and variables whose sizes and constants are the same. */
const closedThreads = rememberedByKey<ModelThread, ModelThread>()
const closedVariables = rememberedByKey<Model['variables'], Model['variables']>()
const knownSizes = rememberedByKey<Model, Readonly<Record<string, number>>>()
const closedTypes = rememberedByKey<Model, Map<Type, Type>>()

const constantsOfThread = remembered(({ body }: ModelThread): readonly string[] => {
  const expressions: Expression[] = []
  visitStatements(body, (s) => expressions.push(...expressionsOf(s), ...shownValues(s)))
  return constantsIn(expressions)
})
const constantsOfVariables = remembered((variables: Model['variables']): readonly string[] =>
  constantsIn(variables.flatMap(({ initial }) => initial)),
)

function constantsIn(expressions: readonly Expression[]): readonly string[] {
  const names = new Set<string>()
  // Equal parts are often one object.
  const seen = new Set<Expression>()
  const look = (e: Expression): void => {
    if (seen.has(e)) return
    seen.add(e)
    if (e.kind === 'constant') names.add(e.name)
    parts(e).forEach(look)
  }
  expressions.forEach(look)
  return [...names]
}

const literalOf = (e: Expression | undefined): boolean | number | string | undefined =>
  e?.kind === 'literal' ? e.value : undefined

const origins = new WeakMap<Model, Model>()

/**
 * The model of which this is a configuration, with the threads and branches that have no part in it; itself if that
 * is not known.
 */
export const wholeOf = (model: ConfiguredModel): Model => origins.get(model) ?? model

function chooseThreads(model: Model, names: readonly string[] | undefined): readonly ModelThread[] {
  for (const name of names ?? []) {
    if (!model.threads.some((thread) => thread.name === name)) {
      throw modelError(
        'HMM032',
        `${model.name} has no thread ${name}; it has ${model.threads.map((t) => t.name).join(', ')}`,
        'the configuration',
      )
    }
  }
  return names === undefined ? model.threads : model.threads.filter(({ name }) => names.includes(name))
}

/** The most elements that a sort of a check can have; threads are the elements of one too. */
const MOST = 64

/** The sizes of all sorts, `Thread` included. */
function sizesOf(
  model: Model,
  threads: readonly ModelThread[],
  given: Readonly<Record<string, number>>,
  most: number,
): Readonly<Record<string, number>> {
  for (const name of Object.keys(given)) {
    if (!model.sorts.includes(name))
      throw modelError(
        'HMM030',
        `${model.name} has no sort ${name}; it has ${model.sorts.join(', ') || 'none'}`,
        'the configuration',
      )
  }
  const sizes = Object.fromEntries(
    model.sorts.map((name): [string, number] => {
      const size = given[name]
      if (size === undefined) throw modelError('HMM030', `the size of ${name} is missing`, 'the configuration')
      if (!Number.isInteger(size) || size < 0 || size > most)
        throw modelError('HMM030', `${name} cannot have ${size} elements`, 'the configuration')
      return [name, size]
    }),
  )
  const instances = instancesOf(threads, sizes).length
  if (instances > most)
    throw modelError('HMM030', `there would be ${instances} threads; ${most} is the most`, 'the configuration')
  const all = { ...sizes, Thread: instances }
  return knownSizes(model, JSON.stringify(all), () => all)
}

const closeBound = (bound: Bound, sizes: Readonly<Record<string, number>>): number => {
  if (typeof bound === 'number') return bound
  const size = sizes[bound.sizeOf]
  if (size === undefined)
    throw modelError('HMM030', `the size of ${bound.sizeOf} is not known here`, 'the configuration')
  return size + bound.plus
}

/** Running copies, in the order of the threads, then of their elements. */
function instancesOf(threads: readonly ModelThread[], sizes: Readonly<Record<string, number>>): readonly Instance[] {
  return threads.flatMap(({ name, per, count }, thread): readonly Instance[] => {
    if (per === undefined && count === undefined) return [{ name, thread }]
    const copies = closeBound(count ?? { sizeOf: per ?? '', plus: 0 }, sizes)
    return Array.from({ length: Math.max(0, copies) }, (_, i) => ({
      name: `${name}[${i}]`,
      thread,
      ...(per === undefined ? {} : { self: i }),
    }))
  })
}

/** The meanings of names in a configuration, and of expressions: equal parts of a body are one object, and stay one. */
interface Closing extends Values {
  readonly fold: (e: Expression) => Expression
}

/** The meanings of names in this configuration. */
function closing(
  model: Model,
  sizes: Readonly<Record<string, number>>,
  constants: Configuration['constants'],
): Closing {
  const bound = (b: Bound): number => closeBound(b, sizes)
  const known = closedTypes(model, JSON.stringify(sizes), () => new Map<Type, Type>())
  const type = (t: Type): Type => {
    const closed = known.get(t) ?? closeType(t, bound, type)
    known.set(t, closed)
    return closed
  }
  for (const name of Object.keys(constants)) {
    if (!model.constants.some((c) => c.name === name)) {
      throw modelError(
        'HMM031',
        `${model.name} has no constant ${name}; it has ${model.constants.map((c) => c.name).join(', ') || 'none'}`,
        'the configuration',
      )
    }
  }
  const values = new Map(
    model.constants.map(({ name, type: of, default: usual, at }): [string, Expression] => {
      const value = constants[name] ?? usual
      const from = at === undefined ? '' : `, which ${at} declares`
      if (value === undefined)
        throw modelError(
          'HMM031',
          `the value of ${name}${from}${from === '' ? '' : ','} is missing`,
          'the configuration',
        )
      const closed = type(of)
      if (!isValue(value, closed))
        throw modelError(
          'HMM031',
          `${name}${from}${from === '' ? '' : ','} cannot be ${String(value)}: it is ${describeType(closed)}`,
          'the configuration',
        )
      return [name, { kind: 'literal', value, type: closed }]
    }),
  )
  const names: Values = { bound, type, constant: (name) => values.get(name), size: (sort) => sizes[sort] ?? 0 }
  return { ...names, fold: folding(names) }
}

function isValue(value: boolean | number | string, type: Type): boolean {
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return Number.isInteger(value) && value >= type.low && value <= type.high
    case 'enum':
      return typeof value === 'string' && type.members.includes(value)
    default:
      return false
  }
}

function closeType(t: Type, bound: (b: Bound) => number, type: (t: Type) => Type): Type {
  const fields = (all: Readonly<Record<string, Type>>): Readonly<Record<string, Type>> =>
    mapRecord(all, (of) => type(of))
  switch (t.kind) {
    case 'bool':
    case 'enum':
    case 'id':
      return t
    case 'int':
      return withParts(t, { low: bound(t.low), high: bound(t.high) })
    case 'optional':
    case 'set':
      return withParts(t, { of: type(t.of) })
    case 'queue':
      return withParts(t, { of: type(t.of), capacity: bound(t.capacity) })
    case 'array':
      return withParts(t, { index: type(t.index), of: type(t.of) })
    case 'record':
      return withParts(t, { fields: fields(t.fields) })
    case 'union':
      return withParts(t, { cases: mapRecord(t.cases, fields) })
  }
}

/** The statement as a check has it. */
function withoutShown(s: Statement): Statement {
  if (s.kind !== 'step' || s.shows === undefined) return s
  const { shows: _, ...rest } = s
  return rest
}

/** The statement closed; of a test on constants, the statements of the arm that is taken. */
function closeStatement(
  s: Statement,
  values: Closing,
  body: (statements: readonly Statement[]) => readonly Statement[],
): readonly Statement[] {
  if (s.kind === 'if') {
    const condition = values.fold(s.condition)
    // It binds nothing: constants are neither optionals nor unions.
    if (condition.kind === 'literal') return body((condition.value === true ? s.then : s.otherwise).body)
  }
  const closed = mapStatement(s, { expression: values.fold, block: body })
  return [closed.kind === 'forEach' ? withParts(closed, { over: values.type(closed.over) }) : closed]
}
