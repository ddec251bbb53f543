/** Pages go to the memory of a GPU, all of a range or none. */
import {
  and,
  array,
  Assert,
  Await,
  Bool,
  Choose,
  every,
  ForEach,
  Ghost,
  If,
  Local,
  Loop,
  Break,
  no,
  none,
  not,
  oneOf,
  or,
  procedure,
  setOf,
  some,
  Step,
  type Id,
} from 'hmmcheck'
import {
  Device,
  down_read,
  down_write,
  mmap_read_lock,
  mmap_read_unlock,
  mmget_not_zero,
  mmput,
  mutex_lock,
  mutex_unlock,
  up_read,
  up_write,
  Va,
} from 'hmmcheck/kernel'
import { no_use_after_free } from 'hmmcheck/properties'
import { change_entry, in_bracket } from './bracket.ts'
import {
  all_or_nothing,
  bo_lock_held,
  busy_retried,
  copy_waits,
  dst_converted_first,
  exits,
  has_clearing,
  has_errors,
  migrate_mmap_lock,
  migrates_anonymous,
  migration_serialized,
  one_queue,
} from './fixes.ts'
import { entries_are_of_their_type } from './properties.ts'
import { do_swap_page } from './to-ram.ts'
import {
  bo_lock,
  bo_used,
  clearing,
  driver_migrate_lock,
  entry,
  Entry,
  filled,
  folio_locked,
  is_in,
  mmap_lock,
  pte,
  Range,
  reaches,
  vma,
} from './state.ts'

/** An element of migrate.dst: nothing, a page frame number, or a migration entry. */
const Dst = oneOf('0', 'pfn', 'mpfn')

/**
 * `-EBUSY`: somebody has a page of it, or it is no longer anonymous. `-EFAULT`: anything else. Up to 6.18 it is -EFAULT
 * where not a single page can be had; nobody looks at the number there.
 */
const Result = oneOf('0', '-EBUSY', '-EFAULT')

/** Says whether all is in the memory of the GPU now. mmap_lock is held for reading. */
const drm_pagemap_migrate_to_devmem = procedure(
  'drm_pagemap_migrate_to_devmem',
  [Device, Range],
  (device, range) => {
    const ret = Local('ret', Result, '0')
    const collected = Local('collected', setOf(Va), setOf(Va).empty)
    const holes = Local('holes', setOf(Va), setOf(Va).empty)
    const source = Local('source', array(Va, pte.Sample))
    const dst = Local('dst', array(Va, Dst), array(Va, Dst).filled('0'))
    const vas = Local('vas', setOf(Va))
    const all = (claim: (va: Id<'Va'>) => Bool): Bool => every(Va, (va) => or(not(is_in(va, range)), claim(va)))

    Step('vma_lookup()', () => {
      ForEach(Va, (va) => source.at(va).set(pte.never))
      vas.clear()
      ForEach(Va, (va) => If(is_in(va, range), () => vas.add(va)))
      If(and(migrates_anonymous, not(all((va) => vma.at(va).eq('anonymous')))), () => ret.set('-EBUSY'))
      If(not(all((va) => vma.at(va).ne('none'))), () => ret.set('-EFAULT'))
    })
    If(ret.eq('0'), () => {
      in_bracket(vas, no, () =>
        ForEach(Va, (va) =>
          If(vas.has(va), () =>
            Step('migrate_vma_collect_pmd()', () => {
              If(and(entry.at(va).is('ram'), not(folio_locked.has(va))), () => {
                change_entry(va, Entry.migration({ from: none }))
                collected.add(va)
                source.at(va).set(pte.at(va).now)
              })
              If(entry.at(va).is('none'), () => holes.add(va))
            }),
          ),
        ),
      )
      const complete = all((va) => or(collected.has(va), holes.has(va)))
      const some_collected = or(not(collected.isEmpty), not(holes.isEmpty))
      If(or(not(some_collected), and(all_or_nothing, not(complete))), () => ret.set('-EBUSY')).Else(() => copy())
      finalize()
    })
    return ret

    /** The pages of the GPU, their entries in `dst`, and the copy. */
    function copy(): void {
      const is_used = (va: Id<'Va'>) => or(collected.has(va), holes.has(va))
      const convert = (): void =>
        void Step('migrate.dst[i] = migrate_pfn(migrate.dst[i])', () =>
          ForEach(Va, (va) => If(is_used(va), () => dst.at(va).set('mpfn'))),
        )
      Step('populate_devmem_pfn()', () => ForEach(Va, (va) => If(is_used(va), () => dst.at(va).set('pfn'))))
      If(dst_converted_first, () => convert())
      If(has_errors, () => {
        const fails = Step('drm_pagemap_migrate_map_pages()', () => Choose('fails', Bool))
        If(fails, () => ret.set('-EFAULT'))
      })
      If(ret.eq('0'), () => {
        If(not(dst_converted_first), () => convert())
        Step('copy_to_devmem()', () => {
          // Of a range of holes nothing is copied, so that the queue has no job which comes after the one that clears.
          const comes_later = or(copy_waits, and(one_queue, not(collected.isEmpty)))
          If(has_clearing, () => Await(not(and(comes_later, clearing.has(device)))))
          Ghost(() => {
            Assert(
              no_use_after_free.property,
              every(Va, (va) =>
                not(
                  and(
                    collected.has(va),
                    some(Device, (one) => reaches(one, va)),
                  ),
                ),
              ),
              'a GPU can write the page while it is copied',
            )
            If(and(has_clearing, not(collected.isEmpty)), () => filled.add(device))
          })
        })
      }).Else(() =>
        Step('drm_pagemap_migration_unlock_put_pages()', () => {
          Ghost(() =>
            Assert(
              entries_are_of_their_type.property,
              every(Va, (va) => dst.at(va).ne('pfn')),
              'a page frame number is taken for a migration entry: another page is unlocked and put',
            ),
          )
          ForEach(Va, (va) => dst.at(va).set('0'))
        }),
      )
    }

    /** migrate_vma_pages() and migrate_vma_finalize(): the new pages, or those that were there. */
    function finalize(): void {
      const settle = (): void =>
        void Step('migrate_vma_pages(), migrate_vma_finalize()', () =>
          ForEach(Va, (va) => {
            If(and(collected.has(va), source.at(va).isCurrent), () =>
              If(dst.at(va).eq('mpfn'), () => entry.at(va).set(Entry.device_private({ device }))).Else(() =>
                entry.at(va).set(Entry.ram),
              ),
            )
            If(and(holes.has(va), dst.at(va).eq('mpfn')), () =>
              If(entry.at(va).is('none'), () => entry.at(va).set(Entry.device_private({ device }))).Else(() =>
                If(busy_retried, () => ret.set('-EBUSY')),
              ),
            )
            source.at(va).set(pte.never)
          }),
        )
      If(and(not(holes.isEmpty), ret.eq('0')), () => in_bracket(vas, no, settle)).Else(settle)
    }
  },
  { source: '7.0 drm_pagemap.c drm_pagemap_migrate_to_devmem' },
)

/** A new buffer object, and the pages of the range into it. */
const drm_pagemap_populate_mm = procedure(
  'drm_pagemap_populate_mm',
  [Device, Range],
  (device, range) => {
    const ret = Local('ret', Result, '0')
    If(exits, () => {
      const alive = mmget_not_zero()
      If(not(alive), () => ret.set('-EFAULT'))
    })
    If(ret.eq('0'), () => {
      If(migrate_mmap_lock, () => mmap_read_lock(mmap_lock))
      If(bo_lock_held, () => mutex_lock(bo_lock.at(device)))
      Step('xe_bo_create_locked()', () => {
        bo_used.add(device)
        If(has_clearing, () => clearing.add(device))
        Ghost(() => filled.remove(device))
      })
      ret.set(drm_pagemap_migrate_to_devmem(device, range))
      Step('drm_pagemap_zdd_put()', () => bo_used.remove(device))
      If(bo_lock_held, () => mutex_unlock(bo_lock.at(device)))
      If(migrate_mmap_lock, () => mmap_read_unlock(mmap_lock))
      If(exits, () => Step('mmput()', () => mmput()))
    })
    return ret
  },
  { source: '7.0 drm_pagemap.c drm_pagemap_populate_mm, 6.18 xe_svm.c xe_drm_pagemap_populate_mm' },
)

const Here = oneOf('ram', 'hole', 'device', 'no VMA')

/** hmm_range_fault() with no owner: every page is in RAM then. It is not asked here whether it collided. */
export const drm_gpusvm_range_evict = procedure(
  'drm_gpusvm_range_evict',
  [Range],
  (range) => {
    const here = Local('here', Here, 'ram')
    mmap_read_lock(mmap_lock)
    ForEach(Va, (va) =>
      If(is_in(va, range), () =>
        Loop(() => {
          If(here.eq('no VMA'), () => Break())
          Step('pte = ptep_get(ptep)', () => {
            Await(not(entry.at(va).is('migration')))
            If(vma.at(va).eq('none'), () => here.set('no VMA')).Else(() =>
              If(entry.at(va).is('ram'), () => here.set('ram')).Else(() =>
                If(entry.at(va).is('none'), () => here.set('hole')).Else(() => here.set('device')),
              ),
            )
          })
          If(here.eq('ram'), () => Break())
          If(here.eq('hole'), () =>
            Step('handle_mm_fault()', () => If(entry.at(va).is('none'), () => entry.at(va).set(Entry.ram))),
          )
          If(here.eq('device'), () => do_swap_page(va))
        }),
      ),
    )
    mmap_read_unlock(mmap_lock)
  },
  { source: '7.0 drm_gpusvm.c drm_gpusvm_range_evict' },
)

/**
 * Tries to migrate the range, as it does once up to 6.18. Later, where somebody else has a page of it, all comes back,
 * and it tries once more. Says how it went.
 */
export const xe_svm_alloc_vram = procedure(
  'xe_svm_alloc_vram',
  [Device, Range],
  (device, range) => {
    const ret = Local('ret', Result)
    If(migration_serialized, () => down_read(driver_migrate_lock))
    ret.set(drm_pagemap_populate_mm(device, range))
    If(and(busy_retried, ret.eq('-EBUSY')), () => {
      If(migration_serialized, () => {
        up_read(driver_migrate_lock)
        down_write(driver_migrate_lock)
      })
      drm_gpusvm_range_evict(range)
      ret.set(drm_pagemap_populate_mm(device, range))
      If(migration_serialized, () => up_write(driver_migrate_lock))
    }).Else(() => If(migration_serialized, () => up_read(driver_migrate_lock)))
    return ret
  },
  { source: '6.15 to 6.18 xe_svm.c xe_svm_alloc_vram; as 0620837490e0 has it' },
)
