/** hmm_mirror as posted in June 2017, its driver, and the fix of 4.20 as a variant. */
import {
  array,
  Assert,
  atomic,
  Choose,
  constant,
  ForEach,
  Goto,
  If,
  IfSome,
  Label,
  Let,
  Loop,
  model,
  none,
  oneOf,
  procedure,
  ref,
  shared,
  sort,
  Step,
  struct,
  thread,
  threadPer,
  wrapping,
} from '../../../src/language/index.ts'
import { down_read, down_write, Mutex, mutex_lock, mutex_unlock, Rwsem, up_read, up_write } from './locks.ts'
import { alloc_page, free_page, is_allocated, mm, Pte, ptep_clear_flush, set_pte, Va } from './mm.ts'

const Device = sort('Device')
const Sequence = wrapping(4) // compared for equality only, and never four brackets apart

const hmm = shared('hmm', struct('hmm', { sequence: Sequence, mirrors_sem: Rwsem }))
const driver = shared('driver', array(Device, struct('driver', { update: Mutex, pte: array(Va, Pte) })))

/** June 2017 to 4.19: at range_end. From 4.20 (ec131b2d7fa6): at range_start. */
const invalidate_at = constant('invalidate_at', oneOf('range_end', 'range_start'))

const atomic_inc = atomic('atomic_inc', [ref(Sequence)], (counter) => {
  counter.increment()
})

const sync_cpu_device_pagetables = procedure('sync_cpu_device_pagetables', [Device, Va], (device, va) => {
  mutex_lock(driver.at(device).update)
  driver.at(device).pte.at(va).set(none)
  mutex_unlock(driver.at(device).update)
})

const hmm_invalidate_range = procedure('hmm_invalidate_range', [Va], (va) => {
  down_read(hmm.mirrors_sem)
  ForEach(Device, (device) => {
    sync_cpu_device_pagetables(device, va)
  })
  up_read(hmm.mirrors_sem)
})

const hmm_invalidate_range_start = procedure('hmm_invalidate_range_start', [Va], (va) => {
  atomic_inc(hmm.sequence)
  If(invalidate_at.eq('range_start'), () => {
    hmm_invalidate_range(va)
  })
})

const hmm_invalidate_range_end = procedure('hmm_invalidate_range_end', [Va], (va) => {
  If(invalidate_at.eq('range_end'), () => {
    hmm_invalidate_range(va)
  })
})

const zap_page_range = procedure('zap_page_range', [Va], (va) => {
  hmm_invalidate_range_start(va)
  const pte = ptep_clear_flush(mm.pte.at(va))
  IfSome(pte, (page) => {
    free_page(page)
  })
  hmm_invalidate_range_end(va)
})

export const munmap = thread('munmap', () => {
  const va = Choose('va', Va)
  down_write(mm.mmap_sem)
  zap_page_range(va)
  up_write(mm.mmap_sem)
})

export const madvise_dontneed = thread('madvise_dontneed', () => {
  const va = Choose('va', Va)
  down_read(mm.mmap_sem)
  zap_page_range(va)
  up_read(mm.mmap_sem)
})

export const page_fault = thread('page_fault', () => {
  const va = Choose('va', Va)
  down_read(mm.mmap_sem)
  If(mm.pte.at(va).isNone, () => {
    const page = alloc_page()
    set_pte(mm.pte.at(va), page)
  })
  up_read(mm.mmap_sem)
})

export const device_fault = threadPer(Device, 'device_fault', (device) => {
  const va = Choose('va', Va)

  const again = Label('again')
  down_read(mm.mmap_sem)
  const sequence = Let('sequence', hmm.sequence)
  const pte = Let('pte', mm.pte.at(va))

  mutex_lock(driver.at(device).update)
  If(sequence.ne(hmm.sequence), () => {
    mutex_unlock(driver.at(device).update)
    up_read(mm.mmap_sem)
    Goto(again)
  })
  driver.at(device).pte.at(va).set(pte)
  mutex_unlock(driver.at(device).update)
  up_read(mm.mmap_sem)
})

export const device_access = threadPer(
  Device,
  'device',
  (device) => {
    Loop(() => {
      Step('device reads or writes va', () => {
        const va = Choose('va', Va)
        IfSome(driver.at(device).pte.at(va), (page) => {
          Assert('P-NOUAF', is_allocated(page))
        })
      })
    })
  },
  { daemon: true },
)

export const mirror2017 = model('hmm_mirror, June 2017', {
  threads: [munmap, page_fault, device_fault, device_access],
})
export const mirror2017Dontneed = model('hmm_mirror, June 2017, MADV_DONTNEED', {
  threads: [madvise_dontneed, page_fault, device_fault, device_access],
})
