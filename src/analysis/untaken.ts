/**
 * Text that a complete run has never gone through: steps, and branches that are not steps of their own.
 *
 * A procedure is recorded anew at each call, and each of its calls has its own reasons: a lock that no other thread
 * holds is never waited for. So the text is judged, not the call: a line is never taken if no call of any thread takes
 * it. Text of the vocabulary of `hmmcheck/kernel` is not the model's, and is left out.
 */
import type { ConfiguredModel, Statement } from '../language/ast.ts'
import { statementLabel } from '../language/labels.ts'
import { isVocabulary } from '../language/position.ts'
import { remembered } from '../language/remembered.ts'
import { blocksOf } from '../language/walk.ts'
import type { Open } from './open.ts'
import { sitesOf, type StatementLines } from './sites.ts'
import { distinct, warning, type Warning } from './warning.ts'

/** A step, or a branch of its statement, and whether it was ever taken. */
export interface BranchTaken {
  /** Number of the thread in the model. */
  readonly thread: number
  readonly path: string
  readonly statement: Statement
  /** The branch, empty for a step: `then`, `case-present`, `or-1`. */
  readonly arm: string
  readonly taken: boolean
}

export function untakenWarnings(
  model: ConfiguredModel,
  branches: readonly BranchTaken[],
  open: Open,
): readonly Warning[] {
  const places = model.threads.map(({ body }) => placesOf(body))
  const taken = new Set<string>()
  const notTaken: (BranchTaken & Place)[] = []
  for (const branch of branches) {
    const place = places[branch.thread]?.(branch)
    if (place === undefined) continue
    if (branch.taken) taken.add(place.text)
    else notTaken.push({ ...branch, ...place })
  }
  const untaken = notTaken.filter(({ text }) => !taken.has(text))
  // a branch that is never taken stands for everything inside it
  const outermost = untaken
    .toSorted((a, b) => a.thread - b.thread || a.order - b.order)
    .filter(
      ({ thread, path }) =>
        !untaken.some((other) => other.thread === thread && path !== other.path && path.startsWith(`${other.path}/`)),
    )
  return distinct(
    [
      ...new Map(
        outermost
          .filter(({ thread, statement }) => !open.statement(thread, statement))
          .map((branch) => [branch.text, branch]),
      ).values(),
    ].map(({ thread: number, statement, arm, at, calls }) => {
      const thread = model.threads[number]
      const label = thread === undefined ? '' : statementLabel(statement, thread, arm === '' ? undefined : arm)
      return warning('HMM063', `\`${label}\` of ${thread?.name ?? ''} is never taken`, at, { calls })
    }),
  )
}

/** A branch in the model's own text. */
interface Place extends StatementLines {
  /** The same for every call that has it. */
  readonly text: string
}

/** Finds the place of a branch of a thread; undefined of one that is not judged. */
const placesOf = remembered((body: readonly Statement[]) => {
  const site = sitesOf(body)
  const known = new Map<string, Place | undefined>()
  const placeOf = (branch: BranchTaken): Place | undefined => {
    const found = site(branch.path)
    return found === undefined || isVocabulary(found.at) || isEmpty(branch) || isForbidden(branch.statement)
      ? undefined
      : { ...found, text: `${found.at} ${branch.path.replace(/^.*[/:]/, '')}` }
  }
  return (branch: BranchTaken): Place | undefined => {
    const key = `${branch.path} ${branch.arm}`
    if (!known.has(key)) known.set(key, placeOf(branch))
    return known.get(key)
  }
})

/** A branch without text, for example the else of an If without one. Resets of locals do not count as text. */
function isEmpty({ statement, arm }: BranchTaken): boolean {
  return (
    arm !== '' &&
    blocksOf(statement).some(({ suffix, body }) => suffix === `.${arm}` && body.every(({ kind }) => kind === 'reset'))
  )
}

/** A step whose guard the configuration has folded to false: it is left out on purpose. */
function isForbidden(statement: Statement): boolean {
  const isFalse = (one: Statement): boolean =>
    one.kind === 'await' && one.condition.kind === 'literal' && one.condition.value === false
  return (
    isFalse(statement) || ((statement.kind === 'step' || statement.kind === 'call') && statement.body.some(isFalse))
  )
}
