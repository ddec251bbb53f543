/** What the compiled engine must find in an oracle, whatever the number of workers. */
import { expect } from 'vitest'
import { check } from '../../src/explorer/check.ts'
import { configure } from '../../src/language/index.ts'
import type { Oracle } from './oracle.ts'

/** Where the table does not count the transitions, we suppose ten for each state. */
export const transitionsOf = ({ states = 0, transitions = 10 * states }: Oracle): number => transitions

/** Dead locals keep their values. */
export async function holdsToTable(
  { model, configuration, states, stored, transitions, depth, shortest = {}, deadlocks }: Oracle,
  workers: number,
  symmetry: boolean,
): Promise<void> {
  const result = await check(configure(model, configuration), { workers, keepDeadLocals: true, symmetry })
  expect(result).toMatchObject({
    workers,
    droppedGhosts: [],
    deadLocalReset: false,
    ...(states && { states }),
    ...(symmetry ? stored && { stored } : states && { stored: states }),
    ...(transitions && { transitions }),
    ...(depth && { depth }),
  })
  expect(result.incomplete).toBeUndefined()
  const shown = result.properties.flatMap(({ name, steps }) => (steps === undefined ? [] : [[name, steps]]))
  expect(Object.fromEntries(shown)).toEqual(shortest)
  for (const { kind, verdict, steps } of result.properties)
    expect(verdict).toBe(steps === undefined || kind === 'sometimes' ? 'holds' : 'violated')
  const deadlock = result.properties.find(({ kind }) => kind === 'deadlock')
  if (deadlock !== undefined && deadlocks !== undefined)
    expect(deadlock.verdict).toBe(deadlocks > 0 ? 'violated' : 'holds')
}
