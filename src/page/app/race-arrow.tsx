/** The race as an arrow over the lanes: from the step that reads to the step that changes what was read. */
import type { JSX } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'
import type { PageDocument } from '../document.ts'
import type { Rows } from './lane-layout.ts'

interface Ends {
  readonly width: number
  readonly height: number
  readonly path: string
}

export interface RaceArrowProps {
  readonly document: PageDocument
  readonly list: { readonly current: HTMLOListElement | null }
  readonly rows: Rows
}

export function RaceArrow({ document: { race }, list, rows }: RaceArrowProps): JSX.Element | null {
  const [ends, setEnds] = useState<Ends>()
  useLayoutEffect(() => {
    const element = list.current
    if (race === undefined || element === null) return undefined
    const measure = (): void => {
      const found = arrowIn(element, race.read, race.write)
      setEnds((before) => (before?.path === found?.path && before?.height === found?.height ? before : found))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    for (const card of element.querySelectorAll('.card')) observer.observe(card)
    return () => {
      observer.disconnect()
    }
  }, [race, rows.from])
  if (race === undefined || ends === undefined) return null
  return (
    <li class="arrows" aria-hidden="true">
      <svg width={ends.width} height={ends.height}>
        <defs>
          <marker
            id="race-head"
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="5"
            markerHeight="5"
            orient="auto-start-reverse"
          >
            <path d="M0 0 8 4 0 8z" />
          </marker>
        </defs>
        <path class="race-arrow" d={ends.path} marker-end="url(#race-head)" />
      </svg>
    </li>
  )
}

/** The way from the lower edge of one card to the upper edge of another; from their sides in the same column. */
function arrowIn(list: HTMLOListElement, read: number, write: number): Ends | undefined {
  const around = list.getBoundingClientRect()
  const boxOf = (row: number): DOMRect | undefined => list.querySelector(`#step-${row}`)?.getBoundingClientRect()
  const [from, to] = [boxOf(read), boxOf(write)]
  if (from === undefined || to === undefined) return undefined
  const [x, y] = [around.left, around.top]
  const sameColumn = Math.abs(from.left - to.left) < 40
  const path = sameColumn
    ? sideways(from.left - x, from.top - y + from.height / 2, to.top - y + to.height / 2, to.left - x)
    : across(from, to, x, y)
  return { width: around.width, height: around.height, path }
}

function sideways(x: number, y: number, end: number, endX: number): string {
  const out = Math.min(x, endX) - 14
  return `M${x} ${y} C${out} ${y} ${out} ${y} ${out} ${y + 16} L${out} ${end - 16} C${out} ${end} ${out} ${end} ${endX - 1} ${end}`
}

function across(from: DOMRect, to: DOMRect, x: number, y: number): string {
  const isRight = to.left > from.left
  const [fromX, fromY] = [(isRight ? from.right : from.left) - x, from.top - y + Math.min(20, from.height / 2)]
  const [toX, toY] = [(isRight ? to.left : to.right) - x, to.top - y + Math.min(20, to.height / 2)]
  const bend = Math.max(24, Math.abs(toX - fromX) / 2)
  const side = isRight ? 1 : -1
  return `M${fromX} ${fromY} C${fromX + side * bend} ${fromY} ${toX - side * bend} ${toY} ${toX} ${toY}`
}
