/** The size of a run. */
import { isEnabled, transitionsOf } from './machine.ts'
import type { Machine, Run } from './machine.ts'

export interface RunSize {
  readonly steps: number
  /** Two successive transitions of different threads. */
  readonly switches: number
  /** Switches away from a thread that has an enabled transition. */
  readonly preemptions: number
  /** Threads that take part. */
  readonly threads: number
}

/** The number of switches from one thread to another, from the threads of successive transitions. */
export function switchesIn(threads: readonly (number | string)[]): number {
  return threads.filter((thread, at) => at > 0 && thread !== threads[at - 1]).length
}

/** The switches of a run. */
export const switchesOf = ({ steps }: Run): number => switchesIn(steps.map(({ transition: { thread } }) => thread))

export function runSizeOf(machine: Machine, { initial, steps }: Run): RunSize {
  const switches = steps.flatMap(({ transition: { thread } }, at) => {
    const before = steps[at - 1]
    return before === undefined || before.transition.thread === thread
      ? []
      : [{ from: before.transition.thread, state: before.state ?? initial.state }]
  })
  return {
    steps: steps.length,
    switches: switches.length,
    preemptions: switches.filter(({ from, state }) => transitionsOf(machine, state, from).some(isEnabled)).length,
    threads: new Set(steps.map(({ transition: { thread } }) => thread)).size,
  }
}
