/** The page locks that every operation leaves behind: none. */
import { Assert, current, every, type Recorded } from 'hmmcheck'
import { Page } from 'hmmcheck/kernel'
import { returns_unlocked } from 'hmmcheck/properties'
import { page_lock } from './state.ts'

/** For the step that begins an operation: the one before has given back every lock. */
export const returned_unlocked = (): Recorded =>
  Assert(
    returns_unlocked.property,
    every(Page, (page) => page_lock.at(page).ne(current)),
    'an operation returned with a lock held',
  )
