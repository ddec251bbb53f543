/** The text of a thread as a list of lines: two threads with equal lists have the same text. */
import type { ModelThread, Statement } from '../../language/ast.ts'
import { canonicalJson } from '../../language/canonical-json.ts'
import { definedFields } from '../../language/defined-fields.ts'
import { statementLabel } from '../../language/labels.ts'
import { blocksOf } from '../../language/walk.ts'
import { numbersOf, ownKey, wholeKey, type NumbersAt } from './keys.ts'

/** A statement, an arm of one, or the end of one that has others in it. */
export interface Line {
  /** Equal for statements that do the same. The names of locals count, their numbers do not. */
  readonly key: string
  /** The label of its transition; of an arm or an end, that of its statement. */
  readonly label: string
  readonly kind: Statement['kind'] | 'arm' | 'end'
  /** The line of the model's source. */
  readonly at: string
  /** The kernel function that it stands for. */
  readonly source?: string
  /** The procedure that it is in, by its name; in none, it stands in the thread itself. */
  readonly procedure?: string
  /** For an arm and an end: the line of its statement. */
  readonly opener?: Line
}

/** The lines of a thread. A step, and a call that is one, is one line: it is one transition. */
export function linesOf(thread: ModelThread): readonly Line[] {
  const lines: Line[] = []
  const visit = (body: readonly Statement[], procedure: string | undefined, numbers: NumbersAt): void => {
    for (const statement of body) {
      const { kind, at, source } = statement
      const isTransition = kind === 'step' || (kind === 'call' && statement.atomic)
      const key = isTransition ? wholeKey(statement, numbers) : ownKey(statement, numbers)
      const line: Line = {
        key,
        label: statementLabel(statement, thread),
        kind,
        at,
        ...definedFields({ source, procedure }),
      }
      lines.push(line)
      if (isTransition) continue
      const inside = kind === 'call' ? statement.procedure : procedure
      const inner = kind === 'loop' ? { ...numbers, loops: [...numbers.loops, statement.id] } : numbers
      const blocks = blocksOf(statement)
      for (const { suffix, body: block } of blocks) {
        if (suffix !== '') lines.push({ ...line, key: canonicalJson(['arm', suffix]), kind: 'arm', opener: line })
        visit(block, inside, inner)
      }
      if (blocks.length > 0) lines.push({ ...line, key: canonicalJson(['end', kind]), kind: 'end', opener: line })
    }
  }
  visit(thread.body, undefined, numbersOf(thread))
  return lines
}
