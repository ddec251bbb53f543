/** Coverage of walks: distinct states and transitions, counted exactly, in tables of their own. */

/**
 * States that are kept; of more, nothing new is counted. At 16 bytes a state all tables together take some 700 MiB
 * then.
 */
const mostStates = 2 ** 23

export interface Covered {
  /** The number of the state whose 32-bit words begin there; -1 if there is not room for another. */
  state(words: Uint32Array, from: number): number
  /** Takes a transition of the state with that number. */
  transition(state: number, ordinal: number): void
  readonly states: () => number
  readonly transitions: () => number
  /** Is there no room for more? Then the counts are lower bounds. */
  readonly full: () => boolean
}

const mixed = (hash: number, word: number): number => {
  const h = Math.imul(hash ^ word, 0x9e3779b1)
  return h ^ (h >>> 15)
}

/**
 * Empty tables.
 *
 * @param width 32-bit words of a state
 * @param limit states to keep
 */
export function covered(width: number, limit: number = mostStates): Covered {
  let states = 0,
    transitions = 0,
    full = false
  let kept = new Uint32Array(1024 * width)
  /** Open addressing, at most half full: the number of a state and 1, or 0. */
  let slots = new Int32Array(2048)
  /** A transition is kept as one number, made of its state's number and its ordinal there. */
  let taken = new Float64Array(2048)

  const homeOf = (words: Uint32Array, from: number): number => {
    let hash = 0
    for (let n = 0; n < width; n++) hash = mixed(hash, words[from + n] ?? 0)
    return hash & (slots.length - 1)
  }
  const grow = (): void => {
    const larger = new Uint32Array(kept.length * 2)
    larger.set(kept)
    kept = larger
    slots = new Int32Array(slots.length * 2)
    for (let state = 0; state < states; state++) {
      let at = homeOf(kept, state * width)
      while (slots[at] !== 0) at = (at + 1) & (slots.length - 1)
      slots[at] = state + 1
    }
  }
  const isKept = (state: number, words: Uint32Array, from: number): boolean => {
    for (let n = 0; n < width; n++) if (kept[state * width + n] !== words[from + n]) return false
    return true
  }
  const homeOfKey = (key: number): number => mixed(mixed(0, key | 0), Math.floor(key / 2 ** 32)) & (taken.length - 1)
  const place = (key: number): boolean => {
    let at = homeOfKey(key)
    for (; taken[at] !== 0; at = (at + 1) & (taken.length - 1)) if (taken[at] === key) return false
    taken[at] = key
    return true
  }

  return {
    state(words, from) {
      let at = homeOf(words, from)
      for (let state = slots[at] ?? 0; state !== 0; state = slots[at] ?? 0) {
        if (isKept(state - 1, words, from)) return state - 1
        at = (at + 1) & (slots.length - 1)
      }
      if (states === limit) {
        full = true
        return -1
      }
      for (let n = 0; n < width; n++) kept[states * width + n] = words[from + n] ?? 0
      slots[at] = ++states
      if (2 * states === slots.length) grow()
      return states - 1
    },
    transition(state, ordinal) {
      if (state < 0 || !place(ordinal * mostStates + state + 1)) return
      if (++transitions * 2 < taken.length) return
      const old = taken
      taken = new Float64Array(old.length * 2)
      for (const key of old) if (key !== 0) place(key)
    },
    states: () => states,
    transitions: () => transitions,
    full: () => full,
  }
}
