/** Settings of the fixes: as merged, fixed, 6.12, fixed but for one. */
import { fixesIn, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const all = (has: (kind: string) => boolean): Variant['constants'] =>
  Object.fromEntries(fixes.map(({ name, kind }) => [name, has(kind)]))
const fixed = all(() => true)

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-merged',
    summary: 'all locks and checks, no correction',
    constants: all((kind) => kind !== 'correction'),
  },
  {
    name: 'as-6.12',
    summary: '6.9 to 6.12: a cache may have an address that no memslot covers',
    constants: { ...fixed, 'seq-without-slot': false },
  },
  ...fixes.map(
    ({ name, summary }): Variant => ({
      name: `without-${name}`,
      summary: `fixed, but not: ${summary}`,
      constants: { ...fixed, [name]: false },
    }),
  ),
]
