/** migrate_vma, as the driver calls it: for faults of GPUs and CPUs, for an eviction, and for an unregistration. */
import {
  and,
  Await,
  Bool,
  Cover,
  current,
  every,
  ForEach,
  Ghost,
  If,
  Local,
  no,
  not,
  oneOf,
  or,
  procedure,
  Return,
  Step,
  Thread,
  yes,
  type Bool as Condition,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { in_bracket, taken_away } from './bracket.ts'
import { push_unmap, uvm_tracker_wait } from './callback.ts'
import {
  copy_waited,
  migrate_asks_seq,
  migrate_block_lock,
  own_ignored,
  owner_ignored,
  setup_unlocked,
  shares_pages,
  unmap_before_copy,
} from './fixes.ts'
import { hmm_make_resident_cpu } from './resident.ts'
import {
  block_lock,
  copies_to_gpu,
  copying,
  intervals,
  locked,
  maps,
  newest,
  notifier,
  notifier_seq,
  page_refs,
  pte,
  ram,
  set_gpu_pte,
  tracker_is_done,
  VaBlock,
  vram,
} from './state.ts'

/** What a migration has collected: nothing, a hole, or a page of system memory or of a GPU. */
export const Collected = oneOf('nothing', 'hole', 'ram', 'vram').as('src')

/** No fault but the caller's own has a reference to the GPU's page. */
const is_unreferenced = (va: Id<'Va'>): Condition =>
  every(Thread, (thread) => or(thread.eq(current), not(page_refs.at(va).has(thread))))

/**
 * For a step, under the page table lock: what can be locked becomes a migration entry, and a hole stays one. A page
 * that somebody else has a reference to is put back at once.
 *
 * @param system whether pages of system memory are wanted: MIGRATE_VMA_SELECT_SYSTEM
 */
const freeze = (block: Id<'VaBlock'>, va: Id<'Va'>, src: PlaceOf<typeof Collected>, system: Condition): void => {
  src.set('nothing')
  If(pte.at(block).at(va).eq('none'), () => src.set('hole'))
  If(not(locked.has(va)), () => {
    If(and(system, pte.at(block).at(va).eq('present')), () => src.set('ram'))
    If(and(pte.at(block).at(va).eq('device'), is_unreferenced(va)), () => src.set('vram'))
  })
  If(or(src.eq('ram'), src.eq('vram')), () => {
    locked.add(va)
    pte.at(block).at(va).set('migration')
  })
}

/** try_to_migrate() of a page that others have, too: a bracket in each of their page tables. */
const try_to_migrate = procedure(
  'try_to_migrate',
  [VaBlock, Va],
  (block, va) => {
    ForEach(VaBlock, (other) =>
      If(and(other.ne(block), or(pte.at(other).at(va).eq('present'), pte.at(other).at(va).eq('device'))), () =>
        in_bracket(other, va, () =>
          Step('set_pte_at(migration entry)', () => {
            taken_away(other, va)
            pte.at(other).at(va).set('migration')
          }),
        ),
      ),
    )
  },
  { source: '6.12 mm/rmap.c try_to_migrate_one' },
)

/** migrate_vma_setup(): says what is collected. The driver's own notifier ignores the bracket. */
export const migrate_vma_setup = procedure(
  'migrate_vma_setup',
  [VaBlock, Va, Bool.as('system')],
  (block, va, system) => {
    const src = Local('src', Collected, 'nothing')
    in_bracket(
      block,
      va,
      () => Step('migrate_vma_collect_pmd(): set_pte_at(migration entry)', () => freeze(block, va, src, system)),
      { ignored: or(owner_ignored, and(own_ignored, not(setup_unlocked))) },
    )
    If(shares_pages, () => If(or(src.eq('ram'), src.eq('vram')), () => try_to_migrate(block, va)))
    return src
  },
  { source: '6.12 mm/migrate_device.c migrate_vma_setup' },
)

/** migrate_device_range(): the same of one page of a GPU, of which only the reverse map says where it is. */
export const migrate_device_range = (
  block: Id<'VaBlock'>,
  va: Id<'Va'>,
  ignored: Condition,
): PlaceOf<typeof Collected> => {
  const src = Local('src', Collected, 'nothing')
  src.set('nothing')
  in_bracket(
    block,
    va,
    () =>
      Step('try_to_migrate_one(): set_pte_at(migration entry)', () => {
        If(pte.at(block).at(va).eq('device'), () => freeze(block, va, src, no))
      }),
    { ignored },
  )
  return src
}

/** The copy, pushed behind the unmapping: what GPUs have written by then is copied. */
export const uvm_va_block_make_resident_copy = procedure(
  'uvm_va_block_make_resident_copy',
  [VaBlock, Va, Bool.as('to_gpu')],
  (block, va, to_gpu) => {
    const push_copy = (): void => {
      Step('block_copy_resident_pages()', () => {
        Ghost(() => Cover(newest_value.reached))
        copying.at(block).set(va)
        copies_to_gpu.at(block).set(to_gpu)
      })
    }
    const unmap = (): void => {
      Step('uvm_va_block_unmap_mask()', () => {
        Ghost(() => Cover(no_use_after_free.reached, maps(block, va)))
        push_unmap(block, va)
      })
    }
    If(unmap_before_copy, () => {
      unmap()
      push_copy()
    }).Else(() => {
      push_copy()
      uvm_tracker_wait(block)
      unmap()
    })
  },
  { source: '595.45.04 uvm_va_block.c uvm_va_block_make_resident_copy' },
)

/** For a step: the page becomes unlocked, and where the migration entry still is, an entry again. */
const finish = (block: Id<'VaBlock'>, va: Id<'Va'>, to: 'present' | 'device', gone: () => void): void => {
  locked.remove(va)
  If(pte.at(block).at(va).eq('migration'), () => pte.at(block).at(va).set(to)).Else(gone)
  If(shares_pages, () =>
    ForEach(VaBlock, (other) =>
      If(and(other.ne(block), pte.at(other).at(va).eq('migration')), () => pte.at(other).at(va).set(to)),
    ),
  )
}

/** What was collected is put back: nothing has moved. A page that is in no page table any more is freed. */
export const put_back = (block: Id<'VaBlock'>, va: Id<'Va'>, src: PlaceOf<typeof Collected>): void => {
  Step('migrate_vma_finalize(): the entry is put back', () => {
    If(src.eq('ram'), () => finish(block, va, 'present', () => ram.at(va).bump()))
    If(src.eq('vram'), () => finish(block, va, 'device', () => vram.at(va).bump()))
  })
}

/**
 * migrate_vma_pages() and _finalize() of a page that comes from a GPU. Of one that is given back, nothing stays.
 *
 * @param mapped whether the GPU maps the new page: nobody else could have seen it
 */
export const finalize_to_ram = (block: Id<'VaBlock'>, va: Id<'Va'>, mapped: boolean): void => {
  Step('migrate_vma_finalize(): remove_migration_ptes(); folio_put()', () => {
    finish(block, va, 'present', () => {
      if (mapped) ram.at(va).bump()
    })
    // Where an entry leads to a GPU again, it is to another page there.
    If(pte.at(block).at(va).ne('device'), () => {
      vram.at(va).bump()
      Ghost(() => newest.at(va).vram.set(false))
    })
  })
}

/** The same of one that comes to a GPU, or is there already: a page that is in no page table is freed. */
const finalize_to_gpu = (block: Id<'VaBlock'>, va: Id<'Va'>, src: PlaceOf<typeof Collected>): void => {
  Step('migrate_vma_finalize(): remove_migration_ptes(); folio_put()', () => {
    If(src.eq('ram'), () => {
      ram.at(va).bump()
      Ghost(() => newest.at(va).ram.set(false))
    })
    finish(block, va, 'device', () => vram.at(va).bump())
  })
}

/** The GPU's own work behind the copy: its new entry. */
const map = (block: Id<'VaBlock'>, va: Id<'Va'>, to: 'ram' | 'vram'): void => {
  Step('uvm_va_block_service_finish(): the GPU maps it', () => {
    Await(tracker_is_done(block))
    set_gpu_pte(block, va, to)
  })
}

/** The page that a migration takes a hole for, and the entry that leads to it. */
const filling = { ram: { page: ram, entry: 'present' }, vram: { page: vram, entry: 'device' } } as const

/** migrate_vma_insert_page(): a page of zeros, where nothing is, and locked. Says whether nothing was. */
const insert_page = (block: Id<'VaBlock'>, va: Id<'Va'>, to: 'ram' | 'vram'): PlaceOf<typeof Bool> =>
  Step('migrate_vma_insert_page(): if (pte_none(*ptep)) set_pte_at()', () => {
    const empty = Local('empty', Bool)
    empty.set(pte.at(block).at(va).eq('none'))
    If(empty, () => {
      pte.at(block).at(va).set(filling[to].entry)
      locked.add(va)
      Ghost(() => {
        newest.at(va).ram.set(to === 'ram')
        newest.at(va).vram.set(to === 'vram')
      })
    })
    return empty
  })

/**
 * A hole gets a page of zeros.
 *
 * @param mapped whether the GPU maps it
 */
export const fill_hole = (block: Id<'VaBlock'>, va: Id<'Va'>, to: 'ram' | 'vram', mapped: boolean): void => {
  const { page, entry } = filling[to]
  const filled = insert_page(block, va, to)
  If(filled, () => {
    if (mapped) map(block, va, to)
    If(copy_waited, () => uvm_tracker_wait(block))
    Step('migrate_vma_finalize(): folio_put()', () => {
      locked.remove(va)
      // Where an entry is again, it leads to another page.
      const gone = pte.at(block).at(va)
      If(mapped ? gone.ne(entry) : gone.eq('none'), () => page.at(va).bump())
    })
  })
}

/** Waits for the bracket that has called the block, if it is asked to. Nobody may wait so with va_block->lock. */
const begin = (block: Id<'VaBlock'>): void => {
  If(or(not(migrate_block_lock), setup_unlocked, migrate_asks_seq), () => mutex_unlock(block_lock.at(block)))
  If(migrate_asks_seq, () => intervals.mmu_interval_read_begin(notifier.at(block), notifier_seq.at(current)))
}
const collided = (): PlaceOf<typeof Bool> =>
  Step('mmu_interval_read_retry()', () => {
    const stale = Local('stale', Bool)
    stale.set(and(migrate_asks_seq, notifier_seq.at(current).isStale))
    notifier_seq.at(current).set(intervals.never)
    return stale
  })

/** Nothing could be collected: the driver takes over what hmm_range_fault() finds, and the GPU faults again. */
const look_again = (block: Id<'VaBlock'>, va: Id<'Va'>): void => {
  If(not(migrate_block_lock), () => mutex_lock(block_lock.at(block)))
  hmm_make_resident_cpu(block, va, no)
  If(not(migrate_block_lock), () => mutex_unlock(block_lock.at(block)))
}

/** A fault of a GPU moves the page: to the GPU or back, and maps it. */
const uvm_hmm_va_block_service_locked = procedure(
  'uvm_hmm_va_block_service_locked',
  [VaBlock, Va, Bool.as('to_gpu')],
  (block, va, to_gpu) => {
    const relock = (): void => {
      If(migrate_block_lock, () => mutex_lock(block_lock.at(block)))
    }
    begin(block)
    If(and(migrate_asks_seq, not(setup_unlocked)), () => {
      relock()
      const again = collided()
      If(again, () => Return())
    })
    const src = migrate_vma_setup(block, va, yes)
    If(setup_unlocked, () => {
      relock()
      If(migrate_asks_seq, () => {
        const again = collided()
        If(again, () => {
          put_back(block, va, src)
          Return()
        })
      })
    })
    If(src.eq('nothing'), () => {
      If(to_gpu, () => look_again(block, va))
      Return()
    })
    If(to_gpu, () =>
      If(src.eq('hole'), () => fill_hole(block, va, 'vram', true)).Else(() => {
        If(src.eq('ram'), () => uvm_va_block_make_resident_copy(block, va, yes))
        map(block, va, 'vram')
        If(copy_waited, () => uvm_tracker_wait(block))
        finalize_to_gpu(block, va, src)
      }),
    ).Else(() =>
      If(src.eq('hole'), () => fill_hole(block, va, 'ram', true)).Else(() => {
        If(src.eq('vram'), () => uvm_va_block_make_resident_copy(block, va, no))
        map(block, va, 'ram')
        If(copy_waited, () => uvm_tracker_wait(block))
        If(src.eq('vram'), () => finalize_to_ram(block, va, true)).Else(() => put_back(block, va, src))
      }),
    )
  },
  { source: '595.45.04 uvm_hmm.c uvm_hmm_va_block_service_locked' },
)

/** The same, with va_block->lock before and behind it. */
export const move_page = (block: Id<'VaBlock'>, va: Id<'Va'>, to_gpu: boolean): void => {
  uvm_hmm_va_block_service_locked(block, va, to_gpu)
  If(not(migrate_block_lock), () => mutex_lock(block_lock.at(block)))
}
