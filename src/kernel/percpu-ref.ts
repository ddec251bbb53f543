/**
 * percpu_ref: a reference count that stops giving out references before it falls to zero
 * (include/linux/percpu-refcount.h).
 */
import { atomic, Bool, If, Let, Misuse, not, range, ref, struct } from '../language/index.ts'

/**
 * struct percpu_ref: its first reference is the owner's, who gives it back by killing it; each page may have one
 * more, and each thread that puts one late.
 */
export const PercpuRef = struct('percpu_ref', { count: range(0, 15), dying: Bool }).as('ref')

/** One more reference, unless it was killed; says whether there is one. */
export const percpu_ref_tryget_live = atomic(
  'percpu_ref_tryget_live',
  [ref(PercpuRef)],
  (r) => {
    const live = Let('live', not(r.dying))
    If(live, () => r.count.increment())
    return live
  },
  { source: '6.1 include/linux/percpu-refcount.h percpu_ref_tryget_live' },
)

/** One less; says whether it was the last. */
export const percpu_ref_put = atomic(
  'percpu_ref_put',
  [ref(PercpuRef)],
  (r) => {
    Misuse('percpu_ref_put() of nothing', r.count.gt(0))
    r.count.decrement()
    return Let('released', r.count.eq(0))
  },
  { source: '6.1 include/linux/percpu-refcount.h percpu_ref_put' },
)

/** No new references from now on, and the owner's goes; says whether it was the last. */
export const percpu_ref_kill = atomic(
  'percpu_ref_kill',
  [ref(PercpuRef)],
  (r) => {
    Misuse('percpu_ref_kill() of what was killed', not(r.dying))
    r.dying.set(true)
    r.count.decrement()
    return Let('released', r.count.eq(0))
  },
  { source: '6.1 lib/percpu-refcount.c percpu_ref_kill_and_confirm' },
)
