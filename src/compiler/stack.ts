/** Texts that are too long or too deep for the engine: whatever walks them goes a level deeper for some statements. */
import type { ConfiguredModel, Statement } from '../language/ast.ts'
import { isOverflow } from '../language/depth.ts'
import { modelError } from '../language/errors.ts'
import type { ModelError } from '../language/errors.ts'
import { blocksOf } from '../language/walk.ts'

/**
 * The result of `make`, which works on a model.
 *
 * @throws ModelError HMM035 if it takes more of the stack than there is
 */
export function withinStack<T>(model: ConfiguredModel, make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw tooLong(model, error) ?? error
  }
}

/**
 * The mistake of the model if an error says that it took more of the stack than there is; of the thread with the
 * largest text.
 */
export function tooLong({ name, threads }: ConfiguredModel, error: unknown): ModelError | undefined {
  if (!isOverflow(error)) return undefined
  const extents = threads.map((one) => ({ thread: one.name, ...extentOf(one.body) }))
  const [largest] = extents.toSorted((a, b) => b.statements * b.depth - a.statements * a.depth)
  const { thread, statements, depth } = largest ?? { thread: 'none', statements: 0, depth: 0 }
  const what = `${statements} statements, in blocks up to ${depth} deep, are more than can be followed in one go`
  return modelError('HMM035', `thread ${thread}: ${what}`, name)
}

/** The number of statements, and the number of blocks around the deepest of them. */
function extentOf(body: readonly Statement[]): { readonly statements: number; readonly depth: number } {
  let [statements, depth] = [0, 0]
  const open = body.map((statement) => ({ statement, level: 1 }))
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const { statement, level } = one
    statements += 1
    depth = Math.max(depth, level)
    for (const { body: inner } of blocksOf(statement))
      for (const next of inner) open.push({ statement: next, level: level + 1 })
  }
  return { statements, depth }
}
