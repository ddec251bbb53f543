/** CPUs that run threads of the process, or its child: they fault, read and write. */
import {
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Either,
  ForEach,
  Ghost,
  Idle,
  If,
  IfIs,
  Local,
  Loop,
  Match,
  not,
  Source,
  Step,
  thread,
  threadPer,
  type Id,
} from 'hmmcheck'
import { Cpu, must_fault, SwapPte, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { handle_mm_fault } from './fault.ts'
import { nouveau_svmm_bind } from './to-device.ts'
import { fault_locks_mmap } from './fork-fixes.ts'
import { child_lives, contents, pte_of, reading_mm, type Process } from './processes.ts'
import { own_address } from './properties.ts'
import { is_free, page_remove_rmap, put_page } from './state.ts'

const page_fault = (process: Process): void => {
  const va = Local('va', Va)
  const write = Local('write', Bool)
  Step('page_fault', () => {
    const writes = Choose('writes', Bool)
    const at = Choose('at', Va, (one) => must_fault(pte_of(process, one), writes))
    va.set(at)
    write.set(writes)
  })
  // Of the mmap_lock of the child, this thread is the only user.
  if (process === 'child') handle_mm_fault.child(va, write)
  else reading_mm(fault_locks_mmap, () => handle_mm_fault.parent(va, write))
}

/** Translation and access are one transition. */
const access = (process: Process): void => {
  Step('the CPU reads or writes', () => {
    const write = Choose('write', Bool)
    const va = Choose('va', Va, (one) => not(must_fault(pte_of(process, one), write)))
    IfIs(pte_of(process, va), 'present', ({ page }) => {
      Assert(no_use_after_free.property, not(is_free(page)), 'the CPU uses a page that was freed')
      If(write, () => Ghost(() => contents.write(process, page, va))).Else(() => {
        Assert(
          own_address.property,
          not(contents.is_of_another(process, page, va)),
          'the CPU reads what is not its own',
        )
        Assert(newest_value.property, contents.has_newest(process, page, va), 'the CPU reads an old value')
      })
    })
  })
}

export const cpu = threadPer(Cpu, 'cpu', () => {
  Source('the CPU', () =>
    Loop(() => {
      Idle()
      Either(
        () => page_fault('parent'),
        () => access('parent'),
      )
    }),
  )
})

/** Its mm has no notifier: nobody is told. */
const exit_mmap = (): void => {
  ForEach(Va, (va) =>
    Step('unmap_vmas(): zap_pte_range(): spin_lock(ptl); tlb_finish_mmu()', () => {
      const put = ({ page }: { readonly page: Id<'Page'> }): void => {
        page_remove_rmap(page)
        put_page(page)
      }
      Match(pte_of('child', va), { present: put, device_private: put }, () => undefined)
      pte_of('child', va).set(SwapPte.none)
      Ghost(() => contents.discard('child', va))
    }),
  )
  Step('the child is gone', () => child_lives.set(false))
}

/** A CPU that runs the child, until it exits. */
export const child = thread('child', () => {
  Loop(() => {
    Idle()
    Source('6.1 kernel/sched/core.c schedule_tail', () => Step('schedule_tail()', () => Await(child_lives)))
    Loop(() => {
      Idle()
      Either(
        () => Source('the CPU', () => page_fault('child')),
        () => Source('the CPU', () => access('child')),
        () => nouveau_svmm_bind(),
        () => {
          Source('6.1 mm/mmap.c exit_mmap', exit_mmap)
          Break()
        },
      )
    })
  })
})
