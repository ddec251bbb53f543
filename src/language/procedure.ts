/**
 * Procedures, called like C functions. A call runs the body anew and records it in place, with the arguments where
 * the parameters were:
 * the model has calls, but no parameters.
 */
import type { Expression, Statement } from './ast.ts'
import { defined } from './definitions.ts'
import { modelError } from './errors.ts'
import { callText, textOf } from './labels.ts'
import { taking } from './calls.ts'
import { mustBeFunction, mustBeName, mustBeType, refused } from './given.ts'
import { declare, returned, type Result } from './results.ts'
import {
  inFrame,
  names,
  newLocal,
  present,
  recordStatement,
  recorded,
  use,
  type Nothing,
  type Recorded,
} from './recorder.ts'
import { describeType } from './shapes.ts'
import { asPlace } from './types/place.ts'
import type { StructReference } from './types/struct.ts'
import { isHandle, typeOf, type AnyType, type Given, type PlaceOf, type ValueOf } from './types/type.ts'
import type { Handle } from './types/handle.ts'
import { fits } from './typing.ts'
import { contains, indicesOf, isOfNow, rootOf, visit, visitStatements } from './walk.ts'

/** A parameter passed by reference: a lock, a page-table entry (`pte_t *ptep`). */
export interface Reference<T extends AnyType> {
  readonly reference: T
}
export const ref = <T extends AnyType>(type: T): Reference<T> => ({ reference: type })

export type ProcedureParameter = AnyType | Reference<AnyType>

/** The type of a parameter as the body sees it. */
type Formal<P> = P extends Reference<infer T extends AnyType> ? PlaceOf<T> : P extends AnyType ? ValueOf<P> : never
export type Formals<P extends readonly ProcedureParameter[]> = { readonly [K in keyof P]: Formal<P[K]> }

/** The type of an argument as the caller writes it: a struct is known by its name, to keep error messages short. */
type Actual<P> =
  P extends Reference<infer T extends AnyType>
    ? T extends { readonly struct: infer N extends string }
      ? StructReference<N>
      : PlaceOf<T>
    : P extends AnyType
      ? Given<P>
      : never
/**
 * The arguments, under the names the body gives its parameters; a body may leave out the last of them, a caller may
 * not.
 */
type Actuals<
  P extends readonly ProcedureParameter[],
  Named extends readonly unknown[],
> = Named['length'] extends P['length']
  ? { [K in keyof Named]: K extends keyof P ? Actual<P[K]> : never }
  : { [K in keyof P]: Actual<P[K]> }

/** The function that calls a procedure. It returns the result, or nothing to use. */
export type Callable<P extends readonly ProcedureParameter[], Named extends readonly unknown[], R> = (
  ...args: Actuals<P, Named>
) => Result<R>

export interface ProcedureOptions {
  /** Its place in the kernel: `mm/hmm.c hmm_invalidate_range`. */
  readonly source?: string
  /**
   * It reads without a lock what others write, or is part of a protocol that does so: READ_ONCE(), seqcount, RCU,
   * GUP-fast. It changes nothing in the model, whose memory is sequentially consistent; but a `holds` then says that
   * this was taken for granted. False if absent.
   */
  readonly lockless?: boolean
}

type Body<P extends readonly ProcedureParameter[]> = (...args: Formals<P>) => Handle | boolean | Nothing

/** A procedure: every statement in it that is not inside a Step is a transition of its own. */
export function procedure<const P extends readonly ProcedureParameter[], B extends Body<P>>(
  name: string,
  parameters: P,
  body: B,
  options: ProcedureOptions = {},
): Callable<P, Parameters<B>, ReturnType<B>> {
  return define(name, false, parameters, body, options)
}

/** A procedure whose whole body is one transition, shown in a schedule as its call: `down_read(&mm.mmap_sem)`. */
export function atomic<const P extends readonly ProcedureParameter[], B extends Body<P>>(
  name: string,
  parameters: P,
  body: B,
  options: ProcedureOptions = {},
): Callable<P, Parameters<B>, ReturnType<B>> {
  return define(name, true, parameters, body, options)
}

function define<const P extends readonly ProcedureParameter[], B extends Body<P>>(
  name: string,
  isAtomic: boolean,
  parameters: P,
  body: B,
  options: ProcedureOptions,
): Callable<P, Parameters<B>, ReturnType<B>> {
  mustBeName(name, isAtomic ? 'atomic' : 'procedure')
  mustBeParameters(parameters, isAtomic ? 'atomic' : 'procedure')
  mustBeFunction(body, isAtomic ? 'atomic' : 'procedure', 3, 'a body, () => { ... },')
  const isCalled = defined('procedure', name)
  const call = (...given: readonly unknown[]): Handle | Recorded => {
    mayCall(name, body, isAtomic)
    isCalled()
    if (given.length !== parameters.length) {
      throw modelError(
        'HMM036',
        `${name}() takes ${counted(parameters.length)} and is given ${given.length}`,
        undefined,
        {
          cause: 'an argument was left out, or its parameter was',
          remedy: `give it ${counted(parameters.length)}`,
        },
      )
    }
    const args = parameters.map((parameter, i) => argument(name, i + 1, parameter, given[i]))
    const label = callText(name, args, names())
    const { statements, value } = inFrame(
      { name, body, inStep: isAtomic, source: options.source, args: args.map(({ node }) => node) },
      () => {
        // The cast: Formals<P> says of the parameters' types what `args` are made by.
        const formals = args.map(({ formal }) => formal) as unknown as Formals<P>
        return result(returned(body(...formals), `${name}()`))
      },
    )
    // a reference is an address, computed once: what its indices read is given by value
    for (const { node, byReference } of args)
      for (const value of byReference ? indicesOf(node) : [node]) mustNotChange(value, statements, name)
    recordStatement({
      kind: 'call',
      procedure: name,
      atomic: isAtomic,
      label,
      body: statements,
      ...(options.lockless === true ? { lockless: true } : {}),
      ...(value?.node.kind === 'local' ? { returns: value.node.id } : {}),
    })
    if (value === undefined) return recorded
    declare(value)
    return value
  }
  // The cast: Callable is what `call` does, by the types of the parameters.
  return call as unknown as Callable<P, Parameters<B>, ReturnType<B>>
}

/** Whether this procedure may be called here. */
function mayCall(name: string, body: unknown, isAtomic: boolean): void {
  const { frame, inStep } = present()
  if (frame.calls.some((call) => call.body === body))
    throw modelError('HMM012', [...frame.calls.map((call) => call.name), name].join(' -> '))
  if (inStep && !isAtomic)
    throw modelError('HMM013', `${name}() is more than one transition and is called inside a step of ${frame.name}`)
}

interface Argument {
  readonly formal: Handle
  readonly node: Expression
  readonly byReference: boolean
}

const counted = (n: number): string => (n === 0 ? 'no arguments' : n === 1 ? 'one argument' : `${n} arguments`)

function mustBeParameters(given: unknown, call: string): void {
  taking(call, 2)
  if (!Array.isArray(given)) throw refused(given, 'a list of types, []')
  for (const parameter of given as readonly unknown[]) {
    if (typeof parameter !== 'object' || parameter === null || !('reference' in parameter))
      mustBeType(parameter, call, 2)
  }
}

/** The argument for a parameter, as the body will see it. */
function argument(callee: string, position: number, parameter: ProcedureParameter, given: unknown): Argument {
  taking(callee, position)
  if ('reference' in parameter) {
    const { reference } = parameter
    if (!isHandle(given)) throw refused(given, `a reference to ${describeType(reference.shape)}`)
    if (!fits(typeOf(given).shape, reference.shape)) {
      const found = `${textOf(given.node, names())}, which is ${describeType(typeOf(given).shape)}`
      throw modelError('HMM008', `${callee} takes a reference to ${describeType(reference.shape)}, not ${found}`)
    }
    use(given.node)
    const node = asPlace(given.node)
    for (const index of indicesOf(node)) {
      if (isOfNow(index))
        throw modelError(
          'HMM015',
          `the reference ${textOf(node, names())} given to ${callee} has an index that reads shared state`,
        )
    }
    return { formal: reference.place(node), node, byReference: true }
  }
  const node = parameter.lift(given)
  use(node)
  if (isOfNow(node)) {
    throw modelError('HMM015', `the argument ${textOf(node, names())} of ${callee} reads shared state`)
  }
  return { formal: parameter.expr(node), node, byReference: false }
}

/**
 * The result of a call. A value is copied when it is returned, so that it cannot change under the caller;
 * a local of the callee is that copy already, as only the callee has it.
 */
function result(value: Handle | undefined): Handle | undefined {
  const { frame, locals } = present()
  if (value === undefined) {
    if (frame.result !== undefined)
      throw modelError('HMM027', `${frame.name} returns a value early, but none at its end`)
    return undefined
  }
  if (frame.leftBare === true) throw modelError('HMM027', `${frame.name} returns a value at its end, but none early`)
  use(value.node)
  const type = typeOf(value)
  const { node } = value
  const own = node.kind === 'local' && locals.has(node.id) && !frame.visible.has(node.id)
  if (frame.result === undefined && own) return type.place(node)
  if (frame.result === undefined && !isOfNow(node) && !contains(node, ({ kind }) => kind === 'local')) return value
  giveBack(value)
  return frame.result
}

/** Copies the result into the local that holds it. */
function giveBack(value: Handle): void {
  const { frame, locals } = present()
  const type = typeOf(value)
  frame.result ??= type.place(newLocal(type.name, type.shape))
  const target = asPlace(frame.result.node)
  if (target.kind === 'local') locals.add(target.id)
  recordStatement({ kind: 'assign', target, value: value.node })
}

/** Leaves the procedure early, with its value if it has one; or ends the thread. */
export function Return(...values: readonly [] | readonly [value: Handle | boolean]): Recorded {
  const [given] = values
  const value = returned(given, `the Return of ${present().frame.name}`)
  if (value !== undefined) giveBack(value)
  else if (values.length === 0) present().frame.leftBare = true
  else {
    taking('Return')
    throw refused(given, 'a value')
  }
  return recordStatement({ kind: 'return' })
}

/** An argument passed by value, or that chooses the place that is passed, must be the same all through the call. */
function mustNotChange(argument: Expression, body: readonly Statement[], callee: string): void {
  const read = new Set<number>()
  visit(argument, (e) => {
    if (e.kind === 'local') read.add(e.id)
  })
  if (read.size === 0) return
  visitStatements(body, (s) => {
    if (!('target' in s)) return
    const changed = rootOf(s.target)
    if (changed.kind === 'local' && read.has(changed.id)) {
      throw modelError('HMM028', `${callee} assigns what its argument ${textOf(argument, names())} reads`, s.at)
    }
  })
}
