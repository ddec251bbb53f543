/** The file of the device, through which the process uses it: a call holds it, and with the last one it is released. */
import { and, Await, Bool, current, If, not, setOf, shared, Thread } from 'hmmcheck'
import { exits } from './fixes.ts'

/** struct file: the calls that run with it (fdget()), and whether exit_files() has closed it. */
const calls = shared('calls', setOf(Thread))
const closed = shared('closed', Bool)

/** For the step that begins a call, which `file_is_open` begins. */
export const fdget = (): void => {
  If(exits, () => calls.add(current))
}
/** For the step that ends it. */
export const fdput = (): void => {
  If(exits, () => calls.remove(current))
}
/** Begins the step that begins a call, or is one: where the file was closed no call begins. */
export const file_is_open = (): void => {
  If(exits, () => Await(not(closed)))
}
/**
 * The last fput(): for the step that begins `release` of the file. No call runs, and neither a call nor an access
 * begins.
 */
export const last_fput = (): void => {
  Await(and(calls.isEmpty, not(closed)))
  closed.set(true)
}
