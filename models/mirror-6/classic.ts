/** nouveau's classic notifier, which drops the entries that the interval notifiers leave. */
import {
  Acquire,
  and,
  Bool,
  Cover,
  ForEach,
  Ghost,
  If,
  not,
  or,
  procedure,
  setOf,
  shared,
  Step,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import { for_each_address } from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { callback_lock, callback_zaps, exits, own_migrate_zaps } from './fixes.ts'
import { classic_zaps } from './nouveau-fixes.ts'
import { driver, drop_entry, entry_of, Range, Sub } from './state.ts'

/** subscriptions->list: a notifier is in it until the process exits. */
export const classic_list = shared('classic_list', setOf(Sub), setOf(Sub).all)

/** PFNCLR of a range under the mutex: one transition, as nothing of it but the entries is seen by others. */
const clear_entries = (svmm: Id<'Sub'>, range: Parameters<typeof for_each_address>[0]): void => {
  const { mutex } = driver.at(svmm)
  Step('mutex_lock(); NVIF_VMM_V0_PFNCLR; mutex_unlock()', () => {
    If(callback_lock, () => Acquire(mutex.owner.isNone, (thread) => mutex.owner.eq(thread)))
    for_each_address(range, (va) => {
      Ghost(() => Cover(no_use_after_free.reached, not(entry_of(svmm, va).is('none'))))
      drop_entry(svmm, va)
    })
  })
}

/** A bracket that must not block is refused here, which is a matter of the core: interval-notifier. */
const nouveau_svmm_invalidate_range_start = procedure(
  'nouveau_svmm_invalidate_range_start',
  [Sub.as('svmm'), Range, Bool.as('own')],
  (svmm, range, own) => {
    If(and(callback_zaps, or(own_migrate_zaps, not(own))), () => clear_entries(svmm, range))
  },
  { source: '6.12 nouveau_svm.c nouveau_svmm_invalidate_range_start' },
)

/** The method that nouveau lacks: after it no bracket reaches the notifier. */
export const nouveau_svmm_release = procedure(
  'nouveau_svmm_release',
  [Sub.as('svmm')],
  (svmm) => clear_entries(svmm, Range.all),
  { source: 'G6-10: nouveau_mn_ops of 6.12 has none' },
)

/** The classic notifiers of the process. Each stays in the list until the process exits. */
export const mn_hlist_invalidate_range_start = (
  where: Condition,
  range: Parameters<typeof for_each_address>[0],
  is_own: (svmm: Id<'Sub'>) => Condition,
): void => {
  If(and(classic_zaps, where), () =>
    ForEach(Sub, (svmm) => {
      const call = (): void => {
        nouveau_svmm_invalidate_range_start(svmm, range, is_own(svmm))
      }
      If(exits, () => If(classic_list.has(svmm), call)).Else(call)
    }),
  )
}
