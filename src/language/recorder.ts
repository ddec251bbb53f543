/**
 * The one mutable thing of the language: the block that is being recorded. It is empty again when a model has been
 * built.
 *
 * A body is an ordinary function that is run; its statements put themselves into the block of the moment. Blocks nest
 * as in C, and calls too: a call runs the callee's body anew, in a frame of its own.
 */
import type {
  BareStatement,
  Expression,
  LocalDeclaration,
  Place,
  Position,
  ShownEvent,
  Statement,
  Type,
} from './ast.ts'
import { checkExpression } from './depth.ts'
import { modelError } from './errors.ts'
import { textOf, type Names } from './labels.ts'
import {
  hasUnused,
  left,
  methodAsked,
  methodCalled,
  newMentions,
  unusedOf,
  type Mention,
  type Mentions,
} from './mentions.ts'
import { position } from './position.ts'
import type { Handle } from './types/handle.ts'
import { expressionsOf, visit } from './walk.ts'

/**
 * The result of a statement: nothing to use. Blocks may return it, so `() => Goto(again)` is a block and `() => x` is
 * not.
 */
export interface Recorded {
  readonly recorded: true
}
export const recorded: Recorded = { recorded: true }

/**
 * The permitted result of a block: nothing to use. The result of a block without `return` is of type `undefined` to
 * TypeScript from 6 on, and of type `void` to 5. A function that returns a value is neither, to both.
 */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type
export type Nothing = Recorded | undefined | void

/**
 * A function that is run once, at once. It may not return a value: `return x` inside an If is an error in the editor.
 */
export type Block = () => Nothing

/** Records of a whole thread, or of `initially`. */
interface Recording {
  readonly locals: Map<number, LocalDeclaration>
  /** Conditions and values made so far, where `traced` says it; and those that came to be part of a statement. */
  readonly made: Map<Expression, string>
  readonly used: Set<Expression>
  readonly mentions: Mentions
  readonly traced: boolean
}

/** A thread's body, or one call of a procedure. */
export interface Frame {
  readonly name: string
  readonly recording: Recording
  /** The calls that led here, from the thread on. */
  readonly calls: readonly Call[]
  /** The locals of its arguments. */
  readonly visible: ReadonlySet<number>
  /** The local that holds the result, once a copy of it was needed. */
  result?: Handle
  /** Whether it has been left early without a value. */
  leftBare?: boolean
}

/** A call of a procedure, known by its body: two may have one name. */
interface Call {
  readonly name: string
  readonly body: unknown
}

interface Scope {
  readonly frame: Frame
  /** The block around this one, in the same frame. */
  readonly outer: Scope | undefined
  readonly statements: Statement[]
  /** Locals that the block declares. */
  readonly locals: Set<number>
  readonly loop: number | undefined
  /** Inside a step or an atomic procedure: everything is one transition. */
  readonly inStep: boolean
  /** Of the block of a step that is a transition by itself: what it shows, once that has been said. */
  readonly shown?: { is?: ShownEvent } | undefined
  readonly source: string | undefined
  readonly atomically: string | undefined
  /** Records what observes the locks that the block takes. */
  readonly observe: Block | undefined
}

let scope: Scope | undefined

let last = 0
/** A number that no other local, loop, label or bound variable has. A finished model numbers its own from 0. */
export const fresh = (): number => ++last

/** The scope in which recording stands. */
export const present = (): Scope => {
  if (scope === undefined) throw modelError('HMM001', 'this statement is part of no model')
  return scope
}

/** Adds a statement to the present block. Its path it gets when the model is put together. */
export function recordStatement(bare: BareStatement): Recorded {
  append(bare)
  return recorded
}

/** Adds a statement, and returns it. */
export function append<S extends BareStatement>(bare: S): S & Position {
  const { statements, source, atomically } = present()
  const at = position()
  const statement: S & Position = {
    ...bare,
    path: '',
    at,
    ...(source === undefined ? {} : { source }),
    ...(atomically === undefined ? {} : { atomically }),
  }
  for (const e of expressionsOf(statement)) {
    checkExpression(e, 'an expression', at)
    use(e, at)
  }
  statements.push(statement)
  return statement
}

/** The node of a local variable. */
export type LocalNode = Extract<Place, { readonly kind: 'local' }>

/** A new local of the thread. It is in scope only in the blocks that say so. */
export function newLocal(name: string, type: Type): LocalNode {
  const id = fresh()
  present().frame.recording.locals.set(id, { id, name, type })
  return { kind: 'local', id }
}

/** A new local of the present block. */
export function declareLocal(name: string, type: Type): LocalNode {
  const local = newLocal(name, type)
  present().locals.add(local.id)
  return local
}

/** Remembers a value that the model's text makes, to catch one that no statement uses: `while (x.eq(y))`. */
export function made<E extends Expression>(node: E): E {
  const recording = scope?.frame.recording
  recording?.made.set(node, recording.traced ? position() : '')
  return node
}

/** The mention of something that the text names: its place, and its text. */
const mentionOf = ({ traced }: Recording, node: Expression, name = ''): Mention =>
  traced ? { text: `${textOf(node, names())}${name}`, at: position() } : { text: '', at: '' }

/** Remembers a part of a handle that the model's text names, to catch one that nothing uses: `mni.moved;`. */
export function mentioned<E extends Expression>(node: E, of: Expression): E {
  const recording = scope?.frame.recording
  if (recording === undefined) return node
  recording.mentions.asked.add(of)
  recording.mentions.parts.push({ node, of, mention: mentionOf(recording, node) })
  return node
}

/** The same of a method, that is then to be called. */
export function asked(node: Expression, name: string): void {
  const recording = scope?.frame.recording
  if (recording !== undefined) methodAsked(recording.mentions, node, name, mentionOf(recording, node, `.${name}`))
}

/** It is called. */
export function called(node: Expression, name: string): void {
  const recording = scope?.frame.recording
  if (recording !== undefined) methodCalled(recording.mentions, node, name)
}

/** Takes an expression into the model: everything in it is used, and its locals must be in scope. */
export function use(expression: Expression, at: string = position()): void {
  const here = present()
  const { used } = here.frame.recording
  visit(expression, (e) => {
    used.add(e)
    if (e.kind === 'local' && !inScope(here, e.id)) {
      const name = here.frame.recording.locals.get(e.id)?.name
      const what = name === undefined ? 'a local of another thread is' : `the local ${name} is`
      throw modelError('HMM016', `${what} used in ${here.frame.name}, outside the block or procedure it belongs to`, at)
    }
  })
}

const inScope = (from: Scope | undefined, id: number): boolean =>
  from !== undefined && (from.locals.has(id) || inScope(from.outer, id))

/** Options of a block that may differ from those of the block around it. */
interface BlockOptions {
  readonly inStep?: boolean
  readonly loop?: number
  readonly source?: string
  readonly atomically?: string
  readonly observe?: Block
  readonly locals?: readonly number[]
  readonly shown?: { is?: ShownEvent }
}

/** Runs a block and returns what it recorded. `locals`: what the statement binds for it. */
export const block = (write: Block, options: BlockOptions = {}): readonly Statement[] =>
  valueBlock(write, options).statements

/** Runs a block, and returns what it recorded and what it returns. */
export function valueBlock<R>(
  write: () => R,
  options: BlockOptions = {},
): { readonly statements: readonly Statement[]; readonly value: R } {
  const outer = present()
  return within(
    {
      frame: outer.frame,
      outer,
      statements: [],
      locals: new Set(options.locals),
      loop: options.loop ?? outer.loop,
      inStep: options.inStep ?? outer.inStep,
      source: options.source ?? outer.source,
      atomically: options.atomically ?? outer.atomically,
      observe: options.observe ?? outer.observe,
      shown: options.shown,
    },
    write,
  )
}

interface CallOptions extends Call {
  readonly inStep: boolean
  readonly source: string | undefined
  readonly args: readonly Expression[]
}

/** Runs the body of a procedure in a frame of its own. It sees the locals of its arguments and no others. */
export function inFrame<R>(
  { name, body, inStep, source, args }: CallOptions,
  write: () => R,
): { readonly statements: readonly Statement[]; readonly value: R } {
  const caller = present()
  const visible = new Set<number>()
  for (const e of args)
    visit(e, (part) => {
      if (part.kind === 'local') visible.add(part.id)
    })
  return within(
    {
      frame: { name, recording: caller.frame.recording, calls: [...caller.frame.calls, { name, body }], visible },
      outer: undefined,
      statements: [],
      locals: new Set(visible),
      loop: undefined,
      inStep: inStep || caller.inStep,
      source: source ?? caller.source,
      atomically: caller.atomically,
      observe: caller.observe,
    },
    write,
  )
}

/** Runs the body of a thread or of `initially`. */
export function recordBody(
  name: string,
  inStep: boolean,
  write: Block,
): { readonly locals: readonly LocalDeclaration[]; readonly body: readonly Statement[] } {
  if (scope !== undefined) throw modelError('HMM001', `${name} cannot be built inside ${scope.frame.name}`)
  const run = (traced: boolean): { readonly recording: Recording; readonly body: readonly Statement[] } => {
    const recording: Recording = {
      locals: new Map(),
      made: new Map(),
      used: new Set(),
      mentions: newMentions(),
      traced,
    }
    const frame: Frame = { name, recording, calls: [], visible: new Set() }
    const { statements } = within(
      {
        frame,
        outer: undefined,
        statements: [],
        locals: new Set(),
        loop: undefined,
        inStep,
        source: undefined,
        atomically: undefined,
        observe: undefined,
      },
      write,
    )
    return { recording, body: statements }
  }
  const { recording, body } = run(false)
  if (unused(recording) !== undefined) {
    // Positions are dear, so they are taken only now that one is needed.
    throw modelError(
      'HMM017',
      `${name} makes a condition or value that none of its statements uses`,
      unused(run(true).recording),
    )
  }
  if (hasUnused(recording.mentions, recording.used)) {
    const again = run(true).recording
    left(unusedOf(again.mentions, again.used))
  }
  return { locals: [...recording.locals.values()], body }
}

/** The place where a value was made that did not become part of a statement. */
function unused({ made, used }: Recording): string | undefined {
  for (const [expression, at] of made) if (!used.has(expression)) return at
  return undefined
}

function within<R>(inner: Scope, write: () => R): { readonly statements: readonly Statement[]; readonly value: R } {
  const before = scope
  scope = inner
  try {
    return { value: mustBeRecorded(write()), statements: inner.statements }
  } finally {
    scope = before
  }
}

/**
 * Statements behind the first `await` of an asynchronous block come too late; of a block that returns a function,
 * `() => read_begin`, nothing is recorded.
 */
function mustBeRecorded<R>(value: R): R {
  if (value instanceof Promise) {
    value.catch(() => undefined)
    throw modelError('HMM036', 'the block is asynchronous', undefined, {
      cause: 'async, or an await, in the text of a model',
      remedy: 'write it without: the text runs once, from its beginning to its end',
    })
  }
  if (typeof value === 'function') {
    throw modelError('HMM036', 'the block returns a function', undefined, {
      cause: 'a procedure is named and not called',
      remedy: 'call it: () => f()',
    })
  }
  return value
}

/** Puts another statement in the place of the one recorded last: how `.Else` completes its If. */
export function amend(expected: Statement, change: Statement): Recorded {
  const { statements } = present()
  if (statements.at(-1) !== expected) throw modelError('HMM005', 'this .Else does not follow its If')
  statements[statements.length - 1] = change
  return recorded
}

/** The names of locals, for labels. */
export const names = (): Names => {
  const locals = scope?.frame.recording.locals
  return { local: (id) => locals?.get(id)?.name ?? 'unknown' }
}
