/**
 * The promises of drm_gpusvm and xe: GPUs do not reach pages that are gone, and each flag is set exactly when it is
 * true.
 */
import {
  and,
  assertion,
  every,
  implies,
  invariant,
  not,
  or,
  some,
  sometimes,
  unless,
  type Bool,
  type Id,
  type Property,
} from 'hmmcheck'
import { Device, rwsem_is_idle, Va } from 'hmmcheck/kernel'
import { callback_sets_seq, has_changes, has_faults, has_munmap, has_parts, has_vram } from './fixes.ts'
import {
  being_unmapped,
  closed,
  dma_addr,
  entry,
  gpu_pte,
  has_devmem_pages,
  has_dma_mapping,
  is_in,
  is_on,
  has_jobs,
  migrate_devmem,
  notifier_lock,
  partial_unmap,
  Range,
  ranges,
  taken,
  taken_partly,
  tile_invalidated,
  tile_present,
  unmapped,
  vma,
} from './state.ts'

/** At every change of the page table: no GPU can reach the page of the entry. */
export const zapped_before_change = { property: 'P-INV', reached: 'P-INV.reached' } as const

/** A range is not used after it was removed, an mm_struct not after it was freed, nor page tables. */
export const not_used_after_free = { property: 'P-LIFE' } as const

/** An array of migration entries has nothing else in it when it is read as one. */
export const entries_are_of_their_type = { property: 'P-TYPE' } as const

/** The job that clears device memory is done before anything is copied there. */
export const cleared_before_copy = { property: 'P-CONTENT' } as const

type Of = (device: Id<'Device'>, range: Id<'Range'>) => Bool

const each = (claim: Of): Bool => every(Device, (device) => every(Range, (range) => claim(device, range)))
const one = (claim: Of): Bool => some(Device, (device) => some(Range, (range) => claim(device, range)))

/** Nobody is in a section of notifier_lock of this VM: only then a flag can be read by somebody else. */
const is_quiet = (device: Id<'Device'>): Bool => rwsem_is_idle(notifier_lock.at(device))

const all_of = (range: Id<'Range'>, claim: (va: Id<'Va'>) => Bool): Bool =>
  every(Va, (va) => implies(is_in(va, range), claim(va)))
const some_of = (range: Id<'Range'>, claim: (va: Id<'Va'>) => Bool): Bool =>
  some(Va, (va) => and(is_in(va, range), claim(va)))

const is_true_when = (
  name: string,
  claim: Of,
  source: string,
  [reached, excused]: readonly [Of, Bool],
): readonly Property[] => [
  invariant(name, each(claim), { claim: source }),
  unless(excused, sometimes(`${name}.reached`, one(reached))),
]

const header = 'drm_gpusvm.h of 7.0'

/** has_dma_mapping: every page of the range is mapped for DMA, as the page table has it; without it, none is. */
const hasDmaMapping = is_true_when(
  'P-HAS-DMA-MAPPING',
  (device, range) =>
    and(
      implies(
        has_dma_mapping.at(device).has(range),
        all_of(range, (va) => and(dma_addr.at(device).at(va).mapped, dma_addr.at(device).at(va).pte.isCurrent)),
      ),
      implies(
        and(is_quiet(device), not(has_dma_mapping.at(device).has(range))),
        all_of(range, (va) => not(dma_addr.at(device).at(va).mapped)),
      ),
    ),
  `${header}: "@has_dma_mapping: Flag indicating if the range has a DMA mapping"`,
  [(device, range) => has_dma_mapping.at(device).has(range), not(has_faults)],
)

/** has_devmem_pages: the pages that are mapped are in the memory of a GPU. */
const hasDevmemPages = is_true_when(
  'P-HAS-DEVMEM-PAGES',
  (device, range) =>
    and(
      implies(
        has_devmem_pages.at(device).has(range),
        all_of(range, (va) => is_on(va, device)),
      ),
      implies(
        and(is_quiet(device), has_dma_mapping.at(device).has(range), not(has_devmem_pages.at(device).has(range))),
        all_of(range, (va) => entry.at(va).is('ram')),
      ),
    ),
  `${header}: "@has_devmem_pages: Flag indicating if the range has devmem pages"`,
  [(device, range) => has_devmem_pages.at(device).has(range), not(and(has_faults, has_vram))],
)

/** unmapped: memory of the range was unmapped since it was inserted. Of a closed VM it is not kept. */
const isUnmapped = is_true_when(
  'P-UNMAPPED',
  (device, range) =>
    and(
      implies(unmapped.at(device).has(range), not(taken.at(device).at(range).isEmpty)),
      implies(
        some_of(range, (va) => and(taken.at(device).at(range).has(va), not(being_unmapped.has(va)))),
        or(unmapped.at(device).has(range), closed.has(device)),
      ),
    ),
  `${header}: "@unmapped: Flag indicating if the range has been unmapped"`,
  [(device, range) => unmapped.at(device).has(range), not(has_munmap)],
)

/** partial_unmap: one munmap() has taken a part of the range alone. */
const isPartial = is_true_when(
  'P-PARTIAL-UNMAP',
  (device, range) =>
    and(
      implies(partial_unmap.at(device).has(range), taken_partly.at(device).has(range)),
      implies(
        and(
          taken_partly.at(device).has(range),
          all_of(range, (va) => not(being_unmapped.has(va))),
        ),
        or(partial_unmap.at(device).has(range), closed.has(device)),
      ),
    ),
  `${header}: "@partial_unmap: Flag indicating if the range has been partially unmapped"`,
  [(device, range) => partial_unmap.at(device).has(range), not(has_parts)],
)

/** migrate_devmem: the range is anonymous memory, as long as none of it was unmapped. */
const mayMigrate = is_true_when(
  'P-MIGRATE-DEVMEM',
  (device, range) =>
    implies(
      and(ranges.at(device).has(range), taken.at(device).at(range).isEmpty),
      all_of(range, (va) =>
        or(
          and(migrate_devmem.at(device).has(range), has_vram, vma.at(va).eq('anonymous')),
          and(not(migrate_devmem.at(device).has(range)), or(not(has_vram), vma.at(va).eq('file'))),
        ),
      ),
    ),
  `${header}: "@migrate_devmem: Flag indicating whether the range can be migrated to device memory"`,
  [(device, range) => migrate_devmem.at(device).has(range), not(and(has_faults, has_vram))],
)

/** tile_present, and not tile_invalidated: the GPU has entries for the whole range. Else it has none. */
const tileFlags = is_true_when(
  'P-TILE',
  (device, range) =>
    implies(
      and(is_quiet(device), not(has_jobs(device)), not(closed.has(device))),
      all_of(range, (va) =>
        or(
          and(
            tile_present.at(device).has(range),
            not(tile_invalidated.at(device).has(range)),
            gpu_pte.at(device).at(va).mapped,
          ),
          and(
            or(not(tile_present.at(device).has(range)), tile_invalidated.at(device).has(range)),
            not(gpu_pte.at(device).at(va).mapped),
          ),
        ),
      ),
    ),
  'xe_svm.h of 6.18: "@tile_present: Tile mask of binding is present for this range"; "@tile_invalidated: Tile ' +
    'mask of binding is invalidated for this range"',
  [(device, range) => tile_invalidated.at(device).has(range), not(and(has_faults, has_changes))],
)

/** A page lies in a VMA, and a page in device memory in an anonymous one. */
const pagesHaveVmas = invariant(
  'P-VMA',
  every(Va, (va) =>
    or(
      being_unmapped.has(va),
      and(
        implies(vma.at(va).eq('none'), entry.at(va).is('none')),
        implies(entry.at(va).is('device_private'), vma.at(va).eq('anonymous')),
      ),
    ),
  ),
  { claim: 'mmap_lock: "protects the VMAs"; drm_pagemap.c of 7.0: "if (!vma_is_anonymous(vas))"' },
)

/** What a scenario lacks is not asked to be reached. */
export const properties: readonly Property[] = [
  assertion(zapped_before_change.property, {
    claim: 'drm_gpusvm.c of 7.0: "A notifier will either block on the notifier lock or unmap dma"',
  }),
  unless(not(and(has_faults, has_changes)), sometimes(zapped_before_change.reached)),
  assertion(not_used_after_free.property, {
    claim: 'drm_gpusvm.c of 7.0: "The caller must hold a lock to protect range and notifier removal"; mmgrab() in mm.h',
  }),
  assertion(entries_are_of_their_type.property, {
    claim: 'migrate.h of 6.15: "migrate_pfn_to_page()" of "the dst array"',
  }),
  assertion(cleared_before_copy.property, {
    claim: 'drm_pagemap.h of 7.0: "@pre_migrate_fence: Fence to wait for or pipeline behind before migration starts"',
  }),
  ...hasDmaMapping,
  ...hasDevmemPages,
  ...isUnmapped,
  ...isPartial,
  ...mayMigrate,
  ...tileFlags,
  pagesHaveVmas,
]

/** P-RETRY is put to the test where entries change while a GPU faults. */
export const lacks_collisions = or(not(has_faults), not(has_changes), not(callback_sets_seq))
