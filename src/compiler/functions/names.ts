/** The names of functions in written code, for people who read it. */
import { statementLabel } from '../../language/labels.ts'
import { visitStatements } from '../../language/walk.ts'
import type { Statement } from '../../language/ast.ts'
import { remembered } from '../../language/remembered.ts'
import type { Called } from '../../wasm/assembler.ts'
import type { CompiledInstance } from '../layout.ts'
import type { CompiledThread } from '../threads.ts'

/** An instance as an identifier: `cpu_0`. */
export const identifierOf = ({ name }: CompiledInstance): string => name.replaceAll(/\W+/g, '_').replace(/_$/, '')

/** The statements of a thread by their paths. */
const statementsOf = remembered((thread: CompiledThread): ReadonlyMap<string, Statement> => {
  const found = new Map<string, Statement>()
  visitStatements(thread.source.body, (statement) => {
    found.set(statement.path, statement)
  })
  return found
})

/** The function of an instance's transitions at a control point: the statement that is next there, and its source. */
export function calledAt(instance: CompiledInstance, point: number): Called {
  const { thread, name } = instance
  const path = thread.points[point]?.name ?? ''
  const statement = statementsOf(thread).get(path)
  const what =
    statement === undefined
      ? path
      : [statementLabel(statement, thread.source), statement.source, statement.at].filter(Boolean).join('; ')
  return { name: `${identifierOf(instance)}_at_${point}`, comment: `${name}: ${what}` }
}
