/**
 * The lanes: a column for each thread, a row for each step. Bars at the left of a lane are the locks that the thread
 * holds, hatched ones those that it waits for; a bracket of a notifier is a span around them. On a narrow screen the
 * lanes are rails, and the steps stand beside them.
 */
import type { JSX } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Breakable } from './breakable.tsx'
import { laneLayout, rowsAround, segmentsIn, threadHue, type LaneLayout, type Rows } from './lane-layout.ts'
import { RaceArrow } from './race-arrow.tsx'
import type { Reading } from './reading.ts'
import { StepCard } from './step-card.tsx'
import type { Live, Selection } from './story.ts'

export interface LanesProps extends Selection {
  readonly reading: Reading
  /** The thread that the reader follows; the others are dimmed. */
  readonly thread: number | undefined
  readonly follow: (thread: number | undefined) => void
  readonly live?: Live | undefined
}

/** The height of a row that was not in the page yet. */
const GUESS = 78

export function Lanes(props: LanesProps): JSX.Element {
  const { reading, thread, follow, moment, select, live } = props
  const { document, last } = reading
  const layout = useMemo(() => laneLayout(reading), [reading])
  const list = useRef<HTMLOListElement>(null)
  const { rows, above, below } = useRows(list, last + 1, moment)
  const shown = Array.from({ length: rows.to - rows.from }, (_, n) => rows.from + n)
  const columns = layout.lanes.map(
    (lane) => `minmax(calc(var(--lane-least) + ${layout.tracks.get(lane) ?? 0} * var(--track)), 1fr)`,
  )
  const rails = layout.lanes.map((lane) => `calc(var(--rail) + ${layout.tracks.get(lane) ?? 0} * var(--track))`)
  const pane = useRef<HTMLDivElement>(null)
  const isNarrow = useNarrow(pane, layout)
  return (
    <div
      ref={pane}
      class={`lanes${isNarrow ? ' rails' : ''}`}
      style={{ '--columns': columns.join(' '), '--rails': rails.join(' '), '--lanes': String(layout.lanes.length) }}
    >
      <div class="lane-heads">
        <span class="number" />
        {layout.lanes.map((lane) => (
          <button
            key={lane}
            type="button"
            class={`lane-head hue-${threadHue(document, lane)}`}
            aria-pressed={thread === lane}
            title={thread === lane ? 'Show all threads alike' : `Follow ${document.threads[lane]?.name ?? ''}`}
            onClick={() => {
              follow(thread === lane ? undefined : lane)
            }}
          >
            {document.threads[lane]?.name}
          </button>
        ))}
      </div>
      <ol class="rows" ref={list} start={rows.from} aria-label="Steps">
        {above > 0 && <li class="gap" style={{ height: `${above}px` }} aria-hidden="true" />}
        {shown.map((row) => (
          <Row key={row} row={row} layout={layout} {...props} />
        ))}
        {below > 0 && <li class="gap" style={{ height: `${below}px` }} aria-hidden="true" />}
        {rows.to > last && <NextRow reading={reading} layout={layout} />}
        <RaceArrow document={document} list={list} rows={rows} />
      </ol>
      {live?.choices !== undefined && <div class="choices">{live.choices({ moment, select })}</div>}
    </div>
  )
}

interface RowProps extends LanesProps {
  readonly row: number
  readonly layout: LaneLayout
}

function Row({ row, layout, reading, thread, moment, select }: RowProps): JSX.Element {
  const { document } = reading
  const step = document.steps[row - 1]
  const lane = step === undefined ? -1 : layout.lanes.indexOf(step.thread)
  const isDim = thread !== undefined && step !== undefined && step.thread !== thread
  return (
    <li
      class={`row${row === moment ? ' selected' : ''}${row > moment ? ' later' : ''}${isDim ? ' dim' : ''}`}
      data-row={row}
    >
      <span class="number" aria-hidden="true">
        {row === 0 ? 'start' : row}
      </span>
      {layout.lanes.map((one, n) => (
        <Lane key={one} row={row} column={n + 2} thread={one} layout={layout} reading={reading} acts={n === lane} />
      ))}
      <StepCard
        reading={reading}
        row={row}
        lane={lane}
        tracks={step === undefined ? 0 : (layout.tracks.get(step.thread) ?? 0)}
        moment={moment}
        select={select}
        layout={layout}
      />
    </li>
  )
}

interface LaneProps {
  readonly row: number
  readonly column: number
  readonly thread: number
  readonly layout: LaneLayout
  readonly reading: Reading
  readonly acts: boolean
}

/** The part of a lane in one row: its line of life, bars and spans. What it says, the card says in words. */
function Lane({ row, column, thread, layout, reading, acts }: LaneProps): JSX.Element {
  const { document } = reading
  const spans = document.spans.filter((span) => span.thread === thread && span.from <= row && span.to >= row - 1)
  const isOver = (reading.next[Math.max(0, row - 1)]?.[thread] ?? '') === '' && !acts
  return (
    <div
      class={`lane hue-${threadHue(document, thread)}${isOver ? ' over' : ''}`}
      style={{ gridColumn: column }}
      aria-hidden="true"
    >
      {spans.map((span) => (
        <i
          key={`${span.from} ${span.text}`}
          class={`span${span.from === row ? ' begins' : ''}${span.to === row - 1 ? ' ends' : ''}`}
          title={span.text}
        />
      ))}
      <i class="life" />
      {acts && <i class="dot" />}
      {segmentsIn(layout.bars, thread, row).map(({ bar, part, begins, ends }) => (
        <i
          key={`${bar.track} ${bar.from} ${part}`}
          class={`bar lock-${layout.locks.indexOf(bar.lock) % 8} ${part}${bar.waits ? ' waits' : ''}${begins ? ' begins' : ''}${ends ? ' ends' : ''}`}
          style={{ '--at': String(bar.track) }}
          title={`${bar.waits ? 'waits for' : 'holds'} ${bar.lock}${bar.role === '' ? '' : ` (${bar.role})`}`}
        />
      ))}
    </div>
  )
}

/** What each thread would have done next. */
function NextRow({ reading, layout }: { readonly reading: Reading; readonly layout: LaneLayout }): JSX.Element {
  const { document, next, last } = reading
  const texts = next[last] ?? []
  const others = document.threads.flatMap(({ name }, thread) =>
    layout.lanes.includes(thread) || texts[thread] === '' ? [] : [name],
  )
  return (
    <li class="row next">
      <span class="number">next</span>
      {layout.lanes.map((thread, n) => (
        <div
          key={thread}
          class={`lane hue-${threadHue(document, thread)}${texts[thread] === '' ? ' over' : ' ahead'}`}
          style={{ gridColumn: n + 2 }}
        >
          <i class="life" aria-hidden="true" />
          {segmentsIn(layout.bars, thread, last + 1).map(({ bar }) => (
            <i
              key={bar.track}
              aria-hidden="true"
              class={`bar lock-${layout.locks.indexOf(bar.lock) % 8} upper fades${bar.waits ? ' waits' : ''}`}
              style={{ '--at': String(bar.track) }}
            />
          ))}
          <p class="ahead-text" style={{ '--own': String(layout.tracks.get(thread) ?? 0) }}>
            <b>{document.threads[thread]?.name}</b>{' '}
            {texts[thread] === '' ? 'has ended' : <Breakable text={texts[thread] ?? ''} />}
          </p>
        </div>
      ))}
      {others.length > 0 && <p class="not-begun">not begun: {others.join(', ')}</p>}
    </li>
  )
}

/** The least width of a lane in which steps can be read, and that of a track, in pixels. */
const [LEAST, TRACK] = [170, 9]

/** Whether the lanes are too many for the width: then they are rails, and the steps stand beside them. */
function useNarrow(pane: { readonly current: HTMLElement | null }, { lanes, tracks }: LaneLayout): boolean {
  const [isNarrow, setNarrow] = useState(false)
  const wanted = lanes.reduce((sum, lane) => sum + LEAST + (tracks.get(lane) ?? 0) * TRACK, 60)
  useLayoutEffect(() => {
    const element = pane.current
    if (element === null) return undefined
    const measure = (): void => {
      setNarrow(element.clientWidth < wanted)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [wanted])
  return isNarrow
}

interface Windowed {
  readonly rows: Rows
  /** Heights of the gaps above and below, in pixels. */
  readonly above: number
  readonly below: number
}

/**
 * The rows that are in the page. A short run is there whole. Of a long one it is those around what is in sight: the
 * heights of rows are measured as they come by.
 */
function useRows(list: { readonly current: HTMLOListElement | null }, count: number, moment: number): Windowed {
  const heights = useRef<number[]>([])
  const [first, setFirst] = useState(0)
  const [printing, setPrinting] = useState(false)
  const whole = { from: 0, to: count }
  const rows = printing ? whole : rowsAround(first, count)
  const sum = (from: number, to: number): number => {
    let total = 0
    for (let row = from; row < to; row += 1) total += heights.current[row] ?? GUESS
    return total
  }
  useLayoutEffect(() => {
    for (const element of list.current?.querySelectorAll<HTMLElement>('[data-row]') ?? [])
      heights.current[Number(element.dataset['row'])] = element.offsetHeight
  })
  useEffect(() => {
    if (rowsAround(0, count).to === count) return undefined
    const look = (): void => {
      const top = -(list.current?.getBoundingClientRect().top ?? 0)
      let [row, passed] = [0, 0]
      while (row < count && passed < top) {
        passed += heights.current[row] ?? GUESS
        row += 1
      }
      setFirst((before) => (Math.abs(before - row) > 20 ? row : before))
    }
    addEventListener('scroll', look, { passive: true })
    return () => {
      removeEventListener('scroll', look)
    }
  }, [count])
  useEffect(() => {
    const [before, after] = [
      () => {
        setPrinting(true)
      },
      () => {
        setPrinting(false)
      },
    ]
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [])
  // the selected row comes into the page, and then into sight; but a page that nobody has asked for a step opens at its head
  const isOpened = useRef(/[#&]step=/.test(location.hash))
  useLayoutEffect(() => {
    if (isOpened.current && (moment < rows.from || moment >= rows.to)) setFirst(moment)
  }, [moment])
  useLayoutEffect(() => {
    if (!isOpened.current) {
      isOpened.current = true
      return
    }
    const element = list.current?.querySelector<HTMLElement>(`[data-row="${moment}"]`)
    if (element !== null && element !== undefined && moment > 0) comeIntoSight(element)
  }, [moment, rows.from])
  return { rows, above: sum(0, rows.from), below: sum(rows.to, count) }
}

/** Scrolls as little as possible, and leaves a row of room at both ends. */
function comeIntoSight(element: HTMLElement): void {
  const { top, bottom } = element.getBoundingClientRect()
  const { scrollPaddingTop, scrollPaddingBottom } = getComputedStyle(document.documentElement)
  const [upper, lower] = [Number.parseFloat(scrollPaddingTop), innerHeight - Number.parseFloat(scrollPaddingBottom)]
  if (top < upper) scrollBy({ top: top - upper })
  else if (bottom > lower) scrollBy({ top: Math.min(bottom - lower, top - upper) })
}
