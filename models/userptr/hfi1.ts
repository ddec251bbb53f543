/**
 * hfi1: a cache of pinned pages, by address, with a notifier of the process that opened the file. A child has the file,
 * too. Each of the two processes has one thread.
 */
import {
  array,
  Assert,
  Bool,
  Either,
  Held,
  Idle,
  If,
  IfIs,
  IfSome,
  Local,
  Loop,
  none,
  not,
  oneOf,
  optional,
  procedure,
  shared,
  Source,
  Step,
  thread,
} from 'hmmcheck'
import { DevicePte, Page, points_to } from 'hmmcheck/kernel'
import { insert_checks_mm } from './fixes.ts'
import { stopped_before_change } from './properties.ts'
import { alloc_page, get_page, mmu_rb_node as node, put_page } from './state.ts'

type Process = 'parent' | 'child'

/** Each process's entry for the one address. */
const entry = shared('mm_pte', array(oneOf('parent', 'child').as('process'), optional(Page)))

/** Drops the node, and its pin. For a step: handler->lock. */
const remove_node = (): void => {
  IfIs(node, 'present', ({ page }) => {
    node.set(DevicePte.none)
    put_page(page)
  })
}

/** The process unmaps the address. The notifier is one of the parent's mm. */
const munmap = (process: Process): void => {
  If(entry.at(process).isSome, () => {
    if (process === 'parent')
      Source('6.1 drivers/infiniband/hw/hfi1/mmu_rb.c mmu_notifier_range_start', () =>
        Step('mmu_notifier_range_start(): __mmu_int_rb_remove()', remove_node),
      )
    Step('ptep_get_and_clear()', () =>
      IfSome(entry.at(process), (page) => {
        Assert(stopped_before_change.property, not(points_to(node, page)), 'the cache still has the page')
        entry.at(process).set(none)
        put_page(page)
      }),
    )
  })
}

/** A transfer: the page of the cache, or one that is pinned, and put there. */
const user_sdma_process_request = (process: Process) =>
  procedure(
    'hfi1_user_sdma_process_request',
    [],
    () => {
      const found = Local('found', Bool)
      Step('__mmu_rb_search()', () => found.set(node.is('present')))
      If(not(found), () => {
        const page = Local('page', Page)
        Step('pin_user_pages_fast()', () => {
          If(entry.at(process).isNone, () => {
            const fresh = alloc_page()
            entry.at(process).set(fresh)
          })
          IfSome(entry.at(process), (its) => {
            get_page(its)
            page.set(its)
          })
        })
        Held(page, 'the pin')
        const unpin = (): void => {
          put_page(page)
        }
        const insert = (): void => {
          If(node.is('none'), () => node.set(DevicePte.present({ page }))).Else(unpin)
        }
        Step('hfi1_mmu_rb_insert()', () => {
          if (process === 'parent') insert()
          else If(insert_checks_mm, unpin).Else(insert)
        })
      })
    },
    { source: '6.1 drivers/infiniband/hw/hfi1/user_sdma.c hfi1_user_sdma_process_request, pin_sdma_pages' },
  )

const runs = (process: Process) => {
  const transfer = user_sdma_process_request(process)
  return (): void => {
    Loop(() => {
      Idle()
      Either(
        () => transfer(),
        () => Source('6.1 mm/mmap.c do_mas_align_munmap', () => munmap(process)),
      )
    })
  }
}
export const hfi1_parent = thread('hfi1_parent', runs('parent'))
export const hfi1_child = thread('hfi1_child', runs('child'))
