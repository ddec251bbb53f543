/**
 * Memory moves to a device: hmm_mirror_migrate() of [v11 14/15] with mm_hmm_migrate() and mm_hmm_migrate_cleanup() of
 * [v12 22/29].
 */
import {
  Ahead,
  and,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  cond,
  Cover,
  current,
  Ghost,
  Goto,
  Here,
  Idle,
  If,
  IfSome,
  isSomeAnd,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  Source,
  Step,
  threadPer,
} from 'hmmcheck'
import { Device, DevicePte, mmget, mmput, Va } from 'hmmcheck/kernel'
import { accounted, documented_errors } from 'hmmcheck/properties'
import { copy_to_device, Result } from './driver.ts'
import { hmm_device_fault_end, hmm_migration_start, list_range, unlist_range } from './events.ts'
import {
  abort_restores,
  backoff_check,
  cleanup_skips_restored,
  dead_check,
  fill_checks_dead,
  migrate_listed,
  migrate_mmap_sem,
  other_errors_are_eio,
  others_told,
  refcount_check,
  rwsem_migrate,
} from './fixes.ts'
import { mmap_sem, returned_unlocked, rwsem } from './locks.ts'
import {
  child_leads_to,
  device_faults,
  dst,
  held,
  Hmm,
  is_dead,
  mirror,
  mm,
  Pte,
  put_page,
  refcount,
  vm_bug,
} from './state.ts'
import { tell_mirrors } from './update.ts'

const source = '[v11 14/15] mm/hmm.c'
const helper = '[v12 22/29] mm/memory.c'

/** A driver asks for memory to be moved to its device: hmm_mirror_fault() with HMM_COPY_TO_DEVICE. */
const migrate_to_device = atomic(
  'migrate_to_device',
  [Device],
  (device) => {
    const va = Choose('va', Va, (one) => mm.pte.at(one).page.isSome)
    Await(not(and(dead_check, is_dead(device))))
    returned_unlocked()
    mmget()
    return va
  },
  { source: `${source} hmm_mirror_fault` },
)

export const hmm_mirror_migrate = procedure(
  'hmm_mirror_migrate',
  [Device],
  (device) => {
    const va = migrate_to_device(device)
    const pte = mm.pte.at(va)
    const entry = mirror.at(device).pt.at(va)
    const out = Ahead('out')
    const of = Local('hmm', Hmm)
    /** The result of pte_none(save_pte), and its bits; the page it leads to is held. */
    const saved = Local('saved', Bool, false)
    const save_pte = Local('save_pte', Pte)
    const valid_dev = Local('valid_dev', Bool, false)
    const ret = Local('ret', Result, '0')
    const dead = Local('dead', Bool, false)

    /** set_pte_at(save_pte): the entry is as it was before. */
    const restore = (): void => {
      pte.hmm.set('none')
      pte.page.set(held.at(current))
      pte.write.set(save_pte.write)
      pte.dirty.set(save_pte.dirty)
      held.at(current).set(none)
      saved.set(false)
    }

    If(migrate_mmap_sem, mmap_sem.down_read)
    If(migrate_listed, () => Source(`${source} hmm_mirror_migrate`, () => hmm_migration_start(va)))

    Source(`${helper} mm_hmm_migrate`, () => {
      Step(
        'mmu_notifier_invalidate_range_start_excluding(): list_add(&range->list, &mm->mmu_notifier_mm->ranges)',
        () => {
          IfSome(mirror.at(device).hmm, (known) => of.set(known))
          list_range(va)
        },
      )
      Step('spin_lock(ptl): save_pte = ptep_get_and_clear(ptep); set_pte_at(hmm_entry_locked)', () => {
        IfSome(pte.page, (page) => {
          held.at(current).set(page)
          saved.set(true)
          save_pte.set(pte)
          pte.set(Pte.value({ page: none, write: false, dirty: false, hmm: 'locked' }))
        })
      })
      Step('mmu_notifier_invalidate_range_end_excluding(); tlb_finish_mmu()', () => {
        unlist_range()
        If(not(saved), () => Goto(out))
      })
      Step('spin_lock(ptl): if (*backoff || page_mapcount(page) != page_count(page)) set_pte_at(save_pte)', () => {
        If(and(backoff_check, device_faults.at(current).backoff), () => {
          restore()
          Goto(out)
        })
        // page_mapcount() counts the child's mapping too.
        const is_pinned = isSomeAnd(held.at(current), (page) =>
          cond(child_leads_to(page), refcount(page).gt(2), refcount(page).gt(1)),
        )
        If(and(refcount_check, is_pinned), restore)
      })
    })

    Source(`${source} hmm_mirror_migrate`, () =>
      If(saved, () => {
        If(others_told, () => {
          tell_mirrors(of, va, 'HMM_MIGRATE', rwsem_migrate, device)
          If(rwsem_migrate, () => Step('up_read(&hmm->rwsem)', () => rwsem(of).up_read()))
        })
        Step('hmm_pt_iter_directory_lock(): hmm_pte = hmm_pte_from_pfn(pte_pfn(save_pte))', () => {
          dead.set(and(fill_checks_dead, is_dead(device)))
          Ghost(() => {
            If(and(not(dead), entry.valid_dev), () => vm_bug.set(true))
          })
          If(and(not(dead), entry.pte.is('none')), () => {
            IfSome(held.at(current), (page) => entry.pte.set(DevicePte.present({ page })))
            entry.write.set(save_pte.write)
          })
        })
        If(not(dead), () => copy_to_device(device, va, valid_dev, ret))
        Step('hmm_pt_iter_directory_lock(): if (hmm_pte_test_valid_dev(&dst)) hmm_pte = dst', () => {
          Ghost(() => Cover(documented_errors.reached, ret.eq('-EAGAIN')))
          If(and(abort_restores, ret.ne('0')), () => valid_dev.set(false))
          If(and(other_errors_are_eio, ret.ne('0')), () => ret.set('-EIO'))
          If(and(valid_dev, not(and(fill_checks_dead, is_dead(device)))), () => {
            IfSome(dst.at(current), (page) => entry.pte.set(DevicePte.present({ page }))).Else(() =>
              entry.pte.set(DevicePte.stale),
            )
            entry.valid_dev.set(true)
            entry.dirty.set(false)
          })
          dst.at(current).set(none)
        })
      }),
    )

    Source(`${helper} mm_hmm_migrate_cleanup`, () =>
      If(or(saved, not(cleanup_skips_restored)), () => {
        Step('spin_lock(ptl): set_pte_at(hmm_pte_test_valid_dev(&dst) ? hmm_entry : save_pte); put_page()', () => {
          Ghost(() => {
            If(pte.hmm.ne('locked'), () => vm_bug.set(true))
          })
          If(valid_dev, () => {
            pte.set(Pte.value({ page: none, write: false, dirty: false, hmm: 'unlocked' }))
            IfSome(held.at(current), (page) => {
              Ghost(() => Cover(accounted.reached))
              held.at(current).set(none)
              put_page(page)
            })
          }).Else(restore)
        })
      }),
    )
    Here(out)
    Step('hmm_device_fault_end(); up_read(&mm->mmap_sem); return ret', () => {
      Assert(
        documented_errors.property,
        ret.ne('-EAGAIN'),
        'hmm_mirror_fault() returns what copy_to_device() must not return',
      )
      If(migrate_listed, () => hmm_device_fault_end())
      If(migrate_mmap_sem, mmap_sem.up_read)
      mmput()
    })
    return ret
  },
  { source: `${source} hmm_mirror_migrate` },
)

/** A driver that moves memory to its device. */
export const migrate = threadPer(Device, 'migrate', (self) => {
  Loop(() => {
    Idle()
    hmm_mirror_migrate(self)
  })
})
