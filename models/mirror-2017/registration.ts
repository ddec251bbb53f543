/** hmm_register, hmm_mirror_register and hmm_mirror_unregister of [03/15], with what 4.17 and 4.20 made of them. */
import {
  and,
  Assert,
  atomic,
  ForEach,
  If,
  IfSome,
  Let,
  Local,
  Misuse,
  none,
  not,
  or,
  procedure,
  Return,
  some,
  Step,
  Bool,
} from 'hmmcheck'
import { Device, down_write, leaf_section, rwsem_is_idle, up_write } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import {
  loser_check,
  mirrors_sem_register,
  mirrors_sem_unregister,
  page_table_lock,
  present_check,
  publish_before_callback,
  release_before_unlink,
  release_callback,
  unregister_guard,
  unregister_unhooks,
} from './fixes.ts'
import { acquiring, driver, hmm, Hmm, hmm_objects, mm, nobody_stands_on, notifiers } from './state.ts'

/** kfree(hmm). */
const kfree_hmm = atomic('kfree_hmm', [Hmm], (of) => {
  Misuse('freeing a held lock: hmm->mirrors_sem', rwsem_is_idle(hmm.at(of).mirrors_sem))
  Assert(
    no_use_after_kfree.property,
    not(notifiers.is_listed(of)),
    'kfree() of a struct hmm whose notifier is registered',
  )
  hmm.at(of).mirrors.clear()
  hmm.at(of).notifiers.set(0)
  ForEach(Device, (device) => hmm.at(of).ranges.at(device).set(none))
  hmm_objects.kfree(of)
})

/** `if (!mm->hmm) mm->hmm = hmm; else cleanup = true;` */
const publish = procedure(
  'publish',
  [Hmm],
  (fresh) => {
    const cleanup = Local('cleanup', Bool)
    leaf_section('spin_lock(&mm->page_table_lock): if (!mm->hmm) mm->hmm = hmm', page_table_lock, () => {
      cleanup.set(mm.hmm.isSome)
      If(or(not(cleanup), not(loser_check)), () => mm.hmm.set(fresh))
    })
    return and(cleanup, loser_check)
  },
  { source: '[03/15] mm/hmm.c hmm_register' },
)

/**
 * The struct hmm of the process; the first caller makes it. "We should only get here if hold the mmap_sem in write
 * mode."
 */
export const hmm_register = procedure(
  'hmm_register',
  [],
  () => {
    const known = Let('hmm', mm.hmm)
    hmm_objects.is_dereferenced(known)
    If(and(present_check, known.isSome), () => Return(known))

    const fresh = hmm_objects.kmalloc()
    hmm_objects.is_dereferenced(fresh)
    If(publish_before_callback, () => {
      const cleanup = publish(fresh)
      If(cleanup, () => kfree_hmm(fresh)).Else(() => notifiers.__mmu_notifier_register(fresh))
    }).Else(() => {
      notifiers.__mmu_notifier_register(fresh)
      const cleanup = publish(fresh)
      If(cleanup, () => {
        notifiers.hlist_del_init_rcu(fresh)
        notifiers.wait()
        notifiers.mmdrop(fresh)
        kfree_hmm(fresh)
      })
    })
    return mm.hmm
  },
  { source: '[03/15] mm/hmm.c hmm_register' },
)

/** Whether it succeeded: without a struct hmm it is -ENOMEM. */
export const hmm_mirror_register = procedure(
  'hmm_mirror_register',
  [Device],
  (device) => {
    const found = hmm_register()
    IfSome(found, (of) => {
      hmm_objects.is_dereferenced(of)
      driver.at(device).hmm.set(of)
      hmm_objects.dereference(of, 'down_write(&mirror->hmm->mirrors_sem)')
      If(mirrors_sem_register, () => acquiring('mirrors_sem', () => down_write(hmm.at(of).mirrors_sem)))
      Step('list_add(&mirror->list, &mirror->hmm->mirrors); up_write(&mirror->hmm->mirrors_sem)', () => {
        hmm_objects.dereference(of, 'list_add(&mirror->list, &mirror->hmm->mirrors)')
        hmm.at(of).mirrors.add(device)
        If(mirrors_sem_register, () => up_write(hmm.at(of).mirrors_sem))
      })
    })
    return found.isSome
  },
  { source: '[03/15] mm/hmm.c hmm_mirror_register' },
)

/** The last mirror takes the notifier with it: unhooked, no method left that runs, unpublished, freed. */
const hmm_free = procedure(
  'hmm_free',
  [Hmm],
  (of) => {
    notifiers.hlist_del_init_rcu(of)
    notifiers.wait()
    Step('spin_lock(&mm->page_table_lock): mm->hmm = NULL', () => {
      If(mm.hmm.eq(of), () => mm.hmm.set(none))
    })
    notifiers.mmdrop(of)
    kfree_hmm(of)
  },
  { source: '4.17 mm/hmm.c hmm_mirror_unregister, in the order of 4.20' },
)

export const hmm_mirror_unregister = procedure(
  'hmm_mirror_unregister',
  [Device],
  (device) => {
    const of = Local('hmm', Hmm)
    hmm_objects.is_dereferenced(of)
    const last = Local('last', Bool)
    Step('hmm = mirror->hmm', () => {
      If(and(unregister_guard, driver.at(device).hmm.isNone), () => Return())
      Assert(
        no_use_after_kfree.property,
        driver.at(device).hmm.isSome,
        'hmm_mirror_unregister() of a mirror that is not registered: mirror->hmm is NULL',
      )
      IfSome(driver.at(device).hmm, (known) => of.set(known)).Else(() => Return())
    })
    hmm_objects.dereference(of, 'down_write(&hmm->mirrors_sem)')
    If(mirrors_sem_unregister, () => acquiring('mirrors_sem', () => down_write(hmm.at(of).mirrors_sem)))
    Step('list_del(&mirror->list); up_write(&hmm->mirrors_sem)', () => {
      hmm_objects.dereference(of, 'list_del(&mirror->list)')
      // Where exit takes mirrors out of the list, list_del_init() is used; else a mirror that is in no list is an
      // error.
      If(or(not(release_callback), release_before_unlink), () =>
        Assert(
          no_use_after_kfree.property,
          hmm.at(of).mirrors.has(device),
          'list_del() of a mirror that is in no list',
        ),
      )
      nobody_stands_on(device)
      hmm.at(of).mirrors.remove(device)
      If(or(unregister_guard, unregister_unhooks), () => driver.at(device).hmm.set(none))
      last.set(not(some(Device, (other) => driver.at(other).hmm.eq(of))))
      If(mirrors_sem_unregister, () => up_write(hmm.at(of).mirrors_sem))
    })
    If(and(unregister_unhooks, last), () => hmm_free(of))
  },
  { source: '[03/15] mm/hmm.c hmm_mirror_unregister' },
)
