/**
 * The notifier's methods: hmm_invalidate_page, hmm_invalidate_range_start and hmm_invalidate_range_end of [03/15],
 * with the ranges that
 * [04/15] adds to hmm_invalidate_range.
 */
import {
  Assert,
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
  Return,
  setOf,
  sizeOf,
  Step,
  type Id,
  type IdPlace,
  type Nothing,
  type Recorded,
} from 'hmmcheck'
import { Cpu, Device, DevicePte, down_read, leaf_section, up_read, Va } from 'hmmcheck/kernel'
import { no_use_after_kfree, paired } from 'hmmcheck/properties'
import { misbehave, sync_cpu_device_pagetables, want_mmap_sem } from './callback.ts'
import {
  count_open_brackets,
  end_invalidates_ranges,
  hmm_lock,
  invalidate_at_start,
  mirrors_sem_callback,
  retry_by,
} from './fixes.ts'
import {
  acquiring,
  bracket,
  hmm,
  Hmm,
  hmm_objects,
  mm,
  notifiers,
  owed,
  range_of,
  sequence_moved,
  walker,
} from './state.ts'

/** The beginning of every method: is the notifier in the list, and which struct hmm has the process? */
function enter(mn: Id<'Hmm'>, found: IdPlace<'Hmm'>): void {
  notifiers.enter(mn)
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
}

/** atomic_inc(&hmm->sequence), as far as anybody looks at it. */
const atomic_inc_sequence = (): Recorded => If(retry_by.eq('sequence'), () => sequence_moved.set(setOf(Device).all))

/**
 * The first half of hmm_invalidate_range: every listed range with the address becomes invalid, and its pfns are
 * zeroed.
 */
const invalidate_ranges = (of: Id<'Hmm'>, va: Id<'Va'>): Recorded =>
  ForEach(Device, (device) => {
    Step('range->valid = false; memset(range->pfns, 0)', () => {
      If(hmm.at(of).ranges.at(device).eq(va), () => {
        range_of.at(device).valid.set(false)
        range_of.at(device).pfn.set(DevicePte.none)
      })
    })
  })

/**
 * The methods, and the core's calls of them for every notifier of the process.
 *
 * @param misbehave what the driver does beside its work when it is called by these, in variants in which it does
 */
function methods(misbehave: (device: Id<'Device'>) => Nothing) {
  /** One turn of list_for_each_entry(mirror, &hmm->mirrors, list). */
  const call_mirror = procedure('call_mirror', [Hmm, Device, Va, Cpu], (of, device, va, cpu) => {
    If(hmm.at(of).mirrors.has(device), () => {
      misbehave(device)
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
          owed.at(cpu).va.set(none)
          owed.at(cpu).devices.clear()
          walker.at(cpu).set(none)
        })
      })
    },
    { source: '[03/15] mm/hmm.c hmm_invalidate_range' },
  )

  const hmm_invalidate_range_start = procedure(
    'hmm_invalidate_range_start',
    [Hmm, Va, Cpu],
    (mn, va, cpu) => {
      const of = Local('hmm', Hmm)
      hmm_objects.is_dereferenced(of)
      leaf_section('hlist_for_each_entry_rcu(mn): hmm_invalidate_range_start()', hmm_lock, () => {
        Step('srcu_read_lock(&srcu); hmm = mm->hmm', () => {
          enter(mn, of)
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
        atomic_inc_sequence()
        If(invalidate_at_start, () => invalidate_ranges(of, va)).Else(() => notifiers.leave())
      })
      If(invalidate_at_start, () => hmm_invalidate_range(of, va, cpu))
    },
    { source: '[03/15] mm/hmm.c hmm_invalidate_range_start' },
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
        If(count_open_brackets, () => {
          const open = Let('notifiers', hmm.at(of).notifiers)
          Step('hmm->notifiers--', () => {
            Assert(paired.property, open.gt(0), 'hmm->notifiers falls below zero')
            hmm.at(of).notifiers.set(open.minus(1))
            Ghost(() => bracket.at(cpu).va.set(none))
          })
        })
        If(or(not(invalidate_at_start), end_invalidates_ranges), () => invalidate_ranges(of, va))
        If(invalidate_at_start, () => notifiers.leave())
      })
      If(not(invalidate_at_start), () => hmm_invalidate_range(of, va, cpu))
    },
    { source: '[03/15] mm/hmm.c hmm_invalidate_range_end' },
  )

  const hmm_invalidate_page = procedure(
    'hmm_invalidate_page',
    [Hmm, Va, Cpu],
    (mn, va, cpu) => {
      const of = Local('hmm', Hmm)
      hmm_objects.is_dereferenced(of)
      leaf_section('hlist_for_each_entry_rcu(mn): hmm_invalidate_page()', hmm_lock, () => {
        Step('srcu_read_lock(&srcu); hmm = mm->hmm', () => enter(mn, of))
        atomic_inc_sequence()
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
export const under_mmap_sem = methods(misbehave)
/** The methods that a walk of the reverse map calls. */
export const under_rmap_lock = methods(want_mmap_sem)
