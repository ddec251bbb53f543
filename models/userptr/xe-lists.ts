/** The lists of a VM of xe: its buffers of user memory on their way back to the GPU. */
import { setOf, shared } from 'hmmcheck'
import { Mutex } from 'hmmcheck/kernel'
import { Bo } from './state.ts'

/** `vm->userptr.invalidated`; in the beginning nothing is bound. */
export const invalidated = shared('invalidated', setOf(Bo), setOf(Bo).all)
/** `vm->userptr.repin_list` */
export const repin_list = shared('repin_list', setOf(Bo))
/** Buffers with the flag XE_VMA_DESTROYED: callbacks put them on no list any more. */
export const doomed = shared('doomed', setOf(Bo))
/** Buffers that were unbound, and freed. */
export const destroyed = shared('destroyed', setOf(Bo))
/** `vm->lock`, for writing: who pins and who unbinds */
export const vm_lock = shared('vm_lock', Mutex)
/** `vm->rebind_list` */
export const rebind_list = shared('rebind_list', setOf(Bo))
