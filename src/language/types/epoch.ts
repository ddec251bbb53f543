/**
 * Sequence numbers that only grow, without the numbers. The variable that holds a sample stores one bit, the result of
 * comparing it with the counter: whether the counter was bumped since. So nothing wraps and nothing grows; `epochs.ts`
 * writes the effect of a bump on every holder. docs/decisions/0007-epochs.md gives the reasons.
 */
import type { Expression, Statement, TypeOf } from '../ast.ts'
import { taking } from '../calls.ts'
import { modelError } from '../errors.ts'
import { mustBeName, mustBeType, nodeOf, refused } from '../given.ts'
import { textOf } from '../labels.ts'
import { append, asked, called, mentioned, names, recorded, use, type Recorded } from '../recorder.ts'
import { isListed } from '../typing.ts'
import { OLDER } from '../walk.ts'
import { bool, type Bool } from './bool.ts'
import { assign, type Settable } from './place.ts'
import { defineType, type AnyType, type Given, type Members, type TypeHandle } from './type.ts'
import type { Handle } from './handle.ts'

/** A number that a counter had when it was sampled. Nothing can be asked of it but whether the counter has it still. */
export interface Sample<Name extends string> extends Handle {
  readonly type: 'sample'
  readonly epoch: Name
  /** The counter has not been bumped since this was sampled: `seq == READ_ONCE(sub->seq)`. */
  readonly isCurrent: Bool
  /** It has been; or nothing was ever sampled. */
  readonly isStale: Bool
}
/** A variable that holds a sample. A copy, `other.set(sample)`, is as old as its original. */
export interface SamplePlace<Name extends string> extends Sample<Name>, Settable<Sample<Name>> {}
export interface SampleType<Name extends string> extends TypeHandle<Sample<Name>, SamplePlace<Name>, Sample<Name>> {}

/** A counter: one number, that is never one it had before. */
export interface Counter<Name extends string> {
  /** Its number at this moment: `Let('seq', counter.now)`. */
  readonly now: Sample<Name>
  /** Gives it a new number: `sub->seq++`. One transition, or part of a step. */
  readonly bump: () => Recorded
}
export interface Epoch<Name extends string> extends Counter<Name> {
  /** The type of the variables that hold samples of it; stale until set. */
  readonly Sample: SampleType<Name>
  /**
   * No number that a counter has: `range->notifier_seq = LONG_MAX`. A sample that is not looked at again is forgotten
   * so.
   */
  readonly never: Sample<Name>
}
export interface Epochs<Name extends string, Index extends AnyType> {
  /** The type of the variables that hold a sample of any of the counters; stale until set. */
  readonly Sample: SampleType<Name>
  readonly never: Sample<Name>
  at(index: Given<Index>): Counter<Name>
}

/** The counter of a bump, which distinguishes its samples from those of other counters. */
export interface Bump {
  readonly epoch: TypeOf<'union'>
  readonly index?: Expression
}
const bumps = new WeakMap<Statement, Bump>()
/** The bump of a statement that was recorded by `bump()`. */
export const bumpOf = (s: Statement): Bump | undefined => bumps.get(s)

/**
 * A sequence number that grows for ever: it is sampled, compared later and bumped. It is exact for any number of bumps,
 * and finite. It hides only the wrap-around of the kernel's `unsigned long`: it assumes that a number never comes back.
 *
 *     const seq = epoch('seq')
 *     const sample = Let('sample', seq.now)
 *     If(sample.isStale, () => Goto(again))
 *     seq.bump()
 *
 * Samples are held by shared variables, also in structs and arrays, and by locals:
 * `shared('notifier_seq', array(Range, seq.Sample))`. Other uses are HMM053.
 *
 * @param name the kernel's name of the counter
 * @param index for one counter per element: `epoch('seq', Sub)`, and then `seq.at(sub).now`
 */
export function epoch<const Name extends string>(name: Name): Epoch<Name>
export function epoch<const Name extends string, Index extends AnyType>(name: Name, index: Index): Epochs<Name, Index>
export function epoch<const Name extends string>(name: Name, index?: AnyType): Epoch<Name> | Epochs<Name, AnyType> {
  mustBeName(name, 'epoch')
  if (name === OLDER) throw modelError('HMM003', `an epoch is called ${name}`)
  if (index !== undefined) {
    mustBeType(index, 'epoch', 2)
    if (!isListed(index.shape)) {
      taking('epoch', 2)
      throw refused(index, 'a sort, a range, a oneOf or Bool')
    }
  }
  const cases = { [OLDER]: {}, [name]: index === undefined ? {} : { of: index.shape } }
  const shape: TypeOf<'union'> & { readonly epoch: Name } = {
    kind: 'union',
    name: `sample of ${name}`,
    epoch: name,
    cases,
  }
  const Sample = sampleType(name, shape)
  const never = Sample.expr({ kind: 'case', tag: OLDER, fields: {}, type: shape })
  if (index === undefined) return Object.assign(counterOf(Sample, shape), { Sample, never })
  return {
    Sample,
    never,
    at(given) {
      taking('at')
      return counterOf(Sample, shape, index.lift(given))
    },
  }
}

function counterOf<Name extends string>(
  Sample: SampleType<Name>,
  shape: TypeOf<'union'> & { readonly epoch: Name },
  index?: Expression,
): Counter<Name> {
  const { epoch: name } = shape
  const all: Expression = { kind: 'shared', name }
  /** For messages about it: a model does not have this variable. */
  const node: Expression = index === undefined ? all : { kind: 'index', of: all, index }
  const bump = (): Recorded => {
    called(node, 'bump')
    if (index !== undefined) use(index)
    const text = textOf(node, names())
    const call = append({ kind: 'call', procedure: 'bump', atomic: true, label: `${text}++`, body: [], bumps: text })
    bumps.set(call, { epoch: shape, ...(index && { index }) })
    return recorded
  }
  return {
    get now() {
      return Sample.expr(
        mentioned({ kind: 'case', tag: name, fields: { ...(index && { of: index }) }, type: shape }, node),
      )
    },
    get bump() {
      asked(node, 'bump')
      return bump
    },
  }
}

function sampleType<Name extends string>(name: Name, shape: TypeOf<'union'>): SampleType<Name> {
  const lift = (given: Sample<Name>): Expression => nodeOf(given, shape)
  const is = (node: Expression, tag: string): Bool => bool({ kind: 'isCase', of: node, tag, epoch: name })
  const value: Members<Sample<Name>> = {
    type: 'sample',
    epoch: name,
    get isCurrent() {
      return is(this.node, name)
    },
    get isStale() {
      return is(this.node, OLDER)
    },
  }
  return defineType<Sample<Name>, SamplePlace<Name>, Sample<Name>>({
    name: 'sample',
    shape,
    lift,
    value: Object.assign(value, notAsked),
    place: {
      set(given) {
        return assign(this.node, lift(given))
      },
    },
  })
}

/** Members that plain JavaScript may ask of a sample, and that a sample cannot answer. */
const notAsked: object = Object.fromEntries(
  ['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'plus', 'minus'].map((member) => [
    member,
    function refuse(this: Handle): never {
      throw modelError('HMM053', `${textOf(this.node, names())}.${member}() asks for the number that a sample has`)
    },
  ]),
)
