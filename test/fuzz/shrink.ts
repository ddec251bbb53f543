/** Makes a model small that shows a difference, by leaving parts out as long as it does. */
import type { Arm, ConfiguredModel, Expression, Statement, ModelThread } from '../../src/language/ast.ts'
import { mapParts, mapStatement, parts } from '../../src/language/walk.ts'
import { isValid } from './model-arbitrary.ts'

/** The smallest model found that still `fails`, by at most `tries` tries. */
export async function shrink(
  model: ConfiguredModel,
  fails: (candidate: ConfiguredModel) => Promise<boolean>,
  tries = 2_000,
): Promise<ConfiguredModel> {
  let [best, left] = [model, tries]
  for (let found = true; found && left > 0; ) {
    found = false
    for (const candidate of smaller(best)) {
      if (left-- <= 0) break
      if (!isClosed(candidate) || !(await fails(candidate))) continue
      best = candidate
      found = true
      break
    }
  }
  return best
}

function isClosed(model: ConfiguredModel): boolean {
  try {
    return namesOnlyElements(model, model.sizes) && isValid(model)
  } catch {
    return false
  }
}

/** Whether every id in it is one of its sort. */
function namesOnlyElements(part: unknown, sizes: Readonly<Record<string, number>>): boolean {
  if (typeof part !== 'object' || part === null) return true
  if ('kind' in part && part.kind === 'literal' && 'value' in part && 'type' in part) {
    const { value, type } = part
    if (typeof type === 'object' && type !== null && 'sort' in type)
      return Number(value) < (sizes[String(type.sort)] ?? 0)
  }
  return Object.values(part).every((inner) => namesOnlyElements(inner, sizes))
}

/** Models with one part less, the largest parts first. */
function* smaller(model: ConfiguredModel): Generator<ConfiguredModel> {
  for (let n = 0; n < model.instances.length; n++) yield withInstances(model, (_, at) => at !== n)
  const { initially, ...rest } = model
  if (initially !== undefined) {
    yield rest
    for (const body of smallerBlocks(initially.body)) yield { ...model, initially: { ...initially, body } }
  }
  for (const property of model.properties)
    yield { ...model, properties: model.properties.filter((other) => other !== property) }
  for (const variable of model.variables)
    yield { ...model, variables: model.variables.filter((other) => other !== variable) }
  for (const [n, thread] of model.threads.entries()) {
    const other = (changed: ModelThread): ConfiguredModel => ({ ...model, threads: model.threads.with(n, changed) })
    for (const body of smallerBlocks(thread.body)) yield other({ ...thread, body })
    for (const local of thread.locals) yield other({ ...thread, locals: thread.locals.filter((one) => one !== local) })
    if (thread.daemon) yield other({ ...thread, daemon: false })
  }
  for (const [n, property] of model.properties.entries()) {
    if (property.condition === undefined) continue
    for (const condition of smallerExpressions(property.condition))
      yield { ...model, properties: model.properties.with(n, { ...property, condition }) }
  }
  for (const [n, variable] of model.variables.entries()) {
    if (variable.initial.length > 0)
      yield { ...model, variables: model.variables.with(n, { ...variable, initial: variable.initial.slice(1) }) }
  }
}

function withInstances(model: ConfiguredModel, keep: (thread: number, at: number) => boolean): ConfiguredModel {
  const instances = model.instances.filter(({ thread }, at) => keep(thread, at))
  const used = model.threads.map((_, n) => instances.some(({ thread }) => thread === n))
  const number = used.map((_, n) => used.slice(0, n).filter(Boolean).length)
  return {
    ...model,
    threads: model.threads.filter((_, n) => used[n] === true),
    instances: instances.map((instance) => ({ ...instance, thread: number[instance.thread] ?? 0 })),
    sizes: { ...model.sizes, Thread: instances.length },
  }
}

/** Blocks with one statement less, or with one that is smaller. Paths stay as they are: they need only be unique. */
function* smallerBlocks(body: readonly Statement[]): Generator<readonly Statement[]> {
  for (let n = body.length - 1; n >= 0; n--) yield body.toSpliced(n, 1)
  for (const [n, one] of body.entries()) {
    for (const inner of inside(one)) yield body.toSpliced(n, 1, ...inner)
    for (const less of smallerStatements(one)) yield body.with(n, less)
  }
}

/** The blocks of a statement, in its place. */
function inside(one: Statement): readonly (readonly Statement[])[] {
  switch (one.kind) {
    case 'step':
    case 'call':
    case 'loop':
    case 'forEach':
      return [one.body]
    case 'if':
      return [one.then.body, one.otherwise.body]
    case 'match':
      return [...Object.values(one.arms), ...(one.otherwise ? [one.otherwise] : [])].map(({ body }) => body)
    case 'either':
      return one.branches
    default:
      return []
  }
}

function* smallerStatements(one: Statement): Generator<Statement> {
  const count = inside(one).length
  for (let block = 0; block < count; block++) {
    for (const less of smallerBlocks(inside(one)[block] ?? [])) {
      let at = 0
      yield mapStatement(one, { block: (body) => (at++ === block ? less : body) })
    }
  }
  if (one.kind === 'either')
    for (let n = 0; n < one.branches.length; n++) yield { ...one, branches: one.branches.toSpliced(n, 1) }
  if (one.kind === 'choose' && one.where !== undefined) yield without(one, 'where')
  if (one.kind === 'await' && one.blockers !== undefined) yield without(one, 'blockers')
  if (one.kind === 'if') for (const less of smallerArms(one.then)) yield { ...one, then: less }
  if (one.kind === 'match') {
    for (const [tag, arm] of Object.entries(one.arms))
      for (const less of smallerArms(arm)) yield { ...one, arms: { ...one.arms, [tag]: less } }
  }
  const expressions: Expression[] = []
  mapStatement(one, {
    expression: (e) => {
      expressions.push(e)
      return e
    },
  })
  for (const [n, e] of expressions.entries()) {
    for (const less of smallerExpressions(e)) {
      let at = 0
      const changed = mapStatement(one, { expression: (same) => (at++ === n ? less : same) })
      if (!('target' in changed) || isPlace(changed.target)) yield changed
    }
  }
}

const isPlace = (e: Expression): boolean =>
  e.kind === 'shared' || e.kind === 'local' || ((e.kind === 'field' || e.kind === 'index') && isPlace(e.of))

function without<T extends object, K extends keyof T>(one: T, key: K): Omit<T, K> & T {
  const { [key]: _left, ...rest } = one
  // The key is optional where this is called.
  return rest as Omit<T, K> & T
}

function* smallerArms(arm: Arm): Generator<Arm> {
  for (const bind of arm.binds) yield { ...arm, binds: arm.binds.filter((other) => other !== bind) }
}

/** Expressions that are a part of this one, or have one: the model's types say which of them make sense. */
function* smallerExpressions(e: Expression): Generator<Expression> {
  if (e.kind === 'literal' || e.kind === 'zero') return
  yield { kind: 'literal', value: true, type: { kind: 'bool' } }
  yield { kind: 'literal', value: false, type: { kind: 'bool' } }
  yield { kind: 'literal', value: 0, type: { kind: 'int', low: 0, high: 0, overflow: 'error' } }
  yield* parts(e)
  for (const [n, part] of parts(e).entries()) {
    for (const less of smallerExpressions(part)) {
      let at = 0
      yield mapParts(e, (same) => (at++ === n ? less : same))
    }
  }
}
