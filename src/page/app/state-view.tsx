/** The state as a tree: what changed is lit, what nothing but claims read is dim. Cells can be searched and pinned. */
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import { changedBetween, valueAt, type Reading } from './reading.ts'
import { cellsBelow, matches, stateTree, type TreeNode } from './state-tree.ts'

export interface StateViewProps {
  readonly reading: Reading
  readonly moment: number
  readonly compared: number
  /** The moment that the reader compares with; undefined for the one before. */
  readonly compare: number | undefined
  readonly setCompare: (moment: number | undefined) => void
}

export function StateView({ reading, moment, compared, compare, setCompare }: StateViewProps): JSX.Element {
  const { document } = reading
  const [search, setSearch] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const [pins, setPins] = useState<ReadonlySet<string>>(new Set())
  const changed = useMemo(() => changedBetween(reading, compared, moment), [reading, compared, moment])
  const tree = useMemo(
    () => stateTree(document, ({ path }, cell) => matches(path, search) && (!onlyChanged || changed.has(cell))),
    [document, search, onlyChanged, onlyChanged ? changed : undefined],
  )
  const pinned = document.cells.flatMap(({ path }, cell) => (pins.has(path) ? [cell] : []))
  const pin = (path: string): void => {
    setPins((before) => new Set(before.has(path) ? [...before].filter((one) => one !== path) : [...before, path]))
  }
  const shared = { reading, moment, compared, changed, pins, pin, isOpen: search !== '' || onlyChanged }
  return (
    <div class="state">
      <div class="tools">
        <label class="search">
          <span class="sr">Search the state</span>
          <input
            id="search"
            type="search"
            placeholder="Search the state ( / )"
            value={search}
            onInput={(event) => {
              setSearch(event.currentTarget.value)
            }}
          />
        </label>
        <label>
          <input
            type="checkbox"
            checked={onlyChanged}
            onChange={(event) => {
              setOnlyChanged(event.currentTarget.checked)
            }}
          />{' '}
          changed only
        </label>
        <label>
          compared with{' '}
          <select
            value={compare === undefined ? '' : String(compare)}
            onChange={({ currentTarget: { value } }) => {
              setCompare(value === '' ? undefined : Number(value))
            }}
          >
            <option value="">the step before</option>
            {reading.values.map((_, n) => (
              <option key={n} value={String(n)}>
                {n === 0 ? 'the start' : `step ${n}`}
              </option>
            ))}
          </select>
        </label>
      </div>
      {pinned.length > 0 && (
        <div class="pinned">
          <h4>pinned</h4>
          {pinned.map((cell) => (
            <Leaf key={cell} name={document.cells[cell]?.path ?? ''} cell={cell} {...shared} />
          ))}
        </div>
      )}
      {tree.map((group) => (
        <Branch key={group.path} node={group} level={0} {...shared} />
      ))}
      {tree.length === 0 && <p class="nothing">{search === '' ? 'Nothing changed.' : 'Nothing has such a name.'}</p>}
    </div>
  )
}

interface Shared {
  readonly reading: Reading
  readonly moment: number
  readonly compared: number
  readonly changed: ReadonlySet<number>
  readonly pins: ReadonlySet<string>
  readonly pin: (path: string) => void
  /** Whether branches are open that the reader has not touched. */
  readonly isOpen: boolean
}

/** Groups that are closed at first: what is in them is in the lanes, too. */
const CLOSED: readonly string[] = ['locals', 'ghosts']

function Branch({ node, level, ...shared }: Shared & { readonly node: TreeNode; readonly level: number }): JSX.Element {
  const [touched, setTouched] = useState<boolean>()
  if (node.children.length === 0 && node.cell !== undefined)
    return <Leaf name={node.name} cell={node.cell} {...shared} />
  const hits = cellsBelow(node).filter((cell) => shared.changed.has(cell)).length
  const isOpen = touched ?? (shared.isOpen || (level === 0 ? !CLOSED.includes(node.name) : true))
  return (
    <details class={`branch level-${level}${level === 0 ? ` group-${node.name.replace(' ', '-')}` : ''}`} open={isOpen}>
      <summary
        onClick={(event) => {
          event.preventDefault()
          setTouched(!isOpen)
        }}
      >
        {node.name} {hits > 0 && <span class="hits">{hits} changed</span>}
      </summary>
      {isOpen && node.children.map((child) => <Branch key={child.path} node={child} level={level + 1} {...shared} />)}
    </details>
  )
}

function Leaf({
  name,
  cell,
  reading,
  moment,
  compared,
  changed,
  pins,
  pin,
}: Shared & { readonly name: string; readonly cell: number }): JSX.Element {
  const known = reading.document.cells[cell]
  const path = known?.path ?? name
  const isChanged = changed.has(cell)
  const now = valueAt(reading, moment, cell).text
  return (
    <div class={`leaf${isChanged ? ' changed' : ''}${known?.ghost === true ? ' ghost' : ''}`}>
      <button
        type="button"
        class="pin"
        aria-pressed={pins.has(path)}
        aria-label={`Pin ${path}`}
        onClick={() => {
          pin(path)
        }}
      >
        {pins.has(path) ? '★' : '☆'}
      </button>
      <span class="name">{name}</span>
      <span class="value">
        {isChanged && (
          <span class="was">
            {valueAt(reading, compared, cell).text} <span class="to">→</span>{' '}
          </span>
        )}
        {now}
      </span>
    </div>
  )
}
