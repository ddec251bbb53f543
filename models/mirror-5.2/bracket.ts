/** Who changes the page table: in a bracket that may block, or in one that must not; and who holds mirrors_sem. */
import {
  Assert,
  Bool,
  Choose,
  Cover,
  current,
  every,
  ForEach,
  Ghost,
  Idle,
  If,
  implies,
  Local,
  Loop,
  not,
  or,
  procedure,
  Source,
  some,
  Step,
  thread,
  threadPer,
  type PlaceOf,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  down_read,
  down_read_trylock,
  down_write,
  mutex_lock,
  mutex_trylock,
  mutex_unlock,
  up_read,
  up_write,
} from 'hmmcheck/kernel'
import {
  callback_drops,
  callback_lock,
  end_counts,
  refusal_is_returned,
  special,
  start_invalidates,
  uncount_on_failure,
} from './fixes.ts'
import { zapped_before_change, ranges_are_live } from './properties.ts'
import {
  brackets,
  device_pte,
  driver_lock,
  invalidate_seq,
  live_ranges,
  mirrors_sem,
  notifiers,
  pte,
  pte_kind,
  PteKind,
  ranges,
} from './state.ts'

/** Each list walk touches the ranges that are listed. */
const walk_ranges = (): void => {
  Ghost(() =>
    Cover(
      ranges_are_live.reached,
      some(Device, (one) => ranges.at(one).listed),
    ),
  )
  Assert(
    ranges_are_live.property,
    every(Device, (one) => implies(ranges.at(one).listed, live_ranges.has(one))),
    'a range on the list is a stack frame that was left',
  )
}
/** notifiers_decrement() of 5.3: with the last bracket every range is valid again. */
const notifiers_decrement = (): void => {
  notifiers.decrement()
  If(or(notifiers.eq(0), not(end_counts)), () =>
    ForEach(Device, (one) => If(ranges.at(one).listed, () => ranges.at(one).valid.set(true))),
  )
}

const sync_cpu_device_pagetables = (): void => {
  Step('sync_cpu_device_pagetables()', () =>
    If(callback_drops, () =>
      ForEach(Device, (one) => {
        device_pte.at(one).mapped.set(false)
        device_pte.at(one).pte.set(pte.never)
      }),
    ),
  )
}

/** hmm_invalidate_range_start(): says whether the bracket was refused. */
const range_start = (blockable: boolean): PlaceOf<typeof Bool> => {
  const refused = Local('refused', Bool, false)
  Step('hmm->lock: notifiers++; range->valid = false', () => {
    walk_ranges()
    notifiers.increment()
    If(start_invalidates, () => {
      ForEach(Device, (one) => If(ranges.at(one).listed, () => ranges.at(one).valid.set(false)))
      invalidate_seq.bump()
    })
  })
  if (blockable) {
    down_read(mirrors_sem)
    If(callback_lock, () => mutex_lock(driver_lock))
    sync_cpu_device_pagetables()
    If(callback_lock, () => mutex_unlock(driver_lock))
    up_read(mirrors_sem)
    return refused
  }
  const reads = down_read_trylock(mirrors_sem)
  If(not(reads), () => refused.set(true)).Else(() => {
    const locked = Local('locked', Bool, true)
    If(callback_lock, () => locked.set(mutex_trylock(driver_lock)))
    If(locked, () => {
      sync_cpu_device_pagetables()
      If(callback_lock, () => mutex_unlock(driver_lock))
    }).Else(() => If(refusal_is_returned, () => refused.set(true)))
    up_read(mirrors_sem)
  })
  If(refused, () =>
    If(uncount_on_failure, () =>
      Step('hmm_invalidate_range_start(): notifiers_decrement()', () => {
        walk_ranges()
        notifiers_decrement()
      }),
    ),
  )
  return refused
}

const changes = (name: string, source: string, blockable: boolean) =>
  procedure(
    name,
    [],
    () => {
      Step('mmu_notifier_range_init()', () => brackets.add(current))
      const refused = Local('refused', Bool, false)
      Source('5.2 mm/hmm.c hmm_invalidate_range_start', () => refused.set(range_start(blockable)))
      const moves = Local('moves', Bool, false)
      const change = (): void => {
        Step('ptep_clear_flush()', () => {
          Ghost(() =>
            Cover(
              zapped_before_change.reached,
              some(Device, (one) => ranges.at(one).listed),
            ),
          )
          Assert(
            zapped_before_change.property,
            every(Device, (one) => not(device_pte.at(one).mapped)),
            'the device still has an entry',
          )
          pte.bump()
          If(special, () => {
            const kind = Choose('kind', PteKind)
            pte_kind.set(kind)
            moves.set(kind.eq('migration'))
          })
        })
        Source('5.2 mm/hmm.c hmm_invalidate_range_end', () =>
          Step('hmm_invalidate_range_end(): notifiers--', () => {
            walk_ranges()
            notifiers_decrement()
            brackets.remove(current)
          }),
        )
        If(special, () =>
          If(moves, () =>
            Step('remove_migration_pte()', () => If(pte_kind.eq('migration'), () => pte_kind.set('present'))),
          ),
        )
      }
      if (blockable) change()
      else If(refused, () => Step('-EAGAIN', () => brackets.remove(current))).Else(change)
    },
    { source },
  )

const again = (change: () => unknown) => (): void => {
  Loop(() => {
    Idle()
    change()
  })
}
/** madvise(MADV_DONTNEED), and who comes by the reverse map: without mmap_sem for writing. */
export const zap = threadPer(Cpu, 'zap', again(changes('zap_page_range', '5.2 mm/memory.c zap_page_range', true)))
/** The OOM reaper, whose brackets must not block. */
export const reap = thread('reap', again(changes('oom_reap_task_mm', '5.2 mm/oom_kill.c __oom_reap_task_mm', false)))
/** Another driver, which registers a mirror. */
export const registrar = thread('registrar', () => {
  Loop(() => {
    Idle()
    Source('5.2 mm/hmm.c hmm_mirror_register', () => {
      Step('hmm_mirror_register()', () => undefined)
      down_write(mirrors_sem)
      up_write(mirrors_sem)
    })
  })
})
