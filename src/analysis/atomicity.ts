/**
 * The shared state that each transition of a model touches. A transition that touches several cells does at once what
 * C does by several loads and stores, and a bug between them cannot be seen. Only the author knows whether that is
 * intended, and says so by `atomically`.
 *
 * The analysis uses the text alone, and does not consider locks: a model does not say which lock protects which cells.
 * Its rules:
 * - A cell is a variable, or a field or an array's element down to what has no parts; an optional, a union, a set or
 *   a queue is one.
 *   Two indices that are written differently are two cells; an index that runs over a sort, or a whole array, is
 *   several (`pte[*]`).
 *   A load and a store of the same cell count once.
 * - A call of an atomic procedure of `hmmcheck/kernel` is one operation of the kernel's, whatever it touches; and so
 *   is a bump of a counter, one store.
 * - To compare a sample with its counter reads the counter, and the sample if that is in shared state.
 * - Parts that C does not have are left out: ghosts and writes to them, assertions and covers, and the blockers of a
 *   lock.
 */
import type { ConfiguredModel, Expression, Statement, ModelThread, Type } from '../language/ast.ts'
import { definitions } from '../language/definitions.ts'
import { namesOf, statementLabel, textOf } from '../language/labels.ts'
import { isVocabulary } from '../language/position.ts'
import { blocksOf, contains, counterIn, expressionsOf, indicesOf, parts } from '../language/walk.ts'

/** A transition that touches shared state. */
export interface Touching {
  readonly thread: string
  readonly label: string
  /** The line of the model's source. */
  readonly at: string
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  /** Atomic procedures of `hmmcheck/kernel` inside it, as they are called. */
  readonly calls: readonly string[]
  /** Why it is meant, where the model says so of all that it touches. */
  readonly reason?: string
  /** Whether it touches several cells, and nothing says that it is meant. */
  readonly isOpen: boolean
}

interface Cell {
  readonly text: string
  readonly type: Type
  readonly isSeveral: boolean
}
type How = 'reads' | 'writes' | 'calls'
interface Touch {
  readonly how: How
  readonly text: string
  readonly isSeveral: boolean
  readonly statement: Statement
}

/** The transitions that touch shared state, in the order of the text; one that several calls or threads have, once. */
export function atomicityOf(model: ConfiguredModel): readonly Touching[] {
  const isKernels = kernelProcedures()
  return distinctTouchings(
    model.threads.flatMap((thread) =>
      transitionsIn(thread.body, isKernels).flatMap((statement) => touchingOf(model, thread, statement, isKernels)),
    ),
  )
}

/** The touchings of several runs, or of several calls and threads, each once. */
export function distinctTouchings(all: readonly Touching[]): readonly Touching[] {
  return [
    ...new Map(
      all.map((one) => [JSON.stringify([one.at, one.label, one.reads, one.writes, one.calls, one.reason]), one]),
    ).values(),
  ]
}

type IsKernels = (statement: Statement) => boolean

/** Whether a statement is a call of what `hmmcheck/kernel` alone defines by that name. */
function kernelProcedures(): IsKernels {
  const own = new Map<string, boolean>()
  for (const { what, name, at } of definitions())
    if (what === 'procedure') own.set(name, isVocabulary(at) && own.get(name) !== false)
  return (s) => s.kind === 'call' && s.atomic && own.get(s.procedure) === true
}

const isOne = (s: Statement): boolean => s.kind === 'step' || (s.kind === 'call' && s.atomic)

/** The statements of a text that can be transitions of their own. */
const transitionsIn = (body: readonly Statement[], isKernels: IsKernels): readonly Statement[] =>
  body.flatMap((s) =>
    isKernels(s)
      ? []
      : isOne(s)
        ? [s]
        : [s, ...blocksOf(s).flatMap(({ body: inner }) => transitionsIn(inner, isKernels))],
  )

function touchingOf(
  model: ConfiguredModel,
  thread: ModelThread,
  statement: Statement,
  isKernels: IsKernels,
): readonly Touching[] {
  const look = reader(model, thread)
  const running = new Set<number>()
  const touches = (s: Statement): readonly Touch[] => {
    if (isKernels(s) && s.kind === 'call') return [{ how: 'calls', text: s.label, isSeveral: false, statement: s }]
    if (s.kind === 'call' && s.bumps !== undefined)
      return [{ how: 'writes', text: s.bumps, isSeveral: false, statement: s }]
    if (s.kind === 'forEach') running.add(s.local)
    const own = isVocabulary(s.at) ? [] : look(s, running)
    return [...own, ...blocksOf(s).flatMap(({ body }) => body.flatMap(touches))]
  }
  const all = isOne(statement) ? touches(statement) : isVocabulary(statement.at) ? [] : look(statement, running)
  const [first] = all
  if (first === undefined) return []
  const texts = (how: How): readonly string[] => [...new Set(all.flatMap((one) => (one.how === how ? [one.text] : [])))]
  const places = new Set(all.map(({ how, text }) => (how === 'calls' ? `call ${text}` : text)))
  const isSeveral = places.size > 1 || all.some((one) => one.isSeveral)
  const reasons = [...new Set(all.map((one) => one.statement.atomically ?? statement.atomically))]
  const reason = reasons.includes(undefined) ? undefined : reasons.join('; ')
  return [
    {
      thread: thread.name,
      label: statementLabel(statement, thread),
      at: isVocabulary(statement.at) ? first.statement.at : statement.at,
      reads: texts('reads'),
      writes: texts('writes'),
      calls: texts('calls'),
      ...(reason === undefined ? {} : { reason }),
      isOpen: isSeveral && reason === undefined,
    },
  ]
}

/** The cells that a statement itself touches. `running`: locals that run over a sort inside the transition. */
function reader(
  model: ConfiguredModel,
  thread: ModelThread,
): (statement: Statement, running: ReadonlySet<number>) => readonly Touch[] {
  const variables = new Map(model.variables.map((variable) => [variable.name, variable]))
  const names = namesOf(thread)
  return (statement, running) => {
    const found: Touch[] = []
    const see = (how: How, { text, isSeveral }: Cell): void => {
      found.push({ how, text, isSeveral, statement })
    }
    const runs = (index: Expression): boolean =>
      contains(index, (e) => e.kind === 'bound' || (e.kind === 'local' && running.has(e.id)))
    const cellOf = (e: Expression): Cell | undefined => {
      switch (e.kind) {
        case 'shared': {
          const type = variables.get(e.name)?.type
          return type && { text: e.name, type, isSeveral: false }
        }
        case 'field': {
          const whole = cellOf(e.of)
          const field = whole?.type.kind === 'record' ? whole.type.fields[e.name] : undefined
          return whole === undefined || field === undefined
            ? whole
            : { ...whole, text: `${whole.text}.${e.name}`, type: field }
        }
        case 'index': {
          const whole = cellOf(e.of)
          if (whole?.type.kind !== 'array') return whole
          return {
            text: `${whole.text}[${runs(e.index) ? '*' : textOf(e.index, names)}]`,
            type: whole.type.of,
            isSeveral: whole.isSeveral || runs(e.index),
          }
        }
        case 'value':
        case 'payload':
        case 'isSome':
        case 'isCase':
        case 'size':
        case 'head':
          return cellOf(e.of)
        default:
          return undefined
      }
    }
    const leaves = (cell: Cell): readonly Cell[] => {
      const { text, type } = cell
      if (type.kind === 'record')
        return Object.entries(type.fields).flatMap(([name, field]) =>
          leaves({ ...cell, text: `${text}.${name}`, type: field }),
        )
      return type.kind === 'array' ? leaves({ text: `${text}[*]`, type: type.of, isSeveral: true }) : [cell]
    }
    const isGhost = (e: Expression): boolean => {
      if (e.kind === 'shared') return variables.get(e.name)?.ghost === true
      return placed(e) && isGhost(e.of)
    }
    /** A local that holds a sample. */
    const isOwn = (e: Expression): boolean => (e.kind === 'shared' ? e.local !== undefined : placed(e) && isOwn(e.of))
    const read = (e: Expression): void => {
      const counter = counterIn(e)
      if (counter !== undefined)
        see('reads', {
          text:
            e.kind === 'case' && e.fields['of'] !== undefined
              ? `${counter}[${textOf(e.fields['of'], names)}]`
              : counter,
          type: { kind: 'bool' },
          isSeveral: false,
        })
      const cell = cellOf(e)
      if (cell === undefined) {
        parts(e).forEach(read)
        return
      }
      if (!isGhost(e) && !isOwn(e)) for (const leaf of leaves(cell)) see('reads', leaf)
      indicesWithin(e).forEach(read)
    }
    switch (statement.kind) {
      case 'assert':
      case 'cover':
        break
      case 'await':
        read(statement.condition)
        break
      case 'assign':
      case 'insert':
      case 'remove':
      case 'push':
      case 'pop':
      case 'discard': {
        if (isGhost(statement.target)) break
        if ('value' in statement) read(statement.value)
        indicesOf(statement.target).forEach(read)
        const target = cellOf(statement.target)
        if (target !== undefined && !isOwn(statement.target)) for (const leaf of leaves(target)) see('writes', leaf)
        break
      }
      default:
        expressionsOf(statement).forEach(read)
    }
    return found
  }
}

type Placed = Extract<
  Expression,
  { readonly kind: 'field' | 'index' | 'value' | 'payload' | 'isSome' | 'isCase' | 'size' | 'head' }
>
const placed = (e: Expression): e is Placed =>
  ['field', 'index', 'value', 'payload', 'isSome', 'isCase', 'size', 'head'].includes(e.kind)

/** The indices of a place, through optionals and unions too. */
const indicesWithin = (e: Expression): readonly Expression[] =>
  !placed(e) ? [] : e.kind === 'index' ? [...indicesWithin(e.of), e.index] : indicesWithin(e.of)
