/** Objects that are allocated and freed while others may still point to them (mm/slab_common.c). */
import {
  Assert,
  atomic,
  Choose,
  Held,
  lifetime,
  not,
  Reused,
  setOf,
  shared,
  type Bool,
  type Id,
  type Optional,
  type Recorded,
  type SortType,
} from '../language/index.ts'

/**
 * The objects of a sort: which are allocated. Pointers to them are plain ids, and every use of one says so with
 * `dereference`; a local that is kept from one transition into another says so too, with `Held` or `is_dereferenced`,
 * or it is a model error (HMM050).
 * Freed memory may be allocated again at once. No mark on the pointer is needed for that: whatever could use it after
 * the second allocation could use it before.
 *
 * @param sort the objects
 * @param name what the state calls those that are allocated
 */
export function objects<const Sort extends string>(sort: SortType<Sort>, name: string) {
  /** The objects that are allocated: a variable of the state. */
  const allocated = shared(name, setOf(sort))
  /** The object is there: it has not been freed. */
  const is_allocated = (object: Id<Sort>): Bool => allocated.has(object)
  lifetime(sort, allocated, is_allocated)

  return {
    is_allocated,
    allocated,

    /** A new object. GFP_KERNEL: the caller sleeps until there is memory for it. */
    kmalloc: atomic('kmalloc', [], () => {
      const object = Choose(sort.name, sort, (one) => not(is_allocated(one)))
      Held(object, 'whoever called kmalloc()')
      allocated.add(object)
      return object
    }),

    /** Frees it. The caller says what must not be so any more: `Misuse('freeing a held lock', ...)`. */
    kfree: atomic('kfree', [sort], (object) => {
      Assert('P-LIFE', is_allocated(object), 'kfree() of what was freed before')
      allocated.remove(object)
    }),

    /** Goes before every use of a pointer, with the statement that follows. */
    dereference: (object: Id<Sort>, what: string): Recorded =>
      Assert('P-LIFE', is_allocated(object), `${what}: use after free`),

    /** Says of a pointer that is kept that its uses are asserted by hand, where the kernel looks into the object. */
    is_dereferenced: (object: Id<Sort> | Optional<SortType<Sort>>): Recorded =>
      Reused(object, 'dereference() stands where the kernel looks into the object'),
  }
}
