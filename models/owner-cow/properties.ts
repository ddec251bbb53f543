/** Private memory after a fork, and what a device is promised. */
import {
  and,
  assertion,
  every,
  implies,
  invariant,
  isCaseAnd,
  not,
  or,
  some,
  sometimes,
  unless,
  type Bool,
  type Id,
  type Property,
} from 'hmmcheck'
import { Device, is_writable_entry, maps_page, Page } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { forks, iotlb } from './fixes.ts'
import { forked, gpu_pte, Mm, pte } from './state.ts'

/** At every read by CPU or device. */
export const reads_its_own = { property: 'P-ISO', reached: 'P-ISO.reached' } as const
/** Where a device's fault ends. */
export const faults_are_served = { property: 'P-SERVED', reached: 'P-SERVED.reached' } as const

const is_shared = (page: Id<'Page'>): Bool => every(Mm, (mm) => maps_page(pte.at(mm), page))
/** An entry of a CPU or of a device allows to write the page. */
const may_be_written = (page: Id<'Page'>): Bool =>
  or(
    some(Mm, (mm) => and(maps_page(pte.at(mm), page), is_writable_entry(pte.at(mm)))),
    some(Device, (device) => isCaseAnd(gpu_pte.at(device), 'mapped', (entry) => and(entry.page.eq(page), entry.write))),
  )

export const properties = (): readonly Property[] => [
  invariant(
    'P-COW',
    every(Page, (page) => implies(is_shared(page), not(may_be_written(page)))),
    {
      claim:
        'mm/memory.c of 6.1, copy_nonpresent_pte(): "COW mappings require pages in both parent and child to be ' +
        'set to read"',
    },
  ),
  unless(not(forks), sometimes('P-COW.reached', some(Page, is_shared))),

  assertion(reads_its_own.property, {
    claim: 'fork(2): "Memory writes ... performed by one of the processes do not affect the other"',
  }),
  unless(not(forks), sometimes(reads_its_own.reached)),
  ...newest_value(),

  assertion(faults_are_served.property, {
    claim:
      'Documentation/mm/hmm.rst of 6.1: hmm_range_fault() "will ... trigger a page fault on missing or read-only ' +
      'entries if write access is requested"',
  }),
  sometimes(faults_are_served.reached),

  invariant(
    'P-PERM',
    or(
      forked,
      every(Mm, (mm) => or(pte.at(mm).is('none'), is_writable_entry(pte.at(mm)))),
    ),
    {
      claim: 'mm/migrate.c of 6.1, remove_migration_pte(): maybe_mkwrite() of what was writable',
    },
  ),
  unless(iotlb, sometimes('P-PERM.reached', pte.at('parent').is('device_private'))),
]
