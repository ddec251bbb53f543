/** What the last check of this configuration has found: every property, with the way to its schedule. */
import type { JSX } from 'preact'
import type { Judged, CheckedProperty } from '../messages.ts'
import type { Store } from './store.ts'

export interface CheckedProps {
  readonly judged: Judged
  readonly store: Store
}

const counted = (count: number): string => count.toLocaleString('en')

/** Why a check has ended early. */
const ENDS = {
  'max-states': 'a limit of states was met',
  'max-memory': 'the memory is full',
  timeout: 'the time is over',
  interrupted: 'it was stopped',
  'first-violation': 'a violation was found',
} as const

export function Checked({ judged, store }: CheckedProps): JSX.Element {
  const { verdict, incomplete, states, transitions, depth, seconds, properties, warnings, neverTaken } = judged
  return (
    <details class={`checked ${verdict}`} open>
      <summary>
        <b>{verdict}</b>: {counted(states)} states, {counted(transitions)} transitions, {depth} levels in{' '}
        {seconds.toFixed(1)} s{incomplete !== undefined && `; ${ENDS[incomplete]}`}
      </summary>
      <ul class="verdicts">
        {properties
          .toSorted((a, b) => rank(a) - rank(b))
          .map((property) => (
            <Row key={`${property.kind} ${property.name}`} property={property} store={store} />
          ))}
      </ul>
      {neverTaken > 0 && (
        <p class="aside">
          {neverTaken} {neverTaken === 1 ? 'step' : 'steps'} of the text {neverTaken === 1 ? 'is' : 'are'} never taken
          here.
        </p>
      )}
      {warnings.map((text) => (
        <p key={text} class="aside">
          {text}
        </p>
      ))}
    </details>
  )
}

const SIGNS = { violated: '✗', holds: '✓', incomplete: '…', undecided: '?', 'not-found': '?' } as const

/** What matters comes first. */
const rank = ({ verdict }: CheckedProperty): number =>
  ({ violated: 0, incomplete: 1, undecided: 1, 'not-found': 1, holds: 2 })[verdict]

function Row({
  property: { name, verdict, meaning, steps, why },
  store,
}: {
  readonly property: CheckedProperty
  readonly store: Store
}): JSX.Element {
  return (
    <li class={verdict} title={meaning}>
      <span class="sign" aria-hidden="true">
        {SIGNS[verdict]}
      </span>
      <span class="name">{name}</span>
      <span class="said">
        {verdict}
        {why === undefined ? '' : `: ${why}`}
      </span>
      {steps !== undefined && (
        <button
          type="button"
          onClick={() => {
            store.ask({ kind: 'follow', property: name }, 'follows the schedule')
          }}
        >
          show its {steps} {steps === 1 ? 'step' : 'steps'}
        </button>
      )}
    </li>
  )
}
