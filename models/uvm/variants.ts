/** Settings of the fixes: as shipped, fixed, fixed but for one. */
import { fixesIn, type Variant } from 'hmmcheck'
import * as declared from './fixes.ts'

const fixes = fixesIn(declared)

const all = (has: (kind: string) => boolean): Variant['constants'] =>
  Object.fromEntries(fixes.map(({ name, kind }) => [name, has(kind)]))
const fixed = all(() => true)

export const variants: readonly Variant[] = [
  { name: 'fixed', summary: 'all corrections, locks and checks', constants: fixed },
  {
    name: 'as-595.45.04',
    summary: '595.45.04 of March 2026: all locks and checks, no correction',
    constants: all((kind) => kind !== 'correction'),
  },
  ...fixes.map(
    ({ name, summary }): Variant => ({
      name: `without-${name}`,
      summary: `fixed, but not: ${summary}`,
      constants: { ...fixed, [name]: false },
    }),
  ),
]
