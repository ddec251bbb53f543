/** What the worker is doing, and what came of the last question. */
import type { JSX } from 'preact'
import type { Busy, Store, View } from './store.ts'

/** What is being worked on, and what came of the last question. */
export function Told({ store, view: { busy, note } }: { readonly store: Store; readonly view: View }): JSX.Element {
  return (
    <div class="told" role="status">
      {busy !== undefined && busy.what !== '' && (
        <p class="busy">
          <span class="spin" aria-hidden="true" />
          hmmcheck {busy.what}
          {progressText(busy)}
          <button type="button" onClick={store.stop} title="Stop ( Esc )">
            Stop
          </button>
        </p>
      )}
      {note !== undefined && <p class={note.isBad ? 'note bad' : 'note'}>{note.text}</p>}
    </div>
  )
}

const counted = (count: number): string => count.toLocaleString('en')

function progressText({ progress }: Busy): string {
  if (progress === undefined) return ' …'
  const { states, depth, runs, seconds } = progress
  return [
    `: ${counted(states)} states`,
    ...(depth === undefined ? [] : [`level ${depth}`]),
    ...(runs === undefined ? [] : [`${counted(runs)} walks`]),
    `${seconds.toFixed(1)} s`,
  ].join(', ')
}
