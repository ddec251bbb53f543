/** Questions to the machine that the search runs on, where it can answer. */

interface Host {
  readonly process?: { readonly memoryUsage?: { readonly rss?: () => number } }
}

/** The resident set of the process in bytes; 0 where that cannot be known. */
export const residentBytes = (): number => (globalThis as Host).process?.memoryUsage?.rss?.() ?? 0
