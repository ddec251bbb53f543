/** A recording: what some threads were seen to do, in one order. */

/** The value of a field: a number, the name of an object, or something that is true or false. */
export type Field = string | number | boolean | null

/** One event of a recording. */
export interface RecordedEvent {
  /** Its number in the recording's own order: `t`. */
  readonly order: number
  /** The name of the thread. */
  readonly thread: string
  /** The name of its process, where the recording has it. */
  readonly process?: string
  readonly kind: string
  readonly fields: Readonly<Record<string, Field>>
  /** The fields as the recording writes them, where that differs: `vpn=10000` in hexadecimal. */
  readonly written?: Readonly<Record<string, unknown>>
}

/** A recording that has been read. */
export interface Recording {
  readonly events: readonly RecordedEvent[]
  /** Numbers that belong to a field's things, by the field, although no event need name them: pages inside a range. */
  readonly besides: Readonly<Record<string, readonly number[]>>
}

/** `t=1245 thread 65: dev_map vpn=10000 pfn=1280ea`, with the recording's own numbers, to be searched for there. */
export function eventText({ order, thread, kind, fields, written = fields }: RecordedEvent): string {
  const shown = Object.entries(written).map(([name, value]) => `${name}=${String(value)}`)
  return [`t=${order}`, `thread ${thread}:`, kind, ...shown].join(' ')
}
