/** The lists of a VM of xe: its buffers of user memory on their way back to the GPU. */
import { setOf, shared } from 'hmmcheck'
import { Bo } from './state.ts'

/** `vm->userptr.invalidated`; in the beginning nothing is bound. */
export const invalidated = shared('invalidated', setOf(Bo), setOf(Bo).all)
/** `vm->userptr.repin_list` */
export const repin_list = shared('repin_list', setOf(Bo))
/** `vm->rebind_list` */
export const rebind_list = shared('rebind_list', setOf(Bo))
