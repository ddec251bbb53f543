/** Device private memory: its pages are given out, faulted on, pinned or not, and removed. */
import { and, Choose, deadlock, ForEach, If, lockDeadlock, model, or, recoverable, type Model } from 'hmmcheck'
import { Page } from 'hmmcheck/kernel'
import {
  device_memory_is_not_pinned,
  device_references,
  never_below_zero,
  no_use_after_free,
  no_use_after_kfree,
  removed_when_unused,
  returns_unlocked,
  type DeviceReferences,
  type Pins,
} from 'hmmcheck/properties'
import { migrate } from './alloc.ts'
import { cpu } from './fault.ts'
import { free_at_zero, pins_taken, removes, system_pages } from './fixes.ts'
import { gup } from './gup.ts'
import { close, remove } from './remove.ts'
import { snapshot } from './snapshot.ts'
import {
  contents,
  free_list,
  held,
  idle_count,
  is_idle,
  is_pinned,
  is_zone_device_page,
  mem_map,
  mm,
  pgmap,
  pin,
  users,
  zone_device,
} from './state.ts'
import { zap } from './zap.ts'

const references: DeviceReferences = {
  is_device_page: is_zone_device_page,
  entry: (va) => mm.pte.at(va),
  has_one: (thread, page) => or(held.at(thread).eq(page), pin.at(thread).page.eq(page)),
  refcount: (page) => mem_map.at(page).refcount,
  users,
  idle_count,
  is_idle,
}
const pins: Pins = {
  entry: references.entry,
  is_device_page: is_zone_device_page,
  is_pinned,
  is_exclusive: is_pinned,
  belongs_to: contents.belongs_to,
}

export const deviceMemory = (): Model =>
  model('device-memory', {
    threads: [migrate, cpu, zap, gup, snapshot, remove, close],

    initially: () => {
      const first = Choose('first', Page)
      const second = Choose('second', Page, (page) => page.eq(first).eq(system_pages.eq('one')))
      pgmap.ref.count.set(1)
      ForEach(Page, (page) =>
        If(and(page.ne(first), page.ne(second)), () => {
          zone_device.add(page)
          free_list.add(page)
          If(free_at_zero, () => mem_map.at(page).refcount.set(0)).Else(() => mem_map.at(page).refcount.set(1))
        }),
      )
    },

    properties: [
      ...no_use_after_free(),
      ...no_use_after_kfree(),
      ...device_references(references),
      never_below_zero(),
      ...removed_when_unused(removes, pgmap.gone, references),
      ...device_memory_is_not_pinned(pins, pins_taken),
      ...returns_unlocked(),
      recoverable(),
      deadlock(),
      lockDeadlock(),
    ],
  })
