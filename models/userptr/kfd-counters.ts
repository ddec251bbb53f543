/** KFD's counts of invalidations: of each buffer, and of the process. */
import { Bool, epoch, If, Let, not, setOf, shared, Step, type Id } from 'hmmcheck'
import { callback_waits } from './fixes.ts'
import { Bo, evicted } from './state.ts'

/** `mem->invalid` is not 0. */
export const invalid = shared('invalid', setOf(Bo))
/** Two looks at `mem->invalid` differ if it has grown between them: only the restore sets it to 0. */
export const invalid_count = epoch('invalid_count', Bo)
/** `process_info->evicted_bos` is not 0; and the same for two looks at it. */
export const is_evicted = shared('is_evicted', Bool)
export const evicted_bos = epoch('evicted_bos')
/** The delayed work of the restore is queued. */
export const restore_queued = shared('restore_queued', Bool)

/** amdgpu_amdkfd_evict_userptr(): the first eviction stops the queues, and queues the restore. */
export const evict_userptr = (bo: Id<'Bo'>): void => {
  Step('++mem->invalid', () => {
    invalid.add(bo)
    invalid_count.at(bo).bump()
  })
  const first = Step('++process_info->evicted_bos', () => {
    const was = Let('was', is_evicted)
    is_evicted.set(true)
    evicted_bos.bump()
    return not(was)
  })
  If(first, () => {
    If(callback_waits, () => Step('kgd2kfd_quiesce_mm()', () => evicted.increment()))
    Step('queue_delayed_work(&process_info->restore_userptr_work)', () => restore_queued.set(true))
  })
}
