/** The plan of a picture of memory: which cells of a document are entries of tables, and which are pages. */

export type TableRole = 'cpu' | 'device' | 'tlb' | 'pointer'

/** One entry of a table. */
export interface PlannedEntry {
  /** `va 0`; empty if the table is one entry. */
  readonly label: string
  /** The number of the address, if the entry is that of an address. */
  readonly address?: number
  /** The cell with the pointer. */
  readonly cell: number
  /** Cells beside it that say more: rights, bits. */
  readonly rights: readonly { readonly name: string; readonly cell: number }[]
  /** A cell that says whether there is an entry at all: it is `no` or `none` if there is not. */
  readonly mapped?: number
}

export interface PlannedTable {
  readonly role: TableRole
  /** `driver[0].pte` */
  readonly path: string
  readonly entries: readonly PlannedEntry[]
}

/** An element of a sort to which entries lead: a page. */
export interface PlannedBox {
  readonly id: number
  /** `page 0` */
  readonly title: string
  /** The cell that says whether it is allocated, `yes` or `no`. */
  readonly allocated?: number
  /** The cells that say what it contains: the address, and whether it has the newest value of it. */
  readonly contents?: { readonly index: number; readonly newest?: number }
  readonly fields: readonly { readonly name: string; readonly cell: number }[]
  /** Sets of such elements: the box bears the name of each that it is in. */
  readonly sets: readonly { readonly name: string; readonly cell: number }[]
}

export interface PlannedTarget {
  readonly sort: string
  readonly boxes: readonly PlannedBox[]
}

/** The cells of a model that make up the picture, as indices of `cells`. */
export interface PlannedMemory {
  readonly targets: readonly PlannedTarget[]
  readonly tables: readonly PlannedTable[]
}
