/** Compares the statements of two variants of one model: those of both, those of one alone, and equal ones. */
import { expressionsOf } from '../language/walk.ts'
import { isLocal } from '../semantics/control.ts'
import type { Machine } from '../semantics/machine.ts'
import { canonicalJson } from '../language/canonical-json.ts'
import type { ScheduleStep } from './schedule.ts'

/** A statement and the arm taken, as a transition's path has them. */
export const statementOf = ({ text }: Machine['runners'][number], path: string): string =>
  text.sites.has(path) ? path : path.slice(0, path.lastIndexOf('.'))

/** The threads of a machine, by the names of their instances. */
export type ThreadsByName = ReadonlyMap<string, Machine['runners'][number]>
export const byName = ({ runners }: Machine): ThreadsByName =>
  new Map(runners.map((runner) => [runner.instance.name, runner]))

/**
 * `common`: both texts have the statement. `alone`: one of them has it. `local`: in one of them at least, it touches
 * nothing but what is its thread's own.
 */
export type Correspondence = 'common' | 'alone' | 'local'

/** A function from a thread and the path of a transition to the correspondence of its statement in two texts. */
export function correspondenceIn(
  one: ThreadsByName,
  other: ThreadsByName,
): (thread: string, path: string) => Correspondence {
  return (thread, path) => {
    const sites = [one, other]
      .map((runners) => runners.get(thread))
      .map((runner) => runner?.text.sites.get(statementOf(runner, path)))
    if (sites.some((site) => site?.inside === undefined && site !== undefined && isLocal(site.statement)))
      return 'local'
    return sites.includes(undefined) ? 'alone' : 'common'
  }
}

/** Whether a statement is the same in both variants; if it is not a step, the statements inside it do not count. */
export function isSameIn(one: ThreadsByName, other: ThreadsByName, { thread, path }: ScheduleStep): boolean {
  const [mine, theirs] = [one, other]
    .map((runners) => runners.get(thread))
    .map((runner) => {
      const statement = runner?.text.sites.get(statementOf(runner, path))?.statement
      if (statement === undefined) return ''
      return canonicalJson(
        statement.kind === 'step' || statement.kind === 'call' ? statement : expressionsOf(statement),
        (_, key) => ['at', 'source', 'lockless', 'atomically', 'epoch', 'local', 'bumps', 'returns'].includes(key),
      )
    })
  return mine === theirs
}
