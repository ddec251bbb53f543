/** The part of a state of mirror-6 that recordings tell of, and their names for it. */
import { z } from 'zod'
import type { PlainState } from '../../../src/semantics/machine.ts'

const Entry = z.object({
  is: z.string(),
  fields: z.object({ page: z.number().optional(), write: z.boolean().optional() }),
})
const Moved = z.object({ src: z.number().nullable(), dst: z.number().nullable(), migrate: z.boolean() })
const Kernel = z.object({
  mm: z.object({ pte: z.array(Entry) }),
  /** That of a child, which is not mirrored: its entries are in no recording. */
  child_mm: z.object({ pte: z.array(Entry) }).optional(),
  driver: z.array(z.object({ mutex: z.object({ owner: z.number().nullable() }), pte: z.array(Entry) })),
  /** The migrations under way, by thread. */
  migrate_vma: z.array(z.array(Moved)),
  held: z.array(z.number().nullable()),
  loaded: z.array(Entry),
  pfns: z.array(z.array(Entry)),
  zone_device: z.array(z.number()),
  mem_map: z.array(z.object({ refcount: z.number() })),
  active_invalidate_ranges: z.number(),
  invalidate_seq_is_odd: z.boolean(),
})

export type Entry = z.infer<typeof Entry>
export type Moved = z.infer<typeof Moved>
export type Kernel = z.infer<typeof Kernel>

export const kernelOf = ({ shared }: PlainState): Kernel => Kernel.parse(shared)

export const NONE: Entry = { is: 'none', fields: {} }

/** The kind of an entry of the process's page table. */
export function kindOf({ is, fields: { write } }: Entry): string {
  const right = write === true ? 'w' : 'r'
  if (is === 'present') return `present_${right}`
  if (is === 'device_private') return `devpriv_${right}`
  return is === 'migration' ? `migr_${right}` : 'none'
}

/** The tag of an entry of the device. */
export const tagOf = ({ fields: { write } }: Entry): string => (write === true ? 'write' : 'read')

/** Page frame numbers, in hexadecimal: those of device memory are above those of system memory, and each has one behind it. */
export function framesOf({ zone_device }: Kernel): Frames {
  const isDevicePage = (page: number): boolean => zone_device.includes(page)
  const backing = (page: number): string => `3400${page}`
  const pfn = (page: number | null | undefined): string =>
    page === null || page === undefined ? '0' : `${isDevicePage(page) ? 'fc' : '12'}00${page}`
  return { isDevicePage, backing, pfn, memory: (page) => (isDevicePage(page) ? backing(page) : pfn(page)) }
}

export interface Frames {
  readonly isDevicePage: (page: number) => boolean
  readonly pfn: (page: number | null | undefined) => string
  /** The page behind one of device memory. */
  readonly backing: (page: number) => string
  /** What an entry of the device leads to. */
  readonly memory: (page: number) => string
}
