/** The largest number of successors that one state can have through a piece of code. */
import { ordinalCount, type SortSizes } from './encoding.ts'
import type { Code } from './program.ts'

/** Results for blocks, which belong to one model alone. */
const known = new WeakMap<Code, number>()

export function fanOut(code: Code | undefined, sizes: SortSizes): number {
  if (code === undefined) return 0
  switch (code.op) {
    case 'effect':
    case 'guard':
      return fanOut(code.next, sizes)
    case 'block': {
      const most = known.get(code) ?? fanOut(code.next, sizes)
      known.set(code, most)
      return most
    }
    case 'branch':
      return Math.max(fanOut(code.then, sizes), fanOut(code.otherwise, sizes))
    case 'either':
      return code.branches.reduce((sum, b) => sum + fanOut(b, sizes), 0)
    case 'choose':
    case 'pick':
      return (ordinalCount(code.over, sizes) ?? 1) * fanOut(code.next, sizes)
    case 'goto':
      return 1
  }
}
