/** A CPU that runs a thread of the process: it faults, reads and writes. */
import {
  Assert,
  Bool,
  Choose,
  Either,
  Ghost,
  Idle,
  If,
  IfIs,
  Local,
  Loop,
  not,
  Source,
  Step,
  threadPer,
} from 'hmmcheck'
import { Cpu, must_fault, Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { handle_mm_fault } from './fault.ts'
import { contents, is_free, mm } from './state.ts'

const page_fault = (): void => {
  const va = Local('va', Va)
  const write = Local('write', Bool)
  Step('page_fault', () => {
    const writes = Choose('writes', Bool)
    const at = Choose('at', Va, (one) => must_fault(mm.pte.at(one), writes))
    va.set(at)
    write.set(writes)
  })
  handle_mm_fault(va, write)
}

/** Translation and access are one transition. */
const access = (): void => {
  Step('the CPU reads or writes', () => {
    const write = Choose('write', Bool)
    const va = Choose('va', Va, (one) => not(must_fault(mm.pte.at(one), write)))
    IfIs(mm.pte.at(va), 'present', ({ page }) => {
      Assert(no_use_after_free.property, not(is_free(page)), 'the CPU uses a page that was freed')
      If(write, () => Ghost(() => contents.write(page, va))).Else(() =>
        Assert(newest_value.property, contents.has_newest(page, va), 'the CPU reads an old value'),
      )
    })
  })
}

export const cpu = threadPer(Cpu, 'cpu', () => {
  Source('the CPU', () =>
    Loop(() => {
      Idle()
      Either(page_fault, access)
    }),
  )
})
