/**
 * A huge page of device memory fills a hole: an address stands for what one PMD maps. From 6.19 on. Beside it the OOM
 * reaper, which marks the mm before it takes its memory.
 */
import {
  Await,
  Bool,
  Choose,
  current,
  ForEach,
  Ghost,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  none,
  procedure,
  shared,
  Source,
  Step,
  thread,
  yes,
} from 'hmmcheck'
import { spin_lock, spin_unlock, Spinlock, SwapPte, Va } from 'hmmcheck/kernel'
import { abort_unlocks } from './fixes.ts'
import { contents, device_memory, held, map_page, mm, page_remove_rmap, put_page } from './state.ts'

/** pmd_lock(mm, pmd): others can be seen to spin on it. */
const pmd_lock = shared('pmd_lock', Spinlock)
/** MMF_UNSTABLE */
const unstable = shared('mmf_unstable', Bool)

const migrate_vma_insert_huge_pmd_page = procedure(
  'migrate_vma_insert_huge_pmd_page',
  [Va],
  (va) => {
    const aborts = Local('csa_ret', Bool)
    spin_lock(pmd_lock)
    Step('check_stable_address_space()', () => aborts.set(unstable))
    If(aborts, () => {
      If(abort_unlocks, () => spin_unlock(pmd_lock))
    }).Else(() => {
      Step('if (pmd_none(*pmdp)) set_pmd_at()', () =>
        If(mm.pte.at(va).is('none'), () =>
          IfSome(held.at(current), (dst) => {
            Ghost(() => contents.fill(dst, va))
            map_page(dst)
            mm.pte.at(va).set(SwapPte.device_private({ page: dst, write: yes }))
          }),
        ),
      )
      spin_unlock(pmd_lock)
    })
  },
  { source: 'a30b48bf1b24 (6.19) mm/migrate_device.c migrate_vma_insert_huge_pmd_page' },
)

export const migrate_huge = thread('migrate_huge', () => {
  Loop(() => {
    Idle()
    Source('6.19 mm/migrate_device.c __migrate_device_pages', () => {
      const va = Step('alloc_and_copy(): a folio of device memory', () => {
        Await(device_memory.has_free_page())
        const page = device_memory.alloc_page()
        held.at(current).set(page)
        return Choose('va', Va)
      })
      migrate_vma_insert_huge_pmd_page(va)
      Step('migrate_vma_finalize(): folio_put()', () => {
        IfSome(held.at(current), (page) => put_page(page))
        held.at(current).set(none)
      })
    })
  })
})

const oom_reap_task_mm = procedure(
  'oom_reap_task_mm',
  [],
  () => {
    Step('set_bit(MMF_UNSTABLE, &mm->flags)', () => unstable.set(true))
    ForEach(Va, (va) => {
      spin_lock(pmd_lock)
      Step('zap_huge_pmd(): pmdp_huge_get_and_clear_full()', () => {
        IfIs(mm.pte.at(va), 'device_private', ({ page }) => {
          page_remove_rmap(page)
          put_page(page)
        })
        mm.pte.at(va).set(SwapPte.none)
        Ghost(() => contents.discard(va))
      })
      spin_unlock(pmd_lock)
    })
  },
  { source: '6.12 mm/oom_kill.c __oom_reap_task_mm' },
)

export const reap = thread('reap', () => {
  oom_reap_task_mm()
})
