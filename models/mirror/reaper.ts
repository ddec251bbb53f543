/** The OOM reaper, from 4.19 on: it unmaps the memory of a victim, and must not sleep in a notifier (mm/oom_kill.c). */
import {
  Ahead,
  and,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  Ghost,
  Goto,
  Here,
  If,
  Local,
  not,
  procedure,
  Step,
  type Recorded,
} from 'hmmcheck'
import { Cpu, down_read_trylock, mm_is_alive, mmget, mmput, up_read, Va } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { type MoreOperations } from './cpu.ts'
import { tlb_finish_mmu, zap_pte } from './zap.ts'
import { cpus_also, reaper_brackets } from './fixes.ts'
import { hmm_invalidate_range_start_nonblock, under_rmap_lock } from './invalidate.ts'
import { returned_unlocked } from './locks.ts'
import { contents, mm, mm_is_unstable, notifiers, reaped } from './state.ts'

/** Somebody may see the zeros that a fault brings in where the reaper was. */
const leaves_zeros = cpus_also.eq('oom-write')

const oom_reap_task = atomic('oom_reap_task', [], () => {
  const va = Choose('va', Va)
  mmget()
  returned_unlocked()
  return va
})

const __oom_reap_task_mm = procedure(
  '__oom_reap_task_mm',
  [Cpu],
  (cpu) => {
    const refused = Local('refused', Bool, false)
    const [unlock, out] = [Ahead('unlock'), Ahead('out')]
    const va = oom_reap_task()
    const locked = down_read_trylock(mm.mmap_sem)
    If(not(locked), () => {
      Step('mmput(mm)', () => {
        mmput()
        Goto(out)
      })
    })
    If(leaves_zeros, () => Step('set_bit(MMF_UNSTABLE, &mm->flags)', () => mm_is_unstable.set(true)))
    If(reaper_brackets, () => {
      notifiers.for_each((mn) => hmm_invalidate_range_start_nonblock(mn, va, cpu, refused))
      If(refused, () => Goto(unlock))
    })
    zap_pte(cpu, va, false, () =>
      Ghost(() => {
        If(and(leaves_zeros, mm.pte.at(va).isSome, contents.is_unsaved_at(va)), () => reaped.add(va))
      }),
    )
    If(reaper_brackets, () => under_rmap_lock.mmu_notifier_invalidate_range_end(va, cpu))
    Here(unlock)
    Step('tlb_finish_mmu(); up_read(&mm->mmap_sem); mmput(mm)', () => {
      tlb_finish_mmu(cpu)
      up_read(mm.mmap_sem)
      mmput()
    })
    Here(out)
  },
  { source: '4.20 mm/oom_kill.c __oom_reap_task_mm' },
)

/**
 * write(): the kernel reads the caller's memory for a thread of the victim that was not yet told to die, and others
 * read the file.
 */
const generic_perform_write = (): Recorded =>
  Step('generic_perform_write(): iov_iter_copy_from_user_atomic()', () => {
    Await(mm_is_alive())
    const va = Choose('va', Va, (one) => mm.pte.at(one).isSome)
    Assert(newest_value.property, not(reaped.has(va)), 'what was written there is gone, and zeros go to the file')
  })

export const reaps: MoreOperations = { when: cpus_also.eq('oom-reaper'), does: [(self) => __oom_reap_task_mm(self)] }

export const reaps_beside_a_write: MoreOperations = {
  when: leaves_zeros,
  does: [(self) => __oom_reap_task_mm(self), () => generic_perform_write()],
}
