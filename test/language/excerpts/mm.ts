/** One address space: its page table, its lock, and which pages are allocated. */
import {
  array,
  atomic,
  Choose,
  type Bool,
  type Id,
  Let,
  none,
  not,
  optional,
  ref,
  setOf,
  shared,
  sort,
  struct,
} from '../../../src/language/index.ts'
import { Rwsem } from './locks.ts'

export const Page = sort('Page')
export const Va = sort('Va')
export const Pte = optional(Page).as('pte')

export const mm = shared('mm', struct('mm_struct', { mmap_sem: Rwsem, pte: array(Va, Pte) }))
const allocated = shared('allocated', setOf(Page))

export const is_allocated = (page: Id<'Page'>): Bool => allocated.has(page)

export const alloc_page = atomic('alloc_page', [], () => {
  const page = Choose('page', Page, (page) => not(allocated.has(page)))
  allocated.add(page)
  return page
})

export const free_page = atomic('free_page', [Page], (page) => {
  allocated.remove(page)
})

export const set_pte = atomic('set_pte', [ref(Pte.as('ptep')), Page], (ptep, page) => {
  ptep.set(page)
})

export const ptep_clear_flush = atomic('ptep_clear_flush', [ref(Pte.as('ptep'))], (ptep) => {
  const pte = Let('pte', ptep)
  ptep.set(none)
  return pte
})
