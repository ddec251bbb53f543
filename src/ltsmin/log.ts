/**
 * The log of a search by LTSmin, as it comes: lines of `pins2lts-dist` or `pins2lts-mc`, of `mpirun`, and of the plugin
 * (`src/c/text/pins.c`), whose lines begin with `hmmcheck:` and end with `;`.
 */

/** What a process says of itself at its end. */
export interface RankEnd {
  /** States that it has expanded, and their successors: without those of the state before all initial states. */
  readonly states: number
  readonly transitions: number
  /** Bytes of memory. */
  readonly bytes: number
  /** Milliseconds of processor time. */
  readonly milliseconds: number
  /** Whether it was told to end early. */
  readonly isEnded: boolean
  /** By watch, and by kind of transition and then branch: 1 if it was met, or taken. */
  readonly met: Uint8Array
  readonly taken: Uint8Array
}

/** What LTSmin says when its search is over. */
export interface Total {
  readonly states: number
  readonly transitions: number
}

export interface Log {
  /** Seconds of the search alone, once it is over. */
  readonly seconds: number | undefined
  /** Bytes for each state in the table of `pins2lts-mc`, as it says at its end. */
  readonly bytesPerState: number | undefined
  /** States expanded in each level, from the first. */
  readonly levels: readonly number[]
  /** As LTSmin counts, so far. */
  readonly explored: Total
  /** States that were found but not expanded, at the end of the last level. */
  readonly unexplored: number
  /** A total for each search that came to its end: of ranks that are not joined, each says one. */
  readonly totals: readonly Total[]
  readonly ranks: readonly RankEnd[]
  /** The numbers of the watches that were met so far. */
  readonly met: ReadonlySet<number>
  /** The line that says that memory, or a table, was full. */
  readonly full: string | undefined
  /** Lines about what went wrong, the first ones. */
  readonly faults: readonly string[]
  /** The last lines. */
  readonly last: readonly string[]
}

/** A log that lines are added to. */
export interface GrowingLog extends Log {
  add(line: string): void
}

/** Lines that are kept for a message. */
const keptLines = 8

/** `hmmcheck: rank 12 states 34 transitions 56 bytes 78 milliseconds ended 0 met 1f taken ff;` */
const rankLine =
  /hmmcheck: rank (\d+) states (\d+) transitions (\d+) bytes (\d+) milliseconds ended ([01]) met ([0-9a-f]+) taken ([0-9a-f]+);/
const metLine = /hmmcheck: met (\d+);/
const distLevel =
  /level (\d+) has (\d+) states \d+ transitions, explored (\d+) states (\d+) transitions, unexplored (\d+)/
const distWithin = /generated ~(\d+) transitions from ~(\d+) states/
const distTotal = /state space has \d+ levels (\d+) states (\d+) transitions/
const mcLevel = /BFS level (\d+) has (\d+) states (\d+) total/
const tableLine = /Tree memory: [\d.]+ ?\wB, ([\d.]+) B\/state/
const timeLine = /(?:Exploration time|Total exploration time) ([\d.]+) (?:real|sec)/
const mcTotal = /Explored (\d+) states (\d+) transitions, fanout/

const fullLine =
  /table full|realloc (?:hash|data) failed|out of memory|Cannot allocate memory|[Uu]nable to allocate|Too large hash table|bad_alloc|Not enough (?:memory|space)/
const faultLine =
  /\*\* error \*\*|exited on signal|lost communication|non-zero (?:exit )?(?:code|status)|segmentation fault|Permission denied|Connection (?:refused|closed|reset|timed out)|Could not resolve|No route to host|not enough slots|unable to (?:find|launch|reach)|were unable to|daemon .* (?:failed|died)|MPI_ABORT|Abort/i

/** Truth values that stand as hexadecimal digits, the first of a digit in its least bit. */
const truthsIn = (digits: string): Uint8Array =>
  Uint8Array.from(
    Array.from(digits).flatMap((digit) => [0, 1, 2, 3].map((bit) => (Number.parseInt(digit, 16) >> bit) & 1)),
  )

export function growingLog(): GrowingLog {
  const levels: number[] = []
  const totals: Total[] = []
  const ranks: RankEnd[] = []
  const met = new Set<number>()
  const faults: string[] = []
  const last: string[] = []
  let explored: Total = { states: 0, transitions: 0 }
  let before = explored
  let unexplored = 0
  let full: string | undefined
  let seconds: number | undefined
  let bytesPerState: number | undefined
  /** Reads numbers behind a pattern. */
  const numbers = (pattern: RegExp, line: string): readonly number[] | undefined =>
    pattern.exec(line)?.slice(1).map(Number)
  const read = (line: string): void => {
    const rank = rankLine.exec(line)
    if (rank !== null) {
      const [states = 0, transitions = 0, bytes = 0, milliseconds = 0] = rank.slice(1, 5).map(Number)
      const [isEnded, own] = [rank[5] === '1', truthsIn(rank[6] ?? '')]
      ranks.push({ states, transitions, bytes, milliseconds, isEnded, met: own, taken: truthsIn(rank[7] ?? '') })
      own.forEach((is, watch) => is === 1 && met.add(watch))
      return
    }
    const [watch] = numbers(metLine, line) ?? []
    if (watch !== undefined) met.add(watch)
    const level = numbers(distLevel, line)
    if (level !== undefined) {
      const [n = 0, size = 0, states = 0, transitions = 0, open = 0] = level
      levels[n] = size
      before = explored = { states, transitions }
      unexplored = open
    }
    const [transitions, states] = numbers(distWithin, line) ?? []
    if (states !== undefined && transitions !== undefined)
      explored = { states: before.states + states, transitions: before.transitions + transitions }
    const [depth, size, all] = numbers(mcLevel, line) ?? []
    if (depth !== undefined && size !== undefined && all !== undefined) {
      if (size > 0) levels[depth - 1] = size
      explored = { states: all - size, transitions: explored.transitions }
      unexplored = size
    }
    const [told, edges] = numbers(distTotal, line) ?? numbers(mcTotal, line) ?? []
    const [each] = numbers(tableLine, line) ?? []
    if (each !== undefined) bytesPerState = each
    const [time] = numbers(timeLine, line) ?? []
    if (time !== undefined) seconds = time
    if (told !== undefined && edges !== undefined) totals.push({ states: told, transitions: edges })
  }
  return {
    levels,
    totals,
    ranks,
    met,
    faults,
    last,
    get explored() {
      return explored
    },
    get unexplored() {
      return unexplored
    },
    get seconds() {
      return seconds
    },
    get bytesPerState() {
      return bytesPerState
    },
    get full() {
      return full
    },
    add(line) {
      if (line.trim() === '') return
      read(line)
      if (fullLine.test(line)) full ??= line.trim()
      if (faultLine.test(line) && faults.length < keptLines) faults.push(line.trim())
      if (/hmmcheck:/.test(line)) return
      last.push(line.trimEnd())
      if (last.length > keptLines) last.shift()
    },
  }
}

/**
 * Bytes that all ranks took in a search of so many states. A table of `pins2lts-mc` is spread over its memory, and gone
 * when a rank ends: it counts as far as it is full.
 */
export const bytesOfRanks = ({ ranks, bytesPerState }: Log, states: number): number =>
  bytesPerState === undefined ? ranks.reduce((sum, { bytes }) => sum + bytes, 0) : bytesPerState * states
