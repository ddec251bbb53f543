/** Checkpoints of one search: when one is due, what it says of the search as a whole, and how a search goes on from it. */
import { readNumbers, rowsOf, writeNumbers } from '../../engine/parts.ts'
import type { CheckpointOutcome } from '../result.ts'
import type { Checkpoints, FoundAt, ResumedSearch, SearchProgress } from '../search.ts'
import { appendParts, beginCheckpoint, completeCheckpoint, dropCheckpoint } from './file.ts'
import { openCheckpoint, partReader, type PartEntry } from './file.ts'
import { assertSame, type CheckIdentity } from './identity.ts'

/** Writes checkpoints of one search to one file, and says how that went. */
export interface CheckpointWriter extends Checkpoints {
  readonly outcome: () => CheckpointOutcome
}

/** @param every milliseconds from one to the next, if it takes less to write one */
export function checkpointsTo(file: string, every: number, identity: CheckIdentity): CheckpointWriter {
  let due = performance.now() + every
  let written = 0
  let problem: string | undefined
  return {
    isDue: () => performance.now() >= due,
    async write(progress, append) {
      const began = performance.now()
      try {
        beginCheckpoint(file)
        const parts: PartEntry[] = []
        const add = (more: readonly PartEntry[]): void => {
          parts.push(...more)
        }
        await append({
          file,
          add,
          append: (write) => {
            add(appendParts(file, write))
          },
        })
        add(
          appendParts(file, (out) => {
            writeNumbers(out, 'search', numbersOf(progress))
          }),
        )
        completeCheckpoint(file, { identity, parts })
        written++
        problem = undefined
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error)
        dropCheckpoint(file)
      }
      // at least half of the time goes to the search, however long it takes to write what it has found
      const now = performance.now()
      due = now + Math.max(every, now - began)
    },
    outcome: () => ({ file, written, ...(problem === undefined ? {} : { problem }) }),
  }
}

const numbersOf = ({ depth, found }: SearchProgress): readonly number[] => [
  depth,
  ...found.flatMap(({ watch, state, successors, fails, level }) => [
    watch,
    state.log,
    state.index,
    successors,
    fails,
    level,
  ]),
]

/**
 * Reads a checkpoint of the same check.
 *
 * @throws UsageError HMM270 to HMM274
 */
export function resumedFrom(file: string, identity: (workers: number) => CheckIdentity): ResumedSearch {
  const index = openCheckpoint<CheckIdentity>(file)
  const { workers } = index.identity
  assertSame(file, index.identity, identity(workers))
  const { parts } = index
  const reader = partReader(file, parts)
  const [depth = 0, ...numbers] = readNumbers(reader, 'search')
  const found = rowsOf(numbers, 6).map(
    ([watch = 0, log = 0, state = 0, successors = 0, fails = 0, level = 0]): FoundAt => ({
      watch,
      state: { log, index: state },
      successors,
      fails,
      level,
    }),
  )
  return { depth, found, workers, file, parts, reader }
}
