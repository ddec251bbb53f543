/**
 * Another mirror of the same device, from which the process has inherited a page of device memory: its parent's. The
 * parent has no entry for the page any more; the page still names its svmm.
 */
import { Assert, Bool, If, not, or, procedure, shared, Source, Step, struct, thread } from 'hmmcheck'
import { Mutex, mutex_lock, mutex_unlock } from 'hmmcheck/kernel'
import { page_holds_mirror, to_ram_checks_mirror } from './nouveau-fixes.ts'
import { mirror_lives } from './state.ts'

/** struct nouveau_svmm of the parent: `closed`: vmm is NULL. `freed`: by mmu_notifier_put(), or kfree(). */
const parent = shared('parent', struct('nouveau_svmm', { mutex: Mutex, closed: Bool, freed: Bool }))

/** The svmm of the page's zone_device_data, whose mutex is held around the copy. */
export const lock_mirror_of_page = (): void => {
  Step('svmm = spage->zone_device_data', () =>
    Assert(mirror_lives.property, not(parent.freed), 'mutex_lock() of an svmm that was freed'),
  )
  mutex_lock(parent.mutex)
}
export const unlock_mirror_of_page = (): void => {
  mutex_unlock(parent.mutex)
}

/** Its entries: for the one who faults there are none among them. */
export const invalidate_mirror_of_page = (): void => {
  Step('NVIF_VMM_V0_PFNCLR of the parent', () =>
    Assert(mirror_lives.property, or(to_ram_checks_mirror, not(parent.closed)), 'svmm->vmm is NULL'),
  )
}

const nouveau_svmm_fini = procedure(
  'nouveau_svmm_fini',
  [],
  () => {
    mutex_lock(parent.mutex)
    Step('svmm->vmm = NULL', () => parent.closed.set(true))
    mutex_unlock(parent.mutex)
    // With the correction it is freed with the last page that names it: nobody can find it then.
    If(not(page_holds_mirror), () => Step('mmu_notifier_put(): kfree()', () => parent.freed.set(true)))
  },
  { source: '6.12 nouveau_svm.c nouveau_svmm_fini' },
)

/** The parent closes its file. */
export const close_parent = thread('close_parent', () => {
  Source('6.12 nouveau_vmm.c nouveau_vmm_fini', () => nouveau_svmm_fini())
})
