/**
 * The ranges of the shared variables, found before the search: sets of values of each leaf, all cells of an array
 * together, whenever and in whatever order the statements that can be reached run. A leaf that holds one value needs
 * no bits, and one that holds few values needs few bits.
 *
 * An over-approximation: locals may hold anything, conditions only cut off the values that they can never let through.
 * The search does not rely on it being right: a value that was not foreseen stops the run (`pack` in
 * to-wasm/access.ts).
 */
import type { ConfiguredModel } from '../../language/ast.ts'
import type { Code, Effect, Program } from '../program.ts'
import { rangeAfter } from './effect.ts'
import { expressionRange, type RangeScope } from './expression.ts'
import type { VariableRanges } from './initial.ts'
import { anything, canBe, type ValueRange } from './range.ts'

export interface ValueRanges {
  readonly variables: VariableRanges
  /** By thread: the control points that can be reached. */
  readonly points: readonly ReadonlySet<number>[]
}

/** The analysis while it runs. */
interface Analysis extends RangeScope {
  readonly variables: Map<string, ValueRange>
  /** Whether something new was found since it was last asked. */
  changed: boolean
  /** Blocks that have run since something new was found: what they find depends on the variables alone. */
  readonly done: Set<Code>
}

/** The control points of one thread that can be reached. */
type Points = Set<number>

/**
 * Runs all code that can be reached until nothing new is found.
 *
 * @param programs those of the model's threads
 * @param initial what the variables hold in the initial states
 */
export function valueRanges(
  model: ConfiguredModel,
  programs: readonly Pick<Program, 'points' | 'entry'>[],
  initial: VariableRanges,
): ValueRanges {
  const analysis: Analysis = {
    sizes: model.sizes,
    types: new Map(model.variables.map(({ name, type }) => [name, type])),
    variables: new Map(initial),
    bound: new Map(),
    changed: true,
    done: new Set(),
  }
  const threads = programs.map((program) => ({ program, reached: new Set<number>() }))
  threads.forEach(({ program, reached }, thread) => {
    if (model.instances.some((instance) => instance.thread === thread)) run(analysis, reached, program.entry)
  })
  while (analysis.changed) {
    analysis.changed = false
    analysis.done.clear()
    for (const { program, reached } of threads)
      for (const point of [...reached]) {
        const code = program.points[point]?.code
        if (code !== undefined) run(analysis, reached, code)
      }
  }
  return { variables: analysis.variables, points: threads.map(({ reached }) => reached) }
}

function run(analysis: Analysis, reached: Points, code: Code): void {
  switch (code.op) {
    case 'goto':
      if (reached.has(code.point)) return
      reached.add(code.point)
      analysis.changed = true
      return
    case 'effect':
      if (perform(analysis, code.effect)) run(analysis, reached, code.next)
      return
    case 'guard':
      if (canBe(expressionRange(code.condition, analysis), 1)) run(analysis, reached, code.next)
      return
    case 'branch': {
      const condition = expressionRange(code.condition, analysis)
      if (canBe(condition, 1)) run(analysis, reached, code.then)
      if (canBe(condition, 0)) run(analysis, reached, code.otherwise)
      return
    }
    case 'either':
      for (const branch of code.branches) run(analysis, reached, branch)
      return
    case 'choose':
      if (code.where === undefined || canBe(expressionRange(code.where, analysis), 1)) run(analysis, reached, code.next)
      return
    case 'pick':
      run(analysis, reached, code.next)
      return
    case 'block':
      if (analysis.done.has(code)) return
      analysis.done.add(code)
      run(analysis, reached, code.next)
  }
}

/** Whether what follows the effect can be reached. */
function perform(analysis: Analysis, effect: Effect): boolean {
  switch (effect.op) {
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard': {
      const after = rangeAfter(effect, analysis)
      if (after === undefined || after.range === (analysis.variables.get(after.variable) ?? anything)) return true
      analysis.variables.set(after.variable, after.range)
      analysis.changed = true
      return true
    }
    case 'assert':
      return !effect.always || canBe(expressionRange(effect.condition, analysis), 1)
    case 'cover':
    case 'arm':
      return true
    case 'test': {
      const condition = expressionRange(effect.condition, analysis)
      const sides = [...(canBe(condition, 1) ? [effect.then] : []), ...(canBe(condition, 0) ? [effect.otherwise] : [])]
      return sides.map((side) => side.every((one) => perform(analysis, one))).includes(true)
    }
  }
}
