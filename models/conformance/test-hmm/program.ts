/** The recording program: what it does with the CPU, as it tells it. */
import {
  and,
  Await,
  type Bool as Condition,
  Break,
  Choose,
  Ghost,
  If,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  none,
  optional,
  or,
  range,
  Shows,
  Step,
  type ValueOf,
} from 'hmmcheck'
import { alternatives } from './alternatives.ts'
import { release } from './bracket.ts'
import { activity } from './cpu-faults.ts'
import { dmirror_fops_release } from './files.ts'
import { content, Mm, newest, pte, type Pte, Va, watched, Word, zapped } from './state.ts'

/**
 * The TLB may still have an entry for writing whose right is gone, or that is gone: zap, mprotect, and fork flush
 * behind their range. A write to a page that is unmapped is lost.
 */
const isReached = ({ kind }: ValueOf<typeof Pte>, isZapped: Condition): Condition =>
  or(kind.eq('present_w'), kind.eq('present_r'), and(kind.eq('none'), isZapped), kind.eq('unknown'))

/**
 * A CPU write that the recording program tells of, from its beginning to its end. What `cpu_add` writes is not
 * told.
 */
export function cpu_write(): void {
  const va = Local('user_va', Va)
  const word = Local('user_word', optional(Word))
  const mm = Local('user_mm', optional(Mm))
  const begins = (op: 'cpu_w' | 'cpu_add') => (): void => {
    Step(`${op} begins`, () => {
      const addr = Choose('page', Va)
      const of = Choose('mm', optional(Mm))
      va.set(addr)
      mm.set(of)
      watched.at(addr).set(true)
      if (op === 'cpu_w') {
        const v = Choose('v', Word)
        word.set(v)
        Shows('user enter', { op, page: addr, v, mm: of })
      } else {
        word.set(none)
        Shows('user enter', { op, page: addr, mm: of })
      }
    })
  }
  alternatives([begins('cpu_w'), begins('cpu_add')])
  Loop(() =>
    alternatives([
      ...activity(),
      dmirror_fops_release,
      release,
      () => {
        Step('the CPU stores', () => {
          Await(isSomeAnd(mm, (one) => isReached(pte.at(one).at(va), zapped.at(one).at(va))))
          IfSome(mm, (one) => {
            If(pte.at(one).at(va).kind.eq('unknown'), () => Ghost(() => newest.at(one).at(va).set(none)))
            IfSome(pte.at(one).at(va).page, (page) => {
              content.at(page).set(word)
              Ghost(() => newest.at(one).at(va).set(word))
            })
          })
        })
        // a store that faults has not stored: behind it the operation is over
        Step('a CPU write ends', () => Shows('user exit', { writes: true, r: 0 }))
        Break()
      },
      () => {
        Step('a CPU write fails', () => {
          const r = Choose('r', range(-4096, -1))
          Shows('user exit', { writes: true, r })
        })
        Break()
      },
    ]),
  )
}

/** Another operation of the recording program, whose own lines say what it does. */
export const other_user = (): readonly (() => void)[] => [
  () =>
    Step('an operation begins', () => {
      const addr = Choose('page', Va)
      const n = Choose('n', range(0, 1_000_000))
      watched.at(addr).set(true)
      If(n.gt(1), () => watched.at(addr.plus(1)).set(true))
      If(n.gt(2), () => watched.at(addr.plus(2)).set(true))
      Shows('user enter', { writes: false, page: addr, n })
    }),
  () => Step('an operation without pages begins', () => Shows('user enter', { writes: false, paged: false })),
  () => Step('an operation ends', () => Shows('user exit', { writes: false })),
]
