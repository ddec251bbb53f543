/** Puts a model together from its threads and properties, and finds wrong ones out. */
import type { Constant, Expression, Initially, Lifetime, Model, Property, ModelThread, Variable } from './ast.ts'
import { constantOf, lifetimeOf, variableOf, type Declaration } from './declarations.ts'
import { checkDepth } from './depth.ts'
import { writeEpochs } from './epochs.ts'
import { modelError } from './errors.ts'
import { taking } from './calls.ts'
import { mustBeName, refused } from './given.ts'
import { checkWithout } from './hangs.ts'
import { assertHeld } from './held.ts'
import { placeBody, placeExpression, placeLifetime } from './place.ts'
import { position } from './position.ts'
import { recordBody, type Block } from './recorder.ts'
import type { ThreadDefinition } from './threads.ts'
import { sortsIn } from './shapes.ts'
import { validate } from './validate/index.ts'
import { checkSize } from './validate/size.ts'
import { expressionsOf, shownValues, visit, visitStatements } from './walk.ts'

export interface ModelParts {
  readonly threads: readonly ThreadDefinition[]
  /** One atomic block, run from every product of the variables' initial values; its outcomes are the initial states. */
  readonly initially?: Block
  readonly properties?: readonly Property[]
  /**
   * `deadlock`, `lock-deadlock` and `recoverable` are judged in every model that `defineProtocol` offers, declared or
   * not, except those named here. `hmmcheck list MODEL` shows the reason: `without: { recoverable: 'a device that has
   * failed stays so' }`.
   */
  readonly without?: Model['without']
}

/**
 * A model: immutable data, with no function in it. It has the variables, constants and sorts that its threads and
 * properties mention.
 *
 * @throws ModelError with the code, place, cause and remedy of the first mistake found
 */
export function model(name: string, { threads, initially, properties = [], without }: ModelParts): Model {
  const at = position()
  mustBeParts(name, threads, properties)
  const recorded: readonly ModelThread[] = threads.map((definition) => definition.record())
  const start: Initially | undefined = initially === undefined ? undefined : recordBody('initially', true, initially)
  const bodies = [...recorded, ...(start === undefined ? [] : [start])]
  checkDepth(bodies, properties, name)
  const found = collect(bodies, properties)
  checkSize({
    name,
    variables: found.variables,
    threads: recorded,
    ...(start === undefined ? {} : { initially: start }),
  })
  const taken = new Set([...found.variables, ...found.constants].map((declared) => declared.name))
  const text = writeEpochs({ threads: recorded, start, variables: found.variables, properties, taken })
  const whole: Omit<Model, 'sorts'> = {
    name,
    at,
    constants: found.constants,
    variables: text.variables,
    threads: text.threads.map((thread) => ({ ...thread, ...placeBody(thread) })),
    ...(text.start === undefined ? {} : { initially: placeBody(text.start) }),
    properties: [
      ...properties.map((p) => (p.condition === undefined ? p : { ...p, condition: placeExpression(p.condition) })),
      ...undeclaredAssertions(bodies, properties),
    ],
    ...(found.lifetimes.length === 0 ? {} : { lifetimes: found.lifetimes.map(placeLifetime) }),
    ...(without === undefined ? {} : { without }),
  }
  const made: Model = { ...whole, sorts: sortsIn(whole) }
  checkWithout(made)
  validate(made)
  return assertHeld(made)
}

/**
 * Threads and properties, and nothing undefined among them: what a file exports is undefined while files import each
 * other.
 */
function mustBeParts(name: unknown, threads: unknown, properties: unknown): void {
  mustBeName(name, 'model')
  const each = (given: unknown, what: string, many: string, is: (one: object) => boolean): void => {
    const refuse = (part: unknown, path: string, expected: string): never => {
      taking('model', 2, `${path} of model('${String(name)}')`)
      throw refused(part, expected)
    }
    if (!Array.isArray(given)) return refuse(given, many, `a list of ${many}`)
    const all: readonly unknown[] = given
    all.forEach((one, n) => {
      if (typeof one !== 'object' || one === null || !is(one)) refuse(one, `${many}[${n}]`, `a ${what}`)
    })
  }
  each(threads, 'thread', 'threads', (one) => 'record' in one)
  each(properties, 'property', 'properties', (one) => 'kind' in one)
}

type Recorded = Pick<ModelThread, 'body'>

interface Found {
  readonly variables: readonly Variable[]
  readonly constants: readonly Constant[]
  readonly lifetimes: readonly Lifetime[]
}

/** The declarations that are mentioned, in their order. */
function collect(bodies: readonly Recorded[], properties: readonly Property[]): Found {
  const variables = new Map<string, Declaration<Variable>>()
  const constants = new Map<string, Declaration<Constant>>()
  const lifetimes = new Set<Lifetime>()
  const see = (e: Expression): void => {
    if (e.kind === 'shared') {
      const declaration = variableOf(e)
      const lifetime = lifetimeOf(e)
      if (lifetime !== undefined) lifetimes.add(lifetime)
      if (declaration !== undefined && enter(variables, declaration, 'variable'))
        for (const value of declaration.of.initial) visit(value, see)
    } else if (e.kind === 'constant') {
      const declaration = constantOf(e)
      if (declaration !== undefined) enter(constants, declaration, 'constant')
    }
  }
  for (const { body } of bodies)
    visitStatements(body, (s) => {
      for (const e of [...expressionsOf(s), ...shownValues(s)]) visit(e, see)
    })
  for (const { condition } of properties) if (condition !== undefined) visit(condition, see)
  return {
    variables: inOrder(variables),
    constants: inOrder(constants),
    lifetimes: [...lifetimes].sort((a, b) => a.bound - b.bound),
  }
}

/** Adds a declaration under its name; false if it was there. */
function enter<D extends Variable | Constant>(
  all: Map<string, Declaration<D>>,
  declaration: Declaration<D>,
  what: string,
): boolean {
  const { name } = declaration.of
  const other = all.get(name)
  if (other === declaration) return false
  if (other !== undefined)
    throw modelError('HMM002', `two ${what}s are called ${name}, the other at ${other.at}`, declaration.at)
  all.set(name, declaration)
  return true
}

const inOrder = <D extends Variable | Constant>(all: ReadonlyMap<string, Declaration<D>>): readonly D[] =>
  [...all.values()].sort((a, b) => a.order - b.order).map(({ of }) => of)

/** An `Assert` of a name that is not declared declares it. */
function undeclaredAssertions(bodies: readonly Recorded[], properties: readonly Property[]): readonly Property[] {
  const declared = new Set(properties.map(({ name }) => name))
  const missing = new Set<string>()
  for (const { body } of bodies)
    visitStatements(body, (s) => {
      if (s.kind === 'assert' && !s.always && !declared.has(s.property)) missing.add(s.property)
    })
  return [...missing].map((name) => ({ name, kind: 'assertion', undeclared: true }))
}
