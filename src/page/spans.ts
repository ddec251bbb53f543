/**
 * The brackets of notifiers in a run, from the variables that say who is in one: those with `bracket` in their name that
 * name a thread. A set of threads names its elements; an optional names the thread that its first index belongs to: of
 * the sort `Thread`, or of the sort for each of whose elements the thread runs.
 */
import type { ConfiguredModel } from '../language/ast.ts'
import type { AnnotatedRun } from '../report/annotated-run.ts'
import { elementsOf, showId, showValue } from '../report/values.ts'
import type { Plain } from '../semantics/plain.ts'
import type { TypedCell } from './cells.ts'
import type { PageSpan } from './document.ts'

/** In the order of their beginnings. A span that is open in the last state ends there. */
export function spansOf(
  { machine: { model }, states }: AnnotatedRun,
  cells: readonly TypedCell[],
): readonly PageSpan[] {
  const brackets = cells.filter(({ variable, group }) => group !== 'locals' && /bracket/.test(variable))
  const spans = model.instances.flatMap((_, thread) => {
    const texts = states.map(({ plain }) => {
      const open = brackets.flatMap((cell) => textIn(model, cell, thread, cell.read(plain)) ?? [])
      return open.length === 0 ? undefined : `bracket ${open.join(', ')}`.trimEnd()
    })
    return stretches(texts).map((stretch): PageSpan => ({ thread, ...stretch }))
  })
  return spans.toSorted((a, b) => a.from - b.from)
}

/** Each run of moments with the same text. */
function stretches(texts: readonly (string | undefined)[]): readonly Omit<PageSpan, 'thread'>[] {
  const found: { text: string; from: number; to: number }[] = []
  for (const [at, text] of texts.entries()) {
    const last = found.at(-1)
    if (text === undefined) continue
    if (last !== undefined && last.to === at - 1 && last.text === text) last.to = at
    else found.push({ text, from: at, to: at })
  }
  return found
}

/** What the bracket is about, if the cell says that the thread is in one: `va 0`, or nothing. */
function textIn(model: ConfiguredModel, cell: TypedCell, thread: number, value: Plain): string | undefined {
  const { type, way } = cell
  const [first] = way
  const index = typeof first === 'object' ? first : undefined
  if (type.kind === 'set' && type.of.kind === 'id' && type.of.sort === 'Thread')
    return !elementsOf(value).includes(thread)
      ? undefined
      : index === undefined
        ? ''
        : showId(model, index.sort, index.at)
  if (type.kind !== 'optional' || value === null || index === undefined) return undefined
  const instance = model.instances[thread]
  const per = model.threads[instance?.thread ?? -1]?.per
  const isOwn = index.sort === 'Thread' ? index.at === thread : index.sort === per && index.at === instance?.self
  return isOwn ? showValue(model, type, value) : undefined
}
