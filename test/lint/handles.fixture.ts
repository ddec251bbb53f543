/** JavaScript on handles, line by line: what the lint refuses carries `refused`. Never run. */
import { atomic, Bool, cond, If, Let, range, shared, sort, thread, type Bool as BoolValue } from '../../src/language/index.ts'

const dead = shared('dead', Bool)
const quiet = shared('quiet', Bool)
const count = shared('count', range(0, 3))
const trylock = atomic('trylock', [], () => Let('taken', dead))
const unlock = atomic('unlock', [], () => dead.set(false))

export const options: { readonly verbose: boolean; readonly extra?: BoolValue } = { verbose: true }

export const fixture = thread('fixture', () => {
  // @ts-expect-error the compiler sees this one
  If(dead && quiet, () => unlock()) // refused: &&
  If(dead || quiet, () => unlock()) // refused: ||
  If(trylock() || dead, () => unlock()) // refused: ||
  // @ts-expect-error the compiler sees this one
  If(!dead, () => unlock()) // refused: !
  // @ts-expect-error the compiler sees this one
  If(count === count, () => unlock()) // refused: ==
  // @ts-expect-error the compiler sees this one
  If(dead !== quiet, () => unlock()) // refused: !=
  // @ts-expect-error the compiler sees this one
  If(dead ? quiet : quiet, () => unlock()) // refused: ?:
  If(options.extra ?? dead, () => unlock())
  If(options.verbose ? dead : quiet, () => unlock())
  If(cond(dead, quiet, true), () => unlock())
  if (options.verbose && options.extra === undefined) unlock()
  if (options.verbose) unlock()
  for (let i = 0; i < 3; i += 1) unlock()
})
// Each on its own: after a loop on an object, which is always true, the compiler takes the rest for unreachable.
export const statements = [
  thread('a', () => { if (!dead) unlock() }), // refused: !
  thread('b', () => { if (dead) dead.set(true) }), // refused: if
  thread('c', () => { while (dead) unlock() }), // refused: while
  thread('d', () => { do unlock(); while (quiet) }), // refused: while
  thread('e', () => { for (; dead;) unlock() }), // refused: while
  thread('f', () => { if (unlock()) unlock() }), // refused: if
]

const Page = sort('Page')
export const Frame = sort('Page') // refused: two names
export const free = atomic('free_page', [Page], () => unlock()) // refused: two names
