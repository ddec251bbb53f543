/**
 * Which call takes which of its arguments at the moment: what a message about an argument says. A word that takes one
 * says so first.
 */

export interface Call {
  /** `eq`, `Await`, `sync_cpu_device_pagetables` */
  readonly name: string
  /** From 1. */
  readonly argument: number
  /** The part that is meant, if the argument has parts: `the field page`. */
  readonly part: string | undefined
}

let last: Call = { name: '', argument: 1, part: undefined }

/** The call of this name now takes this argument, or this part of it. */
export function taking(name: string, argument = 1, part?: string): void {
  last = { name, argument, part }
}

export const taken = (): Call => last
