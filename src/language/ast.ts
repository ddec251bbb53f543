/**
 * The abstract syntax of a protocol: plain immutable data, no closures. Everything else in the project walks this.
 *
 * A model is symbolic until it is configured: sorts have no size, bounds may name a size, constants have no value.
 * `configure` (configure.ts) closes it; both semantics take only a `ConfiguredModel`.
 * docs/semantics.md says what the nodes mean.
 */

/**
 * A number, or the number of elements of a sort plus `plus` (`Thread` is the sort of a configuration's thread
 * instances).
 */
export type Bound = number | { readonly sizeOf: string; readonly plus: number }

/** The shape of a value. */
export type Type =
  | { readonly kind: 'bool' }
  /**
   * low..high, both included. `error`: leaving the range is a domain error; `wrap`: modulo; `saturate`: stays at the
   * end.
   */
  | {
      readonly kind: 'int'
      readonly low: Bound
      readonly high: Bound
      readonly overflow: 'error' | 'wrap' | 'saturate'
    }
  | { readonly kind: 'enum'; readonly members: readonly string[] }
  /** One of the interchangeable elements of a sort, numbered 0..size-1 inside the tool. */
  | { readonly kind: 'id'; readonly sort: string }
  /** None or a value. An optional directly of an optional is refused. */
  | { readonly kind: 'optional'; readonly of: Type }
  | { readonly kind: 'record'; readonly name: string; readonly fields: Readonly<Record<string, Type>> }
  /** `epoch`: its values are samples of that counter. Documentation. */
  | {
      readonly kind: 'union'
      readonly name: string
      readonly cases: Readonly<Record<string, Readonly<Record<string, Type>>>>
      readonly epoch?: string
    }
  /** One cell for every value of `index` (bool, int, enum or id), in the order of that type. */
  | { readonly kind: 'array'; readonly index: Type; readonly of: Type }
  /** A set of values of a bool, int, enum or id type; at most 64 possible elements. */
  | { readonly kind: 'set'; readonly of: Type }
  /** First in, first out, at most `capacity` long. */
  | { readonly kind: 'queue'; readonly of: Type; readonly capacity: Bound }

export type TypeOf<K extends Type['kind']> = Extract<Type, { readonly kind: K }>

export type BinaryOperator =
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '%'
  | '&'
  | '|'
  | '&~'
  | 'and'
  | 'or'
  | 'has'

export type Expression =
  /** A bool, an int, the member of an enum, or (as a number, in configured models and tests only) an id. */
  | { readonly kind: 'literal'; readonly value: boolean | number | string; readonly type: Type }
  /**
   * The value everything has before it is set: false, 0 (or the low end, if 0 is outside), the first member, id 0,
   * none, empty; composites of these.
   */
  | { readonly kind: 'zero'; readonly type: Type }
  /** The set of all values of the element type. `type` is a set type. */
  | { readonly kind: 'all'; readonly type: Type }
  | { readonly kind: 'some'; readonly of: Expression; readonly type: Type }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Expression>>; readonly type: Type }
  | {
      readonly kind: 'case'
      readonly tag: string
      readonly fields: Readonly<Record<string, Expression>>
      readonly type: Type
    }
  /** Every cell of an array, the same value. */
  | { readonly kind: 'fill'; readonly of: Expression; readonly type: Type }
  /** `local`: the name of a local, for which each thread has an element of the variable. Documentation. */
  | { readonly kind: 'shared'; readonly name: string; readonly local?: string }
  | { readonly kind: 'local'; readonly id: number }
  /** The element for which this instance of a `per` thread runs. */
  | { readonly kind: 'self' }
  /** The running thread: an id of the sort `Thread`. */
  | { readonly kind: 'current' }
  /** The variable of a quantifier, of `blockers`, or of a `choose`'s condition inside it. */
  | { readonly kind: 'bound'; readonly id: number }
  /** Fixed by the configuration; none is left in a configured model. */
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'field'; readonly of: Expression; readonly name: string }
  /** The cell of an array. An index outside the index type is a domain error. */
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'isSome'; readonly of: Expression }
  /** The value in an optional; of none: a domain error. */
  | { readonly kind: 'value'; readonly of: Expression }
  /** `epoch`: the counter with whose number of this moment a sample is compared. Documentation. */
  | { readonly kind: 'isCase'; readonly of: Expression; readonly tag: string; readonly epoch?: string }
  /** A field of a union's case; of another case: a domain error. */
  | { readonly kind: 'payload'; readonly of: Expression; readonly tag: string; readonly name: string }
  | { readonly kind: 'not'; readonly of: Expression }
  /**
   * `and`, `or` evaluate the right side only if the left does not decide. `has`: left is a set or queue, right an
   * element.
   * `%`: the rest, from 0 on, of negative numbers too; right is a literal of at least 1. `&`, `|`, `&~`: bits of
   * numbers that are not negative.
   */
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  /** Evaluates only the side it takes. */
  | {
      readonly kind: 'conditional'
      readonly condition: Expression
      readonly then: Expression
      readonly otherwise: Expression
    }
  /** The number of elements of a set or queue. */
  | { readonly kind: 'size'; readonly of: Expression }
  /** The first element of a queue; of an empty one: a domain error. */
  | { readonly kind: 'head'; readonly of: Expression }
  /** `every` and `some` stop at the element that decides, in the order of the type; `count` is an int. */
  | {
      readonly kind: 'quantified'
      readonly quantifier: 'every' | 'some' | 'count'
      readonly bound: number
      readonly name: string
      readonly over: Type
      readonly body: Expression
    }
  /** In a queue, from the head: `every` | `some` | `count` of the elements. */
  | {
      readonly kind: 'elements'
      readonly quantifier: 'every' | 'some' | 'count'
      readonly bound: number
      readonly of: Expression
      readonly body: Expression
    }
  /** In a transition property: the value before the transition. Everything outside `before` is after it. */
  | { readonly kind: 'before'; readonly of: Expression }

/** An expression that can be assigned to: shared and local variables, their fields and cells. */
export type Place = Extract<Expression, { readonly kind: 'shared' | 'local' | 'field' | 'index' }>

/** The event of a recording that a transition stands for, and the values that the recording shows of it. */
export interface ShownEvent {
  readonly event: string
  /** By the name of the field. They are read when the transition is complete; a literal is always the same. */
  readonly values: Readonly<Record<string, Expression>>
}

/** A branch, and what it binds in the very transition that tests for it. */
export interface Arm {
  readonly binds: readonly { readonly local: number; readonly value: Expression }[]
  readonly body: readonly Statement[]
}

export type BareStatement =
  /** target := value. A value outside a bounded int is a domain error. */
  | { readonly kind: 'assign'; readonly target: Place; readonly value: Expression }
  /** Puts an element into a set, or takes it out; no effect if it is there, or not there. */
  | { readonly kind: 'insert' | 'remove'; readonly target: Place; readonly value: Expression }
  /** Appends to a queue; to a full one: a domain error. */
  | { readonly kind: 'push'; readonly target: Place; readonly value: Expression }
  /** Drops the head of a queue; of an empty one: a domain error. */
  | { readonly kind: 'pop'; readonly target: Place }
  /** Takes the first element equal to the value out of the queue, wherever it stands; no effect if there is none. */
  | { readonly kind: 'discard'; readonly target: Place; readonly value: Expression }
  /** One transition made of several statements. `shows`: only conformance reads it; `configure` drops it for all others. */
  | { readonly kind: 'step'; readonly label: string; readonly body: readonly Statement[]; readonly shows?: ShownEvent }
  /**
   * An inlined call: the body is the callee's, with the arguments already in their places.
   * `atomic`: a step whose label is the call. `label` is the call as C writes it. `lockless`: it reads what no lock
   * orders; documentation.
   * `returns`: the local that holds its value, if it returns one. Documentation.
   * `bumps`: the counter that gets a new number; C changes the samples by that one store, here the body does.
   * Documentation.
   */
  | {
      readonly kind: 'call'
      readonly procedure: string
      readonly atomic: boolean
      readonly label: string
      readonly body: readonly Statement[]
      readonly lockless?: true
      readonly returns?: number
      readonly bumps?: string
    }
  /**
   * A guard. With `blockers` it is the acquisition of a lock: while the guard is false this thread waits for
   * every thread for which `blockers.condition` holds (`bound` is that thread), and for each of them necessarily.
   */
  | {
      readonly kind: 'await'
      readonly condition: Expression
      readonly blockers?: { readonly bound: number; readonly condition: Expression }
    }
  /**
   * A step assertion: false is a violation of `property`, and ends nothing. `always`: lock misuse, checked whatever
   * is selected; false, the step has no successor.
   */
  | {
      readonly kind: 'assert'
      readonly property: string
      readonly message: string
      readonly condition: Expression
      readonly always: boolean
    }
  /** The witness of the `sometimes` property `property`, if reached with the condition true. Only inside a step. */
  | { readonly kind: 'cover'; readonly property: string; readonly condition: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly then: Arm; readonly otherwise: Arm }
  /** By the case of a union. Without `otherwise` every case has an arm. */
  | {
      readonly kind: 'match'
      readonly of: Expression
      readonly arms: Readonly<Record<string, Arm>>
      readonly otherwise?: Arm
    }
  | { readonly kind: 'either'; readonly branches: readonly (readonly Statement[])[] }
  | { readonly kind: 'loop'; readonly id: number; readonly body: readonly Statement[] }
  /** For each element of `over`, in every order. `local` is the element, `remaining` the set of those still to come. */
  | {
      readonly kind: 'forEach'
      readonly local: number
      readonly remaining: number
      readonly over: Type
      readonly body: readonly Statement[]
    }
  /** local := any value of its type for which `where` holds (`local` stands for the value in it). None: not enabled. */
  /** `own`: a transition of its own, also if nothing that is left says so: a pass took away what the value entered. */
  | { readonly kind: 'choose'; readonly local: number; readonly where?: Expression; readonly own?: true }
  /** `idle`: a thread that rests here is at an allowed end. */
  | { readonly kind: 'label'; readonly id: number; readonly name: string; readonly idle: boolean }
  | { readonly kind: 'goto'; readonly id: number; readonly name: string }
  | { readonly kind: 'break' | 'continue'; readonly loop: number }
  /** Leaves the innermost call, or ends the thread. (A returned value was assigned to a local before.) */
  | { readonly kind: 'return' }
  /**
   * Forgets locals: each becomes zero. Pure control, so never a transition. No word of the language; passes that
   * compile a model put it in.
   */
  | { readonly kind: 'reset'; readonly locals: readonly number[] }

/** The place of a statement. */
export interface Position {
  /**
   * Its place in the thread's text, unique in the thread and the same in every variant and after every pass: indices
   * joined by `/`, with `:name` for a call, `.then` `.else` `.case-TAG` `.rest` `.or-N` for branches:
   * `1:munmap/0:down_write/2.then/0`.
   */
  readonly path: string
  /** The line of the model's source: `models/mirror-2017/cpu.ts:31`. Documentation. */
  readonly at: string
  /** The kernel function or patch it stands for. Documentation. */
  readonly source?: string
  /** Why it may touch several shared cells in one transition. Documentation. */
  readonly atomically?: string
}

export type Statement = BareStatement & Position
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { readonly kind: K }>

export interface LocalDeclaration {
  readonly id: number
  readonly name: string
  readonly type: Type
  /** The reference or lock that keeps what it names from being freed; asserted where it is used. Documentation. */
  readonly held?: string
  /** Why it does no harm that what it names may have been freed, and be somebody else's by now. Documentation. */
  readonly reused?: string
}

export interface ModelThread {
  readonly name: string
  /** One instance for each element of the sort `per`, or `count` alike, or one. */
  readonly per?: string
  readonly count?: Bound
  /** Need not end: it is at an allowed end wherever it is. */
  readonly daemon: boolean
  /** Why it may end or rest with a lock held. Documentation. */
  readonly keepsLocks?: string
  readonly locals: readonly LocalDeclaration[]
  readonly body: readonly Statement[]
}

export interface Variable {
  readonly name: string
  readonly type: Type
  /** Expressions without variables; the initial states are the product. Empty: `zero`. */
  readonly initial: readonly Expression[]
  /** A ghost records; no guard, no choice and no assignment to anything but a ghost reads it. */
  readonly ghost: boolean
  /** The line that declares it. Documentation. */
  readonly at?: string
}

/** A property of a kind, as a model declares it: with the parts that its kind has, and without those of other kinds. */
type Declared<Kind extends string, Parts = unknown> = {
  readonly kind: Kind
  /** No two properties of a model have the same name. */
  readonly name: string
  /** The source of the claim: a sentence of the kernel, with its version. Documentation. */
  readonly claim?: string
  /** The line that declares it. Documentation. */
  readonly at?: string
} & Parts & { readonly [Part in Exclude<'condition' | 'relates' | 'undeclared' | 'byDefault', keyof Parts>]?: never }

/**
 * `byDefault`: it was not declared, but is judged of every model. Documentation, but that `recoverable` is then judged
 * of smaller graphs only.
 */
interface Hang {
  readonly byDefault?: true
}

/**
 * A claim about a model. docs/semantics.md says what each kind means, and src/semantics/kinds how the interpreter
 * judges it.
 */
export type Property =
  /** `condition` holds in every reachable state. */
  | Declared<'invariant', { readonly condition: Expression }>
  /** `condition` holds in every transition, also into known states. */
  | Declared<'transition', { readonly condition: Expression }>
  /** No `assert` of this name fails. `undeclared`: an `assert` names it, and nothing declares it. Documentation. */
  | Declared<'assertion', { readonly undeclared?: true }>
  /** `condition` holds in a reachable state, or a `cover` of this name is witnessed. */
  | Declared<'sometimes', { readonly condition?: Expression }>
  | Declared<'deadlock', Hang>
  | Declared<'lock-deadlock', Hang>
  | Declared<'recoverable', Hang>
  /** The relation made of the `pair`s that name it has no cycle. */
  | Declared<'collected'>
  /** In the relation `property` if a `cover` of this name is witnessed; it claims nothing by itself. */
  | Declared<'pair', { readonly relates: { readonly property: string; readonly from: string; readonly to: string } }>

/**
 * A property that is judged of every model, and declared by none. `domain`: no value leaves its type. `misuse`: no
 * assertion of this name that is marked `always` fails: locks and counts are used as they must be.
 */
export type ImplicitProperty =
  | { readonly kind: 'domain'; readonly name: string }
  | {
      readonly kind: 'misuse'
      readonly name: string
    }

/** That the steps of a schedule can be taken: of one that shows nothing else. No check judges it. */
export interface RunClaim {
  readonly kind: 'run'
  readonly name: string
}

/** All that a schedule can show. */
export type AnyProperty = Property | ImplicitProperty | RunClaim
export type PropertyKind = AnyProperty['kind']
export type PropertyOf<K extends PropertyKind> = Extract<AnyProperty, { readonly kind: K }>
/** Properties that are judged of every model that does not leave them out. */
export type HangKind = 'deadlock' | 'lock-deadlock' | 'recoverable'

/**
 * The elements of a sort come and go: each is somebody's only while `allocated` holds of it. `bound` is the element.
 */
export interface Lifetime {
  readonly sort: string
  readonly bound: number
  readonly allocated: Expression
}

export interface Constant {
  readonly name: string
  readonly type: Type
  /** Its value in a configuration that says nothing of it; if absent, every configuration must. */
  readonly default?: boolean | number | string
  /** The line that declares it. Documentation. */
  readonly at?: string
}

/**
 * One atomic block, run in each state of the product of the variables' initial sets; its outcomes are the initial
 * states.
 */
export interface Initially {
  readonly locals: readonly LocalDeclaration[]
  readonly body: readonly Statement[]
}

export interface Model {
  readonly name: string
  /** The line that puts it together. Documentation. */
  readonly at?: string
  readonly sorts: readonly string[]
  readonly constants: readonly Constant[]
  readonly variables: readonly Variable[]
  readonly threads: readonly ModelThread[]
  readonly initially?: Initially
  readonly properties: readonly Property[]
  /**
   * The sorts whose elements are freed and reused. They do not change the behaviour; `validate` looks for ids that live
   * too long.
   */
  readonly lifetimes?: readonly Lifetime[]
  /** The hangs that are not judged, and the reasons. Documentation. */
  readonly without?: Readonly<Partial<Record<HangKind, string>>>
}

/** The values that close a model. */
export interface Configuration {
  /** The number of elements of each sort but `Thread`. */
  readonly sizes: Readonly<Record<string, number>>
  readonly constants: Readonly<Record<string, boolean | number | string>>
  /** The threads that take part, by name; all if absent. */
  readonly threads?: readonly string[]
}

/** A running copy of a thread. Its index in `instances` is its id of the sort `Thread`. */
export interface Instance {
  /** `cpu[0]`, or `exit` where there can be only one. */
  readonly name: string
  /** Index into `threads`. */
  readonly thread: number
  /** The element, of a `per` thread. */
  readonly self?: number
}

/** A closed model: no constant, no symbolic bound, only the threads that take part; `sizes` has `Thread` too. */
export interface ConfiguredModel extends Model {
  readonly sizes: Readonly<Record<string, number>>
  readonly instances: readonly Instance[]
}
