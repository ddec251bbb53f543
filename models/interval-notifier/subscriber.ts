/**
 * A driver's subscription, from its insertion to the moment when it is freed; and the registration of the first
 * one.
 */
import {
  Acquire,
  and,
  Await,
  atomic,
  Idle,
  If,
  Loop,
  not,
  or,
  procedure,
  Source,
  Step,
  thread,
  threadPer,
  type Id,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { register_takes_locks, register_takes_vma_locks, zap_before_remove } from './fixes.ts'
import {
  allocated,
  device_pte,
  driver_lock,
  intervals,
  mm_locks,
  open_subs,
  pte,
  Sub,
  users,
  vma_locks,
} from './state.ts'

const drop_entries = (sub: Id<'Sub'>): void => {
  mutex_lock(driver_lock)
  Step('zap_device_range()', () => {
    device_pte.at(sub).mapped.set(false)
    device_pte.at(sub).pte.set(pte.never)
  })
  mutex_unlock(driver_lock)
}

const mmu_interval_notifier_insert = procedure(
  'mmu_interval_notifier_insert',
  [Sub],
  (sub) => intervals.__mmu_interval_notifier_insert(sub),
  { source: '6.1 mm/mmu_notifier.c mmu_interval_notifier_insert' },
)
const mmu_interval_notifier_remove = procedure(
  'mmu_interval_notifier_remove',
  [Sub],
  (sub) => intervals.mmu_interval_notifier_remove(sub),
  { source: '6.1 mm/mmu_notifier.c mmu_interval_notifier_remove' },
)

/** One life of one subscription. Nobody removes one that faults still use: that is the driver's part. */
const subscribe = procedure(
  'subscribe',
  [Sub],
  (sub) => {
    Step('kzalloc()', () => allocated.add(sub))
    mmu_interval_notifier_insert(sub)
    Step('faults may use it', () => open_subs.add(sub))
    Idle()
    Step('no fault uses it any more', () => {
      Await(users.at(sub).isEmpty)
      open_subs.remove(sub)
    })
    If(zap_before_remove, () => drop_entries(sub))
    mmu_interval_notifier_remove(sub)
    If(not(zap_before_remove), () => drop_entries(sub))
    Step('kfree()', () => allocated.remove(sub))
  },
  { source: '6.1 drivers/gpu/drm/nouveau/nouveau_svm.c nouveau_svmm_fault; amdgpu_hmm.c' },
)

export const subscriber = threadPer(Sub, 'subscriber', (sub) => {
  Loop(() => {
    Idle()
    subscribe(sub)
  })
})

/** mmu_notifier_register(NULL, mm), under mmap_lock for writing: it waits for all who are in a bracket. */
const __mmu_notifier_register = atomic(
  '__mmu_notifier_register',
  [],
  () => {
    Acquire(
      and(
        or(not(register_takes_locks), mm_locks.isEmpty),
        or(not(register_takes_locks), not(register_takes_vma_locks), vma_locks.isEmpty),
      ),
      (one) => or(mm_locks.has(one), vma_locks.has(one)),
    )
    intervals.has_itree.set(true)
  },
  { source: '6.1 mm/mmu_notifier.c __mmu_notifier_register' },
)

export const register = thread('register', () => {
  Source('6.1 mm/mmu_notifier.c mmu_notifier_register', () => {
    __mmu_notifier_register()
  })
})
