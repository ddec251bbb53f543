/** Says in a sentence why a corrected variant can't do what a lock does: the explanation of the fix. */
import type { Expression } from '../language/ast.ts'
import { expressionsOf, visit, visitStatements } from '../language/walk.ts'
import type { Obstacle } from '../schedules/obstacle.ts'
import type { Projected } from '../schedules/projected.ts'
import type { Schedule } from '../schedules/schedule.ts'
import { kinds } from '../semantics/kinds/index.ts'
import { failuresOf, plainState, transitions } from '../semantics/machine.ts'
import type { Machine, Run, State, Transition } from '../semantics/machine.ts'
import { localChanges, sharedChanges } from './changes.ts'
import { pointLabel } from './ending.ts'
import { nothingToChoose, quote, reasonOf, siteOf, whereTested } from './guards.ts'
import { plural } from './numbers.ts'
import { instanceName, showValue } from './values.ts'

/** A lock, and what became of it on both variants. */
export interface Compared {
  readonly schedule: Schedule
  readonly corrected: string
  /** On its own variant. */
  readonly ended: { readonly machine: Machine; readonly run: Run }
  readonly projected: Projected
}

/** The length to which the lock can be followed: `fixed follows it for 12 of 14 steps`. */
export function reachOf({
  projected: { kind, followed, states, omitted },
  schedule: { steps },
  corrected,
}: Compared): string {
  const left = omitted.length === 0 ? '' : `, ${omitted.length} of which it does not have`
  if (kind === 'reached') return `${corrected} can do the same, up to the violation`
  const much = `${corrected} follows it for ${followed} of ${plural(steps.length, 'step')}${left}`
  return kind === 'forbidden' ? much : `${much}, if not more: a limit was met after ${plural(states, 'state')}`
}

/** Both, as lines: how far the lock can be followed, and why no further. */
export function projectionLines(compared: Compared): readonly string[] {
  const reasons = explanationOf(compared)
  return reasons.length > 1
    ? [`${reachOf(compared)}, and every such run ends in one of these ways`, ...reasons]
    : [reachOf(compared), ...reasons]
}

/**
 * The obstacles to the next step in every run of the corrected variant that comes so far, one sentence for each; if
 * all steps can be taken, why they break nothing.
 */
export function explanationOf(compared: Compared): readonly string[] {
  const {
    projected: { kind, obstacles },
  } = compared
  if (kind !== 'forbidden') return []
  return obstacles.length === 0
    ? [harmless(compared)]
    : [...new Set(obstacles.map((obstacle) => forbidden(compared, obstacle)))]
}

function forbidden(compared: Compared, obstacle: Obstacle): string {
  const {
    projected: { machine, followed },
    schedule: { variant, steps },
    corrected,
  } = compared
  const { thread, kind, run, guards, instead } = obstacle
  const step = steps[followed]
  if (step === undefined || (thread === undefined && run.steps.length === 0))
    return `${corrected} can't start as ${variant} does`
  if (thread === undefined) return `${corrected} has no ${step.thread}`
  const head = `${step.thread} can't take step ${followed + 1}, ${quote(step.label)}: `
  const state = run.steps.at(-1)?.state ?? run.initial.state
  const reasons = (): string =>
    [...new Set(guards.map((guard) => reasonOf(machine, state, thread, guard, corrected)))].join(', and ')
  const since = (): string => sinceWhen(compared, obstacle, thread)
  switch (kind) {
    case 'guard':
      return head + reasons()
    case 'nothing':
      return head + nothingToChoose(machine, thread, step.path)
    case 'waits': {
      const point = plainState(machine, state).threads[thread]?.point ?? 'end'
      const at = guards[0]?.path ?? point
      const stands = pointLabel(machine, thread, machine.runners[thread]?.text.sites.get(at)?.inside ?? at)
      const [how, why] = [since(), guards.length === 0 ? nothingToChoose(machine, thread, point) : reasons()]
      return `${head}it is still at ${quote(stands)}${how.startsWith(',') ? `${how}: ${why}` : `: ${why}${how}`}`
    }
    case 'elsewhere':
      return `${head}it is at ${labelsOf(instead)}${since()}`
    case 'branch':
      return `${head}the test takes the other branch,  ${labelsOf(instead)}${whereTested(machine, state, thread, instead)}`
    case 'choice':
      return `${head}it can choose only ${choicesOf(instead)}`
    case 'fails':
      return `${head}it fails: ${instead.flatMap((one) => failuresOf(one).map(({ message }) => message)).join(', ')}`
    case 'ended':
      return `${head}it has ended${since()}`
    case 'start':
      return `${corrected} has no ${step.thread}`
  }
}

const labelsOf = (all: readonly Transition[]): string => [...new Set(all.map(({ label }) => quote(label)))].join(' or ')

const choicesOf = (all: readonly Transition[]): string =>
  [
    ...new Set(
      all.map(({ choices }) => choices.map(({ name, value }) => `${name} = ${JSON.stringify(value)}`).join(', ')),
    ),
  ].join(' or ')

/**
 * The cause that brought the thread where it is: a step that the lock does not have, one that the corrected variant
 * lacks, or the value that its last step found.
 */
function sinceWhen(
  { projected: { machine, followed, omitted, changed }, schedule: { steps, variant }, corrected, ended }: Compared,
  { run, after }: Obstacle,
  thread: number,
): string {
  const name = instanceName(machine.model, thread)
  const own = after === undefined ? undefined : run.steps[after - 1]?.transition
  if (own !== undefined && !steps.some((step) => step.thread === name && step.path === own.path)) {
    return `, after ${quote(own.label)}${siteOf(ended.machine, thread, own.path) === undefined ? `, which ${corrected} alone has` : ''}`
  }
  const playedAs = (path: string): number =>
    run.steps.findLastIndex(({ transition }) => transition.thread === thread && transition.path === path)
  const last = steps.findLastIndex(
    (one, n) => n < followed && one.thread === name && (omitted.includes(n + 1) || playedAs(one.path) >= 0),
  )
  const step = steps[last]
  if (step === undefined) return ''
  const called = `step ${last + 1}, ${quote(step.label)}`
  if (omitted.includes(last + 1)) return `; ${corrected} does not have its ${called}`
  if (changed.includes(last + 1)) return `; ${corrected} differs in its ${called}`
  const site = siteOf(machine, thread, step.path)
  const reads: Expression[] = []
  visitStatements(site === undefined ? [] : [site], (statement) => {
    reads.push(...expressionsOf(statement))
  })
  const differ = differences(
    machine,
    thread,
    reads,
    stateBefore(ended.run, last),
    stateBefore(run, playedAs(step.path)),
  )
  return differ === '' ? '' : `; before its ${called}, ${differ} as in ${variant}`
}

const stateBefore = ({ initial, steps }: Run, n: number): State => steps[n - 1]?.state ?? initial.state

/** More of them say less. */
const FEW = 4
const few = (all: readonly string[]): string =>
  all.slice(0, FEW).join(', ') + (all.length > FEW ? `, and ${all.length - FEW} more` : '')

/**
 * All steps can be taken: what is otherwise than at the end of the lock, in what the property reads, and which steps
 * are.
 */
function harmless(compared: Compared): string {
  const {
    projected: { machine, run, inserted, changed },
    schedule: { property, steps },
    corrected,
  } = compared
  const added = [
    ...new Set(
      inserted.flatMap((n) => {
        const step = run.steps[n - 1]?.transition
        return step === undefined ? [] : [`${quote(step.label)} of ${instanceName(machine.model, step.thread)}`]
      }),
    ),
  ]
  const because = [
    ...(added.length === 0 ? [] : [`${corrected} alone has ${few(added)}`]),
    ...(changed.length === 0
      ? []
      : [`${corrected} differs in ${few(changed.map((n) => `step ${n}, ${quote(steps[n - 1]?.label ?? '')}`))}`]),
  ]
  return [`every step can be taken, and ${property.name} ${endOf(compared)}`, ...because].join('; ')
}

function endOf({
  projected: { machine, run },
  schedule: {
    property: { name, kind },
    variant,
  },
  ended,
}: Compared): string {
  const last = ended.run.steps.at(-1)
  const final = ({ initial, steps }: Run): State => steps.at(-1)?.state ?? initial.state
  const { hanging, judgedOn } = kinds[kind]
  if (judgedOn === 'end') return 'holds'
  if (hanging !== undefined) {
    const able = transitions(machine, final(run)).map(
      ({ thread, label }) => `${instanceName(machine.model, thread)} can take ${quote(label)}`,
    )
    return `does not occur: ${able.length === 0 ? 'every thread may rest where it is' : few(able)}`
  }
  // A step that fails has no state after it: the states before it are compared.
  const failing = last !== undefined && last.state === undefined ? last.transition : undefined
  const played = run.steps.findLastIndex(
    ({ transition }) => transition.thread === failing?.thread && transition.path === failing.path,
  )
  const [here, there] =
    failing === undefined
      ? [final(run), final(ended.run)]
      : [stateBefore(run, played), stateBefore(ended.run, ended.run.steps.length - 1)]
  const differ = differences(machine, failing?.thread ?? -1, conditionsOf(machine, name, failing), there, here)
  return `holds${differ === '' ? '' : `: ${differ} as in ${variant}`}`
}

/** Differences between two states in the cells that these expressions read: `hmm[0].notifiers is 1 and not 0`. */
function differences(
  { model, ...machine }: Machine,
  thread: number,
  reads: readonly Expression[],
  there: State,
  here: State,
): string {
  const [shared, locals] = [new Set<string>(), new Set<number>()]
  for (const expression of reads)
    visit(expression, (part) => {
      if (part.kind === 'shared') shared.add(part.name)
      if (part.kind === 'local') locals.add(part.id)
    })
  const named = new Set(
    machine.runners[thread]?.thread.locals.flatMap(({ id, name }) => (locals.has(id) ? [name] : [])),
  )
  const isOf = (roots: ReadonlySet<string>, place: string): boolean => roots.has(/^[^.[]*/.exec(place)?.[0] ?? '')
  const [before, after] = [plainState({ model, ...machine }, there), plainState({ model, ...machine }, here)]
  return few(
    [
      ...sharedChanges(model, before, after).filter(({ place }) => isOf(shared, place)),
      ...localChanges(model, thread, before, after).filter(({ place }) => isOf(named, place)),
    ].map(
      ({ place, type, before: old, after: now }) =>
        `${place} is ${showValue(model, type, now)} and not ${showValue(model, type, old)}`,
    ),
  )
}

/** The conditions of a property: its own, or those of its assertions in the step that fails. */
function conditionsOf(machine: Machine, name: string, failing: Transition | undefined): readonly Expression[] {
  const declared = machine.model.properties.find((property) => property.name === name)?.condition
  if (failing === undefined) return declared === undefined ? [] : [declared]
  const found: Expression[] = []
  const site = siteOf(machine, failing.thread, failing.path)
  visitStatements(site === undefined ? [] : [site], (statement) => {
    if (statement.kind === 'assert' && statement.property === name) found.push(statement.condition)
  })
  return found
}
