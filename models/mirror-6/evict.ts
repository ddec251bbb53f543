/** The driver goes: all that is in the memory of its device is brought back, as its pages say and not its addresses. */
import { Cover, Ghost, Local, procedure, thread } from 'hmmcheck'
import { driver_evict } from 'hmmcheck/kernel'
import { newest_value } from 'hmmcheck/properties'
import { taken_away } from './bracket.ts'
import { migration } from './migrate.ts'
import { copies_may_fail, evict_checks_copy } from './nouveau-fixes.ts'
import { contents } from './processes.ts'
import { Range, Sub, system_memory, zone_device_data } from './state.ts'

/**
 * The destination is in `dst` before it is copied to, and the pages that were there before are not zeroed: what a copy
 * that fails leaves is old memory of the kernel.
 */
const nouveau_dmem_evict_chunk = procedure(
  'nouveau_dmem_evict_chunk',
  [],
  () => {
    const todo = Local('todo', Range, Range.empty)
    const mirror = Local('dmirror', Sub)
    driver_evict(migration.parent, {
      todo,
      owner: mirror,
      isolated: (page) => mirror.set(zone_device_data.at(page)),
      system_memory,
      copies: 'copy_func()',
      reads: (src, va) => taken_away(va, src),
      copy: (page, src) =>
        Ghost(() => {
          Cover(newest_value.reached)
          contents.copy(page, src)
        }),
      copy_may_fail: copies_may_fail,
      failed: (page, _, va) => Ghost(() => contents.spoil(page, va)),
      checks_copy: evict_checks_copy,
    })
  },
  { source: '6.12 nouveau_dmem.c nouveau_dmem_evict_chunk' },
)

export const evict = thread('evict', () => {
  nouveau_dmem_evict_chunk()
})
