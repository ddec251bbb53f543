/** Finds among many states those that matter. */
import type { EngineInstance } from './instance.ts'
import type { StateRun } from './visited-set.ts'

export interface Marker {
  /**
   * A byte for each state: 1 if a watch that is looked for finds something in it, or if the visited set holds a
   * successor of it.
   */
  mark(run: StateRun): Uint8Array
}

export function markerOf({ plan, engine, bytes }: EngineInstance): Marker {
  const { stateBytes, input, output } = plan
  return {
    mark({ states, count }) {
      const marks = new Uint8Array(count)
      for (let done = 0; done < count; done += input.count) {
        const batch = Math.min(input.count, count - done)
        bytes().set(states.subarray(done * stateBytes, (done + batch) * stateBytes), input.address)
        engine.mark(batch)
        marks.set(bytes().subarray(output.address, output.address + batch), done)
      }
      return marks
    },
  }
}
