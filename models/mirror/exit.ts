/**
 * The end of the process: the last mmput(), which runs exit_mmap() (kernel/fork.c, mm/mmap.c); and hmm_release of
 * 4.17 and 5.3.
 */
import {
  Assert,
  Choose,
  ForEach,
  Ghost,
  If,
  IfSome,
  Local,
  Loop,
  procedure,
  Return,
  Source,
  Step,
  thread,
  type Id,
} from 'hmmcheck'
import {
  Device,
  down_read,
  down_write,
  exit_begins,
  mm_state,
  mmput_last,
  mmput_of_process,
  ptep_clear_flush,
  up_read,
  up_write,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import { clear_device_page_table } from './bind.ts'
import { any_may_exit, mirrors_sem_release, release_before_unlink, release_callback, unplugged } from './fixes.ts'
import { hmm_mm_destroy } from './registration.ts'
import { leave_device } from './unplug.ts'
import {
  acquiring,
  contents,
  driver,
  hmm,
  Hmm,
  hmm_objects,
  mm,
  nobody_stands_on,
  notifiers,
  put_page,
  special,
} from './state.ts'

/**
 * The driver's release callback: "The callback should make sure no references to the mirror occur after the callback
 * returns."
 */
const release = (mirror: Id<'Device'>): void => {
  Step('mirror->ops->release(mirror)', () => {
    Assert(
      no_use_after_kfree.property,
      driver.at(mirror).bound.ne('unbound'),
      'mirror->ops->release() of a mirror that was freed',
    )
    clear_device_page_table(mirror)
  })
  If(unplugged, () => leave_device(mirror))
}

/** As it came in 4.17: takes each mirror out of the list, and then calls its driver, with the list unlocked. */
const hmm_release_unlinking = procedure(
  'hmm_release_unlinking',
  [Hmm],
  (mn) => {
    Step('srcu_read_lock(&srcu): mn->ops->release', () => notifiers.enter_release(mn))
    Loop(() => {
      const mirror = Local('mirror', Device)
      hmm_objects.dereference(mn, 'down_write(&hmm->mirrors_sem)')
      If(mirrors_sem_release, () => acquiring('mirrors_sem', () => down_write(hmm.at(mn).mirrors_sem)))
      Step('list_del_init(&mirror->list); up_write(&hmm->mirrors_sem)', () => {
        hmm_objects.dereference(mn, 'list_del_init(&mirror->list)')
        If(hmm.at(mn).mirrors.isEmpty, () => {
          If(mirrors_sem_release, () => up_write(hmm.at(mn).mirrors_sem))
          notifiers.leave()
          Return()
        })
        const first = Choose('first', Device, (one) => hmm.at(mn).mirrors.has(one))
        mirror.set(first)
        nobody_stands_on(first)
        hmm.at(mn).mirrors.remove(first)
        If(mirrors_sem_release, () => up_write(hmm.at(mn).mirrors_sem))
      })
      release(mirror)
    })
  },
  { source: '4.17 mm/hmm.c hmm_release' },
)

/** As it is from 5.3 on: calls each driver with the list locked, and leaves the list to hmm_mirror_unregister(). */
const hmm_release = procedure(
  'hmm_release',
  [Hmm],
  (mn) => {
    Step('srcu_read_lock(&srcu): mn->ops->release', () => notifiers.enter_release(mn))
    hmm_objects.dereference(mn, 'down_read(&hmm->mirrors_sem)')
    If(mirrors_sem_release, () => acquiring('mirrors_sem', () => down_read(hmm.at(mn).mirrors_sem)))
    ForEach(Device, (mirror) => {
      If(hmm.at(mn).mirrors.has(mirror), () => release(mirror))
    })
    Step('up_read(&hmm->mirrors_sem); srcu_read_unlock(&srcu)', () => {
      hmm_objects.dereference(mn, 'up_read(&hmm->mirrors_sem)')
      If(mirrors_sem_release, () => up_read(hmm.at(mn).mirrors_sem))
      notifiers.leave()
    })
  },
  { source: '5.3 mm/hmm.c hmm_release' },
)

export const exit = thread('exit', () => {
  Source('4.14 kernel/fork.c mmput', () =>
    If(any_may_exit, () => {
      Step('mmput(mm)', () => mmput_of_process())
      Step('exit_mmap(mm)', () => exit_begins())
    }).Else(() => Step('mmput(mm): mm_users = 0', () => mmput_last())),
  )
  notifiers.mmu_notifier_release(
    (mn) => If(release_before_unlink, () => hmm_release(mn)).Else(() => hmm_release_unlinking(mn)),
    release_callback,
  )
  // No notifier is left, and none can be registered without mm_users: what follows announces nothing.
  Source('4.14 mm/mmap.c exit_mmap', () => {
    ForEach(Va, (va) => {
      Step('unmap_vmas(): ptep_clear_flush(); put_page()', () => {
        const pte = ptep_clear_flush(mm.pte.at(va))
        mm.writable.remove(va)
        special.at(va).set('none')
        Ghost(() => contents.discard(va))
        IfSome(pte, (page) => put_page(page))
      })
    })
  })
  Source('4.14 kernel/fork.c mmdrop', () =>
    Step('mmdrop(mm)', () => {
      mm_state.set('exited')
      hmm_mm_destroy()
    }),
  )
})
