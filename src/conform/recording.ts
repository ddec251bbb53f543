/** A recording: what some threads were seen to do, in one order. */

/** The value of a field: a number, the name of an object, or something that is true or false. */
export type Field = string | number | boolean | null

/** One event of a recording. */
export interface RecordedEvent {
  /** Its number in the recording's own order: `t`. */
  readonly order: number
  /** The name of the thread. */
  readonly thread: string
  readonly kind: string
  readonly fields: Readonly<Record<string, Field>>
}

/** A recording that has been read. */
export interface Recording {
  readonly events: readonly RecordedEvent[]
  /** Numbers that belong to a field's things, by the field, although no event need name them: pages inside a range. */
  readonly besides: Readonly<Record<string, readonly number[]>>
}

/** `dev_map tid=65 vpn=10000 pfn=1280ea`, as text. */
export function eventText({ order, thread, kind, fields }: RecordedEvent): string {
  const shown = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`)
  return [`t=${order}`, `thread ${thread}:`, kind, ...shown].join(' ')
}
