/**
 * The process forks: its private pages are shared with a child, write-protected in both, and copied by who writes
 * first.
 */
import {
  and,
  atomic,
  Await,
  Bool,
  ForEach,
  Ghost,
  Idle,
  If,
  IfSome,
  Loop,
  not,
  procedure,
  shared,
  Source,
  Step,
  struct,
  thread,
} from 'hmmcheck'
import {
  Cpu,
  down_read,
  down_write,
  mmput,
  PageTable,
  ptep_clear_flush,
  set_pte_at,
  up_read,
  up_write,
  Va,
} from 'hmmcheck/kernel'
import { is_sole_owner, process_begins } from './cpu-fault.ts'
import { type MoreOperations } from './cpu.ts'
import { bracket_is_over, owe, tlb_finish_mmu } from './zap.ts'
import { cpus_also, invalidate_at_start } from './fixes.ts'
import { under_rmap_lock, write_protecting } from './invalidate.ts'
import { acquiring, alloc_page, contents, gathered, get_page, has_free_page, mm, put_page, vm_write } from './state.ts'

/** The child, a second mm_struct: it mirrors nothing, and does not write. */
export const child = shared('child', struct('child_mm', { alive: Bool, pte: PageTable }))

const fork = atomic('fork', [], () => process_begins())

/**
 * One bracket of this kind for each address of the model. A second child, beside one that is alive, would show no
 * more, and shares nothing.
 */
const copy_page_range = procedure(
  'copy_page_range',
  [Cpu],
  (cpu) => {
    const va = fork()
    acquiring('mmap_sem', () => down_write(mm.mmap_sem))
    write_protecting.mmu_notifier_invalidate_range_start(va, cpu)
    Step('spin_lock(ptl): copy_one_pte(): ptep_set_wrprotect(); get_page(); set_pte_at(child)', () => {
      If(not(child.alive), () => {
        IfSome(mm.pte.at(va), (page) => {
          get_page(page)
          child.pte.at(va).set(page)
          child.alive.set(true)
        })
      })
      mm.writable.remove(va)
      Ghost(() => {
        If(not(invalidate_at_start), () => owe(cpu, va))
      })
    })
    write_protecting.mmu_notifier_invalidate_range_end(va, cpu)
    Step('up_write(&mm->mmap_sem); mmput(mm)', () => {
      Ghost(() => bracket_is_over(cpu))
      up_write(mm.mmap_sem)
      mmput()
    })
  },
  { source: '4.13 mm/memory.c copy_page_range' },
)

const do_wp_page = atomic('do_wp_page', [], () => process_begins())

/** A write fault on a page that is shared: the entry leads to a copy afterwards. */
const wp_page_copy = procedure(
  'wp_page_copy',
  [Cpu],
  (cpu) => {
    const va = do_wp_page()
    acquiring('mmap_sem', () => down_read(mm.mmap_sem))
    under_rmap_lock.mmu_notifier_invalidate_range_start(va, cpu)
    Step('spin_lock(ptl): ptep_clear_flush(); copy_user_highpage(); set_pte_at_notify()', () => {
      If(and(mm.pte.at(va).isSome, not(is_sole_owner(va)), vm_write.has(va), has_free_page()), () => {
        const page = alloc_page()
        const pte = ptep_clear_flush(mm.pte.at(va))
        IfSome(pte, (old) => {
          Ghost(() => {
            contents.copy(page, old)
            // What the other process has is its own now.
            contents.forget(old)
          })
          gathered.at(cpu).set(old)
        })
        set_pte_at(mm.pte.at(va), page)
        mm.writable.add(va)
      })
      Ghost(() => {
        If(not(invalidate_at_start), () => owe(cpu, va))
      })
    })
    under_rmap_lock.mmu_notifier_invalidate_range_end(va, cpu)
    Step('put_page(old_page); up_read(&mm->mmap_sem); mmput(mm)', () => {
      tlb_finish_mmu(cpu)
      up_read(mm.mmap_sem)
      mmput()
    })
  },
  { source: '4.13 mm/memory.c wp_page_copy' },
)

export const forks: MoreOperations = {
  when: cpus_also.eq('fork'),
  does: [(self) => copy_page_range(self), (self) => wp_page_copy(self)],
}

/** The child ends, and gives its pages back. */
export const child_exits = thread('child', () => {
  Loop(() => {
    Idle()
    Source('4.13 mm/mmap.c exit_mmap', () => {
      Await(child.alive)
      ForEach(Va, (va) => {
        Step('unmap_vmas(): ptep_clear_flush(); put_page()', () => {
          const pte = ptep_clear_flush(child.pte.at(va))
          IfSome(pte, (page) => put_page(page))
        })
      })
      child.alive.set(false)
    })
  })
})
