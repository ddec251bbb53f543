/**
 * Finds in the types of a model what its memory is, without a word of the user's.
 *
 * - Targets are the elements that are drawn as boxes: those of the sort `Page`; without one, those of the sort that most
 *   entries name; and those of every sort that has a lifetime. A sort whose elements are threads is never a target.
 * - A field of a box is a cell of an array that the box indexes first: `mem_map[0].refcount`.
 * - An entry is every other cell whose type can name a target: an optional id, a union with an id in a case, a sample of
 *   a counter that each target has. The entries with the same path up to the last index are a table.
 * - The role of a table comes from the vocabulary: `tlb` in its name is a TLB; an entry of type `DevicePte`, an index of
 *   the sort `Device` or the name of a device's table (`gpu_pte`, `spte`, `mtt`) is a device's; another `pte` or
 *   `page_table` is a CPU's. What is no table is a pointer, and drawn while it leads somewhere.
 *
 * A catalogue may say otherwise: `view` of a protocol names its tables.
 */
import type { Protocol } from '../catalogue/protocol.ts'
import type { ConfiguredModel, Type } from '../language/ast.ts'
import { showId } from '../report/values.ts'
import { sortsNamedBy, type CellIndex, type TypedCell } from './cells.ts'
import type { PlannedMemory, PlannedBox, PlannedEntry, PlannedTable, TableRole } from './planned.ts'

/** A cell with its index in the document. */
type Numbered = TypedCell & { readonly number: number }

const isIndex = (part: string | CellIndex): part is CellIndex => typeof part !== 'string'

/** What a catalogue says of the picture. */
export type PageView = NonNullable<Protocol['view']>

/**
 * @param allocatedOf the cell that says whether an element is allocated, if a cell says so
 * @param view what the catalogue says in place of the names
 */
export function memoryPlan(
  model: ConfiguredModel,
  cells: readonly TypedCell[],
  allocatedOf: (sort: string, id: number) => number | undefined,
  view: PageView = {},
): PlannedMemory {
  const shared = cells.map((cell, number): Numbered => ({ ...cell, number })).filter(({ group }) => group !== 'locals')
  const declared = (path: string) => view.tables?.[nameOf(path)]
  const found = targetSorts(model, shared)
  const sorts = view.pages === undefined ? found : [...new Set([view.pages, ...found])]
  const isFieldOf = ({ way: [first] }: TypedCell): string | undefined =>
    first !== undefined && isIndex(first) && sorts.includes(first.sort) ? first.sort : undefined
  const entries = shared.filter(
    (cell) =>
      isEntry(cell, sorts) && isFieldOf(cell) === undefined && !isBadge(cell) && declared(tablePath(cell)) !== 'hidden',
  )
  return {
    targets: sorts.map((sort) => ({
      sort,
      boxes: Array.from({ length: model.sizes[sort] ?? 0 }, (_, id) => boxOf(model, shared, sort, id, allocatedOf)),
    })),
    tables: tablesOf(model, shared, entries, (path, first) => {
      const said = declared(path)
      return said === undefined || said === 'hidden' ? roleOf(path, first) : said
    }),
  }
}

/**
 * The sort `Page`; without one, what most entries of tables name, or else most pointers; then the sorts whose elements
 * are freed and reused.
 */
function targetSorts(model: ConfiguredModel, shared: readonly Numbered[]): readonly string[] {
  const actors = new Set(['Thread', ...model.threads.flatMap(({ per }) => (per === undefined ? [] : [per]))])
  const pointers = shared.filter(({ group, type }) => group !== 'locks' && type.kind !== 'set')
  const inTables = pointers.filter((cell) => roleOf(tablePath(cell), cell) !== 'pointer')
  // a pointer that is a field of what it names says nothing: `next[0]` of a list
  const elsewhere = ({ way }: TypedCell, sort: string): boolean => !way.some((one) => isIndex(one) && one.sort === sort)
  const named = counted(pointers, actors, elsewhere)
  const [ofTables] = counted(inTables, actors, () => true)
  const [first] = named.includes('Page') ? ['Page'] : [ofTables, ...named].filter((one) => one !== undefined)
  const lifetimes = (model.lifetimes ?? []).map(({ sort }) => sort).filter((sort) => named.includes(sort))
  return first === undefined ? [] : [...new Set([first, ...lifetimes])]
}

/** The sorts that cells name, those that most of them name first. */
function counted(
  cells: readonly Numbered[],
  actors: ReadonlySet<string>,
  counts: (cell: Numbered, sort: string) => boolean,
): readonly string[] {
  const all = new Map<string, number>()
  for (const cell of cells)
    for (const sort of sortsNamedBy(cell.type))
      if (!actors.has(sort) && counts(cell, sort)) all.set(sort, (all.get(sort) ?? 0) + 1)
  return [...all].toSorted(([, a], [, b]) => b - a).map(([sort]) => sort)
}

/** A set of targets that nothing indexes: each target that is in it bears its name. */
const isBadge = ({ type, way }: TypedCell): boolean => type.kind === 'set' && !way.some(isIndex)

const isEntry = ({ type, group }: TypedCell, sorts: readonly string[]): boolean =>
  group !== 'locks' && [...sortsNamedBy(type)].some((sort) => sorts.includes(sort))

function boxOf(
  model: ConfiguredModel,
  shared: readonly Numbered[],
  sort: string,
  id: number,
  allocatedOf: (sort: string, id: number) => number | undefined,
): PlannedBox {
  const own = shared.filter(
    ({ way: [first] }) => first !== undefined && isIndex(first) && first.sort === sort && first.at === id,
  )
  const index = own.find(({ variable, way }) => variable === 'page_index' && way.length === 1)
  const newest = own.find(({ variable, way }) => variable === 'page_newest' && way.length === 1)
  const allocated = allocatedOf(sort, id)
  return {
    id,
    title: showId(model, sort, id),
    fields: own
      .filter((cell) => cell !== index && (index === undefined || cell !== newest))
      .map((cell) => ({ name: fieldName(cell, sort), cell: cell.number })),
    sets: shared
      .filter((cell) => isBadge(cell) && cell.type.kind === 'set' && namesDirectly(cell.type.of, sort))
      .map(({ path, number }) => ({ name: path.replaceAll('_', ' '), cell: number })),
    ...(allocated === undefined ? {} : { allocated }),
    ...(index === undefined
      ? {}
      : { contents: { index: index.number, ...(newest === undefined ? {} : { newest: newest.number }) } }),
  }
}

const namesDirectly = (type: Type, sort: string): boolean => type.kind === 'id' && type.sort === sort

/** `refcount` of `mem_map[0].refcount`, `lock` of `page_lock[0]`. */
function fieldName({ variable, way }: TypedCell, sort: string): string {
  const rest = way
    .slice(1)
    .map((one) => (isIndex(one) ? `[${one.text}]` : `.${one}`))
    .join('')
    .replace(/^\./, '')
  return rest === '' ? variable.replace(new RegExp(`^${sort.toLowerCase()}_`), '') : rest
}

/** The entries, by the path up to their last index. */
function tablesOf(
  model: ConfiguredModel,
  shared: readonly Numbered[],
  entries: readonly Numbered[],
  roleIn: (path: string, first: Numbered) => TableRole,
): readonly PlannedTable[] {
  const tables = new Map<string, Numbered[]>()
  for (const entry of entries) {
    const path = tablePath(entry)
    const known = tables.get(path)
    if (known === undefined) tables.set(path, [entry])
    else known.push(entry)
  }
  return [...tables]
    .map(
      ([path, own]): PlannedTable => ({
        role: own[0] === undefined ? 'pointer' : roleIn(path, own[0]),
        path,
        entries: own.map((entry) => entryOf(model, shared, entry, own)),
      }),
    )
    .toSorted((a, b) => ROLES.indexOf(a.role) - ROLES.indexOf(b.role))
}

const ROLES: readonly TableRole[] = ['cpu', 'device', 'tlb', 'pointer']

const lastIndexOf = ({ way }: TypedCell): number => way.findLastIndex(isIndex)

/**
 * `driver[0].pte` of `driver[0].pte[1]`. What is behind the last index counts if the table has no name without it:
 * `range.pfn` of `range[0].pfn`, but `mm.pte` of `mm.pte[0].page`. A cell without an index is a table by itself.
 */
function tablePath(cell: TypedCell): string {
  const last = lastIndexOf(cell)
  if (last < 0) return cell.path
  const before = cell.parts.slice(0, last + 1).join('')
  return isTableName(nameOf(before)) ? before : before + cell.parts.slice(last + 2).join('')
}

/** `driver.pte` of `driver[cpu[0]].pte`. */
const nameOf = (path: string): string => path.replaceAll(/\[(?:[^[\]]|\[[^\]]*\])*\]/g, '')

const isTableName = (name: string): boolean =>
  /tlb|(?:^|[._])(?:\w*pte|page_?table|pt|mtt|dma_(?:list|addr))$/i.test(name)

function roleOf(path: string, first: Numbered): TableRole {
  const name = nameOf(path)
  if (!isTableName(name)) return 'pointer'
  if (/tlb/i.test(name)) return 'tlb'
  const ofDevice =
    (first.type.kind === 'union' && first.type.name === 'device_pte') ||
    first.way.some((one) => isIndex(one) && one.sort === 'Device') ||
    /driver|gpu|spte|mtt|dma|svmm/i.test(name)
  return ofDevice ? 'device' : 'cpu'
}

function entryOf(
  model: ConfiguredModel,
  shared: readonly Numbered[],
  entry: Numbered,
  table: readonly Numbered[],
): PlannedEntry {
  const last = lastIndexOf(entry)
  const index = entry.way[last]
  if (index === undefined || !isIndex(index)) return { label: '', cell: entry.number, rights: [] }
  const at = (cell: TypedCell): string => cell.parts.slice(0, last + 2).join('')
  const isShared = table.some((other) => other !== entry && at(other) === at(entry))
  const inside = entry.parts.slice(last + 2).join('')
  const label = index.sort === '' || index.sort === 'Thread' ? index.text : showId(model, index.sort, index.at)
  const isAddress = index.sort === 'Va'
  const beside = shared.filter(
    (cell) => isAddress && cell !== entry && at(cell) === at(entry) && lastIndexOf(cell) === last,
  )
  const mapped = beside.find(saysMapped)
  const rights = beside.filter((cell) => cell !== mapped && cell.type.kind === 'bool')
  return {
    label: isShared ? `${label} ${inside.replace(/^\./, '')}` : label,
    cell: entry.number,
    rights: rights.map((cell) => ({ name: String(cell.way.at(-1)), cell: cell.number })),
    ...(isAddress ? { address: index.at } : {}),
    ...(mapped === undefined ? {} : { mapped: mapped.number }),
  }
}

/** A field that says whether there is an entry: the bool `mapped`, or an enumeration that may be `none`. */
const saysMapped = ({ path, type }: TypedCell): boolean =>
  type.kind === 'bool' ? path.endsWith('.mapped') : type.kind === 'enum' && type.members.includes('none')
