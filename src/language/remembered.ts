/**
 * Results computed from a part of a model, remembered as long as the part lives. A part never changes, and the variants
 * and scenarios of a model share the threads in which they do not differ, so each thread is prepared once.
 */

/** Remembers what is computed of a part. */
export function remembered<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, V>()
  return (of) => {
    const old = known.get(of)
    if (old !== undefined) return old
    const made = compute(of)
    known.set(of, made)
    return made
  }
}

/**
 * Results that are remembered of one part. A catalogue configures a thread in hundreds of ways, and comes back to none
 * of them but the last few; with all of them the collector of garbage would take a third of its time.
 */
export const mostRemembered = 4

/**
 * Remembers what is computed of a part, for each of the last `mostRemembered` keys: the key says all that the result
 * depends on besides.
 */
export function rememberedByKey<K extends object, V>(): (of: K, key: string, compute: () => V) => V {
  const tableOf = remembered((_: K) => new Map<string, V>())
  return (of, key, compute) => {
    const table = tableOf(of)
    const old = table.get(key)
    const result = old ?? compute()
    // the key that was asked for last stands last
    if (old !== undefined) table.delete(key)
    table.set(key, result)
    const [first] = table.keys()
    if (table.size > mostRemembered && first !== undefined) table.delete(first)
    return result
  }
}

let objects = 0
/** A number for each object, to be part of a key. */
export const identityOf: (of: object) => number = remembered(() => ++objects)
