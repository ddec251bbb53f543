/** The text of `check --dry-run`: how large a state is, and its parts. */
import type { ConfiguredModel, Statement, Type } from '../language/ast.ts'
import { blocksOf, contains } from '../language/walk.ts'
import { plural } from './numbers.ts'
import type { Paint } from './paint.ts'

/** The layout that the compiler would give the states of a model. */
export interface DryLayout {
  readonly stateBits: number
  /** Words of 64 bits. */
  readonly words: number
  readonly variables: readonly { readonly name: string; readonly bits: number }[]
  readonly threads: readonly { readonly name: string; readonly points: number; readonly bits: number }[]
  /** Variables that no checked property or step reads. */
  readonly dropped: readonly string[]
}

/**
 * The steps in a text: a step or atomic call is one, whatever is in it; so is an assignment to shared state, an
 * await, a choice.
 */
function stepsOf(body: readonly Statement[]): number {
  return body.reduce((steps, statement) => {
    if (
      statement.kind === 'step' ||
      statement.kind === 'await' ||
      statement.kind === 'choose' ||
      (statement.kind === 'call' && statement.atomic)
    )
      return steps + 1
    if (statement.kind === 'assign')
      return (
        steps +
        (contains(statement.target, ({ kind }) => kind === 'shared') ||
        contains(statement.value, ({ kind }) => kind === 'shared')
          ? 1
          : 0)
      )
    return steps + blocksOf(statement).reduce((inner, block) => inner + stepsOf(block.body), 0)
  }, 0)
}

/** `0..3`, `one of init, committed`, `page or none`. */
export function showDomain(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return 'bool'
    case 'int':
      return `${String(type.low)}..${String(type.high)}`
    case 'enum':
      return type.members.join(' | ')
    case 'id':
      return type.sort
    case 'optional':
      return `none | ${showDomain(type.of)}`
    case 'record':
      return `{ ${Object.entries(type.fields)
        .map(([name, field]) => `${name}: ${showDomain(field)}`)
        .join(', ')} }`
    case 'union':
      return Object.keys(type.cases).join(' | ')
    case 'array':
      return `${showDomain(type.of)}[${showDomain(type.index)}]`
    case 'set':
      return `set of ${showDomain(type.of)}`
    case 'queue':
      return `queue of ${showDomain(type.of)}, at most ${String(type.capacity)}`
  }
}

/** Bits per state, threads, steps, domains. */
export function dryLines(
  model: ConfiguredModel,
  { stateBits, words, variables, threads, dropped }: DryLayout,
  paint: Paint,
): readonly string[] {
  const types = new Map(
    model.variables.map(({ name, type, initial }) => [
      name,
      `${showDomain(type)}${initial.length > 1 ? `, ${initial.length} initial values` : ''}`,
    ]),
  )
  const nameWidth = Math.max(...[...variables, ...threads].map(({ name }) => name.length), 0)
  const sorts = Object.entries(model.sizes).map(([sort, size]) => `${sort} ${size}`)
  const steps = (name: string): number => {
    const instance = model.instances.find((one) => one.name === name)
    const thread = model.threads.find((one) => one.name === name) ?? (instance && model.threads[instance.thread])
    return thread === undefined ? 0 : stepsOf(thread.body)
  }
  return [
    `${paint('bold', plural(stateBits, 'bit'))} per state, in ${plural(words, 'word')} of 64`,
    `sorts: ${sorts.join(', ')}`,
    'threads',
    ...threads.map(
      ({ name, points, bits }) =>
        `  ${name.padEnd(nameWidth)}  ${plural(bits, 'bit')}, ${plural(points, 'control point')}, ${plural(steps(name), 'step')} in its text`,
    ),
    'shared variables',
    ...variables.map(
      ({ name, bits }) => `  ${name.padEnd(nameWidth)}  ${plural(bits, 'bit')}, ${types.get(name) ?? ''}`,
    ),
    ...(dropped.length === 0 ? [] : [`left out because no checked property reads them: ${dropped.join(', ')}`]),
  ]
}
