/** A memslot is added over the addresses. */
import { Await, If, procedure, Step, thread } from 'hmmcheck'
import { memslots_lock, memslots_wait } from './fixes.ts'
import { memslots, mn_active } from './state.ts'

const kvm_swap_active_memslots = procedure(
  'kvm_swap_active_memslots',
  [],
  () => {
    If(memslots_wait, () =>
      If(memslots_lock, () =>
        Step('mn_active_invalidate_count == 0; rcu_assign_pointer(kvm->memslots)', () => {
          Await(mn_active.eq(0))
          memslots.set(true)
        }),
      ).Else(() => {
        Step('mn_active_invalidate_count == 0', () => Await(mn_active.eq(0)))
        Step('rcu_assign_pointer(kvm->memslots)', () => memslots.set(true))
      }),
    ).Else(() => Step('rcu_assign_pointer(kvm->memslots)', () => memslots.set(true)))
  },
  { source: '6.12 virt/kvm/kvm_main.c kvm_swap_active_memslots' },
)

export const memslot = thread('memslot', () => {
  kvm_swap_active_memslots()
})
