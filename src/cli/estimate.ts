/** How long several runs will still take, by those that are over. */

/** A run: what is known of it before it begins. */
export interface Planned {
  readonly model: string
  readonly scenario: string
}

/** A run that is over. */
export interface Over extends Planned {
  readonly seconds: number
}

/**
 * Seconds to the end: a run is taken to be as long as the others of its scenario, else as those of its model, else as
 * all of them on average.
 *
 * @param left the runs that are not over
 * @param threads that work side by side
 * @returns undefined if nothing is known yet
 */
export function secondsLeft(over: readonly Over[], left: readonly Planned[], threads: number): number | undefined {
  if (over.length === 0) return undefined
  const mean = (like: (one: Over) => boolean): number | undefined => {
    const runs = over.filter(like)
    return runs.length === 0 ? undefined : runs.reduce((sum, { seconds }) => sum + seconds, 0) / runs.length
  }
  const all = mean(() => true) ?? 0
  const sum = left.reduce(
    (total, { model, scenario }) =>
      total +
      (mean((one) => one.model === model && one.scenario === scenario) ?? mean((one) => one.model === model) ?? all),
    0,
  )
  return sum / Math.max(1, Math.min(threads, left.length))
}

/** `43 of 312 runs, 12.3 s; about 2 min left`; rounded, since it is an estimate. */
export function estimateText(done: number, all: number, elapsed: string, left: number | undefined): string {
  const rest = left === undefined ? '' : `; about ${roughly(left)} left`
  return `${done} of ${all} runs, ${elapsed}${rest}`
}

const roughly = (seconds: number): string =>
  seconds < 10
    ? 'some seconds'
    : seconds < 90
      ? `${Math.round(seconds / 10) * 10} s`
      : `${Math.round(seconds / 60)} min`
