/**
 * GPUs: they use their entries without asking anybody, and do what was pushed to their channels when they come to
 * it.
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
  IfSome,
  Loop,
  none,
  some,
  Source,
  Step,
  thread,
} from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { has_cpus, has_gpu_memory } from './fixes.ts'
import { clear_gpu_pte, copies_to_gpu, copying, gpu_pte, maps, newest, pte, unmapping, VaBlock } from './state.ts'

/** Loads and stores of GPUs. */
export const gpu = thread(
  'gpu',
  () => {
    Source('a GPU: a load or store of a kernel that runs there', () =>
      Loop(() => {
        Idle()
        Step('the GPU loads or stores', () => {
          const block = Choose('block', VaBlock, (one) => some(Va, (at) => maps(one, at)))
          const va = Choose('va', Va, (at) => maps(block, at))
          const entry = gpu_pte.at(block).at(va)
          If(entry.to.eq('ram'), () =>
            Assert(no_use_after_free.property, entry.ram.isCurrent, 'the GPU uses a page that was given back'),
          ).Else(() =>
            Assert(no_use_after_free.property, entry.vram.isCurrent, 'the GPU uses its own page, which was freed'),
          )
          If(has_cpus, () => {
            const write = Choose('write', Bool)
            const of = newest.at(va)
            If(write, () =>
              Ghost(() => {
                of.ram.set(entry.to.eq('ram'))
                of.vram.set(entry.to.eq('vram'))
              }),
            ).Else(() => {
              If(entry.to.eq('ram'), () => Assert(newest_value.property, of.ram, 'the GPU reads an old value')).Else(
                () => Assert(newest_value.property, of.vram, 'the GPU reads an old value'),
              )
            })
          })
        })
      }),
    )
  },
  { daemon: true },
)

/** Entries that were pushed to be unmapped. */
const unmap = (): void => {
  Step('entries are cleared, and the TLB is flushed', () => {
    const block = Choose('block', VaBlock, (one) => some(Va, (at) => unmapping.at(one).has(at)))
    const va = Choose('va', Va, (at) => unmapping.at(block).has(at))
    unmapping.at(block).remove(va)
    clear_gpu_pte(block, va)
  })
}

/** The copy that was pushed, behind the unmappings. */
const copy = (): void => {
  Step('the page is copied', () => {
    const block = Choose('block', VaBlock, (one) => and(copying.at(one).isSome, unmapping.at(one).isEmpty))
    IfSome(copying.at(block), (va) => {
      taken_away(block, va)
      Ghost(() =>
        If(copies_to_gpu.at(block), () => newest.at(va).vram.set(newest.at(va).ram)).Else(() =>
          If(pte.at(block).at(va).eq('migration'), () => newest.at(va).ram.set(newest.at(va).vram)),
        ),
      )
    })
    copying.at(block).set(none)
    copies_to_gpu.at(block).set(false)
  })
}

/** The channels of the GPUs: unmappings first, then the copy that was pushed behind them. */
export const channel = thread(
  'channel',
  () => {
    Source('595.45.04 uvm_channel.c: what was pushed is executed', () =>
      Loop(() => {
        Idle()
        If(has_gpu_memory, () => Either(unmap, copy)).Else(unmap)
      }),
    )
  },
  { daemon: true },
)
