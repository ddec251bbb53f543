/** The transitions that can begin where a thread stands, found in its text, whatever the state is. */
import type { Statement, StatementOf, Type } from '../language/ast.ts'
import { remembered } from '../language/remembered.ts'
import { blocksOf, mapStatement } from '../language/walk.ts'
import { enter, isLocal, siteAt, targetAt, type Target, type ThreadText } from '../semantics/control.ts'
import type { Value } from '../semantics/values.ts'
import { isCarried } from '../semantics/waiting.ts'
import { accessesOf, isByLocals, type Accesses } from './accesses.ts'

type Step = StatementOf<'step'>

/** What can begin at a control point. */
export interface Beginnings {
  /** The steps that stand for an event. */
  readonly shown: readonly Step[]
  /** Those that stand for one of this kind. */
  readonly showing: (kind: string) => readonly Step[]
  /** Whether something can begin that stands for none. */
  readonly hides: boolean
  /** The steps that stand for none. */
  readonly hidden: readonly Step[]
  /** Whether something else can begin: control that moves on by itself. */
  readonly moves: boolean
  /** What the thread can touch before it shows its next event, one hidden step after the other. */
  readonly ahead: readonly Accesses[]
  /** Whether the thread itself knows which cells these are: what is shared has no part in it. */
  readonly isAheadOwn: boolean
  /** Locals that it may set on the way: what they are where a piece of text begins is not sure. */
  readonly unsure: ReadonlySet<number>
  /** What comes in one transition with the step that begins: assertions in front of it, and locals that are set. */
  readonly before: { readonly asserted: Accesses; readonly unsure: ReadonlySet<number> }
}

type Values = (type: Type) => readonly Value[]

/** @param text of the thread. The answers are remembered. */
export function beginningsIn(text: ThreadText, values: Values): (point: string) => Beginnings {
  const known = new Map<string, Beginnings>()
  return (point) => {
    const found = known.get(point) ?? beginningsAt(text, values, point)
    known.set(point, found)
    return found
  }
}

function beginningsAt(text: ThreadText, values: Values, point: string): Beginnings {
  const shown: Step[] = []
  const ahead: Accesses[] = []
  const unsure = new Set<number>()
  const hidden: Step[] = []
  const asserted: Statement[] = []
  const unsureBefore = new Set<number>()
  let moves = false
  const seen = new Set<string>()
  const isUnsure = (local: number, isBefore: boolean): void => {
    unsure.add(local)
    if (isBefore) unsureBefore.add(local)
  }
  /** `isFirst`: no hidden step is between the point and here. */
  const visit = (target: Target, isFirst: boolean): void => {
    if (target === 'end' || seen.has(`${target.path} ${isFirst}`)) return
    seen.add(`${target.path} ${isFirst}`)
    // a loop begins anew in a transition of its own
    const begins = isFirst && !target.again
    const site = siteAt(text, target.path)
    const { statement, next } = site
    const hop = text.hops.get(target.path)
    if (hop !== undefined) {
      if (statement.kind === 'reset') for (const local of statement.locals) isUnsure(local, begins)
      visit(hop, begins)
    } else if (statement.kind === 'step' && statement.shows !== undefined) {
      if (begins) shown.push(statement)
    } else if (statement.kind === 'either') for (const { body } of blocksOf(statement)) visit(enter(body, next), begins)
    else if (isLocal(statement) || isCarried(text, values, site)) {
      // it may be a transition of its own, where a loop begins anew behind it
      if (begins) moves = true
      const own = accessesAlone(statement)
      for (const local of own.sets.keys()) isUnsure(local, begins)
      // an assertion changes nothing, but it may read what is shared
      if (own.reads.length > 0) {
        ahead.push(own)
        if (begins) asserted.push(statement)
      }
      for (const { body } of blocksOf(statement)) visit(enter(body, next), begins)
      visit(next, begins)
    } else {
      if (begins && statement.kind === 'step') hidden.push(statement)
      else if (begins) moves = true
      const own = accessesAlone(statement)
      ahead.push(own)
      // it may come again, so it is not sure either what it sets itself
      for (const local of own.sets.keys()) isUnsure(local, false)
      if (statement.kind !== 'step' && statement.kind !== 'call')
        for (const { body } of blocksOf(statement)) visit(enter(body, next), false)
      visit(next, false)
    }
  }
  const start = targetAt(text, point)
  visit(start === 'end' ? start : { ...start, again: false }, true)
  const before = { asserted: accessesOf(asserted), unsure: unsureBefore }
  const byKind = new Map<string, Step[]>()
  for (const step of shown) {
    const kind = step.shows?.event ?? ''
    byKind.set(kind, [...(byKind.get(kind) ?? []), step])
  }
  return {
    shown,
    showing: (kind) => byKind.get(kind) ?? [],
    hidden,
    moves,
    hides: moves || hidden.length > 0,
    ahead,
    isAheadOwn: ahead.every(isByLocals),
    unsure,
    before,
  }
}

/** The accesses of a statement without what is inside it; of a step or an atomic call, all. */
export const accessesAlone: (statement: Statement) => Accesses = remembered((statement: Statement) =>
  accessesOf([alone(statement)]),
)

/** A statement without what is inside it; steps and atomic calls are done as a whole. */
const alone = (statement: Statement): Statement =>
  statement.kind === 'step' || statement.kind === 'call' ? statement : mapStatement(statement, { block: () => [] })
