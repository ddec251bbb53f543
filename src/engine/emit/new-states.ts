/** New states: each is counted, goes to the output, and leaves in the log how it was found. */
import type { Func } from '../../wasm/function.ts'
import { when } from '../../wasm/control.ts'
import { local32, local64, store32, store8, type I32, type Local32 } from '../../wasm/typed.ts'
import { escape } from '../log.ts'
import { control, longestLogNumber, type MemoryPlan } from '../memory.ts'
import { statesIn, type EngineScope } from './scope.ts'
import { storeWords, type Words } from './words.ts'

/** The counters that grow with each new state, in locals while a block is worked on. */
export interface NewStates {
  /** Loads the locals from `control`. */
  open(): void
  /** Takes a new state. `orbit`: how many states it stands for, where that may be more than one. */
  keep(state: Words, parent: I32, ordinal: I32, orbit: I32 | undefined): void
  /** Stores them again. */
  close(): void
}

export function newStates(f: Func, { plan, canonical }: EngineScope): NewStates {
  const [count, output, log, lastParent] = [local32(f), local32(f), local32(f), local32(f)]
  const represented = canonical === undefined ? undefined : local64(f)
  return {
    open() {
      represented?.set(control.represented.load())
      count.set(control.count.load())
      output.set(plan.output.at(control.output.load()))
      log.set(plan.log.start.add(control.log.load()))
      lastParent.set(control.lastParent.load())
    },
    keep(state, parent, ordinal, orbit) {
      storeWords(f, output, state)
      if (orbit !== undefined) represented?.set(represented.add(orbit.extend()))
      count.set(count.add(1))
      output.set(output.add(plan.stateBytes))
      emitLogNumber(f, log, parent.sub(lastParent))
      lastParent.set(parent)
      emitLogNumber(f, log, ordinal)
    },
    close() {
      if (represented !== undefined) control.represented.store(f, represented)
      control.count.store(f, count)
      control.output.store(f, statesIn(plan, output.sub(plan.output.address)))
      control.log.store(f, log.sub(plan.log.address))
      control.lastParent.store(f, lastParent)
    },
  }
}

/**
 * Writes a number behind the log.
 *
 *     (if (value < escape) (8 bits of value) (else escape (32 bits of value)))
 */
function emitLogNumber(f: Func, log: Local32, value: I32): void {
  when(
    f,
    value.lt(escape),
    () => {
      store8(f, log, value)
      log.set(log.add(1))
    },
    () => {
      store8(f, log, escape)
      store32(f, log, value, 1)
      log.set(log.add(longestLogNumber))
    },
  )
}

/** There is room in output and log for all that one block may bring. */
export const roomForNew = ({ output, log, blockSuccessors }: MemoryPlan): readonly I32[] => [
  control.output.load().le(output.count - blockSuccessors),
  control.log.load().le(log.count - 2 * longestLogNumber * blockSuccessors),
]
