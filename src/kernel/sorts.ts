/** The things a memory protocol is about. Their numbers belong to the configuration. */
import { sort, type range } from '../language/index.ts'

/** A processor that runs a thread of the process, or of the kernel on its memory. */
export const Cpu = sort('Cpu')
/** A device that mirrors the process's address space: one `hmm_mirror`, one driver. */
export const Device = sort('Device')
/** A page of physical memory. */
export const Page = sort('Page')
/** The virtual address of a page of the process. */
export const Va = sort('Va')

/**
 * The limit of a count: a number, or `size(Sort)`, or `size(Sort, plus)` where the configuration says how many
 * there are.
 */
export type RangeBound = Parameters<typeof range>[1]
