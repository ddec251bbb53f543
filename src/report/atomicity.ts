/** The atomicity report: one line on what is open, and a table of all transitions. */
import type { Touching } from '../analysis/atomicity.ts'
import { plural } from './numbers.ts'
import { wrap } from './wrap.ts'

/** More lines than these are counted, not named. */
const FEW = 3

/** The line that `check` prints for a user's model; none if nothing is open. */
export function atomicityLines(all: readonly Touching[], width: number): readonly string[] {
  const open = all.filter(({ isOpen }) => isOpen)
  if (open.length === 0) return []
  const lines = [...new Set(open.map(({ at }) => at))]
  const places = [...lines.slice(0, FEW), ...(lines.length > FEW ? ['...'] : [])].join(', ')
  const verb = open.length === 1 ? 'reads or writes' : 'read or write'
  return wrap(
    `atomicity: ${plural(open.length, 'transition')} ${verb} several shared cells at once (${places}); --dry-run lists them; answer with atomically(...)`,
    width,
  )
}

/** Every transition that touches shared state. */
export function atomicityTable(all: readonly Touching[]): readonly string[] {
  if (all.length === 0) return []
  const part = (word: string, cells: readonly string[]): readonly string[] =>
    cells.length === 0 ? [] : [`${word} ${cells.join(', ')}`]
  return [
    'atomicity: the shared state that each transition reads and writes; locks are not considered',
    ...all.flatMap(({ thread, at, label, reads, writes, calls, reason, isOpen }) => [
      `  ${at}  ${thread}: ${label}`,
      `    ${[...part('reads', reads), ...part('writes', writes), ...part('calls', calls), ...(isOpen ? ['OPEN'] : reason === undefined ? [] : [`atomically: ${reason}`])].join('; ')}`,
    ]),
  ]
}
