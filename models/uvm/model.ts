/** NVIDIA's UVM with HMM: blocks of a process, which GPUs map where they are, or which move to the memory of a GPU. */
import {
  and,
  Await,
  Choose,
  deadlock,
  every,
  ForEach,
  Ghost,
  If,
  Local,
  array,
  lockDeadlock,
  model,
  not,
  or,
  recoverable,
  sizeOf,
  some,
  type Model,
} from 'hmmcheck'
import { Va } from 'hmmcheck/kernel'
import { newest_value, no_use_after_free, snapshot_is_valid, testedUnless } from 'hmmcheck/properties'
import { dontneed, reap } from './bracket.ts'
import { cpu } from './cpu.ts'
import { evict, unregister } from './evict.ts'
import {
  callback_raises_changed,
  callback_unmaps,
  evict_raises_changed,
  has_cow,
  has_cpus,
  shares_pages,
  starts_mapped,
  starts_on_gpu,
  unregisters,
} from './fixes.ts'
import { channel, gpu } from './gpu.ts'
import { properties, reached_by_brackets } from './properties.ts'
import { service } from './service.ts'
import { split } from './split.ts'
import { block_of, cow, intervals, newest, notifier, pte, set_gpu_pte, Sub, VaBlock } from './state.ts'

/** The addresses are those of one block. Else each is in a block of its own. */
const single = sizeOf(VaBlock).eq(1)

export const uvm = (): Model =>
  model('uvm', {
    threads: [service, cpu, dontneed, reap, evict, unregister, split, gpu, channel],

    initially: () => {
      const subs = Local('subs', array(VaBlock, Sub))
      const blocks = Local('blocks', array(Va, VaBlock))
      ForEach(VaBlock, (block) => {
        const sub = Choose('sub', Sub)
        subs.at(block).set(sub)
      })
      ForEach(Va, (va) => {
        const block = Choose('its', VaBlock)
        blocks.at(va).set(block)
      })
      Await(every(VaBlock, (one) => every(VaBlock, (two) => or(one.eq(two), subs.at(one).ne(subs.at(two))))))
      Await(every(Va, (one) => every(Va, (two) => or(one.eq(two), single, blocks.at(one).ne(blocks.at(two))))))
      notifier.set(subs)
      block_of.set(blocks)
      ForEach(Sub, (sub) =>
        If(
          some(VaBlock, (block) => subs.at(block).eq(sub)),
          () => intervals.place.at(sub).set('tree'),
        ),
      )
      ForEach(VaBlock, (block) => {
        ForEach(Va, (va) =>
          If(or(shares_pages, blocks.at(va).eq(block)), () => {
            If(or(starts_mapped, shares_pages), () => pte.at(block).at(va).set('present'))
            If(starts_on_gpu, () => pte.at(block).at(va).set('device'))
            If(and(starts_mapped, not(has_cow)), () => set_gpu_pte(block, va, 'ram'))
            If(starts_on_gpu, () => set_gpu_pte(block, va, 'vram'))
          }),
        )
      })
      ForEach(Va, (va) => {
        If(has_cow, () => cow.add(va))
        Ghost(() => {
          newest.at(va).ram.set(starts_mapped)
          newest.at(va).vram.set(starts_on_gpu)
        })
      })
    },

    properties: [
      ...properties(),
      reached_by_brackets(),
      ...testedUnless(or(shares_pages, not(callback_unmaps)), no_use_after_free()),
      ...testedUnless(not(has_cpus), newest_value()),
      ...testedUnless(
        or(unregisters, shares_pages, and(starts_on_gpu, not(evict_raises_changed)), not(callback_raises_changed)),
        snapshot_is_valid(),
      ),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
