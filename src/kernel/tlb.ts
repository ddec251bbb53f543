/**
 * The translation caches of CPUs: sets of entries that may be older than the page table. A CPU loads one whenever it
 * likes; only a flush, or the CPU itself, takes it away.
 */
import {
  array,
  atomic,
  Await,
  Bool,
  ForEach,
  If,
  IfIs,
  isCaseAnd,
  not,
  or,
  ref,
  some,
  union,
  type Id,
  type PlaceOf,
  type Recorded,
  type ValueOf,
} from '../language/index.ts'
import { Cpu, Page, Va } from './sorts.ts'
import { must_fault, SwapPte } from './swap-pte.ts'

/**
 * A CPU's cached entry of one address. With `write` it writes without looking at the page table again: the entry was
 * writable and its dirty bit set when it was loaded. `stale`: the page was freed since.
 */
export const TlbEntry = union('tlb_entry', { none: {}, cached: { page: Page, write: Bool }, stale: {} })

/** The caches of all CPUs that run threads of the process. */
export const CpuTlb = array(Cpu, array(Va, TlbEntry))

type Caches = ValueOf<typeof CpuTlb>

/** Some CPU could still use this page at the address, or one that was freed. */
export const tlb_caches = (tlb: Caches, va: Id<'Va'>, page: Id<'Page'>): Bool =>
  some(Cpu, (cpu) =>
    or(
      tlb.at(cpu).at(va).is('stale'),
      isCaseAnd(tlb.at(cpu).at(va), 'cached', (entry) => entry.page.eq(page)),
    ),
  )

/** Every CPU forgets the address. It returns when they all have: the interrupts between them are one step. */
export const flush_tlb_page = atomic(
  'flush_tlb_page',
  [ref(CpuTlb), Va],
  (tlb, va) => ForEach(Cpu, (cpu) => tlb.at(cpu).at(va).set(TlbEntry.none)),
  { source: '6.1 arch/x86/mm/tlb.c flush_tlb_mm_range' },
)

/**
 * A page walk: what the CPU finds present it keeps. To write it wants permission, and sets the dirty bit in the page
 * table. Not enabled where it would fault.
 */
export const tlb_load = atomic(
  'tlb_load',
  [ref(TlbEntry), ref(SwapPte), Bool.as('write')],
  (entry, pte, write) => {
    Await(not(must_fault(pte, write)))
    IfIs(pte, 'present', ({ page }) => {
      entry.set(TlbEntry.cached({ page, write }))
      If(write, () => pte.set(SwapPte.present({ page, write: true, dirty: true })))
    })
  },
  { source: 'the CPU' },
)

/** For the step that frees a page: what leads there turns stale. */
export const turn_tlb_stale = (tlb: PlaceOf<typeof CpuTlb>, page: Id<'Page'>): Recorded =>
  ForEach(Cpu, (cpu) => {
    ForEach(Va, (va) => {
      If(
        isCaseAnd(tlb.at(cpu).at(va), 'cached', (entry) => entry.page.eq(page)),
        () => tlb.at(cpu).at(va).set(TlbEntry.stale),
      )
    })
  })
