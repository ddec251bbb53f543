/**
 * The form of a lowered thread: control points, and at each a tree of code whose leaves lead to control points. A path
 * from the root to a leaf is one transition; docs/semantics.md says which paths there are, and `lowering/` makes them.
 */
import type { Expression, Place, Statement, StatementOf, Type } from '../language/ast.ts'

export type Effect =
  /** `resets`: the value is the zero of the local that is the target. */
  | { readonly op: 'assign'; readonly target: Place; readonly value: Expression; readonly resets?: true }
  | { readonly op: 'insert' | 'remove'; readonly target: Place; readonly value: Expression }
  | QueueEffect
  | { readonly op: 'assert'; readonly condition: Expression; readonly property: string; readonly always: boolean }
  | { readonly op: 'cover'; readonly condition: Expression; readonly property: string }
  /**
   * The beginning of a branch that is not itself a transition. `arm` numbers it for the list of branches never taken.
   */
  | { readonly op: 'arm'; readonly arm: number }
  /** A test within a step that leads to no choice, guard or jump: both sides meet again. */
  | {
      readonly op: 'test'
      readonly condition: Expression
      readonly then: readonly Effect[]
      readonly otherwise: readonly Effect[]
    }

export type QueueEffect =
  | { readonly op: 'push' | 'discard'; readonly target: Place; readonly value: Expression }
  | { readonly op: 'pop'; readonly target: Place }

export type Blockers = NonNullable<StatementOf<'await'>['blockers']>

export type EffectOf<O extends Effect['op']> = Extract<Effect, { readonly op: O }>
export type CodeOf<O extends Code['op']> = Extract<Code, { readonly op: O }>

export type Code =
  | { readonly op: 'effect'; readonly effect: Effect; readonly next: Code }
  | { readonly op: 'guard'; readonly condition: Expression; readonly blockers?: Blockers; readonly next: Code }
  | { readonly op: 'branch'; readonly condition: Expression; readonly then: Code; readonly otherwise: Code }
  | { readonly op: 'either'; readonly branches: readonly Code[] }
  /** local := each value of `over`, its type, in turn for which `where` holds. */
  | {
      readonly op: 'choose'
      readonly local: number
      readonly over: Type
      readonly where?: Expression
      readonly next: Code
    }
  /** local := each element of `remaining` in turn, which leaves it. */
  | {
      readonly op: 'pick'
      readonly local: number
      readonly remaining: number
      readonly over: Type
      readonly next: Code
    }
  /**
   * Code that several paths reach: one object for all of them. `reads`: the locals that it reads before it writes
   * them, as soon as that is known.
   */
  | { readonly op: 'block'; readonly next: Code; readonly reads?: ReadonlySet<number> }
  /** The transition is complete. `edge` numbers it for the list of those never taken. */
  | { readonly op: 'goto'; readonly point: number; readonly edge: number }

/** The pieces of code that follow directly. */
export function codeBehind(code: Code): readonly Code[] {
  switch (code.op) {
    case 'goto':
      return []
    case 'branch':
      return [code.then, code.otherwise]
    case 'either':
      return code.branches
    case 'effect':
    case 'guard':
    case 'choose':
    case 'pick':
    case 'block':
      return [code.next]
  }
}

/** The same code with other code behind it. */
export function mapBehind(code: Code, change: (next: Code) => Code): Code {
  switch (code.op) {
    case 'goto':
      return code
    case 'branch':
      return { ...code, then: change(code.then), otherwise: change(code.otherwise) }
    case 'either':
      return { ...code, branches: code.branches.map(change) }
    case 'effect':
    case 'guard':
    case 'choose':
    case 'pick':
    case 'block':
      return { ...code, next: change(code.next) }
  }
}

/** A kind of transition: what a user may want to know was never taken. */
export interface Edge {
  readonly path: string
  readonly statement: Statement | undefined
  readonly arm: string
}

export interface ControlPoint {
  /** The path of the statement that is next, or `end`. */
  readonly name: string
  /** The possible actions of a thread there; undefined at the end. */
  readonly code: Code | undefined
  /** Whether a thread may rest there for ever. */
  readonly idle: boolean
}

export interface Program {
  /** The places of a thread between transitions. A `goto` names one by its index in this list. */
  readonly points: readonly ControlPoint[]
  /** The start of a thread, with the code that sets a `remaining`. */
  readonly entry: Code
  readonly edges: readonly Edge[]
  /**
   * Branches with something in them that are not transitions of their own: those inside steps, and those of local
   * tests.
   */
  readonly arms: readonly Edge[]
  /**
   * Paths of the `choose` statements whose `where` is local, and that are transitions of their own nevertheless: what
   * follows sees the value.
   */
  readonly own: ReadonlySet<string>
}

/** Choices among more values than this become a loop instead of one piece of code for each. */
export const unrollLimit = 24
