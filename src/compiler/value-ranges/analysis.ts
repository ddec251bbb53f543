/**
 * The ranges of the shared variables, found before the search: sets of values of each leaf, all cells of an array
 * together, whenever and in whatever order the statements that can be reached run. A leaf that holds one value needs
 * no bits, and one that holds few values needs few bits.
 *
 * An over-approximation: locals may hold anything, conditions only cut off the values that they can never let through.
 * The search does not rely on it being right: a value that was not foreseen stops the run (`pack` in
 * functions/access.ts).
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
  readonly variables: Variables
  /** Whether something new was found since it was last asked. */
  changed: boolean
  /** Blocks that have run in this round, with what they read: what they find depends on the variables alone. */
  readonly done: Map<Code, ReadonlySet<string>>
}

/** The variables: when the range of each became larger, and which of them the code that runs has read. */
interface Variables {
  readonly ranges: Map<string, ValueRange>
  get(name: string): ValueRange | undefined
  set(name: string, range: ValueRange): void
  /** Whether one of them became larger since then. */
  isNews(names: ReadonlySet<string>, since: number): boolean
  /** The number of times that a range became larger. */
  now(): number
  /** Runs code, and says which variables it read. */
  readBy(run: () => void): ReadonlySet<string>
  /** Says that code behind the present place reads these. */
  noteReads(names: ReadonlySet<string>): void
}

function variablesFrom(initial: VariableRanges): Variables {
  const ranges = new Map(initial)
  const changedAt = new Map<string, number>()
  let [now, reads] = [0, new Set<string>()]
  const noteReads = (names: ReadonlySet<string>): void => {
    for (const name of names) reads.add(name)
  }
  return {
    ranges,
    get(name) {
      reads.add(name)
      return ranges.get(name)
    },
    set(name, range) {
      ranges.set(name, range)
      changedAt.set(name, ++now)
    },
    isNews(names, since) {
      for (const name of names) if ((changedAt.get(name) ?? 0) > since) return true
      return false
    },
    now: () => now,
    readBy(run) {
      const outer = reads
      const inner = (reads = new Set<string>())
      run()
      reads = outer
      noteReads(inner)
      return inner
    },
    noteReads,
  }
}

/** A control point that can be reached: when it ran, and what it read then. */
interface Reached {
  readonly at: number
  readonly reads: ReadonlySet<string>
}

/** The control points of one thread that can be reached; nothing of one that has not run. */
type Points = Map<number, Reached | undefined>

/**
 * Runs all code that can be reached until nothing new is found. Code runs again only if a variable that it read has
 * become larger.
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
    variables: variablesFrom(initial),
    bound: new Map(),
    changed: true,
    done: new Map(),
  }
  const threads = programs.map((program) => ({ program, reached: new Map() as Points }))
  threads.forEach(({ program, reached }, thread) => {
    if (model.instances.some((instance) => instance.thread === thread)) run(analysis, reached, program.entry)
  })
  while (analysis.changed) {
    analysis.changed = false
    analysis.done.clear()
    // of a block that has run in this round already, it is not known when: so the round counts
    const at = analysis.variables.now()
    for (const { program, reached } of threads)
      for (const [point, last] of [...reached]) {
        const code = program.points[point]?.code
        if (code === undefined || (last !== undefined && !analysis.variables.isNews(last.reads, last.at))) continue
        const reads = analysis.variables.readBy(() => {
          run(analysis, reached, code)
        })
        reached.set(point, { at, reads })
      }
  }
  return {
    variables: analysis.variables.ranges,
    points: threads.map(({ reached }) => new Set(reached.keys())),
  }
}

function run(analysis: Analysis, reached: Points, code: Code): void {
  switch (code.op) {
    case 'goto':
      if (reached.has(code.point)) return
      reached.set(code.point, undefined)
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
    case 'block': {
      const reads = analysis.done.get(code)
      if (reads !== undefined) {
        analysis.variables.noteReads(reads)
        return
      }
      const read = analysis.variables.readBy(() => {
        run(analysis, reached, code.next)
      })
      analysis.done.set(code, read)
    }
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
