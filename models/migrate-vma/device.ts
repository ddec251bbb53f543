/**
 * A device: it reads and writes through its own page table, and its driver fills that table from the CPU's: in one
 * transition, and never while a bracket is open. The driver asks for what it may write; what may only be read it
 * leaves to the CPU.
 */
import {
  and,
  Assert,
  Choose,
  Either,
  Ghost,
  Idle,
  IfIs,
  isCaseAnd,
  Loop,
  not,
  or,
  Source,
  Step,
  threadPer,
  whenIs,
  type Bool,
  type Id,
  type Recorded,
} from 'hmmcheck'
import { Device, DevicePte, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { contents, driver, mm, open_brackets } from './state.ts'

/** The page table has something there that the device can map: memory that may be written, the system's or its own. */
const is_mappable = (va: Id<'Va'>): Bool =>
  or(
    isCaseAnd(mm.pte.at(va), 'present', ({ write }) => write),
    isCaseAnd(mm.pte.at(va), 'device_private', ({ write }) => write),
  )

const device_fault = (device: Id<'Device'>): Recorded =>
  Step('the device faults: hmm_range_fault(); driver->pte[va] = pfns[i]', () => {
    const { pte } = driver.at(device)
    const va = Choose('va', Va, (one) => and(pte.at(one).is('none'), open_brackets.at(one).isEmpty, is_mappable(one)))
    IfIs(mm.pte.at(va), 'present', ({ page }) => pte.at(va).set(DevicePte.present({ page })))
    IfIs(mm.pte.at(va), 'device_private', ({ page }) => pte.at(va).set(DevicePte.present({ page })))
  })

const device_reads = (device: Id<'Device'>): Recorded =>
  Step('the device reads', () => {
    const { pte } = driver.at(device)
    const va = Choose('va', Va, (one) => not(pte.at(one).is('none')))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device reads a page that was freed')
    Assert(
      newest_value.property,
      whenIs(pte.at(va), 'present', ({ page }) => contents.has_newest(page, va)),
      'the device reads an old value',
    )
  })

const device_writes = (device: Id<'Device'>): Recorded =>
  Step('the device writes', () => {
    const { pte } = driver.at(device)
    const va = Choose('va', Va, (one) => not(pte.at(one).is('none')))
    Assert(no_use_after_free.property, pte.at(va).is('present'), 'the device writes a page that was freed')
    Ghost(() => {
      IfIs(pte.at(va), 'present', ({ page }) => contents.write(page, va))
    })
  })

export const device = threadPer(Device, 'device', (self) => {
  Loop(() => {
    Idle()
    Either(
      () => Source('a driver that mirrors: hmm_range_fault', () => device_fault(self)),
      () => Source('the device', () => device_reads(self)),
      () => Source('the device', () => device_writes(self)),
    )
  })
})
