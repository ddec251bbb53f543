/** The test driver of the kernel as it was recorded: which variants there are, and which events are left out and why. */
import { model, type ConformanceModel, type Model, type RecordedEvent } from 'hmmcheck'
import { ofFileMapping } from './file-mappings.ts'
import { freedIn } from './lifetimes.ts'
import { properties } from './properties.ts'
import { task } from './task.ts'

const recordedKernel = (): Model => model('mirror-6', { threads: [task], properties })

const locks = 'the model has no mmap_lock: it allows what any order of its holders allows'
const fault = 'a frame around lines that are explained one by one'
const program = 'a line of the recording program, which does not touch the protocol'

/** ARRAY_SIZE(pfns) of dmirror_fault(), dmirror_migrate_to_device() and dmirror_exclusive(). */
const PART = 64
const IN_PARTS: ReadonlySet<unknown> = new Set(['READ', 'WRITE', 'MIGRATE_TO_DEV', 'EXCLUSIVE'])

/** A command whose range is done in parts. */
const ofManyPages = (events: readonly RecordedEvent[]): RecordedEvent | undefined =>
  events.find(({ kind, fields: { cmd, npages } }) => kind === 'ioctl' && IN_PARTS.has(cmd) && Number(npages) > PART)

const recorded = {
  'maps-backing': true,
  'own-migrate-stops-device': false,
  'finalize-checks': false,
  'request-is-kept': false,
}

export const testHmm: ConformanceModel = {
  name: 'mirror-6',
  title: 'The test driver lib/test_hmm.c over interval notifiers, as 6.1 was recorded',
  model: recordedKernel,
  variants: [
    {
      name: 'test-hmm-6.1',
      summary: 'the recorded kernel: fault 1 mended, faults 2 to 5 as shipped',
      constants: recorded,
    },
    {
      name: 'test-hmm-6.1-shipped',
      summary: 'as 6.1 ships it, with faults 1 to 5',
      constants: { ...recorded, 'maps-backing': false },
    },
    {
      name: 'fixed',
      summary: 'with the faults of the driver and of hmm_range_fault() mended, however the driver does it',
      constants: {
        'maps-backing': true,
        'own-migrate-stops-device': true,
        'finalize-checks': true,
        'request-is-kept': true,
      },
    },
  ],
  ignored: {
    'mmap_lock enter': locks,
    'mmap_lock exit': locks,
    released: locks,
    'handle_mm_fault enter': fault,
    'handle_mm_fault exit': fault,
    'do_swap_page enter': fault,
    'do_swap_page exit': fault,
    'do_madvise enter': fault,
    'do_madvise exit': fault,
    'exit_mmap enter': fault,
    'exit_mmap exit': fault,
    'dup_mmap enter': fault,
    'dup_mmap exit': fault,
    'migration_entry_wait enter': 'a wait for a page lock, which changes nothing',
    'migration_entry_wait exit': 'a wait for a page lock, which changes nothing',
    migr_wait: 'a wait for a page lock, which changes nothing',
    migr_wait_ret: 'a wait for a page lock, which changes nothing',
    'flush_tlb_mm_range enter': 'the model has no TLB',
    'flush_tlb_mm_range exit': 'the model has no TLB',
    scenario: program,
    thread: program,
    joined: program,
    closed: program,
  },
  refused: [
    ...['pmd', 'walk_pmd'].map((kind) => ({
      kind,
      reason: 'a huge page is mapped, and the model has single pages alone',
    })),
    ...['hugetlb_fault', 'hugetlb_change_protection', '__unmap_hugepage_range.constprop.0'].map((by) => ({
      kind: 'pte',
      where: { by },
      reason: 'a page of hugetlb is mapped, and the model has anonymous memory alone',
    })),
    {
      kind: 'pte',
      where: { by: 'insert_page_into_pte_locked' },
      reason: 'a file of the driver is mapped, and the model has anonymous memory alone',
    },
  ],
  refusedTogether: [
    {
      first: ofManyPages,
      reason: 'the driver does it in parts of 64 pages, and the model does it as one',
    },
    {
      first: ofFileMapping,
      reason: 'the driver uses memory of a file, or shared memory, and the model has private anonymous memory alone',
    },
  ],
  freed: freedIn,
}
