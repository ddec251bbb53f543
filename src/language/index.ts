/** The modelling language: everything a model's text is written with. */
export { Bool } from './types/bool.ts'
export { range, saturating, size, wrapping } from './types/int.ts'
export { oneOf } from './types/enum.ts'
export { current, sort, Thread } from './types/id.ts'
export { none, optional } from './types/optional.ts'
export { struct } from './types/struct.ts'
export { union } from './types/union.ts'
export { array } from './types/array.ts'
export { setOf } from './types/set.ts'
export { queueOf } from './types/queue.ts'
export { epoch } from './types/epoch.ts'

export {
  and,
  before,
  cond,
  count,
  countOf,
  every,
  everyOf,
  implies,
  isCaseAnd,
  isSomeAnd,
  no,
  not,
  or,
  sizeOf,
  some,
  someOf,
  whenIs,
  whenSome,
  yes,
} from './expressions.ts'
export { anyOf, constant, ghost, lifetime, shared } from './declarations.ts'
export { fix, fixesIn } from './fixes.ts'
export type { Fix, FixNote } from './fixes.ts'
export { atomic, procedure, ref, Return } from './procedure.ts'
export { thread, threadPer } from './threads.ts'

export { Choose, Held, Let, Local, Reused } from './statements/locals.ts'
export { Either, If, IfIs, IfSome, Match } from './statements/branches.ts'
export { Ahead, Break, Continue, ForEach, Goto, Here, Idle, Label, Loop } from './statements/loops.ts'
export { Acquire, Assert, Await, Collect, Cover, Misuse, Shows, Step } from './statements/guards.ts'
export { Ghost } from './statements/ghost.ts'
export { Source } from './statements/source.ts'
export { atomically } from './statements/atomically.ts'

export {
  assertion,
  collected,
  deadlock,
  invariant,
  lockDeadlock,
  recoverable,
  sometimes,
  transition,
  unless,
} from './properties.ts'
export { model } from './model.ts'
export { configure } from './configure.ts'
export { statementLabel } from './labels.ts'
export { ModelError } from './errors.ts'

export type { BoolPlace } from './types/bool.ts'
export type { Int, IntPlace } from './types/int.ts'
export type { OneOf, OneOfPlace } from './types/enum.ts'
export type { Id, IdPlace, SortType } from './types/id.ts'
export type { None, Optional, OptionalPlace } from './types/optional.ts'
export type { Struct, StructPlace, StructReference, StructValue } from './types/struct.ts'
export type { Union, UnionPlace } from './types/union.ts'
export type { ArrayOf, ArrayPlace } from './types/array.ts'
export type { SetOf, SetPlace } from './types/set.ts'
export type { Queue, QueuePlace } from './types/queue.ts'
export type { Counter, Epoch, Epochs, Sample, SamplePlace, SampleType } from './types/epoch.ts'
export type { AnyType, Given, PlaceOf, TypeHandle, ValueOf } from './types/type.ts'
export type { Handle } from './types/handle.ts'
export type { ShownValue } from './statements/guards.ts'
export type { Block, Nothing, Recorded } from './recorder.ts'
export type { ThreadDefinition } from './threads.ts'
export type { Configuration, ConfiguredModel, Model, Property } from './ast.ts'
