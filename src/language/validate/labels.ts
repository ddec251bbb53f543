/**
 * A schedule names a transition by its label and choices, so that at any place the branches of an Either must begin
 * differently.
 */
import type { Expression, Model, Statement, StatementOf } from '../ast.ts'
import { flowOf, type Flow, type FlowTarget } from '../flow.ts'
import { statementLabel } from '../labels.ts'
import { blocksOf, contains, expressionsOf } from '../walk.ts'
import { isAtomic, mistakeIn, textsOf, type ModelText } from './texts.ts'

export function checkLabels(model: Model): void {
  for (const text of textsOf(model)) if (!text.inStep) checkBlock(text.body, text, flowOf(text.body))
}

function checkBlock(body: readonly Statement[], text: ModelText, flow: Flow): void {
  for (const s of body) {
    if (s.kind === 'either') checkEither(s, text, flow)
    if (!isAtomic(s)) for (const inner of blocksOf(s)) checkBlock(inner.body, text, flow)
  }
}

function checkEither(either: StatementOf<'either'>, text: ModelText, flow: Flow): void {
  const seen = new Set<string>()
  either.branches.forEach((branch, i) => {
    const labels = new Set<string>()
    const first = flow.into(either, branch),
      taken = { statement: either, arm: `or-${i}` }
    if (flow.isRound(either, first)) labels.add(statementLabel(either, text, taken.arm))
    else collect({ text, flow, found: labels, seen: new Map() }, first, taken)
    for (const label of labels) {
      if (seen.has(label))
        throw mistakeIn(text, either, 'HMM022', `two branches of this Either begin with \`${label}\``)
      seen.add(label)
    }
  })
}

/** The statement that was done last in the transition, with its arm. */
interface Done {
  readonly statement: Statement
  readonly arm?: string
}

const isShared = (e: Expression): boolean => e.kind === 'shared'
const isLocal = (s: Statement): boolean => !expressionsOf(s).some((e) => contains(e, isShared))

/** The places that were reached, each with the statement before. */
type Seen = Map<FlowTarget, Set<string>>

/** A search for labels: through one text, from one branch. */
interface Search {
  readonly text: ModelText
  readonly flow: Flow
  readonly found: Set<string>
  readonly seen: Seen
}

/**
 * Collects the labels of the transitions that can be completed from here, something having been done already. Every
 * place is looked at once for each thing done.
 */
function collect(search: Search, target: FlowTarget, last: Done): void {
  const { seen } = search
  const after = `${last.statement.path}.${last.arm ?? ''}`
  const known = seen.get(target) ?? new Set()
  if (known.has(after)) return
  seen.set(target, known.add(after))
  if (target === 'end') label(search, last)
  else collectBehind(search, target, last)
}

function label({ found, text }: Search, { statement, arm }: Done): void {
  found.add(statementLabel(statement, text, arm))
}

function collectBehind(search: Search, s: Statement, last: Done): void {
  const { flow } = search
  // Barriers complete a transition that has begun: a back edge, a jump, a place to rest for ever.
  const on = (next: FlowTarget, done: Done): void => {
    if (flow.isRound(s, next)) label(search, done)
    else collect(search, next, done)
  }
  switch (s.kind) {
    case 'goto':
    case 'continue':
      return label(search, last)
    case 'label':
      return s.idle ? label(search, last) : on(flow.next(s), last)
    case 'loop':
    case 'break':
    case 'return':
    case 'reset':
      return on(flow.pureControl(s) ?? 'end', last)
    case 'forEach':
      on(flow.into(s, s.body), { statement: s })
      return label(search, last)
    case 'call':
      return s.atomic ? label(search, { statement: s }) : on(flow.into(s, s.body), last)
    case 'either':
      return s.branches.forEach((branch, i) => on(flow.into(s, branch), { statement: s, arm: `or-${i}` }))
    case 'if':
    case 'match':
      for (const { suffix, body } of blocksOf(s)) {
        const done = { statement: s, arm: suffix.slice(1) }
        if (isLocal(s)) on(flow.into(s, body), done)
        else label(search, done)
      }
      return
    case 'assign':
    case 'insert':
    case 'remove':
    case 'push':
    case 'pop':
    case 'discard':
    case 'assert':
      return s.kind === 'assert' || isLocal(s) ? on(flow.next(s), { statement: s }) : label(search, { statement: s })
    case 'choose':
      // What can wait on the value chosen is not asked here: either way is looked at.
      label(search, { statement: s })
      return isLocal(s) ? on(flow.next(s), { statement: s }) : undefined
    case 'await':
    case 'step':
    case 'cover':
      return label(search, { statement: s })
  }
}
