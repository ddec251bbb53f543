/** What can be done in the present state: the steps of each thread, why the others wait, and everything else. */
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { threadHue } from '../../page/app/lane-layout.ts'
import type { PageDocument } from '../../page/document.ts'
import type { HandMove, ThreadMoves } from '../messages.ts'
import { numbered } from './hand-keys.ts'
import type { PartProps } from './part.ts'
import { useSamePlace } from './same-place.ts'
import { presentMoment, type Store } from './store.ts'
import { Told } from './told.tsx'
import { Toolbar } from './toolbar.tsx'

export function Choices(props: PartProps): JSX.Element {
  const { store, view, position } = props
  useSamePlace(props)
  const { moment } = position
  const [isFolded, setFolded] = useState(false)
  const { scene, document, busy } = view
  const all = numbered(scene.threads)
  const isHere = presentMoment(scene) === moment
  return (
    <section class="hand" aria-label="Next steps" aria-busy={busy !== undefined || !isHere}>
      <div class="hand-head">
        <h2 class={isFolded ? '' : 'sr'}>After step {moment}</h2>
        {!isFolded && <Toolbar store={store} view={view} position={position} />}
        <button
          type="button"
          class="fold"
          aria-expanded={!isFolded}
          onClick={() => {
            setFolded(!isFolded)
          }}
        >
          <span aria-hidden="true">{isFolded ? '▴' : '▾'}</span>
          <span class="sr">{isFolded ? 'Show' : 'Hide'} the next steps</span>
        </button>
      </div>
      <Told store={store} view={view} />
      {!isFolded && (
        <div class="hands">
          {scene.threads.map((thread) => (
            <Hand
              key={thread.thread}
              thread={thread}
              document={document}
              store={store}
              isOff={busy !== undefined || !isHere}
            >
              {(move) => all.findIndex((one) => one.move === move) + 1}
            </Hand>
          ))}
        </div>
      )}
    </section>
  )
}

interface HandProps {
  readonly thread: ThreadMoves
  readonly document: PageDocument
  readonly store: Store
  readonly isOff: boolean
  /** The number of a move. */
  readonly children: (move: HandMove) => number
}

const STATES = { ready: '', waits: 'waits', rests: 'may rest here', ended: 'has ended' } as const

function Hand({ thread, document, store, isOff, children: numberOf }: HandProps): JSX.Element {
  const { name, state, moves, reasons } = thread
  return (
    <section class={`thread-hand ${state} hue-${threadHue(document, thread.thread)}`} aria-label={name}>
      <h3>
        {name}
        {STATES[state] !== '' && <span class="state">{STATES[state]}</span>}
      </h3>
      {reasons.map((reason) => (
        <p key={reason} class="reason">
          {reason}
        </p>
      ))}
      <ul>
        {moves.map((move) => (
          <li key={move.ordinal}>
            <MoveButton
              move={move}
              number={numberOf(move)}
              isOff={isOff}
              take={() => {
                store.ask({ kind: 'take', thread: thread.thread, ordinal: move.ordinal })
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface MoveProps {
  readonly move: HandMove
  readonly number: number
  readonly isOff: boolean
  readonly take: () => void
}

function MoveButton({ move, number, isOff, take }: MoveProps): JSX.Element {
  const { label, choices, kernel, fails, node } = move
  return (
    <button
      type="button"
      class={`move${fails === undefined ? '' : ' fails'}${node === undefined ? '' : ' known'}`}
      aria-disabled={isOff}
      onClick={() => {
        if (!isOff) take()
      }}
    >
      {number < 10 && <kbd>{number}</kbd>}
      <span class="text">
        <code>{label}</code>
        {choices.map((choice) => (
          <span key={choice} class="chip choice">
            {choice}
          </span>
        ))}
        {kernel !== undefined && <span class="kernel">{kernel}</span>}
        {fails !== undefined && <span class="mark false">✗ {fails}</span>}
      </span>
      {node !== undefined && (
        <span class="taken" title="taken before">
          <span aria-hidden="true">↺</span>
          <span class="sr">taken before</span>
        </span>
      )}
    </button>
  )
}
