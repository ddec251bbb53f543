/** A thread of the recording may go on in one of several ways. */
import { Either } from 'hmmcheck'

/** One of several, as many as there are. */
export function alternatives(branches: readonly (() => void)[]): void {
  const [first, second, ...rest] = branches
  if (first === undefined) return
  if (second === undefined) first()
  else Either(first, second, ...rest)
}
