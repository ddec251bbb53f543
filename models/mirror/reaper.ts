/** The OOM reaper, from 4.19 on: it unmaps the memory of a victim, and must not sleep in a notifier (mm/oom_kill.c). */
import { Ahead, atomic, Bool, Choose, Goto, Here, If, Local, not, procedure, Step } from '../../src/language/index.ts'
import { Cpu, down_read_trylock, mmget, mmput, up_read, Va } from '../kernel/index.ts'
import { tlb_finish_mmu, zap_pte, type MoreOperations } from './cpu.ts'
import { cpus_also, reaper_brackets } from './fixes.ts'
import { hmm_invalidate_range_start_nonblock, under_rmap_lock } from './invalidate.ts'
import { returned_unlocked } from './locks.ts'
import { mm, notifiers } from './state.ts'

const oom_reap_task = atomic('oom_reap_task', [], () => {
  const va = Choose('va', Va)
  mmget()
  returned_unlocked()
  return va
})

const __oom_reap_task_mm = procedure('__oom_reap_task_mm', [Cpu], (cpu) => {
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
  If(reaper_brackets, () => {
    notifiers.for_each((mn) => hmm_invalidate_range_start_nonblock(mn, va, cpu, refused))
    If(refused, () => Goto(unlock))
  })
  zap_pte(cpu, va, false)
  If(reaper_brackets, () => under_rmap_lock.mmu_notifier_invalidate_range_end(va, cpu))
  Here(unlock)
  Step('tlb_finish_mmu(); up_read(&mm->mmap_sem); mmput(mm)', () => {
    tlb_finish_mmu(cpu)
    up_read(mm.mmap_sem)
    mmput()
  })
  Here(out)
}, { source: '4.20 mm/oom_kill.c __oom_reap_task_mm' })

export const reaps: MoreOperations = { when: cpus_also.eq('oom-reaper'), does: [(self) => __oom_reap_task_mm(self)] }
