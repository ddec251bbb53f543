/** The CPUs of both processes, fork(), and the child's end. */
import {
  and,
  Assert,
  Await,
  Cover,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  isCaseAnd,
  Loop,
  Match,
  not,
  or,
  Source,
  Step,
  thread,
  yes,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { mutex_lock, mutex_unlock, SwapPte } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { do_wp_page, migrate_to_ram } from './fault.ts'
import { declines_own_faults, fork_invalidates, fork_protects_owned, fork_protects_present } from './fixes.ts'
import { reads_its_own } from './properties.ts'
import {
  child_lives,
  foreign,
  forget,
  forked,
  invalidate,
  migrate_mutex,
  newest,
  pte,
  write_page,
  type AnyMm,
} from './state.ts'

/** A CPU or a device of the process reads the page. */
export const reads = (mm: AnyMm, page: Id<'Page'>, who: string): void => {
  Ghost(() => {
    Cover(newest_value.reached)
    Cover(reads_its_own.reached, child_lives)
  })
  Assert(reads_its_own.property, not(foreign.at(mm).has(page)), `${who} reads what another process has written`)
  Assert(newest_value.property, or(foreign.at(mm).has(page), newest.at(mm).has(page)), `${who} reads an old value`)
}

const cpu_reads = (mm: AnyMm): Recorded =>
  Step('the CPU reads', () => {
    Await(pte.at(mm).is('present'))
    IfIs(pte.at(mm), 'present', ({ page }) => reads(mm, page, 'the CPU'))
  })
const cpu_writes = (mm: AnyMm): Recorded =>
  Step('the CPU writes', () => {
    Await(isCaseAnd(pte.at(mm), 'present', ({ write }) => write))
    IfIs(pte.at(mm), 'present', ({ page }) => Ghost(() => write_page(mm, page)))
  })

/** A fault on device memory. In amdkfd it waits until nobody validates the range. */
const do_swap_page = (mm: AnyMm): void => {
  Source('6.1 mm/memory.c do_swap_page', () => Step('do_swap_page()', () => Await(pte.at(mm).is('device_private'))))
  Source('6.1 drivers/gpu/drm/amd/amdkfd/kfd_migrate.c svm_migrate_to_ram', () =>
    If(declines_own_faults, () => mutex_lock(migrate_mutex)),
  )
  Source('6.1 mm/migrate_device.c migrate_vma_setup, migrate_vma_finalize', () =>
    Step('migrate_to_ram()', () => {
      migrate_to_ram(mm)
    }),
  )
  If(declines_own_faults, () => mutex_unlock(migrate_mutex))
}

const runs = (mm: AnyMm) => (): void => {
  Loop(() => {
    Idle()
    Source('hardware: a CPU', () =>
      Either(
        () => cpu_reads(mm),
        () => cpu_writes(mm),
        () => do_wp_page(mm),
        () => do_swap_page(mm),
      ),
    )
  })
}
export const cpu_of_parent = thread('cpu-parent', runs('parent'))
export const cpu_of_child = thread('cpu-child', runs('child'))

/** copy_page_range(): both processes lead to the page, and neither may write. */
const copy_page_range = (): void => {
  const child = pte.at('child')
  Match(
    pte.at('parent'),
    {
      present: ({ page, write }) => {
        const kept = and(write, not(fork_protects_present))
        pte.at('parent').set(SwapPte.present({ page, write: kept, dirty: yes }))
        child.set(SwapPte.present({ page, write: kept, dirty: yes }))
      },
      device_private: ({ page, write }) => {
        const kept = and(write, not(fork_protects_owned))
        pte.at('parent').set(SwapPte.device_private({ page, write: kept }))
        child.set(SwapPte.device_private({ page, write: kept }))
      },
    },
    () => undefined,
  )
}
const unmap_vmas = (): void => {
  const page_of = ({ page }: { page: Id<'Page'> }) => {
    pte.at('child').set(SwapPte.none)
    Ghost(() => forget(page))
  }
  Match(pte.at('child'), { present: page_of, device_private: page_of }, () => undefined)
}
export const fork = thread('fork', () => {
  Loop(() => {
    Idle()
    Source('6.1 kernel/fork.c dup_mmap', () =>
      Step('fork(): copy_page_range()', () => {
        copy_page_range()
        child_lives.set(true)
        If(fork_invalidates, () => invalidate('parent'))
        Ghost(() => {
          newest.at('child').set(newest.at('parent'))
          foreign.at('child').set(foreign.at('parent'))
          forked.set(true)
        })
      }),
    )
    Source('6.1 mm/mmap.c exit_mmap', () =>
      Step('the child exits: unmap_vmas()', () => {
        unmap_vmas()
        child_lives.set(false)
        Ghost(() => {
          newest.at('child').clear()
          foreign.at('child').clear()
        })
      }),
    )
  })
})
