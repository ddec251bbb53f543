/** The picture of memory at one moment: tables at the left, pages at the right, and an arrow for each entry. */
import type { JSX } from 'preact'
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { pictureOf, type DrawnBox, type DrawnEntry, type DrawnField, type DrawnTable } from '../memory.ts'
import type { TableRole } from '../planned.ts'
import { momentOf, type Reading } from './reading.ts'

export interface MemoryViewProps {
  readonly reading: Reading
  readonly moment: number
  /** The moment with which it is compared: what differs is lit. */
  readonly compared: number
}

const ROLES: Readonly<Record<TableRole, string>> = {
  cpu: 'CPU page table',
  device: 'device page table',
  tlb: 'TLB',
  pointer: 'pointer',
}

export function MemoryView({ reading, moment, compared }: MemoryViewProps): JSX.Element {
  const picture = useMemo(
    () => pictureOf(reading.document, momentOf(reading, moment, compared)),
    [reading, moment, compared],
  )
  const place = useRef<HTMLDivElement>(null)
  const arrows = useArrows(place, [picture])
  const { tables, targets } = picture
  if (targets.length === 0)
    return <p class="nothing">This model has no entries that lead to pages. Its state is in the tree.</p>
  return (
    <div class="memory" ref={place}>
      <svg class="arrows" aria-hidden="true" width={arrows.width} height={arrows.height}>
        {arrows.paths.map(({ key, d, kind, head }) => (
          <g key={key} class={`arrow ${kind}`}>
            <path d={d} />
            <path class="head" d={head} />
          </g>
        ))}
      </svg>
      <div class="tables">
        {tables.map((table) => (
          <Table key={table.path} table={table} />
        ))}
        {tables.length === 0 && <p class="nothing">No entry leads anywhere.</p>}
      </div>
      <div class="boxes">
        {targets.map(({ sort, boxes }) => boxes.map((box) => <Box key={`${sort} ${box.id}`} sort={sort} box={box} />))}
      </div>
    </div>
  )
}

function Table({ table: { role, path, entries } }: { readonly table: DrawnTable }): JSX.Element {
  const isOne = entries.length === 1 && entries[0]?.label === ''
  return (
    <section class={`table ${role}`}>
      <h4>
        <span class="path">{path}</span> {!(role === 'pointer') && <span class="role">{ROLES[role]}</span>}
      </h4>
      <ul>
        {entries.map((entry) => (
          <Entry key={entry.cell} entry={entry} bare={isOne} />
        ))}
      </ul>
    </section>
  )
}

const WHY = {
  freed: 'leads to a page that was freed',
  'out of date': 'is out of date',
  differs: 'differs from the CPU page table',
} as const

function Entry({ entry, bare }: { readonly entry: DrawnEntry; readonly bare: boolean }): JSX.Element {
  const { label, text, stale, targets, changed } = entry
  const ends = targets.map(([sort, id]) => `${sort} ${id}`).join(';')
  return (
    <li
      class={`entry${changed ? ' changed' : ''}${stale === undefined ? '' : ' stale'}`}
      data-to={ends}
      data-stale={stale ?? ''}
    >
      {!bare && label !== '' && <span class="address">{label}</span>}
      <span class="value">{text}</span>
      {stale !== undefined && <span class="why">{WHY[stale]}</span>}
    </li>
  )
}

function Box({ sort, box }: { readonly sort: string; readonly box: DrawnBox }): JSX.Element {
  const { id, title, free, contents, fields, badges, changed } = box
  return (
    <section class={`box${free ? ' free' : ''}${changed ? ' changed' : ''}`} data-box={`${sort} ${id}`}>
      <h4>
        {title} {free && <span class="role">free</span>}
      </h4>
      <dl>
        {contents !== undefined && <Field field={contents} />}
        {fields.map((field) => (
          <Field key={field.name} field={field} />
        ))}
      </dl>
      {badges.length > 0 && (
        <p class="badges">
          {badges.map((badge) => (
            <span key={badge} class="chip">
              {badge}
            </span>
          ))}
        </p>
      )}
    </section>
  )
}

const Field = ({ field: { name, text, changed } }: { readonly field: DrawnField }): JSX.Element => (
  <div class={changed ? 'changed' : ''}>
    <dt>{name}</dt>
    <dd>{text}</dd>
  </div>
)

interface Arrow {
  readonly key: string
  readonly d: string
  readonly head: string
  readonly kind: string
}

interface Arrows {
  readonly width: number
  readonly height: number
  readonly paths: readonly Arrow[]
}

const NONE: Arrows = { width: 0, height: 0, paths: [] }

/** The arrows between what is in the page, measured whenever it has changed. */
function useArrows(place: { readonly current: HTMLDivElement | null }, changes: readonly unknown[]): Arrows {
  const [arrows, setArrows] = useState(NONE)
  useLayoutEffect(() => {
    const element = place.current
    if (element === null) return undefined
    const measure = (): void => {
      const found = arrowsIn(element)
      setArrows((before) => (JSON.stringify(before) === JSON.stringify(found) ? before : found))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, changes)
  return arrows
}

function arrowsIn(element: HTMLElement): Arrows {
  const around = element.getBoundingClientRect()
  const boxes = new Map(
    [...element.querySelectorAll<HTMLElement>('[data-box]')].map((box) => [
      box.dataset['box'] ?? '',
      box.getBoundingClientRect(),
    ]),
  )
  const taken = new Map<string, number>()
  const paths = [...element.querySelectorAll<HTMLElement>('[data-to]')].flatMap((entry, n): readonly Arrow[] => {
    const ends = (entry.dataset['to'] ?? '').split(';').filter((one) => one !== '')
    const stale = entry.dataset['stale'] ?? ''
    const from = entry.getBoundingClientRect()
    const [x, y] = [from.right - around.left, from.top - around.top + from.height / 2]
    const kind = stale === '' ? 'good' : stale === 'differs' ? 'differs' : 'gone'
    if (ends.length === 0 && stale === 'freed')
      return [{ key: `${n}`, kind, d: `M${x} ${y} h18`, head: `M${x + 16} ${y - 5} l9 10 m0 -10 l-9 10` }]
    return ends.flatMap((end): readonly Arrow[] => {
      const box = boxes.get(end)
      if (box === undefined) return []
      const nth = taken.get(end) ?? 0
      taken.set(end, nth + 1)
      const toX = box.left - around.left
      const toY = box.top - around.top + Math.min(box.height - 8, 16 + nth * 11)
      const bend = Math.max(18, (toX - x) / 2)
      const head = `M${toX} ${toY} l-8 -4 v8 z`
      return [
        { key: `${n} ${end}`, kind, d: `M${x} ${y} C${x + bend} ${y} ${toX - bend} ${toY} ${toX - 6} ${toY}`, head },
      ]
    })
  })
  return { width: around.width, height: around.height, paths }
}
