/** The findings of the watches. */
import type { EngineInstance } from './instance.ts'
import type { StateId } from './log.ts'
import { control, finding, findingOf } from './memory.ts'

/**
 * A violation or witness of a watch: at this state, or in one of its transitions. `successors` and `fails` say how many
 * of its transitions come before that one; of a finding of the state itself they mean nothing.
 */
export interface Finding {
  readonly watch: number
  readonly state: StateId
  readonly successors: number
  readonly fails: number
}

/** The watches that are looked for: each is found once. */
export interface Watches {
  /** The findings that were not taken yet; the states are named from `parents` on. */
  take(parents: StateId): readonly Finding[]
  /** Looks for these no more: they were found elsewhere. */
  settle(watches: readonly number[]): void
  /** Looks for these alone from now on, whatever was found before. */
  lookFor(watches: readonly number[]): void
  /** Looks for all of them from now on. */
  lookForAll(): void
}

export function watchesOf({ plan, view }: Pick<EngineInstance, 'plan' | 'view'>): Watches {
  const numbers = [...plan.findingEntries.keys()]
  const setStatus = (watch: number, status: number): void => {
    findingOf(plan, watch).status.write(view(), status)
  }
  return {
    take(parents) {
      if (control.found.read(view()) === 0) return []
      control.found.write(view(), 0)
      const found = numbers.filter((watch) => findingOf(plan, watch).status.read(view()) === finding.found)
      return found.map((watch) => {
        setStatus(watch, finding.settled)
        const { parent, successorBytes, fails } = findingOf(plan, watch)
        return {
          watch,
          state: { log: parents.log, index: parents.index + parent.read(view()) },
          successors: successorBytes.read(view()) / plan.stateBytes,
          fails: fails.read(view()),
        }
      })
    },
    settle(watches) {
      for (const watch of watches) setStatus(watch, finding.settled)
    },
    lookFor(watches) {
      for (const watch of numbers) setStatus(watch, watches.includes(watch) ? finding.open : finding.settled)
    },
    lookForAll() {
      for (const watch of numbers) setStatus(watch, finding.open)
    },
  }
}
