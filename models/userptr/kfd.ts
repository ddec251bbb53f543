/** KFD: the worker that finds the pages of invalidated buffers, maps them, and lets the queues run again. */
import {
  and,
  array,
  Await,
  Bool,
  current,
  ForEach,
  Idle,
  If,
  Local,
  Loop,
  not,
  or,
  procedure,
  setOf,
  shared,
  Source,
  Step,
  thread,
  type PlaceOf,
  type SamplePlace,
} from 'hmmcheck'
import { DevicePte, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import {
  counters,
  failed_pages_cleared,
  restore_checks_bo,
  restore_checks_process,
  restore_checks_seq,
  resume_lock,
  update_lock,
} from './fixes.ts'
import { evicted_bos, invalid, invalid_count, is_evicted, restore_queued } from './kfd-counters.ts'
import { Bo, bound, evicted, gpu_pte, intervals, notifier_lock, pages, user_pages } from './state.ts'
import { hmm_range_fault } from './walk.ts'

const source = '6.12 drivers/gpu/drm/amd/amdgpu/amdgpu_amdkfd_gpuvm.c'

/** `process_info->userptr_inval_list` */
const userptr_inval_list = shared('userptr_inval_list', setOf(Bo))
/** `mem->range`: the number of the walk, kept over attempts of the restore. */
const range_seq = shared('range_seq', array(Bo, intervals.IntervalSeq))
const has_range = shared('has_range', setOf(Bo))

const lock = (taken: typeof update_lock): void => {
  If(taken, () => mutex_lock(notifier_lock))
}
const unlock = (taken: typeof update_lock): void => {
  If(taken, () => mutex_unlock(notifier_lock))
}

/** The pages of one buffer anew. Says whether the restore may go on. */
const update_user_pages = procedure(
  'update_user_pages',
  [Bo],
  (bo) => {
    const seen = Local('seen', invalid_count.Sample)
    Step('invalid = mem->invalid', () => seen.set(invalid_count.at(bo).now))
    Step('amdgpu_ttm_tt_discard_user_pages()', () => {
      has_range.remove(bo)
      range_seq.at(bo).set(intervals.never)
    })
    unlock(update_lock)
    Step('ttm_bo_validate(AMDGPU_GEM_DOMAIN_CPU)', () => bound.remove(bo))
    intervals.mmu_interval_read_begin(bo, range_seq.at(bo))
    const found = hmm_range_fault(bo)
    If(found, () =>
      Step('pages[i] = hmm_pfn_to_page(pfns[i])', () => {
        pages.at(bo).set(user_pages.at(current))
        user_pages.at(current).set(DevicePte.none)
        has_range.add(bo)
      }),
    ).Else(() =>
      Step('-EFAULT', () => {
        range_seq.at(bo).set(intervals.never)
        If(failed_pages_cleared, () => pages.at(bo).set(DevicePte.none))
      }),
    )
    lock(update_lock)
    const again = Local('again', Bool)
    const clears = or(has_range.has(bo), counters.eq('atomic'))
    If(counters.eq('atomic'), () =>
      Step('atomic_cmpxchg(&mem->invalid, invalid, 0)', () => {
        again.set(seen.isStale)
        If(not(seen.isStale), () => invalid.remove(bo))
      }),
    ).Else(() => {
      Step('mem->invalid != invalid', () => again.set(and(restore_checks_bo, seen.isStale)))
      If(and(not(again), clears), () => Step('mem->invalid = 0', () => invalid.remove(bo)))
    })
    seen.set(invalid_count.never)
    return not(again)
  },
  { source: `${source} update_invalid_user_pages` },
)

/** Says whether it is done with all buffers. */
const update_invalid_user_pages = procedure(
  'update_invalid_user_pages',
  [],
  () => {
    const done = Local('done', Bool, true)
    lock(update_lock)
    Step('list_move_tail(&mem->validate_list, &userptr_inval_list)', () =>
      ForEach(Bo, (bo) => If(invalid.has(bo), () => userptr_inval_list.add(bo))),
    )
    ForEach(Bo, (bo) =>
      If(and(done, userptr_inval_list.has(bo), invalid.has(bo)), () => {
        done.set(update_user_pages(bo))
      }),
    )
    unlock(update_lock)
    return done
  },
  { source: `${source} update_invalid_user_pages` },
)

const validate_invalid_user_pages = procedure(
  'validate_invalid_user_pages',
  [],
  () => {
    ForEach(Bo, (bo) =>
      If(userptr_inval_list.has(bo), () => {
        Step('if (bo->tbo.ttm->pages[0]) ttm_bo_validate()', () =>
          If(not(pages.at(bo).is('none')), () => bound.add(bo)),
        )
        Step('update_gpuvm_pte()', () => {
          If(bound.has(bo), () => gpu_pte.at(bo).set(pages.at(bo))).Else(() => gpu_pte.at(bo).set(DevicePte.none))
          If(counters.eq('atomic'), () => userptr_inval_list.remove(bo))
        })
      }),
    )
  },
  { source: `${source} validate_invalid_user_pages` },
)

/** Says whether all buffers that have a walk are still as it found them. */
const confirm_valid_user_pages_locked = procedure(
  'confirm_valid_user_pages_locked',
  [],
  () => {
    const confirmed = Local('confirmed', Bool, true)
    ForEach(Bo, (bo) =>
      If(and(userptr_inval_list.has(bo), has_range.has(bo)), () =>
        Step('amdgpu_ttm_tt_get_user_pages_done()', () => {
          If(and(restore_checks_seq, or(intervals.mmu_interval_read_retry(range_seq.at(bo)), invalid.has(bo))), () =>
            confirmed.set(false),
          ).Else(() => userptr_inval_list.remove(bo))
          has_range.remove(bo)
          range_seq.at(bo).set(intervals.never)
        }),
      ),
    )
    return confirmed
  },
  { source: `${source} confirm_valid_user_pages_locked` },
)

/** The last check, and the queues run. Says whether they do. */
const resume = (seen: SamplePlace<'evicted_bos'>): PlaceOf<typeof Bool> => {
  const resumed = Local('resumed', Bool, false)
  lock(resume_lock)
  If(counters.eq('atomic'), () =>
    Step('atomic_cmpxchg(&process_info->evicted_bos, evicted_bos, 0)', () => {
      resumed.set(or(not(restore_checks_process), seen.isCurrent))
      If(or(not(restore_checks_process), seen.isCurrent), () => is_evicted.set(false))
    }),
  ).Else(() => {
    Step('process_info->evicted_bos != evicted_bos', () => resumed.set(or(not(restore_checks_process), seen.isCurrent)))
    If(resumed, () => resumed.set(confirm_valid_user_pages_locked()))
    If(resumed, () => Step('process_info->evicted_bos = 0', () => is_evicted.set(false)))
  })
  If(resumed, () => Step('kgd2kfd_resume_mm()', () => If(evicted.gt(0), () => evicted.decrement())))
  unlock(resume_lock)
  return resumed
}

const amdgpu_amdkfd_restore_userptr_worker = procedure(
  'amdgpu_amdkfd_restore_userptr_worker',
  [],
  () => {
    const seen = Local('seen', evicted_bos.Sample)
    const was_evicted = Local('was_evicted', Bool)
    const resumed = Local('resumed', Bool, false)
    lock(update_lock)
    Step('evicted_bos = process_info->evicted_bos', () => {
      seen.set(evicted_bos.now)
      was_evicted.set(is_evicted)
    })
    unlock(update_lock)
    If(was_evicted, () => {
      const updated = update_invalid_user_pages()
      If(updated, () => {
        validate_invalid_user_pages()
        resumed.set(resume(seen))
      })
      If(not(resumed), () => Step('queue_delayed_work()', () => restore_queued.set(true)))
    })
    Step('mmput(mm)', () => seen.set(evicted_bos.never))
  },
  { source: `${source} amdgpu_amdkfd_restore_userptr_worker` },
)

export const restore = thread('restore', () => {
  Source('6.12 kernel/workqueue.c process_one_work', () => {
    Loop(() => {
      Idle()
      Step('process_one_work()', () => {
        Await(restore_queued)
        restore_queued.set(false)
      })
      amdgpu_amdkfd_restore_userptr_worker()
    })
  })
})
