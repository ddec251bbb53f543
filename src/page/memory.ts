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
import type { PageDocument, PageTarget, PageValue } from './document.ts'
import type { PlannedBox, PlannedEntry, PlannedTable, TableRole } from './planned.ts'

export type Staleness = 'freed' | 'out of date' | 'differs'

export interface DrawnEntry {
  readonly label: string
  readonly cell: number
  readonly text: string
  readonly changed: boolean
  /** The boxes that it leads to. */
  readonly targets: readonly PageTarget[]
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
export interface PictureMoment {
  readonly values: readonly number[]
  readonly changed: ReadonlySet<number>
  /** The elements that a cell named when it named some last. */
  readonly named: (cell: number) => readonly PageTarget[]
}

/** Cases by which an entry says itself that it is stale. */
const SAYS: Readonly<Record<string, Staleness>> = { stale: 'freed', 'out of date': 'out of date' }

/** The picture at a moment. */
export function pictureOf({ memory, values }: PageDocument, moment: PictureMoment): DrawnMemory {
  const valueOf = (cell: number): PageValue => values[moment.values[cell] ?? -1] ?? { text: '' }
  const isIn = (sort: string): boolean => memory.targets.some((target) => target.sort === sort)
  const targetsOf = (cell: number): readonly PageTarget[] => (valueOf(cell).refs ?? []).filter(([sort]) => isIn(sort))
  const cpu = memory.tables.filter(({ role }) => role === 'cpu').flatMap(({ entries }) => entries)
  const free = new Set(
    memory.targets.flatMap(({ sort, boxes }) =>
      boxes.flatMap((box) => (isFree(box, valueOf) ? [`${sort} ${box.id}`] : [])),
    ),
  )

  const entryOf = (role: TableRole, entry: PlannedEntry): DrawnEntry | undefined => {
    const value = valueOf(entry.cell)
    const mapped = entry.mapped === undefined || !['no', 'none'].includes(valueOf(entry.mapped).text)
    const says = mapped ? SAYS[value.tag ?? ''] : undefined
    const targets = !mapped ? [] : says === undefined ? targetsOf(entry.cell) : moment.named(entry.cell)
    const isEmpty = targets.length === 0
    // a pointer that leads nowhere is no news
    if (isEmpty && role === 'pointer' && says !== 'freed' && !moment.changed.has(entry.cell)) return undefined
    // a sample that was never taken is not out of date
    const isUnused = says === 'out of date' && isEmpty
    const stale = isUnused
      ? undefined
      : (says ??
        (targets.some(([sort, id]) => free.has(`${sort} ${id}`))
          ? 'freed'
          : (role === 'device' || role === 'tlb') && differs(entry, targets)
            ? 'differs'
            : undefined))
    const rights = entry.rights.filter(({ cell }) => valueOf(cell).text === 'yes').map(({ name }) => name)
    return {
      label: entry.label,
      cell: entry.cell,
      text: mapped && !isUnused ? [value.text, ...rights].join(', ') : 'none',
      changed: [entry.cell, ...entry.rights.map(({ cell }) => cell), entry.mapped ?? entry.cell].some((cell) =>
        moment.changed.has(cell),
      ),
      targets,
      ...(stale === undefined || (isEmpty && says === undefined) ? {} : { stale }),
    }
  }

  /** Whether no page table of a CPU leads at the entry's address where the entry leads. */
  const differs = ({ address }: PlannedEntry, targets: readonly PageTarget[]): boolean => {
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
    badges: box.sets
      .filter(({ cell }) => targetsOf(cell).some(([s, id]) => s === sort && id === box.id))
      .map(({ name }) => name),
  })
  return {
    tables: memory.tables
      .map(
        (table): DrawnTable => ({
          ...table,
          entries: table.entries.flatMap((entry) => entryOf(table.role, entry) ?? []),
        }),
      )
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
  { changed }: PictureMoment,
): DrawnField {
  const of = valueOf(index)
  const age = newest === undefined || of.tag === 'none' ? '' : valueOf(newest).text === 'yes' ? ', newest' : ', old'
  return {
    name: 'contents',
    text: `${of.text}${age}`,
    changed: changed.has(index) || (newest !== undefined && changed.has(newest)),
  }
}
