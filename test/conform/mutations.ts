/** Recordings with one mistake: an event is missing, two have changed places, or a value is another. */
import type { Field, RecordedEvent, Recording } from '../../src/conform/recording.ts'

/** Events that a model must explain, each with the lock that makes its place in the order exact, where there is one. */
const LOCKS: Readonly<Record<string, string>> = {
  inv_start: 'subscriptions->lock',
  inv_end: 'subscriptions->lock',
  read_begin: 'subscriptions->lock',
  insert: 'subscriptions->lock',
  remove: 'subscriptions->lock',
  set_seq: 'dmirror->mutex',
  read_retry: 'dmirror->mutex',
  dev_map: 'dmirror->mutex',
  dev_erase: 'dmirror->mutex',
  dev_read: 'dmirror->mutex',
  dev_write: 'dmirror->mutex',
  dev_bad: 'dmirror->mutex',
  pte: 'ptl',
  cb_enter: '',
  cb_exit: '',
  inv_ignored: '',
  read_begin_ret: '',
  hrf_ret: '',
  dev_erase_nolock: '',
  copy_to_dev: 'page lock',
  copy_to_sys: 'page lock',
  finalize: 'page lock',
  devmem_free: '',
  remove_ret: '',
}

/** Fields that no event of a model shows: counts of references, numbers in a batch, and the like. */
const COUNTS = new Set(
  'oref omap olock nref nmap nlock sref dref smap ref map mpfn i w write op owner last subs_seq_now zdev fault_page'.split(
    ' ',
  ),
)

export interface Mutation {
  readonly name: 'drop' | 'swap' | 'change'
  /** The event that it is about, and what was done. */
  readonly at: RecordedEvent
  readonly text: string
  readonly mutant: Recording
}

/** A generator of numbers from 0 to below 1: the same for the same seed. */
export function numbersFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One mutation; undefined where the place has none of this kind. */
export function mutation(recording: Recording, random: () => number): Mutation | undefined {
  const { events } = recording
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(random() * all.length)]
  const places = events.flatMap(({ kind }, n) => (kind in LOCKS ? [n] : []))
  // each kind of event is as likely as another: else most mutants are about the page tables of exit
  const kind = pick([...new Set(places.map((place) => events[place]?.kind))])
  const n = pick(places.filter((place) => events[place]?.kind === kind))
  const at = n === undefined ? undefined : events[n]
  const name = pick(['drop', 'swap', 'change'] as const)
  if (n === undefined || at === undefined || name === undefined) return undefined
  const made = (text: string, mutated: readonly RecordedEvent[]): Mutation => ({
    name,
    at,
    text,
    mutant: { ...recording, events: mutated },
  })
  if (name === 'drop') return made('left out', events.toSpliced(n, 1))
  if (name === 'swap') {
    const m = places.find((place) => place > n)
    const other = m === undefined ? undefined : events[m]
    if (m === undefined || other === undefined || other.thread === at.thread) return undefined
    if (LOCKS[at.kind] === '' || LOCKS[at.kind] !== LOCKS[other.kind]) return undefined
    return made(
      `swapped with t=${other.order}`,
      events.with(n, { ...other, order: at.order }).with(m, { ...at, order: other.order }),
    )
  }
  const field = pick(Object.keys(at.fields).filter((one) => !COUNTS.has(one) && at.fields[one] !== null))
  const changed = field === undefined ? undefined : otherValue(events, at, field, random)
  if (field === undefined || changed === undefined) return undefined
  return made(`${field}=${String(changed)}`, events.with(n, { ...at, fields: { ...at.fields, [field]: changed } }))
}

/** Another value of the field: one that the recording has elsewhere, or a number beside it. */
function otherValue(
  events: readonly RecordedEvent[],
  { kind, fields }: RecordedEvent,
  field: string,
  random: () => number,
): Field | undefined {
  const value = fields[field]
  if (typeof value === 'boolean') return !value
  if (value === 0 || value === 1) return 1 - value
  const others = new Set(
    events.flatMap((one) => {
      const other = one.fields[field]
      return one.kind === kind && other !== undefined && other !== null && other !== value ? [other] : []
    }),
  )
  if (others.size > 0) return [...others][Math.floor(random() * others.size)]
  return typeof value === 'number' ? value + 1 : undefined
}

/**
 * Whether the event is about an entry that nothing but page table lines ever names, as those of the program's text. Such
 * an entry is unknown before its first line, so that a recording without its first or its last line is a run, too.
 */
export function isOfUnusedEntry({ events }: Recording, { kind, fields: { addr } }: RecordedEvent): boolean {
  const uses = (one: RecordedEvent): boolean =>
    one.kind !== 'pte' && [one.fields['addr'], one.fields['vpn'], one.fields['page']].includes(addr ?? null)
  return kind === 'pte' && !events.some(uses)
}
