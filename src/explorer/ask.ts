/** Asks an engine about single states. */
import type { Compiled } from '../compiler/compile.ts'
import type { Finding } from '../engine/findings.ts'
import { oracle, type Oracle, type Successors } from '../engine/oracle.ts'
import { kinds } from '../semantics/kinds/index.ts'

export interface Asked {
  readonly stateBytes: number
  /** Looks for these alone from now on; what was found once is found again. */
  watch(watches: readonly number[]): void
  /** The watches that the state shows by itself. */
  shownBy(state: Uint8Array): readonly number[]
  /** The successors of a state by one thread; findings are those of its transitions. */
  successorsOfThread(state: Uint8Array, thread: number): Successors
}

/** @param engine that answers; default: one that does not know any state */
export function ask(compiled: Compiled, engine: Oracle = oracle(compiled)): Asked {
  let watched: readonly number[] = []
  /** Looks for the watches anew: a watch that was found is settled until then. */
  const afresh = (findings: readonly Finding[]): void => {
    if (findings.length > 0) engine.watches.lookFor(watched)
  }
  return {
    stateBytes: engine.stateBytes,
    watch(watches) {
      watched = watches
      engine.watches.lookFor(watches)
    },
    shownBy(state) {
      if (!watched.some((watch) => isOfState(compiled, watch))) return []
      const { findings } = engine.successorsOfAll(state)
      afresh(findings)
      return findings.flatMap(({ watch }) => (isOfState(compiled, watch) ? [watch] : []))
    },
    successorsOfThread(state, thread) {
      const found = engine.successorsOfThread(state, thread)
      afresh(found.findings)
      return found.findings.length === 0
        ? found
        : { ...found, findings: found.findings.filter(({ watch }) => !isOfState(compiled, watch)) }
    },
  }
}

/** Whether a watch is about a state, not about a transition from it. */
export function isOfState({ watched }: Compiled, watch: number): boolean {
  const one = watched[watch]
  if (one === undefined || one.by === 'covers' || one.by === 'rest') return false
  return ['state', 'end'].includes(kinds[one.claim.kind].judgedOn)
}

/** A packed state as the key of a map, and back. */
export const keyOf = (state: Uint8Array): string =>
  String.fromCharCode(...new Uint16Array(state.buffer, state.byteOffset, state.byteLength / 2))
export const stateOf = (key: string): Uint8Array =>
  new Uint8Array(Uint16Array.from(key, (unit) => unit.charCodeAt(0)).buffer)

/** Asked between two parts of a long work, any number of times: whether the user has stopped it. */
export type GiveUp = () => Promise<boolean>
