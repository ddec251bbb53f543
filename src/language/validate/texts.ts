/** The bodies of a model: its threads, and what runs initially. */
import type { LocalDeclaration, Model, Statement } from '../ast.ts'
import { modelError, type ModelError } from '../errors.ts'
import type { MistakeCode } from '../mistakes.ts'

export interface ModelText {
  readonly name: string
  readonly per?: string
  readonly locals: readonly LocalDeclaration[]
  readonly body: readonly Statement[]
  /** Whether the whole body is one transition. */
  readonly inStep: boolean
}

export const textsOf = ({ threads, initially }: Model): readonly ModelText[] => [
  ...threads.map((thread) => ({ ...thread, inStep: false })),
  ...(initially === undefined ? [] : [{ name: 'initially', ...initially, inStep: true }]),
]

/**
 * A mistake in a statement: its line, which may be that of a procedure, and its place in the thread, which says who
 * called.
 */
export const mistakeIn = ({ name }: ModelText, s: Statement, code: MistakeCode, what: string): ModelError =>
  modelError(code, what, `${s.at}, in ${name} ${s.path}`)

/** Whether what is inside a statement is part of one transition. */
export const isAtomic = (s: Statement): boolean => s.kind === 'step' || (s.kind === 'call' && s.atomic)
