/** Places of the statements of a thread in the model's source. */
import type { Statement } from '../language/ast.ts'
import { remembered } from '../language/remembered.ts'
import { visitStatements } from '../language/walk.ts'

/** A statement's line, and the lines of the calls that it is in, the innermost first. */
export interface StatementLines {
  readonly at: string
  readonly calls: readonly string[]
  /** Its number among the statements, in the order of the text. */
  readonly order: number
}

interface Entry {
  readonly at: string
  readonly isCall: boolean
  readonly order: number
}

/** Finds the site of a statement by its path; that of an arm is its statement's. */
export const sitesOf: (body: readonly Statement[]) => (path: string) => StatementLines | undefined = remembered(
  (body) => {
    const table = new Map<string, Entry>()
    const known = new Map<string, StatementLines | undefined>()
    visitStatements(body, ({ path, at, kind }) => {
      table.set(path, { at, isCall: kind === 'call', order: table.size })
    })
    const siteOf = (path: string): StatementLines | undefined => {
      const parts = path.split('/')
      const found = (length: number): Entry | undefined => table.get(parts.slice(0, length).join('/'))
      const own = found(parts.length) ?? table.get(path.replace(/\.[^./]*$/, ''))
      if (own === undefined) return undefined
      return {
        at: own.at,
        order: own.order,
        calls: parts.slice(1).flatMap((_, n) => {
          const one = found(parts.length - 1 - n)
          return one?.isCall === true ? [one.at] : []
        }),
      }
    }
    return (path) => {
      if (!known.has(path)) known.set(path, siteOf(path))
      return known.get(path)
    }
  },
)
