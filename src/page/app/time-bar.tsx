/** The bar at the foot of the page: steps back and forth, and a slider with the steps that matter marked on it. */
import type { JSX } from 'preact'
import { threadHue } from './lane-layout.ts'
import { fallsAt, type Reading } from './reading.ts'
import type { Selection } from './story.ts'

export function TimeBar({ reading, moment, select }: Selection & { readonly reading: Reading }): JSX.Element {
  const { document, last } = reading
  const step = document.steps[moment - 1]
  const text = step === undefined ? 'initial state' : `${document.threads[step.thread]?.name ?? ''}: ${step.label}`
  return (
    <nav class="time" aria-label="Steps">
      <div class="buttons">
        <Move label="First" icon="M3 2v12M13 2 5 8l8 6z" to={0} disabled={moment === 0} select={select} />
        <Move label="Back" icon="M11 2 4 8l7 6z" to={moment - 1} disabled={moment === 0} select={select} />
        <Move label="Forward" icon="M5 2l7 6-7 6z" to={moment + 1} disabled={moment === last} select={select} />
        <Move label="Last" icon="M13 2v12M3 2l8 6-8 6z" to={last} disabled={moment === last} select={select} />
      </div>
      <div class="slide">
        <div class="strip" aria-hidden="true" style={{ background: stripOf(reading) }}>
          {marksOf(reading).map(({ at, kind }) => (
            <i key={`${kind} ${at}`} class={kind} style={{ left: `${(last === 0 ? 0 : at / last) * 100}%` }} />
          ))}
        </div>
        <input
          type="range"
          min="0"
          max={last}
          step="1"
          value={moment}
          aria-label="Step"
          aria-valuetext={`step ${moment} of ${last}, ${text}`}
          onInput={({ currentTarget: { value } }) => {
            select(Number(value))
          }}
        />
      </div>
      <output class="now" aria-live="polite">
        <b>{moment}</b> / {last}{' '}
        <span class={step === undefined ? '' : `what hue-${threadHue(document, step.thread)}`}>{text}</span>
      </output>
    </nav>
  )
}

interface MoveProps {
  readonly label: string
  /** The way of the pen that draws it. */
  readonly icon: string
  readonly to: number
  readonly disabled: boolean
  readonly select: (moment: number) => void
}

const Move = ({ label, icon, to, disabled, select }: MoveProps): JSX.Element => (
  <button
    type="button"
    aria-label={label}
    title={label}
    disabled={disabled}
    onClick={() => {
      select(to)
    }}
  >
    <svg aria-hidden="true" viewBox="0 0 16 16" width="14" height="14">
      <path d={icon} fill="currentColor" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" />
    </svg>
  </button>
)

interface Mark {
  readonly at: number
  readonly kind: 'false' | 'race'
}

function marksOf(reading: Reading): readonly Mark[] {
  const { document, last } = reading
  const falls = new Set(document.properties.flatMap(({ falseAt }) => falseAt.slice(0, 1)))
  const race = document.race === undefined ? [] : [document.race.read, document.race.write]
  return [
    ...race.map((at): Mark => ({ at, kind: 'race' })),
    ...[...falls]
      .filter((at) => at <= last && fallsAt(reading, at).length > 0)
      .map((at): Mark => ({ at, kind: 'false' })),
  ]
}

/** The steps in the colours of their threads, from left to right. */
function stripOf({ document, last }: Reading): string {
  if (last === 0) return 'none'
  const stops = document.steps.flatMap(({ thread }, n) => {
    const colour = `var(--hue-${threadHue(document, thread)})`
    return [`${colour} ${(n / last) * 100}%`, `${colour} ${((n + 1) / last) * 100}%`]
  })
  return `linear-gradient(to right, ${stops.join(', ')})`
}
