/** Ghost code, line by line: what the lint refuses carries `refused`. Never run. */
import { memoryContents } from '../../src/kernel/contents.ts'
import { Page, Va } from '../../src/kernel/sorts.ts'
import {
  array,
  Bool,
  Choose,
  Cover,
  ForEach,
  ghost,
  Ghost,
  If,
  not,
  setOf,
  shared,
  Step,
  struct,
  thread,
  type Id,
} from '../../src/language/index.ts'

const free = shared('free', setOf(Page))
const newest = ghost('newest', setOf(Page))
const bracket = ghost('bracket', array(Va, struct('bracket', { open: Bool, over: setOf(Page) })))
const contents = memoryContents()

/** A function that is nothing but a Ghost block is ghost code itself. */
const forget = (page: Id<'Page'>) => Ghost(() => newest.remove(page))
function close(va: Id<'Va'>) {
  Ghost(() => {
    bracket.at(va).over.clear()
    bracket.at(va).open.set(false)
  })
}
function release(page: Id<'Page'>) {
  free.add(page)
  Ghost(() => forget(page))
}

export const fixture = thread('fixture', () => {
  Step('step', () => {
    const page = Choose('page', Page, (one) => not(newest.has(one)))
    const va = Choose('va', Va)
    Cover('reached') // refused: Cover()
    newest.add(page) // refused: an assignment of newest
    If(free.has(page), () => newest.clear()) // refused: an assignment of newest
    const { open } = bracket.at(va)
    open.set(true) // refused: an assignment of open
    bracket.at(va).over.add(page) // refused: an assignment of bracket.at(va).over
    contents.fill(page, va) // refused: contents.fill()
    forget(page) // refused: forget()
    close(va) // refused: close()
    free.remove(page)
    release(page)
    Ghost(() => {
      Cover('reached')
      newest.add(page)
      ForEach(Va, (each) => contents.fill(page, each))
      If(open, () => close(va))
    })
  })
})
