/**
 * fork(): copy_page_range() of one address with hmm_mm_fork() of [v11 12/15]; and the child, which reads, writes and
 * exits.
 */
import {
  Ahead,
  and,
  Assert,
  atomic,
  Await,
  Bool,
  Choose,
  current,
  Either,
  ForEach,
  Goto,
  Here,
  Idle,
  If,
  IfSome,
  Label,
  Let,
  Local,
  Loop,
  none,
  not,
  or,
  procedure,
  ref,
  Return,
  Source,
  Step,
  thread,
  type Recorded,
} from 'hmmcheck'
import { Device, DevicePte, mmget, mmput, Va } from 'hmmcheck/kernel'
import { copies_on_write } from 'hmmcheck/properties'
import { copy_for_child, Result } from './driver.ts'
import { device_memory, fork_announces, fork_keeps_mirror, fork_mmap_sem, may_fail, rwsem_migrate } from './fixes.ts'
import { mmap_sem, returned_unlocked, rwsem } from './locks.ts'
import {
  alloc_page,
  child,
  get_page,
  has_free_page,
  held,
  Hmm,
  leads_to,
  mapcount,
  mirror,
  mm,
  Pte,
  put_page,
} from './state.ts'
import { hmm_mirror_kill, mmu_notifier_invalidate_range_end, mmu_notifier_invalidate_range_start } from './update.ts'

const source = '[v11 12/15] mm/hmm.c'

/** fork() of a process that has no child now. */
const copy_process = atomic('copy_process', [], () => {
  const va = Choose('va', Va, (one) => or(mm.pte.at(one).page.isSome, mm.pte.at(one).hmm.ne('none')))
  Await(not(child.is_alive))
  returned_unlocked()
  mmget()
  return va
})

/**
 * hmm_mirror_migrate_back() with HMM_FORK: the driver copies, and what the mirror and the device have stays as it is.
 * Says whether the driver failed.
 */
const hmm_mirror_migrate_back = procedure(
  'hmm_mirror_migrate_back',
  [Device, Va, ref(Bool)],
  (device, va, copied) => {
    const entry = mirror.at(device).pt.at(va)
    const ret = Local('ret', Result, '0')
    const valid = Local('valid', Bool, false)
    Step('if (hmm_pte_test_valid_dev(hmm_pte)) dst = hmm_pte_from_pfn(pte_pfn(new_pte))', () => {
      valid.set(and(mirror.at(device).listed, entry.valid_dev))
      If(not(valid), () => Return(ret.ne('0')))
    })
    copy_for_child(device, va, valid, ret)
    Step('hmm_pt_iter_directory_lock(): if (event->etype != HMM_FORK) hmm_pte = dst', () => {
      If(valid, () => copied.set(true))
      If(and(valid, not(fork_keeps_mirror)), () => {
        IfSome(held.at(current), (page) => entry.pte.set(DevicePte.present({ page })))
        entry.valid_dev.set(false)
        entry.write.set(true)
      })
    })
    return ret.ne('0')
  },
  { source: `${source} hmm_mm_fork, [v11 11/15] hmm_mirror_migrate_back` },
)

/** The memory is in a device: the child gets a copy of its own. */
const hmm_mm_fork = procedure(
  'hmm_mm_fork',
  [Va],
  (va) => {
    const of = Local('hmm', Hmm)
    const copied = Local('copied', Bool, false)
    const out = Ahead('out')
    Step(
      'mm_hmm_migrate_back(dst_mm): set_pte_at(hmm_entry_locked); page = alloc_zeroed_user_highpage_movable()',
      () => {
        IfSome(mm.hmm, (known) => of.set(known))
        If(has_free_page(), () => {
          const page = alloc_page()
          held.at(current).set(page)
        }).Else(() => {
          // -ENOMEM: fork() fails, and the child does not exist.
          child.pte.at(va).hmm.set('none')
          Goto(out)
        })
      },
    )
    const again = Label('again')
    If(rwsem_migrate, () => rwsem(of).down_read())
    ForEach(Device, (device) => {
      const fails = hmm_mirror_migrate_back(device, va, copied)
      If(and(may_fail, fails), () => {
        If(rwsem_migrate, () => Step('up_read(&hmm->rwsem)', () => rwsem(of).up_read()))
        hmm_mirror_kill(device, of)
        Goto(again)
      })
    })
    Step('up_read(&hmm->rwsem); mm_hmm_migrate_back_cleanup(dst_mm): set_pte_at(new_pte or hmm_poison)', () => {
      If(rwsem_migrate, () => rwsem(of).up_read())
      IfSome(held.at(current), (page) => {
        held.at(current).set(none)
        If(copied, () => child.pte.at(va).set(Pte.value({ page, write: true, dirty: false, hmm: 'none' }))).Else(() => {
          child.pte.at(va).set(Pte.value({ page: none, write: false, dirty: false, hmm: 'poisonous' }))
          put_page(page)
        })
      })
    })
    Here(out)
  },
  { source: `${source} hmm_mm_fork` },
)

const copy_page_range = procedure(
  'copy_page_range',
  [],
  () => {
    const va = copy_process()
    const in_device = Local('in_device', Bool, false)
    If(fork_mmap_sem, mmap_sem.down_write)
    If(fork_announces, () => mmu_notifier_invalidate_range_start(va, 'HMM_FORK'))
    Step('copy_one_pte(): ptep_set_wrprotect(src_pte); get_page(page); set_pte_at(dst_pte)', () => {
      const { page, write, hmm: special } = mm.pte.at(va)
      write.set(false)
      child.pte.at(va).set(mm.pte.at(va))
      IfSome(page, (shared) => get_page(shared))
      in_device.set(and(device_memory, special.eq('unlocked')))
    })
    If(and(device_memory, in_device), () => hmm_mm_fork(va))
    Step('mmu_notifier_invalidate_range_end(); up_write(&mm->mmap_sem)', () => {
      child.is_alive.set(or(child.pte.at(va).page.isSome, child.pte.at(va).hmm.ne('none')))
      If(fork_announces, () => mmu_notifier_invalidate_range_end())
      If(fork_mmap_sem, mmap_sem.up_write)
      mmput()
    })
  },
  { source: '4.5 mm/memory.c copy_page_range' },
)

export const fork = thread('fork', () => {
  Loop(() => {
    Idle()
    copy_page_range()
  })
})
const child_writes = (): Recorded =>
  Step('the child writes', () => {
    Await(child.is_alive)
    const va = Choose('va', Va, (one) => and(child.pte.at(one).page.isSome, child.pte.at(one).write))
    IfSome(child.pte.at(va).page, (page) =>
      Assert(
        copies_on_write.property,
        not(leads_to(page)),
        'the child writes to a page that its parent maps, by CPU or device',
      ),
    )
  })

/** The child has no notifier, so that all of it is one step. */
const child_cow = (): Recorded =>
  Step('do_wp_page() of the child', () => {
    Await(and(child.is_alive, has_free_page()))
    const va = Choose('va', Va, (one) => and(child.pte.at(one).page.isSome, not(child.pte.at(one).write)))
    const { page, write } = child.pte.at(va)
    const old = Let('old', page)
    IfSome(old, (shared) => {
      If(mapcount(shared).gt(1), () => {
        const fresh = alloc_page()
        page.set(fresh)
        put_page(shared)
      })
    })
    write.set(true)
  })

const child_exits = (): Recorded =>
  Step('exit_mmap() of the child', () => {
    Await(child.is_alive)
    const va = Choose('va', Va, (one) => or(child.pte.at(one).page.isSome, child.pte.at(one).hmm.ne('none')))
    const old = Let('old', child.pte.at(va).page)
    child.pte.at(va).set(Pte.value({ page: none, write: false, dirty: false, hmm: 'none' }))
    IfSome(old, (page) => put_page(page))
    child.is_alive.set(false)
  })

/** The process that fork() made. */
export const child_process = thread(
  'child',
  () => {
    Loop(() => {
      Either(
        () => Source('the child', child_writes),
        () => Source('4.5 mm/memory.c do_wp_page', child_cow),
        () => Source('4.5 mm/mmap.c exit_mmap', child_exits),
      )
    })
  },
  { daemon: true },
)
