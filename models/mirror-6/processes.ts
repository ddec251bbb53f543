/**
 * The process that the driver mirrors, and a child that it forks. The child has no mirror: its mm has no notifier
 * (kernel/fork.c of 6.1, mm_init()), and an open file leads to the mirror of its parent.
 */
import {
  Acquire,
  and,
  array,
  Bool,
  current,
  ForEach,
  ghost,
  Ghost,
  If,
  Misuse,
  none,
  not,
  oneOf,
  optional,
  or,
  setOf,
  shared,
  Step,
  struct,
  Thread,
  type Bool as Condition,
  type Id,
  type PlaceOf,
} from 'hmmcheck'
import { memoryContents, Page, SwapPageTable, SwapPte } from 'hmmcheck/kernel'
import { forks } from './fork-fixes.ts'

export type Process = 'parent' | 'child'
export const other_than = (process: Process): Process => (process === 'parent' ? 'child' : 'parent')

/** For the label of a step that works on the memory of the other process, too: whose it is. */
export const of_whom = (process: Process): string => (process === 'parent' ? '' : ' of the child')

/** The same for each process: a function of the kernel that works on the memory of one. */
export const eachProcess = <Made>(make: (process: Process) => Made): Readonly<Record<Process, Made>> => ({
  parent: make('parent'),
  child: make('child'),
})

const MmStruct = struct('mm_struct', { pte: SwapPageTable })
/** struct mm_struct of the process. */
export const mm = shared('mm', MmStruct)
/** struct mm_struct of its child. */
const child_mm = shared('child_mm', MmStruct)
export const pte_of = (process: Process, va: Id<'Va'>): PlaceOf<typeof SwapPte> =>
  (process === 'parent' ? mm : child_mm).pte.at(va)
/** The child runs. */
export const child_lives = shared('child_lives', Bool)

/**
 * mm->mmap_lock of the parent. Where nobody forks, all who take part would hold it for reading. Whoever may have it can
 * be the next: the queue of `MmapLock` would forbid some orders, and let nobody in beside another.
 */
const mmap_lock = shared('mmap_lock', struct('mmap_lock', { writer: optional(Thread), readers: setOf(Thread) }))
const is_free = and(mmap_lock.writer.isNone, mmap_lock.readers.isEmpty)

/** dup_mmap() holds it for writing. */
export const mmap_write_lock = (): void => {
  Step('mmap_write_lock(oldmm)', () => {
    Acquire(is_free, (thread) => or(mmap_lock.writer.eq(thread), mmap_lock.readers.has(thread)))
    mmap_lock.writer.set(current)
  })
}
export const mmap_write_unlock = (): void => {
  Step('mmap_write_unlock(oldmm)', () => mmap_lock.writer.set(none))
}

/** The body runs with mmap_lock of the parent held for reading, if it is to. */
export const reading_mm = <Result>(locks: Condition, body: () => Result): Result => {
  If(and(forks, locks), () =>
    Step('mmap_read_lock(mm)', () => {
      Acquire(mmap_lock.writer.isNone, (thread) => mmap_lock.writer.eq(thread))
      Misuse('mmap_read_lock() by a thread that reads it already', not(mmap_lock.readers.has(current)))
      mmap_lock.readers.add(current)
    }),
  )
  const result = body()
  If(and(forks, locks), () => Step('mmap_read_unlock(mm)', () => mmap_lock.readers.remove(current)))
  return result
}

const own = { parent: memoryContents(), child: memoryContents('child') }
/** Pages into which the other process has written, while this one had them, too. */
const foreign = ghost('foreign', array(oneOf('parent', 'child').as('process'), setOf(Page)))

/** What stands in pages, as each process sees it. Each that records is a Ghost block. */
export const contents = {
  has_newest: (process: Process, page: Id<'Page'>, va: Id<'Va'>) => own[process].has_newest(page, va),
  /** The page has what another address of the process has; or what only the other process has. */
  is_of_another: (process: Process, page: Id<'Page'>, va: Id<'Va'>): Condition =>
    or(
      own[process].is_of_another(page, va),
      and(
        forks,
        or(
          foreign.at(process).has(page),
          and(not(own[process].belongs_to(page, va)), own[other_than(process)].belongs_to(page, va)),
        ),
      ),
    ),
  fill: (process: Process, page: Id<'Page'>, va: Id<'Va'>) => Ghost(() => own[process].fill(page, va)),
  spoil: (page: Id<'Page'>, va: Id<'Va'>) => Ghost(() => own.parent.spoil(page, va)),

  /** To each process that has the source, the copy is as good. */
  copy: (to: Id<'Page'>, from: Id<'Page'>) =>
    Ghost(() => {
      own.parent.copy(to, from)
      If(forks, () => {
        own.child.copy(to, from)
        for (const process of ['parent', 'child'] as const)
          If(foreign.at(process).has(from), () => foreign.at(process).add(to)).Else(() =>
            foreign.at(process).remove(to),
          )
      })
    }),

  /** If the other process has the page too, what it had written there is gone. */
  write: (process: Process, page: Id<'Page'>, va: Id<'Va'>) =>
    Ghost(() => {
      const other = other_than(process)
      own[process].write(page, va)
      If(forks, () => {
        foreign.at(process).remove(page)
        If(own[other].belongs_to(page, va), () => {
          own[other].spoil(page, va)
          foreign.at(other).add(page)
        })
      })
    }),

  discard: (process: Process, va: Id<'Va'>) =>
    Ghost(() => {
      If(forks, () =>
        ForEach(Page, (page) => If(own[process].belongs_to(page, va), () => foreign.at(process).remove(page))),
      )
      own[process].discard(va)
    }),

  forget: (page: Id<'Page'>) =>
    Ghost(() => {
      own.parent.forget(page)
      If(forks, () => {
        own.child.forget(page)
        foreign.at('parent').remove(page)
        foreign.at('child').remove(page)
      })
    }),

  /** The child gets a copy of the entry. */
  inherit: (va: Id<'Va'>) =>
    Ghost(() => {
      own.child.inherit(own.parent, va)
      ForEach(Page, (page) =>
        If(and(own.parent.belongs_to(page, va), foreign.at('parent').has(page)), () => foreign.at('child').add(page)),
      )
    }),
}
