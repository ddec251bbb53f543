/**
 * Reads recordings in JSON Lines, as `docs/conformance.md` says: one event a line, in the order of `t`. Addresses
 * become numbers of pages, since nothing smaller is modelled.
 */
import { UsageError } from '../catalogue/usage.ts'
import type { Field, RecordedEvent, Recording } from './recording.ts'

/** Fields of the line itself, not of what it says. */
const FRAME = new Set(['t', 'cpu', 'pid', 'tid', 'comm', 'fn', 'phase', 'ev'])
/** Byte addresses, in hexadecimal. */
const ADDRESSES = new Set(['addr', 'start', 'end', 'last'])
/** Data words, in hexadecimal. */
const WORDS = new Set(['word', 'v'])
/** Page frame numbers, in hexadecimal; 0 stands for none. */
const FRAMES = new Set(['pfn', 'opfn', 'npfn', 'src', 'dst', 'backing'])
/** Events of the recording program: `pg` is a page of the buffer at this one. */
const USER = new Set(['user enter', 'user exit'])
const BUFFER_PAGE = 0x10000
/** The first page of an address space, where the range of a whole one begins. */
const FIRST_PAGE = 0
/** The most pages of a range whose inside is named. */
const MOST_PAGES = 512

const refused = (line: number, what: string): UsageError =>
  new UsageError('HMM280', `line ${line} of the recording ${what}`, 'see docs/conformance.md for the format')

/** @throws UsageError HMM280 where a line is not an event */
export function readJsonLines(text: string): Recording {
  const events: RecordedEvent[] = []
  const spaces = addressSpaces()
  const between = new Set<number>()
  let last = Number.NEGATIVE_INFINITY
  let number = 0
  for (const line of text.split('\n')) {
    number += 1
    if (line.trim() === '') continue
    const object = parsed(line, number)
    spaces.see(object)
    const event = eventOf(object, number)
    if (event.order <= last) throw refused(number, `has t = ${event.order}, which is not behind ${last}`)
    last = event.order
    events.push(event)
    for (const page of pagesOf(event)) between.add(page)
  }
  if (events.length === 0) throw new UsageError('HMM280', 'the recording has no event')
  return {
    events: events.map((event, n) => spaces.ofUser(event, n)),
    besides: { addr: [FIRST_PAGE, ...between], word: [0] },
  }
}

interface AddressSpaces {
  readonly see: (line: Readonly<Record<string, unknown>>) => void
  /** An event of the recording program, with the address space that it is about. */
  readonly ofUser: (event: RecordedEvent, n: number) => RecordedEvent
}

/** The address space of each process, by the lock that its threads take most. */
function addressSpaces(): AddressSpaces {
  const taken = new Map<unknown, Map<string, number>>()
  const processes: unknown[] = []
  return {
    see({ pid, fn, mm }) {
      processes.push(pid)
      if (fn !== 'mmap_lock' || typeof mm !== 'string') return
      const own = taken.get(pid) ?? new Map<string, number>()
      taken.set(pid, own)
      own.set(mm, (own.get(mm) ?? 0) + 1)
    },
    ofUser(event, n) {
      if (!USER.has(event.kind)) return event
      const [most] = [...(taken.get(processes[n]) ?? [])].sort(([, a], [, b]) => b - a)
      return { ...event, fields: { ...event.fields, mm: most?.[0] ?? null } }
    },
  }
}

function parsed(line: string, number: number): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    /* said below */
  }
  throw refused(number, 'is not a JSON object')
}

function eventOf(line: Readonly<Record<string, unknown>>, number: number): RecordedEvent {
  const { t, pid, tid, fn, phase, ev } = line
  if (typeof t !== 'number') throw refused(number, 'has no number t')
  if (typeof tid !== 'number' && typeof tid !== 'string') throw refused(number, 'has no tid')
  const kind = phase === 'point' ? ev : typeof fn === 'string' ? `${fn} ${String(phase)}` : undefined
  if (typeof kind !== 'string') throw refused(number, 'has neither ev nor fn and phase')
  const fields: Record<string, Field> = {}
  const written = Object.fromEntries(Object.entries(line).filter(([name]) => !FRAME.has(name)))
  for (const [name, value] of Object.entries(written)) fields[name] = fieldOf(name, value, number)
  const { addr, npages, pg } = fields
  if (USER.has(kind)) {
    if (typeof pg === 'number') fields['page'] = BUFFER_PAGE + pg
    fields['paged'] = typeof pg === 'number'
    fields['writes'] = fields['op'] === 'cpu_w' || fields['op'] === 'cpu_add'
  }
  if (typeof addr === 'number' && typeof npages === 'number') fields['end'] = addr + npages
  const process = typeof pid === 'number' || typeof pid === 'string' ? { process: String(pid) } : {}
  return { order: t, thread: String(tid), ...process, kind, fields, written }
}

function fieldOf(name: string, value: unknown, line: number): Field {
  if (typeof value === 'string') {
    if (ADDRESSES.has(name)) return Number(hex(value, name, line) >> 12n)
    if (name === 'vpn') return Number(hex(value, name, line))
    if (FRAMES.has(name) && value === '0') return null
    if (WORDS.has(name)) return Number(hex(value, name, line) & 0xf_ffff_ffff_ffffn)
    return value
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  throw refused(line, `has a field ${name} that is neither a number nor a text`)
}

function hex(text: string, name: string, line: number): bigint {
  if (!/^[0-9a-f]{1,16}$/i.test(text)) throw refused(line, `has ${name} = ${text}, which is not hexadecimal`)
  return BigInt(`0x${text}`)
}

/** The pages of a range of the driver, so that the next page is the next number. */
function pagesOf({ fields: { addr, end, npages, page, n } }: RecordedEvent): readonly number[] {
  if (typeof page === 'number' && typeof n === 'number' && n <= MOST_PAGES)
    return Array.from({ length: n + 1 }, (_, at) => page + at)
  if (typeof addr !== 'number' || typeof end !== 'number' || typeof npages !== 'number' || npages > MOST_PAGES)
    return []
  return Array.from({ length: npages + 1 }, (_, n) => addr + n)
}
