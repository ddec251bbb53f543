/**
 * Mirrors come and go: hmm_mirror_register(), hmm_mirror_unregister(), hmm_device_unregister() of [v11 05/14]; and
 * the end of the process.
 */
import {
  and,
  atomic,
  Await,
  Bool,
  Break,
  Choose,
  Either,
  ForEach,
  Ghost,
  Idle,
  If,
  IfSome,
  Let,
  Local,
  Loop,
  none,
  optional,
  not,
  procedure,
  Return,
  some,
  Source,
  Step,
  thread,
  type Id,
} from 'hmmcheck'
import { Device, mm_state, mmget, mmput, mmput_last, mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { release } from './driver.ts'
import {
  device_spinlock,
  driver_unregisters,
  register_finds_hmm,
  register_mmap_sem,
  release_before_unlist,
  rwsem_kill,
  rwsem_register,
  unbinds,
} from './fixes.ts'
import { hmm_mirror_unref, hmm_unref, is_alive } from './lifetime.ts'
import { acquired, mmap_sem, passes, released, rwsem } from './locks.ts'
import { contents, driver, hmm, Hmm, hmm_device, mirror, mm, notifiers, Pte, put_page } from './state.ts'
import { clear_hmm_pte, hmm_mirror_kill } from './update.ts'

const source = '[v11 05/14] mm/hmm.c'

/** The driver begins to mirror the process. */
const bind = atomic('bind', [], () => {
  const device = Choose('device', Device, (one) =>
    and(mirror.at(one).kref.eq(0), not(hmm_device.at(one).has_mirror), not(hmm_device.at(one).removed)),
  )
  mmget()
  If(register_mmap_sem, mmap_sem.wanted)
  mirror.at(device).kref.set(1)
  mirror.at(device).dying.set(false)
  ForEach(Va, (va) => clear_hmm_pte(device, va))
  driver.at(device).released.set(false)
  hmm_device.at(device).has_mirror.set(true)
  return device
})

const hmm_mirror_register = procedure(
  'hmm_mirror_register',
  [],
  () => {
    const device = bind()
    const known = Local('hmm', optional(Hmm), none)
    If(register_mmap_sem, mmap_sem.down_write)
    Step('hmm = mm->hmm ? hmm_ref(hmm) : NULL', () => {
      If(register_finds_hmm, () =>
        IfSome(mm.hmm, (of) => {
          If(hmm.at(of).kref.gt(0), () => {
            hmm.at(of).kref.increment()
            known.set(of)
            If(rwsem_register, () => rwsem(of).wanted())
          })
        }),
      )
    })
    If(known.isNone, () => {
      Step('hmm = kzalloc(sizeof(*mm->hmm), GFP_KERNEL); kref_init(&hmm->kref)', () => {
        const fresh = Choose('fresh', Hmm, (one) =>
          and(hmm.at(one).kref.eq(0), not(notifiers.is_listed(one)), notifiers.no_method_runs()),
        )
        hmm.at(fresh).kref.set(1)
        known.set(fresh)
        passes('anon_vma->rwsem')
      })
      IfSome(known, (of) => {
        notifiers.__mmu_notifier_register(of)
        Step('mm->hmm = hmm', () => {
          mm.hmm.set(of)
          If(rwsem_register, () => rwsem(of).wanted())
        })
      })
    })
    IfSome(known, (of) => {
      If(rwsem_register, () => rwsem(of).down_write())
      Step(
        'hlist_add_head(&mirror->mlist, &hmm->mirrors); hmm_mirror_ref(mirror); up_write(&hmm->rwsem); ' +
          'up_write(&mm->mmap_sem)',
        () => {
          mirror.at(device).hmm.set(of)
          mirror.at(device).listed.set(true)
          mirror.at(device).kref.increment()
          driver.at(device).bound.set(true)
          If(rwsem_register, () => rwsem(of).up_write())
          If(register_mmap_sem, mmap_sem.up_write)
          mmput()
        },
      )
    })
  },
  { source: `${source} hmm_mirror_register` },
)
/**
 * The driver does not mirror the process any more. "THIS CAN NOT BE CALL FROM device->release() CALLBACK OR IT WILL
 * DEADLOCK."
 */
const hmm_mirror_unregister = procedure(
  'hmm_mirror_unregister',
  [],
  () => {
    const device = Local('device', Device)
    const known = Local('hmm', optional(Hmm), none)
    Step('hmm_mirror_unregister(mirror)', () => {
      const bound = Choose('bound', Device, (one) => driver.at(one).bound)
      is_alive(bound, 'hmm_mirror_unregister()')
      device.set(bound)
      driver.at(bound).bound.set(false)
      If(driver_unregisters, () => passes('srcu'))
      known.set(mirror.at(bound).hmm)
    })
    If(driver_unregisters, () => {
      IfSome(known, (of) => hmm_mirror_kill(device, of))
      notifiers.wait()
    })
    hmm_mirror_unref(device)
  },
  { source: `${source} hmm_mirror_unregister` },
)

export const registrar = thread('registrar', () => {
  Loop(() => {
    Idle()
    Source('the driver', () =>
      If(unbinds, () =>
        Either(
          () => hmm_mirror_register(),
          () => hmm_mirror_unregister(),
        ),
      ).Else(() => hmm_mirror_register()),
    )
  })
})

/** The device goes: its hmm_device is freed if no mirror is listed there. */
const hmm_device_unregister = procedure(
  'hmm_device_unregister',
  [],
  () => {
    const device = Local('device', Device)
    const busy = Local('busy', Bool)
    Step('hmm_device_unregister(device)', () => {
      const one = Choose('one', Device, (that) => not(hmm_device.at(that).removed))
      device.set(one)
    })
    If(not(device_spinlock), () => mutex_lock(hmm_device.at(device).lock))
    Step('if (!list_empty(&device->mirrors)) return -EBUSY', () => {
      busy.set(hmm_device.at(device).has_mirror)
      If(not(device_spinlock), () => mutex_unlock(hmm_device.at(device).lock))
    })
    If(not(busy), () =>
      Step('kfree(device)', () => {
        // No mirror is registered from now on: that is the driver's to see to.
        If(not(hmm_device.at(device).has_mirror), () => hmm_device.at(device).removed.set(true))
      }),
    )
  },
  { source: `${source} hmm_device_unregister` },
)

export const remove = thread('remove', () => {
  Loop(() => {
    Idle()
    hmm_device_unregister()
  })
})

/** The notifier's release method: every driver of the process stops. */
const hmm_notifier_release = procedure(
  'hmm_notifier_release',
  [Hmm],
  (mn) => {
    const device = Local('device', Device)
    const none_left = Local('none_left', Bool)
    const is_first = (one: Id<'Device'>): Bool =>
      and(mirror.at(one).listed, mirror.at(one).hmm.eq(mn), not(mirror.at(one).dying))
    Step('srcu_read_lock(&srcu); hmm_ref(hmm)', () => {
      notifiers.enter(mn)
      acquired('srcu')
      If(hmm.at(mn).kref.eq(0), () => {
        released('srcu')
        notifiers.leave()
        Return()
      })
      hmm.at(mn).kref.increment()
    })
    Loop(() => {
      If(and(rwsem_kill, not(release_before_unlist)), () => rwsem(mn).down_write())
      Step('mirror = hlist_entry(hmm->mirrors.first)', () => {
        none_left.set(not(some(Device, is_first)))
        If(not(none_left), () => {
          const first = Choose('first', Device, is_first)
          device.set(first)
          mirror.at(first).dying.set(true)
          If(and(rwsem_kill, release_before_unlist), () => rwsem(mn).wanted())
          If(not(release_before_unlist), () => mirror.at(first).listed.set(false))
        })
        If(and(rwsem_kill, not(release_before_unlist)), () => rwsem(mn).up_write())
      })
      If(none_left, () => Break())
      release(device)
      If(release_before_unlist, () => {
        If(rwsem_kill, () => rwsem(mn).down_write())
        Step('hlist_del_init(&mirror->mlist); up_write(&hmm->rwsem)', () => {
          mirror.at(device).listed.set(false)
          If(rwsem_kill, () => rwsem(mn).up_write())
        })
      })
      hmm_mirror_unref(device)
    })
    If(release_before_unlist, () =>
      Step('wait until those that others have begun to kill are out of the list', () => {
        Await(not(some(Device, (one) => and(mirror.at(one).listed, mirror.at(one).hmm.eq(mn)))))
      }),
    )
    Step('srcu_read_unlock(&srcu)', () => {
      released('srcu')
      notifiers.leave()
    })
    hmm_unref(mn)
  },
  { source: `${source} hmm_notifier_release` },
)

/** The last mmput(), which runs exit_mmap(). */
export const exit = thread('exit', () => {
  Source('4.5 kernel/fork.c mmput', () => Step('mmput(mm): mm_users = 0', () => mmput_last()))
  notifiers.mmu_notifier_release((mn) => hmm_notifier_release(mn))
  Source('4.5 mm/mmap.c exit_mmap', () => {
    ForEach(Va, (va) => {
      Step('unmap_vmas(): ptep_get_and_clear_full(); put_page()', () => {
        const page = Let('page', mm.pte.at(va).page)
        mm.pte.at(va).set(Pte.value({ page: none, write: false, dirty: false, hmm: 'none' }))
        Ghost(() => contents.discard(va))
        IfSome(page, (old) => put_page(old))
      })
    })
    mm_state.set('exited')
  })
})
