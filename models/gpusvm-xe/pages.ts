/** The pages of a range: hmm_range_fault(), and drm_gpusvm_get_pages(), which maps them for DMA and sets the flags. */
import {
  and,
  Assert,
  Await,
  Bool,
  Break,
  Choose,
  Continue,
  Cover,
  every,
  ForEach,
  Ghost,
  If,
  Local,
  Loop,
  none,
  not,
  oneOf,
  optional,
  or,
  procedure,
  array,
  setOf,
  sizeOf,
  some,
  Step,
  type Bool as Condition,
  type Id,
} from 'hmmcheck'
import {
  Device,
  down_read,
  mmap_read_lock,
  mmap_read_unlock,
  mmget_not_zero,
  mmput,
  up_read,
  Va,
} from 'hmmcheck/kernel'
import { snapshot_is_valid } from 'hmmcheck/properties'
import { unmap_pages } from './callback.ts'
import {
  error_unmaps,
  exits,
  has_errors,
  has_vram,
  pages_check_seq,
  pages_check_unmapped,
  pages_lock,
  pages_refuse_mixed,
  walk_mmap_lock,
} from './fixes.ts'
import { not_used_after_free } from './properties.ts'
import { do_swap_page } from './to-ram.ts'
import {
  dma_addr,
  entry,
  Entry,
  has_devmem_pages,
  has_dma_mapping,
  hole,
  intervals,
  is_in,
  is_on,
  mmap_lock,
  notifier_lock,
  partial_unmap,
  pte,
  Range,
  ranges,
  unmapped,
  vma,
} from './state.ts'

/** 0, or why there are no pages. `-EAGAIN`: the number has changed. */
export const PagesResult = oneOf('0', '-EAGAIN', '-EFAULT', '-EOPNOTSUPP')

const Verdict = oneOf('store', 'fault', 'device', 'fail', 'busy')

const source = '7.0 drm_gpusvm.c drm_gpusvm_get_pages'

/** A range may have pages in both kinds of memory, and is refused then. */
const may_mix = and(has_vram, pages_refuse_mixed, sizeOf(Va).ne(1))

const lock = (device: Id<'Device'>): void => {
  If(pages_lock, () => down_read(notifier_lock.at(device)))
}
const unlock = (device: Id<'Device'>): void => {
  If(pages_lock, () => up_read(notifier_lock.at(device)))
}

/** Gets the pages, if they are not there already. */
export const drm_gpusvm_get_pages = procedure(
  'drm_gpusvm_get_pages',
  [Device, Range],
  (device, range) => {
    const ret = Local('ret', PagesResult, '0')
    const seq = Local('notifier_seq', intervals.IntervalSeq)
    const read = Local('pfns', array(Va, pte.Sample))
    const on_device = Local('on_device', setOf(Va))
    const forget = (): void => {
      seq.set(intervals.never)
      ForEach(Va, (va) => read.at(va).set(pte.never))
      on_device.clear()
    }

    const some_of = (claim: (va: Id<'Va'>) => Condition): Condition =>
      some(Va, (va) => and(is_in(va, range), claim(va)))

    /** hmm_range_fault(): the entries of the range, each faulted in if it has to be. */
    const walk = (): void =>
      void ForEach(Va, (va) =>
        If(is_in(va, range), () =>
          Loop(() => {
            If(ret.ne('0'), () => Break())
            const verdict = Local('verdict', Verdict)
            Step('pte = ptep_get(ptep)', () => {
              const here = entry.at(va)
              Await(not(here.is('migration')))
              const is_own = is_on(va, device)
              If(intervals.mmu_interval_check_retry(seq), () => verdict.set('busy')).Else(() =>
                If(or(vma.at(va).eq('none'), hole.eq(va)), () => verdict.set('fail')).Else(() =>
                  If(or(here.is('ram'), is_own), () => {
                    verdict.set('store')
                    read.at(va).set(pte.at(va).now)
                    If(is_own, () => on_device.add(va)).Else(() => on_device.remove(va))
                  }).Else(() => If(here.is('none'), () => verdict.set('fault')).Else(() => verdict.set('device'))),
                ),
              )
            })
            If(verdict.eq('store'), () => Break())
            If(verdict.eq('fail'), () => ret.set('-EFAULT'))
            If(verdict.eq('busy'), () => ret.set('-EAGAIN'))
            If(verdict.eq('fault'), () =>
              Step('handle_mm_fault()', () => If(entry.at(va).is('none'), () => entry.at(va).set(Entry.ram))),
            )
            If(verdict.eq('device'), () => do_swap_page(va))
          }),
        ),
      )

    /** With the pages at hand. notifier_lock is held for reading. */
    const map = (): void => {
      const fails = Local('fails', Bool, false)
      const mixed = Local('mixed', Bool, false)
      const failed_at = Local('failed_at', optional(Va), none)
      Step('mmu_interval_read_retry()', () => {
        Ghost(() => Cover(snapshot_is_valid.reached, intervals.mmu_interval_read_retry(seq)))
        If(and(pages_check_unmapped, unmapped.at(device).has(range)), () => ret.set('-EFAULT')).Else(() =>
          If(and(pages_check_seq, intervals.mmu_interval_read_retry(seq)), () => ret.set('-EAGAIN')),
        )
      })
      If(ret.eq('0'), () => {
        Step('dma_map_page(), device_map()', () => {
          Ghost(() => {
            Assert(not_used_after_free.property, ranges.at(device).has(range), 'the range was removed')
            Assert(
              snapshot_is_valid.property,
              every(Va, (va) => or(not(is_in(va, range)), read.at(va).isCurrent)),
              'an entry that was read has changed',
            )
          })
          If(has_errors, () => {
            const at = Choose('at', optional(Va))
            failed_at.set(at)
            fails.set(some(Va, (va) => and(is_in(va, range), at.eq(va))))
          })
          // Pages of one kind of memory are mapped, and then comes one of the other kind.
          If(may_mix, () => {
            mixed.set(
              and(
                some_of((va) => on_device.has(va)),
                some_of((va) => not(on_device.has(va))),
              ),
            )
            If(mixed, () => {
              const first = Choose('first', Va, (va) => is_in(va, range))
              failed_at.set(first)
              fails.set(true)
            })
          })
          ForEach(Va, (va) =>
            If(and(is_in(va, range), failed_at.ne(va)), () => {
              dma_addr.at(device).at(va).mapped.set(true)
              dma_addr.at(device).at(va).pte.set(read.at(va))
            }),
          )
        })
        If(and(or(has_errors, may_mix), fails), () =>
          Step('err_unmap: __drm_gpusvm_unmap_pages()', () => {
            unmap_pages(device, (one) => one.eq(range), error_unmaps)
            If(mixed, () => ret.set('-EOPNOTSUPP')).Else(() => ret.set('-EFAULT'))
          }),
        ).Else(() =>
          Step('WRITE_ONCE(svm_pages->flags)', () => {
            // The whole word is written as it was read before: these two were not set.
            If(pages_check_unmapped, () => {
              unmapped.at(device).remove(range)
              partial_unmap.at(device).remove(range)
            })
            has_dma_mapping.at(device).add(range)
            If(not(on_device.isEmpty), () => has_devmem_pages.at(device).add(range))
          }),
        )
      })
    }

    Loop(() => {
      const valid = Local('valid', Bool)
      ret.set('0')
      intervals.mmu_interval_read_begin(device, seq)
      lock(device)
      Step('drm_gpusvm_pages_valid_unlocked()', () =>
        valid.set(or(has_dma_mapping.at(device).has(range), has_devmem_pages.at(device).has(range))),
      )
      unlock(device)
      If(valid, () => Break())
      If(exits, () => {
        const alive = mmget_not_zero()
        If(not(alive), () => ret.set('-EFAULT'))
      })
      If(ret.ne('0'), () => Break())
      If(walk_mmap_lock, () => mmap_read_lock(mmap_lock))
      walk()
      If(walk_mmap_lock, () => mmap_read_unlock(mmap_lock))
      If(exits, () => Step('mmput()', () => mmput()))
      If(ret.eq('0'), () => {
        lock(device)
        map()
        unlock(device)
      })
      If(ret.ne('-EAGAIN'), () => Break())
      Step('kvfree(pfns)', () => forget())
      Continue()
    })
    Step('kvfree(pfns)', () => forget())
    return ret
  },
  { source },
)
