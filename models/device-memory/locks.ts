/** The page locks that every operation leaves behind: none. */
import { Assert, current, every, type Recorded } from 'hmmcheck'
import { Page } from 'hmmcheck/kernel'
import { page_lock } from './state.ts'

/** For the step that begins an operation: the one before has given back every lock. */
export const returned_unlocked = (): Recorded =>
  Assert(
    'P-LOCK',
    every(Page, (page) => page_lock.at(page).ne(current)),
    'an operation returned with a lock held',
  )
