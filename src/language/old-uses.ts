/**
 * Ids that are carried from one transition into another. An id of a sort whose elements are freed and reused
 * (`lifetimes`) names the element it was read for only as long as that is not freed; what is used in a later
 * transition may be somebody else's. docs/decisions/0006-pointers.md argues the rules.
 */
import type { Arm, Lifetime, LocalDeclaration, Model, Statement, StatementOf } from './ast.ts'
import {
  asserted,
  carried,
  carriersOf,
  conjuncts,
  usedBy,
  usedIn,
  vouched,
  type Body,
  type Carriers,
} from './carried-ids.ts'
import { armsOf, blocksOf, rootOf } from './walk.ts'

/** A statement that uses a local which got its value in an earlier transition, and was not looked at since. */
export interface OldUse {
  readonly statement: Statement
  readonly local: LocalDeclaration
}

/**
 * The locals that got their value, or were checked, in the transition that is under way; undefined where control does
 * not come.
 */
type Fresh = ReadonlySet<number> | undefined
const none: Fresh = new Set()
const meet = (a: Fresh, b: Fresh): Fresh =>
  a === undefined ? b : b === undefined ? a : new Set([...a].filter((id) => b.has(id)))
const plus = (fresh: Fresh, ids: readonly number[]): Fresh =>
  ids.length === 0 ? fresh : fresh && new Set([...fresh, ...ids])
const minus = (fresh: Fresh, id: number): Fresh => fresh && new Set([...fresh].filter((other) => other !== id))

/** What is the same all through a text. */
interface Flow {
  readonly carriers: Carriers
  readonly found: OldUse[]
}

/** Where a statement stands: in a step or not, and who is told of what is fresh where the innermost call is left. */
interface Place {
  readonly inStep: boolean
  readonly returns: (fresh: Fresh) => void
}

/** @param text a thread's text, or that of `initially` */
export function oldUses(model: Model, text: Body, lifetime: Lifetime): readonly OldUse[] {
  const carriers = carriersOf(model, text, lifetime)
  if (carriers === undefined) return []
  const found: OldUse[] = []
  through({ carriers, found }, text.body, { inStep: text.inStep, returns: () => {} }, none)
  return found
}

/** Through a block. */
const through = (flow: Flow, body: readonly Statement[], place: Place, before: Fresh): Fresh =>
  body.reduce((fresh, s) => after(flow, s, place, fresh), before)

/** Behind what completes a transition outside a step, nothing is fresh. */
const behind = ({ inStep }: Place, fresh: Fresh): Fresh => (inStep ? fresh : none)

function after(flow: Flow, s: Statement, place: Place, fresh: Fresh): Fresh {
  check(flow, s, fresh)
  if (s.kind === 'assert') return plus(fresh, asserted(flow.carriers, s.condition))
  return behind(place, within(flow, s, place, fresh))
}

/** What is fresh at the end of a statement, before its transition is complete. */
function within(flow: Flow, s: Statement, place: Place, fresh: Fresh): Fresh {
  switch (s.kind) {
    case 'assign':
      return assigned(flow, s, fresh)
    case 'choose':
      return plus(fresh, [s.local])
    case 'await':
      return plus(fresh, vouched(flow.carriers, s.condition))
    case 'step':
      return through(flow, s.body, { ...place, inStep: true }, fresh)
    case 'call':
      return called(flow, s, place, fresh)
    case 'if':
      return meet(
        branch(flow, s.then, place, plus(fresh, vouched(flow.carriers, s.condition))),
        branch(flow, s.otherwise, place, fresh),
      )
    case 'match':
      return armsOf(s)
        .map((arm) => branch(flow, arm, place, fresh))
        .reduce(meet, undefined)
    case 'either':
      return blocksOf(s)
        .map(({ body }) => through(flow, body, place, fresh))
        .reduce(meet, undefined)
    case 'loop':
    case 'forEach': {
      // Twice: the second round begins as the first one ended.
      const first = through(flow, s.body, place, behind(place, fresh))
      return meet(fresh, through(flow, s.body, place, behind(place, meet(fresh, first))))
    }
    case 'return':
      place.returns(fresh)
      return undefined
    case 'goto':
    case 'break':
    case 'continue':
      return undefined
    default:
      return fresh
  }
}

function called(flow: Flow, s: StatementOf<'call'>, place: Place, fresh: Fresh): Fresh {
  let returned: Fresh
  const returns = (early: Fresh): void => {
    returned = meet(returned, early)
  }
  const end = through(flow, s.body, { inStep: place.inStep || s.atomic, returns }, fresh)
  return meet(end, returned)
}

/** Through an arm. It begins with binds, which are fresh if they get their value from what is fresh itself. */
function branch(flow: Flow, arm: Arm, place: Place, fresh: Fresh): Fresh {
  const bound = arm.binds.reduce(
    (known: Fresh, { local, value }) =>
      known !== undefined && carried(flow.carriers, value).every((id) => known.has(id)) ? plus(known, [local]) : known,
    fresh,
  )
  return through(flow, arm.body, place, behind(place, bound))
}

function assigned({ carriers }: Flow, { target, value }: StatementOf<'assign'>, fresh: Fresh): Fresh {
  const root = rootOf(target)
  if (root.kind !== 'local') return fresh
  if (carried(carriers, value).some((id) => fresh?.has(id) === false)) return minus(fresh, root.id)
  return target === root ? plus(fresh, [root.id]) : fresh
}

/** Notes the locals that a statement uses and that are not fresh. */
function check({ carriers, found }: Flow, s: Statement, before: Fresh): void {
  if (before === undefined) return
  const note = (ids: readonly number[], fresh: ReadonlySet<number>): void => {
    for (const id of new Set(ids)) {
      const local = carriers.locals.get(id)
      // A chosen value is of this moment.
      if (local !== undefined && !fresh.has(id) && !(s.kind === 'choose' && s.local === id))
        found.push({ statement: s, local })
    }
  }
  // in `a && b`, a value that `a` checks may be used in `b`
  let fresh: ReadonlySet<number> = before
  if (s.kind === 'if' || s.kind === 'await')
    for (const one of conjuncts(s.condition)) {
      note(usedIn(carriers, one), fresh)
      fresh = plus(fresh, vouched(carriers, one)) ?? fresh
    }
  note(usedBy(carriers, s), fresh)
}
