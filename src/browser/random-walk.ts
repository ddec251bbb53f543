/** A random walk by hand, as it were: a few steps that the reference interpreter takes, each as likely as the others. */
import { plural } from '../report/numbers.ts'
import { chance } from '../schedules/random.ts'
import { isEnabled, transitions } from '../semantics/machine.ts'
import type { History, Node } from './history.ts'

/** Where a walk has come to, and why it has ended there. */
export interface Walk {
  readonly node: Node
  readonly note: string
}

/** Takes this many steps, or fewer if one violates a property, or nothing is enabled. */
export function walkOn({ machine, take }: History, from: Node, steps: number, seed: number): Walk {
  const draw = chance(seed, 1)
  let node = from
  for (let taken = 0; taken < steps; taken++) {
    const able = node.state === undefined ? [] : transitions(machine, node.state).filter(isEnabled)
    const chosen = able[draw(able.length)]
    if (chosen === undefined) return { node, note: `${plural(taken, 'step')}: then nothing is enabled` }
    node = take(node, chosen)
    if (node.violated.length > 0) {
      const names = node.violated.map(({ name }) => name).join(', ')
      return { node, note: `${plural(taken + 1, 'step')}: ${names} is violated` }
    }
  }
  return { node, note: plural(steps, 'step') }
}
