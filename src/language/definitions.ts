/** The procedures and threads that were defined in this process, and whether any model has recorded them. */
import { position } from './position.ts'

export interface Definition {
  readonly what: 'procedure' | 'thread'
  readonly name: string
  /** The line that defines it. */
  readonly at: string
  /** Whether some model has it. */
  readonly isRecorded: boolean
}

const all: (Omit<Definition, 'isRecorded'> & { recorded: boolean })[] = []

/** Takes note of a definition. The result is called when a model records it. */
export function defined(what: Definition['what'], name: string): () => void {
  const one = { what, name, at: position(), recorded: false }
  all.push(one)
  return () => {
    one.recorded = true
  }
}

/** Definitions of models that were recorded before; they are read when they are first asked for. */
let before: () => readonly Definition[] = () => []

export const definitions = (): readonly Definition[] => [
  ...before(),
  ...all.map(({ what, name, at, recorded }) => ({ what, name, at, isRecorded: recorded })),
]

/** Takes note of definitions of models that were recorded before, and are read in this process. */
export function definedBefore(read: () => readonly Pick<Definition, 'what' | 'name' | 'at'>[]): void {
  let known: readonly Definition[] | undefined
  before = () => (known ??= read().map((one) => ({ ...one, isRecorded: true })))
}
