/** Goes from state to state along one path, in the memory of the module, without copying. */
import type { Compiled } from '../compiler/compile.ts'
import { moduleOf } from './code.ts'
import { watchesOf, type Watches } from './findings.ts'
import { startInstance } from './instance.ts'
import { labelOf } from './labels.ts'
import { control } from './memory.ts'

export interface Walker {
  /** Bytes of a state. */
  readonly stateBytes: number
  /** Memory in 32-bit words, in which the state where it stands begins at `first`. */
  readonly words: Uint32Array
  readonly first: number
  /** Stands at this state from now on. */
  start(state: Uint8Array): void
  /** Finds the successors of the state; how many there are. */
  expand(): number
  /** Stands at one of them from now on. */
  take(successor: number): void
  /** The thread instance whose transition a successor comes from, and the number of the edge. */
  instanceOf(successor: number): number
  edgeOf(successor: number): number
  /** Was there anything in the state, or in its transitions, that `watches` has not given away yet? */
  hasFound(): boolean
  readonly watches: Watches
}

export function walker(compiled: Compiled): Walker {
  const options = { outboxes: 0, labelled: true }
  const instance = startInstance(compiled, moduleOf(compiled, options), { ...options, tableBytes: 0 })
  const { engine, plan } = instance
  const { stateBytes, successors, input, labels } = plan
  const [bytes, view] = [instance.bytes(), instance.view()]
  return {
    stateBytes,
    words: new Uint32Array(bytes.buffer),
    first: input.address / 4,
    start(state) {
      instance.input(state)
    },
    expand: () => engine.successorsOfAll() / stateBytes,
    take(successor) {
      const from = successors.address + successor * stateBytes
      bytes.copyWithin(input.address, from, from + stateBytes)
    },
    instanceOf: (successor) => labelOf(labels.read(view, successor)).instance,
    edgeOf: (successor) => labelOf(labels.read(view, successor)).edge,
    hasFound: () => control.found.read(view) !== 0,
    watches: watchesOf(instance),
  }
}
