/**
 * A CPU that runs a thread of the process: it faults, reads and writes, through its translation cache where it has
 * one.
 */
import {
  and,
  Assert,
  Bool,
  Choose,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  isCaseAnd,
  Loop,
  no,
  not,
  or,
  Source,
  Step,
  threadPer,
  whenIs,
  yes,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Cpu, must_fault, SwapPte, tlb_load, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { handle_mm_fault } from './fault.ts'
import { cpu_tlb, swaps } from './fixes.ts'
import { contents, is_free, mm, tlb } from './state.ts'

/** Without a cache, translation and access are one transition. */
const cpu_reads = (): Recorded =>
  Step('the CPU reads', () => {
    const va = Choose('va', Va, (one) => not(must_fault(mm.pte.at(one), no)))
    IfIs(mm.pte.at(va), 'present', ({ page }) => {
      Assert(no_use_after_free.property, not(is_free(page)), 'the CPU reads a page that was freed')
      Assert(newest_value.property, contents.has_newest(page, va), 'the CPU reads an old value')
    })
  })

const cpu_writes = (): Recorded =>
  Step('the CPU writes', () => {
    const va = Choose('va', Va, (one) => not(must_fault(mm.pte.at(one), yes)))
    IfIs(mm.pte.at(va), 'present', ({ page }) => {
      Assert(no_use_after_free.property, not(is_free(page)), 'the CPU writes a page that was freed')
      Ghost(() => contents.write(page, va))
      If(swaps, () => mm.pte.at(va).set(SwapPte.present({ page, write: yes, dirty: yes })))
    })
  })

/** A page walk, at any time: processors load translations that were not asked for yet. */
const cpu_loads = (cpu: Id<'Cpu'>): Recorded =>
  Step('the CPU loads a translation', () => {
    const write = Choose('write', Bool)
    const va = Choose('va', Va, (one) =>
      and(
        not(must_fault(mm.pte.at(one), write)),
        not(isCaseAnd(tlb.at(cpu).at(one), 'cached', (entry) => or(entry.write, not(write)))),
      ),
    )
    tlb_load(tlb.at(cpu).at(va), mm.pte.at(va), write)
  })

const tlb_reads = (cpu: Id<'Cpu'>): Recorded =>
  Step('the CPU reads through its TLB', () => {
    const va = Choose('va', Va, (one) => not(tlb.at(cpu).at(one).is('none')))
    Assert(no_use_after_free.property, tlb.at(cpu).at(va).is('cached'), 'the CPU reads a page that was freed')
    Assert(
      newest_value.property,
      whenIs(tlb.at(cpu).at(va), 'cached', ({ page }) => contents.is_newest(page)),
      'the CPU reads an old value',
    )
  })

const tlb_writes = (cpu: Id<'Cpu'>): Recorded =>
  Step('the CPU writes through its TLB', () => {
    const va = Choose('va', Va, (one) =>
      or(
        tlb.at(cpu).at(one).is('stale'),
        isCaseAnd(tlb.at(cpu).at(one), 'cached', ({ write }) => write),
      ),
    )
    Assert(no_use_after_free.property, tlb.at(cpu).at(va).is('cached'), 'the CPU writes a page that was freed')
    Ghost(() => {
      IfIs(tlb.at(cpu).at(va), 'cached', ({ page }) => contents.write(page, va))
    })
  })

export const cpu = threadPer(Cpu, 'cpu', (self) => {
  Source('the CPU', () =>
    If(cpu_tlb, () =>
      Loop(() => {
        Idle()
        Either(
          () => {
            handle_mm_fault(self)
          },
          () => cpu_loads(self),
          () => tlb_reads(self),
          () => tlb_writes(self),
        )
      }),
    ).Else(() =>
      Loop(() => {
        Idle()
        Either(
          () => {
            handle_mm_fault(self)
          },
          cpu_reads,
          cpu_writes,
        )
      }),
    ),
  )
})
