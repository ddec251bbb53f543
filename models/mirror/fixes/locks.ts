/** Locks of the merged mirror, which both of its models have. */
import { fix } from 'hmmcheck'

const merged = '4.14 mm/hmm.c'
const pattern = "hmm.h of 4.20, the driver's side"
const core = 'mm/ of 4.14'

export const fault_mmap_sem = fix('fault-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: "a CPU's page fault holds mmap_sem in read mode",
})
export const munmap_mmap_sem = fix('munmap-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'munmap holds mmap_sem in write mode',
})
export const mprotect_mmap_sem = fix('mprotect-mmap-sem', {
  kind: 'lock',
  source: core,
  summary: 'mprotect holds mmap_sem in write mode',
})
export const device_fault_mmap_sem = fix('device-fault-mmap-sem', {
  kind: 'lock',
  source: pattern,
  summary: "a driver's fault handler holds mmap_sem in read mode around snapshot and installation",
})
export const register_mmap_sem = fix('register-mmap-sem', {
  kind: 'lock',
  source: `${merged}: "THE mm->mmap_sem MUST BE HELD IN WRITE MODE !"`,
  summary: 'hmm_mirror_register is called with mmap_sem in write mode',
})
export const mirrors_sem_callback = fix('mirrors-sem-callback', {
  kind: 'lock',
  source: merged,
  summary: 'hmm_invalidate_range walks the mirrors with mirrors_sem in read mode',
})
export const mirrors_sem_register = fix('mirrors-sem-register', {
  kind: 'lock',
  source: merged,
  summary: 'hmm_mirror_register adds to the mirrors with mirrors_sem in write mode',
})
export const mirrors_sem_unregister = fix('mirrors-sem-unregister', {
  kind: 'lock',
  source: merged,
  summary: 'hmm_mirror_unregister takes from the mirrors with mirrors_sem in write mode',
})
export const mirrors_sem_release = fix('mirrors-sem-release', {
  kind: 'lock',
  source: '4.17 and 5.3 mm/hmm.c hmm_release',
  summary: 'hmm_release holds mirrors_sem',
})
export const hmm_lock = fix('hmm-lock', {
  kind: 'lock',
  source: merged,
  summary: 'hmm->lock is taken around the list of ranges, their valid flags and the count of brackets',
})
export const driver_lock = fix('driver-lock', {
  kind: 'lock',
  source: pattern,
  summary: "the driver's lock is taken in its callback, and around hmm_vma_range_done and installation",
})
export const page_table_lock = fix('page-table-lock', {
  kind: 'lock',
  source: merged,
  summary: 'mm->page_table_lock is taken around the test and setting of mm->hmm',
})
export const pte_lock = fix('pte-lock', {
  kind: 'lock',
  source: core,
  summary: 'the page table lock is taken around the second test and setting of an entry in a fault',
})
export const rmap_lock = fix('rmap-lock', {
  kind: 'lock',
  source: core,
  summary: 'a walk of the reverse map holds i_mmap_rwsem or an anon_vma lock',
})
export const take_all_locks = fix('take-all-locks', {
  kind: 'lock',
  source: core,
  summary: 'registering a notifier takes every lock under which a bracket may run',
})
export const synchronize = fix('synchronize-srcu', {
  kind: 'lock',
  source: core,
  summary: 'exit waits for methods that still run; and so does unregistration, where it waits',
})
export const fault_mmget = fix('fault-mmget', {
  kind: 'lock',
  source: pattern,
  summary: "a driver's fault handler holds a reference of mm_users",
})
export const bind_mmget = fix('bind-mmget', {
  kind: 'lock',
  source: pattern,
  summary: 'binding a device holds a reference of mm_users',
})
