/** Every enabled transition of a state is equally likely: a random walk over the graph. */
import type { Strategy } from './strategy.ts'

/**
 * Threads with many choices act more often than those with one, and a long path that must not be disturbed is
 * unlikely.
 */
export const uniform: Strategy = {
  name: 'uniform',
  compiled: { name: 'uniform', begin: () => ({}) },
  start:
    (draw) =>
    ({ count }) =>
      draw(count),
}
