/** What two configured models have differently: variables, threads, and the lines of the threads of both. */
import type { ConfiguredModel, ModelThread } from '../../language/ast.ts'
import { canonicalJson } from '../../language/canonical-json.ts'
import { isDocumentation } from '../../language/documentation.ts'
import { changesOf, type LineChange } from './changes.ts'
import { linesOf } from './lines.ts'

/** The same change, once for all threads that have it: a procedure may be called in many places. */
export interface StepChange {
  readonly change: LineChange
  /** The threads, by name. */
  readonly threads: readonly string[]
  /** How often the change comes in all of them. */
  readonly times: number
}

/** What is of one side alone, and what is of both but not the same, by name. */
export interface NamedDifference {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** The difference of two models. */
export interface ModelDifference {
  /** Changed: of another type, or with other initial values. */
  readonly variables: NamedDifference
  /** Changed: of another number, or a daemon on one side alone. Their lines are in `steps`. */
  readonly threads: NamedDifference
  /** Changed: of another kind, or with another condition. */
  readonly properties: NamedDifference
  /** Locals of another type, by thread and name: `cpu.found`. */
  readonly locals: readonly string[]
  /** The changes of the threads that both have, and of what sets the initial states. */
  readonly steps: readonly StepChange[]
}

/** The difference of two models. */
export function differenceOf(one: ConfiguredModel, other: ConfiguredModel): ModelDifference {
  return {
    variables: namedDifference(one.variables, other.variables, (variable) => variable),
    threads: namedDifference(one.threads, other.threads, ({ per, count, daemon }) => ({ per, count, daemon })),
    properties: namedDifference(one.properties, other.properties, (property) => property),
    locals: namedDifference(localsOf(one), localsOf(other), ({ types }) => types).changed,
    steps: stepsOf(textsOf(one), textsOf(other)),
  }
}

/** The threads; and the block that sets the initial states, as one more. */
const textsOf = ({ threads, initially }: ConfiguredModel): readonly ModelThread[] =>
  initially === undefined ? threads : [...threads, { ...initially, name: 'initially', daemon: false }]

/** The types that locals of one name have in a thread: a procedure that is called twice has its own twice. */
const localsOf = (model: ConfiguredModel): readonly { readonly name: string; readonly types: readonly string[] }[] =>
  textsOf(model).flatMap(({ name, locals }) =>
    [...new Set(locals.map((local) => local.name))].map((local) => ({
      name: `${name}.${local}`,
      types: typesOf(locals.filter((one) => one.name === local)),
    })),
  )

const typesOf = (locals: ModelThread['locals']): readonly string[] =>
  [...new Set(locals.map(({ type }) => canonicalJson(type, isDocumentation)))].toSorted()

/** Whether two models have the same text. */
export const isEmpty = ({ variables, threads, properties, locals, steps }: ModelDifference): boolean =>
  steps.length === 0 &&
  locals.length === 0 &&
  [variables, threads, properties].every(({ added, removed, changed }) =>
    [added, removed, changed].every((all) => all.length === 0),
  )

function namedDifference<T extends { readonly name: string }>(
  one: readonly T[],
  other: readonly T[],
  compared: (part: T) => unknown,
): NamedDifference {
  const texts = (all: readonly T[]): ReadonlyMap<string, string> =>
    new Map(all.map((part) => [part.name, canonicalJson(compared(part), isDocumentation)]))
  const [mine, theirs] = [texts(one), texts(other)]
  return {
    added: [...theirs.keys()].filter((name) => !mine.has(name)),
    removed: [...mine.keys()].filter((name) => !theirs.has(name)),
    changed: [...mine].flatMap(([name, text]) => (theirs.has(name) && theirs.get(name) !== text ? [name] : [])),
  }
}

function stepsOf(one: readonly ModelThread[], other: readonly ModelThread[]): readonly StepChange[] {
  const found = new Map<string, { change: LineChange; threads: Set<string>; times: number }>()
  for (const thread of one) {
    const theirs = other.find(({ name }) => name === thread.name)
    for (const change of theirs === undefined ? [] : changesBetween(thread, theirs)) {
      const key = keyOf(change)
      const known = found.get(key) ?? { change, threads: new Set(), times: 0 }
      known.threads.add(thread.name)
      known.times++
      found.set(key, known)
    }
  }
  return [...found.values()].map(({ change, threads, times }) => ({ change, threads: [...threads], times }))
}

const changesBetween = (one: ModelThread, other: ModelThread): readonly LineChange[] =>
  changesOf(linesOf(one), linesOf(other))

/** Equal for changes of the same lines of the source. */
function keyOf(change: LineChange): string {
  const lines = ['from' in change ? change.from : undefined, 'to' in change ? change.to : undefined]
  return canonicalJson([
    change.kind,
    lines.map((line) =>
      line === undefined ? 'none' : [line.key, line.kind, line.label, line.at, line.procedure ?? ''],
    ),
  ])
}
