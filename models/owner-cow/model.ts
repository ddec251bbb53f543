/** Private memory on a device after fork(): hmm_range_fault() reports the driver's own page, whatever was asked. */
import { and, Choose, deadlock, Ghost, If, lockDeadlock, model, no, recoverable, yes, type Model } from 'hmmcheck'
import { Device, Page, SwapPte } from 'hmmcheck/kernel'
import { cpu_of_child, cpu_of_parent, fork } from './cpu.ts'
import { fault, migrate, queue, restore } from './device.ts'
import { properties } from './properties.ts'
import { iotlb, two_devices } from './fixes.ts'
import { fill, forked, owner, pte } from './state.ts'
import { sva } from './sva.ts'

export const ownerCow = (): Model =>
  model('owner-cow', {
    threads: [cpu_of_parent, cpu_of_child, fork, migrate, fault, queue, restore, sva],

    initially: () => {
      const first = Choose('first', Page)
      const memory = Choose('memory', Page, (page) => page.ne(first))
      const device = Choose('device', Device)
      If(two_devices, () => {
        const other_memory = Choose('other_memory', Page, (page) => and(page.ne(first), page.ne(memory)))
        const other = Choose('other', Device, (one) => one.ne(device))
        owner.at(other_memory).set(other)
        owner.at(memory).set(device)
      }).Else(() => owner.at(memory).set(device))
      Ghost(() => fill('parent', first))
      If(iotlb, () => {
        Ghost(() => forked.set(true))
        pte.at('parent').set(SwapPte.present({ page: first, write: no, dirty: yes }))
      }).Else(() => pte.at('parent').set(SwapPte.present({ page: first, write: yes, dirty: yes })))
    },

    properties: [...properties(), recoverable(), deadlock(), lockDeadlock()],
  })
