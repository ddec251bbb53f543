/** A step in its lane: what the thread did, what changed, and what that means for locks, properties and the race. */
import type { JSX } from 'preact'
import type { PageCell, PageDocument } from '../document.ts'
import { Breakable } from './breakable.tsx'
import { threadHue, type LaneLayout } from './lane-layout.ts'
import { fallsAt, valueAt, type Reading } from './reading.ts'

export interface StepCardProps {
  readonly reading: Reading
  /** The number of the step; 0 is the initial state. */
  readonly row: number
  /** The place of its thread among the lanes. */
  readonly lane: number
  /** Tracks of bars that stand beside it. */
  readonly tracks: number
  readonly layout: LaneLayout
  readonly moment: number
  readonly select: (moment: number) => void
}

/** More changes than these are shown of the selected step only. */
const FEW = 4

export function StepCard({ reading, row, lane, tracks, layout, moment, select }: StepCardProps): JSX.Element {
  const { document } = reading
  const step = document.steps[row - 1]
  const falls = fallsAt(reading, row)
  const isSelected = row === moment
  const hue = step === undefined ? '' : ` hue-${threadHue(document, step.thread)}`
  return (
    <button
      type="button"
      class={`card${hue}${falls.length > 0 ? ' falls' : ''}${step === undefined ? ' start' : ''}`}
      style={{ '--lane': String(lane + 2), '--own': String(tracks) }}
      aria-current={isSelected ? 'step' : undefined}
      id={`step-${row}`}
      onClick={() => {
        select(row)
      }}
    >
      {step === undefined ? (
        <span class="label">Initial state</span>
      ) : (
        <>
          <span class="who">
            <span class="sr">Step {row}, </span>
            {document.threads[step.thread]?.name}
          </span>
          <span class="label">
            <Breakable text={step.label} />
          </span>
          {step.choices.map((choice) => (
            <span key={choice} class="chip choice">
              {choice}
            </span>
          ))}
        </>
      )}
      <LockChips reading={reading} row={row} layout={layout} />
      <Changes reading={reading} row={row} all={isSelected} />
      <Marks document={document} row={row} falls={falls} fails={step?.fails} />
    </button>
  )
}

/** The locks that came and went in a step, in words and in the colours of their bars. */
function LockChips({ reading, row, layout }: Pick<StepCardProps, 'reading' | 'row' | 'layout'>): JSX.Element | null {
  const { document, locks } = reading
  if (row === 0) return null
  const acting = document.steps[row - 1]?.thread
  const key = (one: (typeof locks)[number][number]): string => `${one.thread} ${one.lock} ${one.role} ${one.waits}`
  const [before, after] = [locks[row - 1] ?? [], locks[row] ?? []]
  const came = after.filter((one) => !before.some((other) => key(other) === key(one)))
  const went = before.filter((one) => !one.waits && !after.some((other) => key(other) === key(one)))
  const who = (thread: number): string => (thread === acting ? '' : `${document.threads[thread]?.name ?? ''} `)
  const role = (one: (typeof came)[number]): string => (one.role === '' ? '' : ` (${one.role})`)
  const chips = [
    ...came.map((one) => ({
      one,
      text: `${who(one.thread)}${one.waits ? 'waits for' : 'takes'} ${one.lock}${one.waits ? '' : role(one)}`,
    })),
    ...went.map((one) => ({ one, text: `${who(one.thread)}releases ${one.lock}` })),
  ]
  if (chips.length === 0) return null
  return (
    <span class="chips">
      {chips.map(({ one, text }) => (
        <span key={text} class={`chip lock lock-${layout.locks.indexOf(one.lock) % 8}${one.waits ? ' waits' : ''}`}>
          <Breakable text={text} />
        </span>
      ))}
    </span>
  )
}

/** The cells that a step changed; those of locks are bars. */
function Changes({
  reading,
  row,
  all,
}: {
  readonly reading: Reading
  readonly row: number
  readonly all: boolean
}): JSX.Element | null {
  const { document } = reading
  const step = document.steps[row - 1]
  const changes = (step?.changes ?? []).flatMap(([cell]) => {
    const known = document.cells[cell]
    return known === undefined || known.derived === true || known.group === 'locks' || known.group === 'locals'
      ? []
      : [{ cell, known }]
  })
  const ordered = changes.toSorted((a, b) => weight(a.known) - weight(b.known))
  const locals = step?.locals ?? []
  if (ordered.length === 0 && locals.length === 0) return null
  const shown = all ? ordered : ordered.slice(0, ordered.length === FEW + 1 ? FEW + 1 : FEW)
  const more = ordered.length - shown.length
  return (
    <span class="changes">
      {shown.map(({ cell, known }) => (
        <span key={cell} class={`change${known.ghost === true ? ' ghost' : ''}`}>
          <span class="path">
            <Breakable text={known.path} />
          </span>{' '}
          {valueAt(reading, row - 1, cell).text} <span class="to">→</span> <b>{valueAt(reading, row, cell).text}</b>
        </span>
      ))}
      {locals.map((text) => (
        <span key={text} class="change local">
          {text}
        </span>
      ))}
      {more > 0 && <span class="change more">and {more} more</span>}
    </span>
  )
}

const ORDER: Readonly<Record<PageCell['group'], number>> = {
  'page tables': 0,
  pages: 1,
  other: 2,
  locks: 3,
  locals: 4,
  ghosts: 5,
}
const weight = ({ group }: PageCell): number => ORDER[group]

/** The race's ends, and what turns false. */
function Marks({
  document: { race, properties, verdict, steps },
  row,
  falls,
  fails,
}: {
  readonly document: PageDocument
  readonly row: number
  readonly falls: readonly string[]
  readonly fails: string | undefined
}): JSX.Element {
  const messageOf = (name: string): string => properties.find((one) => one.name === name)?.message ?? ''
  return (
    <>
      {race?.read === row && <span class="mark race">race: reads {race.cell}</span>}
      {race?.write === row && <span class="mark race">race: changes {race.cell}</span>}
      {falls.map((name) => (
        <span key={name} class="mark false">
          <b>✗ {name}</b> {messageOf(name)}
        </span>
      ))}
      {fails !== undefined && falls.length === 0 && <span class="mark false">✗ {fails}</span>}
      {verdict.outcome === 'witnessed' && row === steps.length && <span class="mark true">✓ {verdict.property}</span>}
    </>
  )
}
