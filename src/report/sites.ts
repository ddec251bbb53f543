/** Places of a thread's statements in the model's source. */
import type { ConfiguredModel } from '../language/ast.ts'
import { visitStatements } from '../language/walk.ts'

/** A line of a model's source. */
export interface SourceLine {
  /** With forward slashes; relative to the working directory if it is in it. */
  readonly file: string
  readonly line: number
}

/**
 * Finds the place of a statement among those of the calls that it stands in, the innermost first, as the model knows
 * them.
 */
export type Locate = (sites: readonly string[]) => SourceLine | undefined

/** The place as the model knows it. */
export const asInModel: Locate = ([at = '']) => {
  const [, file, line] = /^(.*):(\d+)$/.exec(at) ?? []
  return file === undefined ? undefined : { file, line: Number(line) }
}

const tables = new WeakMap<
  ConfiguredModel,
  readonly ReadonlyMap<string, { readonly at: string; readonly call: boolean }>[]
>()

/**
 * The place of a statement, and then those of the calls that it is in, from the innermost out.
 *
 * @param path of the statement, or of a transition: with the arm that was taken
 */
export function sitesAt(model: ConfiguredModel, thread: number, path: string): readonly string[] {
  const known =
    tables.get(model) ??
    model.threads.map(({ body }) => {
      const table = new Map<string, { readonly at: string; readonly call: boolean }>()
      visitStatements(body, (statement) => {
        table.set(statement.path, { at: statement.at, call: statement.kind === 'call' })
      })
      return table
    })
  tables.set(model, known)
  const table = known[model.instances[thread]?.thread ?? -1]
  const own = table?.get(path) ?? table?.get(path.slice(0, path.lastIndexOf('.')))
  const parts = path.split('/')
  const around = parts.slice(1).flatMap((_, n) => {
    const found = table?.get(parts.slice(0, parts.length - 1 - n).join('/'))
    return found?.call === true ? [found.at] : []
  })
  return [...(own === undefined ? [] : [own.at]), ...around]
}
