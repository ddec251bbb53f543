/**
 * A CPU's fault on SWP_HMM: memory comes back from a device. hmm_handle_cpu_fault() and hmm_migrate_back() of [v11
 * 11/15], with [v12 21/29].
 */
import {
  Ahead,
  and,
  Assert,
  Bool,
  Cover,
  current,
  ForEach,
  Ghost,
  Goto,
  Here,
  If,
  IfSome,
  Label,
  Local,
  none,
  not,
  or,
  procedure,
  ref,
  Return,
  Source,
  Step,
} from 'hmmcheck'
import { Device, DevicePte, Va } from 'hmmcheck/kernel'
import { agree, newest_value } from 'hmmcheck/properties'
import { copy_from_device, Result } from './driver.ts'
import { hmm_migration_start } from './events.ts'
import {
  back_listed,
  dirty_bits,
  driver_reports_dirty,
  dst_per_mirror,
  fill_checks_dead,
  forget_only_own,
  locked_check,
  may_fail,
  rwsem_migrate,
  valid_check,
} from './fixes.ts'
import { rwsem } from './locks.ts'
import {
  alloc_page,
  has_free_page,
  held,
  Hmm,
  is_dead,
  may_be_lost,
  mirror,
  mm,
  Pte,
  put_page,
  vm_bug,
} from './state.ts'
import { clear_hmm_pte, hmm_mirror_kill } from './update.ts'

const source = '[v11 11/15] mm/hmm.c'
const helper = '[v12 21/29] mm/memory.c'

/**
 * One mirror: if the memory is in its device, the driver copies it. Says whether the driver failed.
 *
 * `new_pte`: the caller has locked the entry and has a page for it. `valid`: the valid bit of dst[], the same word
 * for all mirrors.
 */
const hmm_mirror_migrate_back = procedure(
  'hmm_mirror_migrate_back',
  [Device, Va, Bool.as('new_pte'), ref(Bool)],
  (device, va, new_pte, valid) => {
    const entry = mirror.at(device).pt.at(va)
    const ret = Local('ret', Result, '0')
    Step(
      'if (pte_present(new_pte) && hmm_pte_test_valid_dev(hmm_pte)) dst = hmm_pte_from_pfn(pte_pfn(new_pte))',
      () => {
        If(not(mirror.at(device).listed), () => Return(ret.ne('0')))
        If(dst_per_mirror, () => valid.set(false))
        If(and(new_pte, entry.valid_dev), () => valid.set(true))
      },
    )
    If(valid, () => copy_from_device(device, va, valid, ret))
    Step('hmm_pt_iter_directory_lock(): hmm_pte = hmm_pte_test_valid_pfn(&dst) ? dst : 0', () => {
      const dead = and(fill_checks_dead, is_dead(device))
      If(and(valid, not(dead)), () => {
        Ghost(() => {
          If(not(entry.valid_dev), () => vm_bug.set(true))
        })
        IfSome(held.at(current), (page) => entry.pte.set(DevicePte.present({ page })))
        entry.valid_dev.set(false)
        entry.write.set(true)
        If(dirty_bits, () => entry.dirty.set(driver_reports_dirty))
      })
      If(and(not(valid), entry.valid_dev, or(new_pte, not(forget_only_own))), () => clear_hmm_pte(device, va))
    })
    return ret.ne('0')
  },
  { source: `${source} hmm_mirror_migrate_back` },
)

export const hmm_handle_cpu_fault = procedure(
  'hmm_handle_cpu_fault',
  [Va],
  (va) => {
    const pte = mm.pte.at(va)
    const of = Local('hmm', Hmm)
    const new_pte = Local('new_pte', Bool, false)
    const valid = Local('valid', Bool, false)
    const copied = Local('copied', Bool, false)
    const out = Ahead('out')

    If(back_listed, () => hmm_migration_start(va))
    Source(`${helper} mm_hmm_migrate_back`, () => {
      Step('spin_lock(ptl): if (!is_hmm_entry_locked(entry)) set_pte_at(hmm_entry_locked)', () => {
        IfSome(mm.hmm, (known) => of.set(known)).Else(() => Goto(out))
        If(pte.hmm.eq('poisonous'), () => {
          Assert(newest_value.property, may_be_lost(va), 'SIGBUS, though no driver failed: the only copy is lost')
          Goto(out)
        })
        If(or(pte.hmm.eq('unlocked'), and(not(locked_check), pte.hmm.eq('locked'))), () => {
          pte.hmm.set('locked')
          new_pte.set(true)
        })
      })
      If(new_pte, () =>
        Step('page = alloc_zeroed_user_highpage_movable(); or spin_lock(ptl): set_pte_at(hmm_entry)', () => {
          If(has_free_page(), () => {
            const page = alloc_page()
            held.at(current).set(page)
          }).Else(() => {
            pte.hmm.set('unlocked')
            new_pte.set(false)
          })
        }),
      )
    })

    Source(`${source} hmm_migrate_back`, () =>
      If(or(new_pte, not(forget_only_own)), () => {
        const again = Label('again')
        If(rwsem_migrate, () => rwsem(of).down_read())
        ForEach(Device, (device) => {
          const fails = hmm_mirror_migrate_back(device, va, new_pte, valid)
          copied.set(or(valid, and(dst_per_mirror, copied)))
          If(and(may_fail, fails), () => {
            If(rwsem_migrate, () => Step('up_read(&hmm->rwsem)', () => rwsem(of).up_read()))
            hmm_mirror_kill(device, of)
            Goto(again)
          })
        })
        If(rwsem_migrate, () => Step('up_read(&hmm->rwsem)', () => rwsem(of).up_read()))
      }),
    )

    Source(`${helper} mm_hmm_migrate_back_cleanup`, () =>
      If(new_pte, () => {
        Step('spin_lock(ptl): set_pte_at(hmm_pte_test_valid_pfn(&dst) ? new_pte : hmm_poison)', () => {
          Ghost(() => {
            If(pte.hmm.ne('locked'), () => vm_bug.set(true))
          })
          IfSome(held.at(current), (page) => {
            held.at(current).set(none)
            If(or(copied, not(valid_check)), () => {
              Ghost(() => Cover(agree.reached))
              pte.set(Pte.value({ page, write: true, dirty: false, hmm: 'none' }))
            }).Else(() => {
              pte.set(Pte.value({ page: none, write: false, dirty: false, hmm: 'poisonous' }))
              put_page(page)
            })
          })
        })
      }),
    )
    Here(out)
  },
  { source: `${source} hmm_handle_cpu_fault` },
)
