/**
 * The picture of memory: page tables on one side, the pages that they lead to on the other, and arrows between them.
 *
 * `memory-plan.ts` finds in the types of a model which cells are entries and which are pages. This file draws the plan
 * at one moment of a run. An arrow is stale, and red, for one of three reasons:
 *
 * - `freed`: the target is free, or the entry itself says that its page was freed since (the case `stale`);
 * - `out of date`: the entry holds a sample of a counter that has moved on since;
 * - `differs`: a device, or a TLB, leads to a page to which no page table of a CPU leads at that address.
 *
 * An entry that says it is stale names no page any more. Its arrow leads to the page that it named last in this run.
 */
import type { PageDocument, PageValue, Reference } from './document.ts'

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
  /** A cell that says whether there is an entry at all. */
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
export interface MemoryPlan {
  readonly targets: readonly PlannedTarget[]
  readonly tables: readonly PlannedTable[]
}

export type Staleness = 'freed' | 'out of date' | 'differs'

export interface DrawnEntry {
  readonly label: string
  readonly cell: number
  readonly text: string
  readonly changed: boolean
  /** The boxes that it leads to. */
  readonly targets: readonly Reference[]
  readonly stale?: Staleness
}

export interface DrawnTable extends Omit<PlannedTable, 'entries'> {
  readonly entries: readonly DrawnEntry[]
}

export interface DrawnField {
  readonly name: string
  readonly text: string
  readonly changed: boolean
}

export interface DrawnBox {
  readonly id: number
  readonly title: string
  readonly free: boolean
  readonly changed: boolean
  /** `va 0, newest` */
  readonly contents?: DrawnField
  readonly fields: readonly DrawnField[]
  readonly badges: readonly string[]
}

export interface DrawnMemory {
  readonly tables: readonly DrawnTable[]
  readonly targets: readonly { readonly sort: string; readonly boxes: readonly DrawnBox[] }[]
}

/** What the picture is drawn from: the cells of one moment, those that are lit, and what a cell named before. */
export interface Moment {
  readonly values: readonly number[]
  readonly changed: ReadonlySet<number>
  /** The elements that a cell named when it named some last. */
  readonly named: (cell: number) => readonly Reference[]
}

/** Cases by which an entry says itself that it is stale. */
const SAYS: Readonly<Record<string, Staleness>> = { stale: 'freed', 'out of date': 'out of date' }

/** The picture at a moment. */
export function pictureOf({ memory, values }: PageDocument, moment: Moment): DrawnMemory {
  const valueOf = (cell: number): PageValue => values[moment.values[cell] ?? -1] ?? { text: '' }
  const isIn = (sort: string): boolean => memory.targets.some((target) => target.sort === sort)
  const targetsOf = (cell: number): readonly Reference[] => (valueOf(cell).refs ?? []).filter(([sort]) => isIn(sort))
  const cpu = memory.tables.filter(({ role }) => role === 'cpu').flatMap(({ entries }) => entries)
  const free = new Set(
    memory.targets.flatMap(({ sort, boxes }) =>
      boxes.flatMap((box) => (isFree(box, valueOf) ? [`${sort} ${box.id}`] : [])),
    ),
  )

  const entryOf = (role: TableRole, entry: PlannedEntry): DrawnEntry | undefined => {
    const value = valueOf(entry.cell)
    const mapped = entry.mapped === undefined || valueOf(entry.mapped).text === 'yes'
    const says = mapped ? SAYS[value.tag ?? ''] : undefined
    const targets = !mapped ? [] : says === undefined ? targetsOf(entry.cell) : moment.named(entry.cell)
    const isEmpty = targets.length === 0
    // a pointer that leads nowhere is no news, and a sample that was never taken is none
    if (isEmpty && role === 'pointer' && says !== 'freed' && !moment.changed.has(entry.cell)) return undefined
    const stale =
      says ??
      (targets.some(([sort, id]) => free.has(`${sort} ${id}`))
        ? 'freed'
        : (role === 'device' || role === 'tlb') && differs(entry, targets)
          ? 'differs'
          : undefined)
    const rights = entry.rights.filter(({ cell }) => valueOf(cell).text === 'yes').map(({ name }) => name)
    return {
      label: entry.label,
      cell: entry.cell,
      text: mapped ? [value.text, ...rights].join(', ') : 'none',
      changed: [entry.cell, ...entry.rights.map(({ cell }) => cell), entry.mapped ?? entry.cell].some((cell) =>
        moment.changed.has(cell),
      ),
      targets,
      ...(stale === undefined || (isEmpty && says === undefined) ? {} : { stale }),
    }
  }

  /** Whether no page table of a CPU leads at the entry's address where the entry leads. */
  const differs = ({ address }: PlannedEntry, targets: readonly Reference[]): boolean => {
    const others = cpu.filter((one) => address !== undefined && one.address === address)
    const reached = others.flatMap(({ cell }) => targetsOf(cell))
    return others.length > 0 && targets.some(([sort, id]) => !reached.some(([s, n]) => s === sort && n === id))
  }

  const fieldOf = ({ name, cell }: { readonly name: string; readonly cell: number }): DrawnField => ({
    name,
    text: valueOf(cell).text,
    changed: moment.changed.has(cell),
  })
  const boxOf = (sort: string, box: PlannedBox): DrawnBox => ({
    id: box.id,
    title: box.title,
    free: free.has(`${sort} ${box.id}`),
    changed: box.allocated !== undefined && moment.changed.has(box.allocated),
    ...(box.contents === undefined ? {} : { contents: contentsOf(box.contents, valueOf, moment) }),
    fields: box.fields.map(fieldOf),
    badges: box.sets.filter(({ cell }) => targetsOf(cell).some(([s, id]) => s === sort && id === box.id)).map(({ name }) => name),
  })
  return {
    tables: memory.tables
      .map((table): DrawnTable => ({
        ...table,
        entries: table.entries.flatMap((entry) => entryOf(table.role, entry) ?? []),
      }))
      .filter(({ entries }) => entries.length > 0),
    targets: memory.targets.map(({ sort, boxes }) => ({ sort, boxes: boxes.map((box) => boxOf(sort, box)) })),
  }
}

/** A box says so itself; else a count of references does. */
function isFree({ allocated, fields }: PlannedBox, valueOf: (cell: number) => PageValue): boolean {
  if (allocated !== undefined) return valueOf(allocated).text === 'no'
  const count = fields.find(({ name }) => name === 'refcount')
  return count !== undefined && valueOf(count.cell).text === '0'
}

function contentsOf(
  { index, newest }: NonNullable<PlannedBox['contents']>,
  valueOf: (cell: number) => PageValue,
  { changed }: Moment,
): DrawnField {
  const of = valueOf(index)
  const age = newest === undefined || of.tag === 'none' ? '' : valueOf(newest).text === 'yes' ? ', newest' : ', old'
  return {
    name: 'contents',
    text: `${of.text}${age}`,
    changed: changed.has(index) || (newest !== undefined && changed.has(newest)),
  }
}
