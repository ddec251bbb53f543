/**
 * The notifier's methods: hmm_invalidate_range_start and hmm_invalidate_range_end of 4.14 to 5.1, and
 * invalidate_page, which 4.14 took away.
 */
import {
  and,
  Assert,
  Bool,
  ForEach,
  Ghost,
  If,
  IfSome,
  Let,
  Local,
  none,
  not,
  or,
  procedure,
  ref,
  Return,
  sizeOf,
  Step,
  type Id,
  type IdPlace,
  type Nothing,
  type Recorded,
} from 'hmmcheck'
import {
  Cpu,
  Device,
  DevicePte,
  down_read,
  down_read_trylock,
  leaf_section,
  non_block_end,
  non_block_start,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_kfree, paired } from 'hmmcheck/properties'
import { misbehave, sync_cpu_device_pagetables, sync_cpu_device_pagetables_nonblock, want_the_mm } from './callback.ts'
import {
  count_open_brackets,
  end_invalidates_ranges,
  free_by_srcu,
  hmm_lock,
  invalidate_at_start,
  mirrors_sem_callback,
  refusal_is_returned,
  trylock_nonblocking,
  uncount_on_failure,
} from './fixes.ts'
import { acquiring, bracket, hmm, Hmm, hmm_objects, mm, notifiers, owed, range_of, walker } from './state.ts'

/**
 * The beginning of every method: is the notifier in the list, and which struct hmm is it for? Up to 5.1 that of the
 * process; later the one that the notifier is embedded in, which the SRCU read section keeps.
 */
function enter(mn: Id<'Hmm'>, found: IdPlace<'Hmm'>): void {
  notifiers.enter(mn)
  If(free_by_srcu, () => {
    hmm_objects.dereference(mn, 'container_of(mn, struct hmm, mmu_notifier)')
    found.set(mn)
  }).Else(() => {
    Assert(
      no_use_after_kfree.property,
      mm.hmm.isSome,
      'VM_BUG_ON(!hmm): a method runs before mm->hmm is set, or after it was cleared',
    )
    IfSome(mm.hmm, (published) => {
      hmm_objects.dereference(published, 'hmm in a notifier method')
      found.set(published)
    }).Else(() => {
      notifiers.leave()
      Return()
    })
  })
}

/** memset(range->pfns, 0): no page, no right to write, no special value. */
const zero_pfns = (device: Id<'Device'>): void => {
  range_of.at(device).pfn.set(DevicePte.none)
  range_of.at(device).write.set(false)
  range_of.at(device).value.set('pfn')
}

/**
 * The first half of hmm_invalidate_range: every listed range with the address becomes invalid, and what stands in its
 * pfns is zeroed.
 */
const invalidate_ranges = (of: Id<'Hmm'>, va: Id<'Va'>): Recorded =>
  ForEach(Device, (device) => {
    Step('range->valid = false; memset(range->pfns, 0)', () => {
      If(hmm.at(of).ranges.at(device).eq(va), () => {
        range_of.at(device).valid.set(false)
        If(range_of.at(device).stored, () => zero_pfns(device))
      })
    })
  })

/**
 * The work of the first section of range_start under hmm->lock: the bracket is counted, and the ranges in it become
 * invalid.
 */
function announce(mn: Id<'Hmm'>, of: IdPlace<'Hmm'>, va: Id<'Va'>, cpu: Id<'Cpu'>, begin: () => void): void {
  Step('srcu_read_lock(&srcu); hmm = mm->hmm', () => {
    enter(mn, of)
    begin()
    Ghost(() => {
      bracket.at(cpu).announced.add(mn)
      If(not(count_open_brackets), () => bracket.at(cpu).va.set(va))
      If(not(invalidate_at_start), () => bracket.at(cpu).answered.set(true))
    })
  })
  If(count_open_brackets, () => {
    const open = Let('notifiers', hmm.at(of).notifiers)
    Step('hmm->notifiers++', () => {
      Assert(paired.property, open.lt(sizeOf(Cpu)), 'more brackets are counted than can be open')
      hmm.at(of).notifiers.set(open.plus(1))
      Ghost(() => bracket.at(cpu).va.set(va))
    })
  })
  If(invalidate_at_start, () => invalidate_ranges(of, va)).Else(() => notifiers.leave())
}

/** hmm->notifiers--, in what is read and written of it. */
const uncount = (of: Id<'Hmm'>, cpu: Id<'Cpu'>): void => {
  const open = Let('notifiers', hmm.at(of).notifiers)
  Step('hmm->notifiers--', () => {
    Assert(paired.property, open.gt(0), 'hmm->notifiers falls below zero')
    hmm.at(of).notifiers.set(open.minus(1))
    Ghost(() => bracket.at(cpu).va.set(none))
  })
}

/** Nobody is owed a call by this CPU, and it stands on no mirror. */
const walked = (cpu: Id<'Cpu'>): Recorded =>
  Ghost(() => {
    owed.at(cpu).va.set(none)
    owed.at(cpu).devices.clear()
    walker.at(cpu).set(none)
  })

/**
 * The methods, and the core's calls of them for every notifier of the process.
 *
 * @param misbehaves what the driver does beside its work when it is called by these, in variants in which it does
 * @param protects whether the bracket takes no more than the right to write
 */
function methods({
  misbehaves,
  protects = false,
}: {
  readonly misbehaves?: (device: Id<'Device'>) => Nothing
  readonly protects?: boolean
} = {}) {
  /** One turn of list_for_each_entry(mirror, &hmm->mirrors, list). */
  const call_mirror = procedure('call_mirror', [Hmm, Device, Va, Cpu], (of, device, va, cpu) => {
    If(hmm.at(of).mirrors.has(device), () => {
      misbehaves?.(device)
      Step('mirror->ops->sync_cpu_device_pagetables(mirror, HMM_UPDATE_INVALIDATE, va)', () =>
        sync_cpu_device_pagetables(device, va, cpu),
      )
    })
  })

  /** The second half of hmm_invalidate_range: every mirror is called; then the method returns. */
  const hmm_invalidate_range = procedure(
    'hmm_invalidate_range',
    [Hmm, Va, Cpu],
    (of, va, cpu) => {
      hmm_objects.dereference(of, 'down_read(&hmm->mirrors_sem)')
      If(mirrors_sem_callback, () => acquiring('mirrors_sem', () => down_read(hmm.at(of).mirrors_sem)))
      ForEach(Device, (device) => call_mirror(of, device, va, cpu))
      Step('up_read(&hmm->mirrors_sem); srcu_read_unlock(&srcu)', () => {
        hmm_objects.dereference(of, 'up_read(&hmm->mirrors_sem)')
        If(mirrors_sem_callback, () => up_read(hmm.at(of).mirrors_sem))
        notifiers.leave()
        Ghost(() => {
          If(invalidate_at_start, () => bracket.at(cpu).answered.set(bracket.at(cpu).va.isSome))
        })
        Ghost(() => walked(cpu))
      })
    },
    { source: '4.14 mm/hmm.c hmm_invalidate_range' },
  )

  const hmm_invalidate_range_start = procedure(
    'hmm_invalidate_range_start',
    [Hmm, Va, Cpu],
    (mn, va, cpu) => {
      const of = Local('hmm', Hmm)
      hmm_objects.is_dereferenced(of)
      leaf_section('hlist_for_each_entry_rcu(mn): hmm_invalidate_range_start()', hmm_lock, () => {
        announce(mn, of, va, cpu, () => {
          if (protects) Ghost(() => bracket.at(cpu).protects.set(true))
        })
      })
      If(invalidate_at_start, () => hmm_invalidate_range(of, va, cpu))
    },
    { source: '4.14 mm/hmm.c hmm_invalidate_range_start' },
  )

  const hmm_invalidate_range_end = procedure(
    'hmm_invalidate_range_end',
    [Hmm, Va, Cpu],
    (mn, va, cpu) => {
      const of = Local('hmm', Hmm)
      hmm_objects.is_dereferenced(of)
      leaf_section('hlist_for_each_entry_rcu(mn): hmm_invalidate_range_end()', hmm_lock, () => {
        Step('srcu_read_lock(&srcu); hmm = mm->hmm', () => {
          enter(mn, of)
          Assert(
            paired.property,
            bracket.at(cpu).announced.has(mn),
            'invalidate_range_end without its invalidate_range_start',
          )
          Ghost(() => {
            bracket.at(cpu).announced.remove(mn)
            bracket.at(cpu).answered.set(false)
            If(not(count_open_brackets), () => bracket.at(cpu).va.set(none))
          })
        })
        If(count_open_brackets, () => uncount(of, cpu))
        If(or(not(invalidate_at_start), end_invalidates_ranges), () => invalidate_ranges(of, va))
        If(invalidate_at_start, () => notifiers.leave())
      })
      If(not(invalidate_at_start), () => hmm_invalidate_range(of, va, cpu))
    },
    { source: '4.14 mm/hmm.c hmm_invalidate_range_end' },
  )

  const hmm_invalidate_page = procedure(
    'hmm_invalidate_page',
    [Hmm, Va, Cpu],
    (mn, va, cpu) => {
      const of = Local('hmm', Hmm)
      hmm_objects.is_dereferenced(of)
      leaf_section('hlist_for_each_entry_rcu(mn): hmm_invalidate_page()', hmm_lock, () => {
        Step('srcu_read_lock(&srcu); hmm = mm->hmm', () => enter(mn, of))
        invalidate_ranges(of, va)
      })
      hmm_invalidate_range(of, va, cpu)
    },
    { source: '[03/15] mm/hmm.c hmm_invalidate_page' },
  )

  return {
    mmu_notifier_invalidate_range_start: (va: Id<'Va'>, cpu: Id<'Cpu'>): Recorded =>
      notifiers.for_each((mn) => hmm_invalidate_range_start(mn, va, cpu)),
    mmu_notifier_invalidate_range_end: (va: Id<'Va'>, cpu: Id<'Cpu'>): Recorded =>
      notifiers.for_each((mn) => hmm_invalidate_range_end(mn, va, cpu)),
    mmu_notifier_invalidate_page: (va: Id<'Va'>, cpu: Id<'Cpu'>): Recorded =>
      notifiers.for_each((mn) => hmm_invalidate_page(mn, va, cpu)),
  }
}

/** The methods that munmap calls, with mmap_sem held. */
export const under_mmap_sem = methods({ misbehaves: misbehave })
/** The methods that mprotect calls, with mmap_sem held. */
export const write_protecting = methods({ protects: true })
/** The methods that a walk of the reverse map calls. */
export const under_rmap_lock = methods({ misbehaves: want_the_mm })

/** One mirror, while none before it has refused. */
const call_mirror_nonblock = procedure(
  'call_mirror_nonblock',
  [Hmm, Device, Va, Cpu, ref(Bool)],
  (of, device, va, cpu, refused) => {
    If(and(not(refused), hmm.at(of).mirrors.has(device)), () => {
      const done = sync_cpu_device_pagetables_nonblock(device, va, cpu)
      refused.set(not(done))
    })
  },
)

/** Nothing is held, and nothing was announced: no range_end will follow. */
const hmm_invalidate_range_start_failed = procedure(
  'hmm_invalidate_range_start_failed',
  [Hmm, Hmm, Cpu],
  (mn, of, cpu) => {
    If(and(count_open_brackets, uncount_on_failure), () => {
      leaf_section('notifiers_decrement(hmm)', hmm_lock, () => {
        hmm_objects.dereference(of, 'hmm->notifiers--')
        uncount(of, cpu)
      })
    })
    Step('srcu_read_unlock(&srcu): return -EAGAIN', () => {
      notifiers.leave()
      non_block_end()
      Ghost(() => {
        bracket.at(cpu).va.set(none)
        bracket.at(cpu).announced.remove(mn)
      })
      Ghost(() => walked(cpu))
    })
  },
  { source: '5.3 mm/hmm.c hmm_invalidate_range_start' },
)

/**
 * range_start with `blockable` false, from 4.20 on: it must not sleep, and says so (`refused`) where it would have to.
 * It takes the place of what the mirrors that come before the one that refuses have lost already: they fault it in
 * again.
 */
export const hmm_invalidate_range_start_nonblock = procedure(
  'hmm_invalidate_range_start_nonblock',
  [Hmm, Va, Cpu, ref(Bool)],
  (mn, va, cpu, refused) => {
    const of = Local('hmm', Hmm)
    hmm_objects.is_dereferenced(of)
    const locked = Local('locked', Bool, true)
    leaf_section('hlist_for_each_entry_rcu(mn): hmm_invalidate_range_start(): blockable is false', hmm_lock, () => {
      announce(mn, of, va, cpu, non_block_start)
    })
    If(not(invalidate_at_start), () => {
      Step('return 0', () => non_block_end())
      Return()
    })
    hmm_objects.dereference(of, 'down_read_trylock(&hmm->mirrors_sem)')
    If(mirrors_sem_callback, () => {
      If(trylock_nonblocking, () => {
        const taken = down_read_trylock(hmm.at(of).mirrors_sem)
        locked.set(taken)
      }).Else(() => acquiring('mirrors_sem', () => down_read(hmm.at(of).mirrors_sem)))
    })
    If(not(locked), () => {
      refused.set(true)
      hmm_invalidate_range_start_failed(mn, of, cpu)
      Return()
    })
    ForEach(Device, (device) => call_mirror_nonblock(of, device, va, cpu, refused))
    If(not(refusal_is_returned), () => refused.set(false))
    If(refused, () => {
      Step('up_read(&hmm->mirrors_sem)', () => {
        If(mirrors_sem_callback, () => up_read(hmm.at(of).mirrors_sem))
      })
      hmm_invalidate_range_start_failed(mn, of, cpu)
      Return()
    })
    Step('up_read(&hmm->mirrors_sem); srcu_read_unlock(&srcu)', () => {
      If(mirrors_sem_callback, () => up_read(hmm.at(of).mirrors_sem))
      notifiers.leave()
      non_block_end()
      Ghost(() => bracket.at(cpu).answered.set(true))
      Ghost(() => walked(cpu))
    })
  },
  { source: '4.20 mm/hmm.c hmm_invalidate_range_start' },
)
