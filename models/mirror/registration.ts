/**
 * hmm_register, hmm_mirror_register and hmm_mirror_unregister as merged, in their forms of 4.14 (nothing is ever
 * taken back), 4.17 (the last mirror takes the notifier with it), 4.20 (in another order), 5.2 (struct hmm is
 * counted) and after 6d7c3cde93c1 (and freed by SRCU).
 */
import {
  and,
  Assert,
  atomic,
  Either,
  Goto,
  If,
  IfSome,
  Label,
  Local,
  none,
  not,
  optional,
  or,
  procedure,
  Return,
  Step,
  Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, down_write, kref_get_unless_zero, kref_init, kref_put, leaf_section, up_write } from 'hmmcheck/kernel'
import { no_use_after_kfree } from 'hmmcheck/properties'
import {
  free_by_srcu,
  counted,
  interrupted,
  last_clears_mm,
  loser_check,
  mirrors_sem_register,
  mirrors_sem_unregister,
  page_table_lock,
  present_check,
  publish_before_callback,
  release_before_unlink,
  release_callback,
  unhook_before_unpublish,
  unregister_guard,
  unregister_unhooks,
  unregister_waits,
} from './fixes.ts'
import {
  acquiring,
  driver,
  hmm,
  Hmm,
  hmm_objects,
  kfree_hmm,
  mm,
  mm_is_freed,
  nobody_stands_on,
  notifiers,
} from './state.ts'

/** mm->page_table_lock, or what else is read of the mm_struct. */
const mm_is_there = (): Recorded =>
  Assert(
    no_use_after_kfree.property,
    not(mm_is_freed()),
    'spin_lock(&mm->page_table_lock) of an mm_struct that was freed',
  )

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
  { source: '4.14 mm/hmm.c hmm_register' },
)

/**
 * hmm_mm_destroy(mm), when the last reference of mm_count goes: struct hmm goes too, up to 5.1. For the step that
 * drops it.
 */
export const hmm_mm_destroy = (): Recorded =>
  If(and(mm_is_freed(), mm.hmm.isSome), () => {
    If(not(counted), () => IfSome(mm.hmm, (of) => kfree_hmm(of)))
    mm.hmm.set(none)
  })

/** The reference of mm_count that the registration took. */
const mmdrop = (of: Id<'Hmm'>): Recorded =>
  Step('mmdrop(mm)', () => {
    notifiers.mmdrop(of)
    hmm_mm_destroy()
  })

/**
 * The function that a registration calls that has lost against another: it waits for the methods that run. A `release`
 * that it would call does not exist yet.
 */
const mmu_notifier_unregister = procedure(
  'mmu_notifier_unregister',
  [Hmm],
  (of) => {
    notifiers.hlist_del_init_rcu(of)
    notifiers.wait()
    mmdrop(of)
  },
  { source: '4.14 mm/mmu_notifier.c mmu_notifier_unregister' },
)

/** With the wait for its methods that it does not have. */
const mmu_notifier_unregister_no_release = procedure(
  'mmu_notifier_unregister_no_release',
  [Hmm],
  (of) => {
    notifiers.hlist_del_init_rcu(of)
    If(unregister_waits, () => notifiers.wait())
    mmdrop(of)
  },
  { source: '4.17 mm/mmu_notifier.c mmu_notifier_unregister_no_release' },
)

const unpublish = (of: Id<'Hmm'>): Recorded =>
  Step('spin_lock(&mm->page_table_lock): if (mm->hmm == hmm) mm->hmm = NULL', () => {
    mm_is_there()
    If(mm.hmm.eq(of), () => mm.hmm.set(none))
  })

/** The last mirror, or the last reference, is gone. */
export const hmm_free = procedure(
  'hmm_free',
  [Hmm],
  (of) => {
    If(unhook_before_unpublish, () => mmu_notifier_unregister_no_release(of))
    unpublish(of)
    If(not(unhook_before_unpublish), () => mmu_notifier_unregister_no_release(of))
    Step('kfree(hmm)', () => {
      If(free_by_srcu, () => notifiers.mmu_notifier_call_srcu(of)).Else(() => kfree_hmm(of))
    })
  },
  { source: '4.20 mm/hmm.c hmm_mirror_unregister, 5.2 hmm_free' },
)

/** The struct hmm was made, and is not wanted or cannot be used. */
const abandon = (fresh: Id<'Hmm'>): Recorded => Step('kfree(hmm)', () => kfree_hmm(fresh))

/** Hooks it up, if mm_take_all_locks() is not interrupted by a signal; whether it is. */
const hmm_notifier_register = procedure(
  'hmm_notifier_register',
  [Hmm],
  (fresh) => {
    const failed = Local('failed', Bool, false)
    If(interrupted, () => {
      Either(
        () => notifiers.__mmu_notifier_register(fresh),
        () => Step('mm_take_all_locks(): -EINTR', () => failed.set(true)),
      )
    }).Else(() => notifiers.__mmu_notifier_register(fresh))
    return failed
  },
  { source: '4.14 mm/mmu_notifier.c do_mmu_notifier_register' },
)

/** kmalloc() and what follows it, up to where others can see the struct. */
const hmm_alloc = procedure(
  'hmm_alloc',
  [],
  () => {
    const fresh = hmm_objects.kmalloc()
    hmm_objects.is_dereferenced(fresh)
    Step('hmm->mm = mm; kref_init(&hmm->kref)', () => {
      If(counted, () => kref_init(hmm.at(fresh).kref)).Else(() => hmm.at(fresh).mm.set(true))
    })
    return fresh
  },
  { source: '4.14 mm/hmm.c hmm_register' },
)

/**
 * Looks up the struct hmm of the process. Where it is counted, one that is on its way out is none, and who finds it
 * has a reference.
 */
export const mm_get_hmm = atomic(
  'mm_get_hmm',
  [],
  () => {
    const found = Local('hmm', optional(Hmm))
    found.set(mm.hmm)
    If(counted, () => {
      IfSome(mm.hmm, (of) => {
        hmm_objects.dereference(of, 'kref_get_unless_zero(&mm->hmm->kref)')
        const taken = kref_get_unless_zero(hmm.at(of).kref)
        If(not(taken), () => found.set(none))
      })
    })
    return found
  },
  { source: '5.3 mm/hmm.c hmm_get_or_create' },
)

/**
 * The struct hmm of the process; the first caller makes it. "We should only get here if hold the mmap_sem in write
 * mode."
 */
const hmm_register = procedure(
  'hmm_register',
  [],
  () => {
    const found = Local('found', optional(Hmm), none)
    If(present_check, () => {
      const known = mm_get_hmm()
      If(known.isSome, () => Return(known))
    })

    const fresh = hmm_alloc()
    If(publish_before_callback, () => {
      const cleanup = publish(fresh)
      If(cleanup, () => {
        abandon(fresh)
        Return(found)
      })
      const failed = hmm_notifier_register(fresh)
      If(failed, () => {
        unpublish(fresh)
        abandon(fresh)
        Return(found)
      })
    }).Else(() => {
      const failed = hmm_notifier_register(fresh)
      If(failed, () => {
        abandon(fresh)
        Return(found)
      })
      const cleanup = publish(fresh)
      If(cleanup, () => {
        mmu_notifier_unregister(fresh)
        abandon(fresh)
        Return(found)
      })
    })
    found.set(fresh)
    return found
  },
  { source: '4.14 mm/hmm.c hmm_register' },
)

/** Whether it succeeded: without a struct hmm it is -ENOMEM. */
export const hmm_mirror_register = procedure(
  'hmm_mirror_register',
  [Device],
  (device) => {
    const again = Label('again')
    const found = hmm_register()
    IfSome(found, (of) => {
      hmm_objects.is_dereferenced(of)
      driver.at(device).hmm.set(of)
      hmm_objects.dereference(of, 'down_write(&mirror->hmm->mirrors_sem)')
      If(mirrors_sem_register, () => acquiring('mirrors_sem', () => down_write(hmm.at(of).mirrors_sem)))
      Step('list_add(&mirror->list, &mirror->hmm->mirrors); up_write(&mirror->hmm->mirrors_sem)', () => {
        hmm_objects.dereference(of, 'list_add(&mirror->list, &mirror->hmm->mirrors)')
        If(mirrors_sem_register, () => up_write(hmm.at(of).mirrors_sem))
        // Another mirror was the last, and takes it down; or so it seems (B-62).
        If(and(unregister_unhooks, not(counted), not(hmm.at(of).mm)), () => Goto(again))
        hmm.at(of).mirrors.add(device)
      })
    })
    return found.isSome
  },
  { source: '4.17 mm/hmm.c hmm_mirror_register' },
)

export const hmm_mirror_unregister = procedure(
  'hmm_mirror_unregister',
  [Device],
  (device) => {
    const of = Local('hmm', Hmm)
    hmm_objects.is_dereferenced(of)
    const last = Local('last', Bool, false)
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
    Step('list_del(&mirror->list); mirror->hmm = NULL; up_write(&hmm->mirrors_sem)', () => {
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
      If(mirrors_sem_unregister, () => up_write(hmm.at(of).mirrors_sem))
      If(counted, () => {
        const is_zero = kref_put(hmm.at(of).kref)
        last.set(is_zero)
      })
      If(and(unregister_unhooks, not(counted)), () => {
        last.set(and(hmm.at(of).mirrors.isEmpty, hmm.at(of).mm))
        If(or(not(last_clears_mm), hmm.at(of).mirrors.isEmpty), () => hmm.at(of).mm.set(false))
      })
    })
    If(last, () => hmm_free(of))
  },
  { source: '4.17 mm/hmm.c hmm_mirror_unregister' },
)
